package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// A protobufSource names messages and the module whose generated code describes them.
//
// The descriptors are read out of the source text of the module, not by importing it: the three
// modules cannot be linked into one program (two are versions of the same module, the third needs a
// hundred more).
type protobufSource struct {
	module  string
	folders []string
	roots   []string
}

var (
	mesh130 = protobufSource{
		module:  "istio.io/api@v1.30.3",
		folders: []string{"mesh/v1alpha1", "networking/v1alpha3", "networking/v1beta1", "type/v1beta1"},
		roots:   []string{".istio.mesh.v1alpha1.MeshConfig", ".istio.networking.v1beta1.ProxyConfig"},
	}
	// What Istio 1.1 was built with: the last version whose MeshConfig has its fields.
	mesh11 = protobufSource{
		module:  "istio.io/api@v0.0.0-20190515205759-982e5c3888c6",
		folders: []string{"mesh/v1alpha1", "networking/v1alpha3"},
		roots:   []string{".istio.mesh.v1alpha1.MeshConfig"},
	}
	values130 = protobufSource{
		module:  "istio.io/istio@v0.0.0-20260827124520-eed52ebb66ad",
		folders: []string{"operator/pkg/apis"},
		roots:   []string{".istio.operator.v1alpha1.Values"},
	}
)

// messages lists every message and enum that the source's roots reach, in the order of their first
// mention: a line with the full name, then one indented line for each field or value.
func (source protobufSource) messages() (string, error) {
	files, err := source.files()
	if err != nil {
		return "", err
	}
	walk := newWalk(files)
	for _, root := range source.roots {
		walk.visit(root)
	}
	for at := 0; at < len(walk.queue); at++ {
		if err := walk.write(walk.queue[at]); err != nil {
			return "", err
		}
	}
	return walk.out.String(), nil
}

// files returns the descriptors of the source's folders and of the well-known types.
func (source protobufSource) files() ([]*descriptorpb.FileDescriptorProto, error) {
	folder, err := moduleFolder(source.module)
	if err != nil {
		return nil, err
	}
	files := []*descriptorpb.FileDescriptorProto{
		protodesc.ToFileDescriptorProto(anypb.File_google_protobuf_any_proto),
		protodesc.ToFileDescriptorProto(durationpb.File_google_protobuf_duration_proto),
		protodesc.ToFileDescriptorProto(structpb.File_google_protobuf_struct_proto),
		protodesc.ToFileDescriptorProto(timestamppb.File_google_protobuf_timestamp_proto),
		protodesc.ToFileDescriptorProto(wrapperspb.File_google_protobuf_wrappers_proto),
	}
	for _, name := range source.folders {
		paths, err := filepath.Glob(filepath.Join(folder, name, "*.pb.go"))
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			file, err := fileDescriptor(path)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			files = append(files, file)
		}
	}
	return files, nil
}

// fileDescriptor finds the serialized descriptor in generated Go code: a constant string today, a
// compressed byte slice in 2019.
func fileDescriptor(path string) (*descriptorpb.FileDescriptorProto, error) {
	code, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return nil, err
	}
	var serialized []byte
	ast.Inspect(code, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Names) != 1 || len(spec.Values) != 1 {
			return true
		}
		switch name := spec.Names[0].Name; {
		case strings.HasSuffix(name, "_rawDesc"):
			serialized = []byte(constant.StringVal(constantString(spec.Values[0])))
		case strings.HasPrefix(name, "fileDescriptor_"):
			serialized, err = uncompressed(spec.Values[0])
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	if serialized == nil {
		return nil, fmt.Errorf("no descriptor found")
	}
	file := &descriptorpb.FileDescriptorProto{}
	return file, proto.Unmarshal(serialized, file)
}

// constantString adds up the literals of a constant expression.
func constantString(expression ast.Expr) constant.Value {
	switch e := expression.(type) {
	case *ast.BasicLit:
		return constant.MakeFromLiteral(e.Value, e.Kind, 0)
	case *ast.BinaryExpr:
		return constant.BinaryOp(constantString(e.X), e.Op, constantString(e.Y))
	}
	return constant.MakeString("")
}

