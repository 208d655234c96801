package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
)

// moduleFolder is where the source of a module stands, fetched if need be.
func moduleFolder(module string) (string, error) {
	var out bytes.Buffer
	command := exec.Command("go", "mod", "download", "-json", module)
	command.Stdout = &out
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("go mod download %s: %w: %s", module, err, out.String())
	}
	var found struct{ Dir string }
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		return "", err
	}
	return found.Dir, nil
}
