package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// kubernetes2018 is the version of k8s.io/api that Istio 1.1 was built with: Kubernetes 1.11.
const kubernetes2018 = "k8s.io/api@v0.0.0-20180628040859-072894a440bd"

const youngerHeader = `# The fields that Kubernetes 1.11 did not have yet, which is what Istio 1.1 knew. Written by
# tools/schema; see scripts/generate.
#
# A line is a struct of schema.txt and the JSON names of those of its fields that are younger.

`

// renamed are the structs that have another name today.
var renamed = map[string]string{"ProbeHandler": "Handler", "LifecycleHandler": "Handler"}

// groups2018 are the packages whose types are compared.
var groups2018 = []string{
	"core/v1", "apps/v1", "apps/v1beta1", "apps/v1beta2", "batch/v1", "batch/v1beta1", "extensions/v1beta1",
}

// youngerFields lists the fields of the schema that the types of 2018 lack. Two versions of a module
// cannot be linked into one program, so the old one is read as source.
func youngerFields() (string, error) {
	schema, err := kubernetesSchema()
	if err != nil {
		return "", err
	}
	old, err := fieldsOf2018()
	if err != nil {
		return "", err
	}
	var text strings.Builder
	text.WriteString(youngerHeader)
	for _, block := range strings.Split(schema, "\n\n") {
		head, body, _ := strings.Cut(block, "\n")
		name, found := strings.CutSuffix(head, " struct")
		group, bare, _ := strings.Cut(name, ".")
		if former, ok := renamed[bare]; ok {
			bare = former
		}
		known, ok := old[group+"."+bare]
		if !found || !ok {
			continue
		}
		younger := missing(body, known)
		if len(younger) > 0 {
			fmt.Fprintf(&text, "%s %s\n", name, strings.Join(younger, " "))
		}
	}
	return text.String(), nil
}

// missing are the JSON names of the fields in the body of a schema block that are not known.
func missing(body string, known []string) []string {
	var names []string
	for _, line := range strings.Split(body, "\n") {
		columns := strings.Fields(line)
		if len(columns) < 2 || columns[1] == "." {
			continue
		}
		name, _, _ := strings.Cut(columns[1], ",")
		if !slices.Contains(known, name) {
			names = append(names, name)
		}
	}
	return names
}

// fieldsOf2018 are the JSON names of the fields of every struct, by the struct's name.
func fieldsOf2018() (map[string][]string, error) {
	folder, err := moduleFolder(kubernetes2018)
	if err != nil {
		return nil, err
	}
	found := map[string][]string{}
	for _, group := range groups2018 {
		path := filepath.Join(folder, group, "types.go")
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			declared, ok := node.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if body, ok := declared.Type.(*ast.StructType); ok {
				found[group+"."+declared.Name.Name] = jsonNames(body)
			}
			return false
		})
	}
	return found, nil
}

func jsonNames(body *ast.StructType) []string {
	var names []string
	for _, field := range body.Fields.List {
		if field.Tag == nil {
			continue
		}
		tag, err := strconv.Unquote(field.Tag.Value)
		if err != nil {
			continue
		}
		name, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		names = append(names, name)
	}
	return names
}