// uncompressed reads a slice literal of gzipped bytes.
func uncompressed(expression ast.Expr) ([]byte, error) {
	literal, ok := expression.(*ast.CompositeLit)
	if !ok {
		return nil, fmt.Errorf("the descriptor is not a slice literal")
	}
	var packed bytes.Buffer
	for _, element := range literal.Elts {
		value, err := strconv.ParseUint(element.(*ast.BasicLit).Value, 0, 8)
		if err != nil {
			return nil, err
		}
		packed.WriteByte(byte(value))
	}
	reader, err := gzip.NewReader(&packed)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}

// A walk follows types from the roots and writes each once.
type walk struct {
	messages map[string]*descriptorpb.DescriptorProto
	enums    map[string]*descriptorpb.EnumDescriptorProto
	seen     map[string]bool
	queue    []string
	out      strings.Builder
}

func newWalk(files []*descriptorpb.FileDescriptorProto) *walk {
	w := &walk{
		messages: map[string]*descriptorpb.DescriptorProto{},
		enums:    map[string]*descriptorpb.EnumDescriptorProto{},
		seen:     map[string]bool{},
	}
	for _, file := range files {
		w.index("."+file.GetPackage(), file.MessageType, file.EnumType)
	}
	return w
}

func (w *walk) index(scope string, messages []*descriptorpb.DescriptorProto, enums []*descriptorpb.EnumDescriptorProto) {
	for _, enum := range enums {
		w.enums[scope+"."+enum.GetName()] = enum
	}
	for _, message := range messages {
		name := scope + "." + message.GetName()
		w.messages[name] = message
		w.index(name, message.NestedType, message.EnumType)
	}
}

func (w *walk) visit(name string) {
	if !w.seen[name] {
		w.seen[name] = true
		w.queue = append(w.queue, name)
	}
}

func (w *walk) write(name string) error {
	if enum, ok := w.enums[name]; ok {
		fmt.Fprintf(&w.out, "enum %s\n", name[1:])
		for _, value := range enum.Value {
			fmt.Fprintf(&w.out, " %s %d\n", value.GetName(), value.GetNumber())
		}
		return nil
	}
	message, ok := w.messages[name]
	if !ok {
		return fmt.Errorf("%s is not described by the folders read", name)
	}
	fmt.Fprintf(&w.out, "message %s\n", name[1:])
	for _, field := range message.Field {
		w.out.WriteString(" " + w.field(message, field) + "\n")
	}
	return nil
}

// field is one line: the name, the type, then what is unusual about it.
func (w *walk) field(message *descriptorpb.DescriptorProto, field *descriptorpb.FieldDescriptorProto) string {
	words := []string{field.GetName()}
	repeated := field.GetLabel() == descriptorpb.FieldDescriptorProto_LABEL_REPEATED
	if entry := w.messages[field.GetTypeName()]; entry.GetOptions().GetMapEntry() {
		words = append(words, w.typeOf(entry.Field[1]), "map="+w.typeOf(entry.Field[0]))
	} else {
		words = append(words, w.typeOf(field))
		if repeated {
			words = append(words, "repeated")
		}
	}
	if field.GetProto3Optional() {
		words = append(words, "optional")
	} else if field.OneofIndex != nil {
		words = append(words, "oneof="+message.OneofDecl[field.GetOneofIndex()].GetName())
	}
	if name := field.GetJsonName(); name != "" && name != defaultJSONName(field.GetName()) {
		words = append(words, "json="+name)
	}
	return strings.Join(words, " ")
}

// typeOf names a scalar as protobuf does, a message with a leading dot, an enum with a leading hash.
func (w *walk) typeOf(field *descriptorpb.FieldDescriptorProto) string {
	switch field.GetType() {
	case descriptorpb.FieldDescriptorProto_TYPE_MESSAGE:
		w.visit(field.GetTypeName())
		return field.GetTypeName()
	case descriptorpb.FieldDescriptorProto_TYPE_ENUM:
		w.visit(field.GetTypeName())
		return "#" + field.GetTypeName()[1:]
	}
	return strings.ToLower(strings.TrimPrefix(field.GetType().String(), "TYPE_"))
}

// defaultJSONName is the name that protobuf derives where a field declares none.
func defaultJSONName(name string) string {
	var out strings.Builder
	upper := false
	for _, letter := range name {
		switch {
		case letter == '_':
			upper = true
		case upper && 'a' <= letter && letter <= 'z':
			out.WriteRune(letter - 'a' + 'A')
			upper = false
		default:
			out.WriteRune(letter)
			upper = false
		}
	}
	return out.String()
}
