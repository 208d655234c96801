// Command schema writes the data that pillion knows Kubernetes and Istio by.
//
// It reads the Go types (by reflection) and the protobuf descriptors that the reference programs are
// built from, and writes one text file for each into the Python package. Users of pillion never run
// it; scripts/generate does, whenever a version in go.mod moves.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// An output is one generated file, named relative to the package's folder.
type output struct {
	path     string
	generate func() (string, error)
}

var outputs = []output{
	{"kubernetes/schema.txt", kubernetesSchema},
	{"kubernetes/younger_fields.txt", youngerFields},
	{"mesh/messages_1_30.txt", mesh130.messages},
	{"mesh/messages_1_1.txt", mesh11.messages},
	{"mesh/messages_values.txt", values130.messages},
}

func main() {
	if len(os.Args) != 2 {
		fail("usage: schema PACKAGE_FOLDER")
	}
	for _, out := range outputs {
		text, err := out.generate()
		if err != nil {
			fail(fmt.Sprintf("%s: %v", out.path, err))
		}
		if err := os.WriteFile(filepath.Join(os.Args[1], out.path), []byte(text), 0o644); err != nil {
			fail(err.Error())
		}
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
