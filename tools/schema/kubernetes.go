package main

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	openshiftappsv1 "github.com/openshift/api/apps/v1"
	admissionv1 "k8s.io/api/admission/v1"
	admissionv1beta1 "k8s.io/api/admission/v1beta1"
	appsv1 "k8s.io/api/apps/v1"
	appsv1beta1 "k8s.io/api/apps/v1beta1"
	appsv1beta2 "k8s.io/api/apps/v1beta2"
	batchv1 "k8s.io/api/batch/v1"
	batchv1beta1 "k8s.io/api/batch/v1beta1"
	corev1 "k8s.io/api/core/v1"
	extensionsv1beta1 "k8s.io/api/extensions/v1beta1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"

	"pillion/tools/schema/inject"
)

// roots are the types that pillion reads and prints; what they hold follows by itself.
var roots = []any{
	corev1.Pod{},
	corev1.ReplicationController{},
	corev1.List{},
	appsv1.Deployment{},
	appsv1.DaemonSet{},
	appsv1.ReplicaSet{},
	appsv1.StatefulSet{},
	batchv1.Job{},
	batchv1.CronJob{},
	openshiftappsv1.DeploymentConfig{},
	// What Istio 1.1 knew beside them.
	extensionsv1beta1.Deployment{},
	extensionsv1beta1.DaemonSet{},
	extensionsv1beta1.ReplicaSet{},
	appsv1beta1.Deployment{},
	appsv1beta1.StatefulSet{},
	appsv1beta2.Deployment{},
	appsv1beta2.DaemonSet{},
	appsv1beta2.ReplicaSet{},
	appsv1beta2.StatefulSet{},
	batchv1beta1.CronJob{},
	// What travels between the API server and the injector, and the selectors of its configuration.
	admissionv1.AdmissionReview{},
	admissionv1beta1.AdmissionReview{},
	metav1.LabelSelector{},
	types.NamespacedName{},
	inject.SidecarInjectionSpec{},
}

// special are the types that read and print themselves; the package knows them by name.
var special = []any{
	resource.Quantity{},
	intstr.IntOrString{},
	metav1.Time{},
	metav1.MicroTime{},
	metav1.FieldsV1{},
	runtime.RawExtension{},
}

const header = `# The types of Kubernetes that pillion knows. Written by tools/schema; see scripts/generate.
#
# A block is one type. A struct lists its fields: Go name, JSON name with its options, type, number
# in protobuf (0 for none), and, where it has one, its patch strategy with its merge key behind a
# colon. An embedded field has @ before its name, and . for a JSON name where its own fields take
# its place.
`

// kubernetesSchema describes every type that a root can hold.
func kubernetesSchema() (string, error) {
	reader := &typeReader{blocks: map[string]string{}}
	for _, value := range special {
		t := reflect.TypeOf(value)
		reader.blocks[typeName(t)] = "special"
	}
	for _, value := range roots {
		if err := reader.read(reflect.TypeOf(value)); err != nil {
			return "", err
		}
	}
	return reader.text(), nil
}

type typeReader struct {
	blocks map[string]string // by type name: what follows it in the file
}

// read adds the block of a type, and those of the types it is made of.
func (r *typeReader) read(t reflect.Type) error {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		if err := r.read(t.Elem()); err != nil {
			return err
		}
	case reflect.Map:
		if err := r.read(t.Key()); err != nil {
			return err
		}
		if err := r.read(t.Elem()); err != nil {
			return err
		}
	}
	if t.PkgPath() == "" || r.blocks[typeName(t)] != "" {
		return nil
	}
	if t.Kind() == reflect.Struct {
		return r.readStruct(t)
	}
	r.blocks[typeName(t)] = "= " + underlying(t)
	return nil
}

func (r *typeReader) readStruct(t reflect.Type) error {
	var block bytes.Buffer
	r.blocks[typeName(t)] = "struct"
	block.WriteString("struct")
	for i := range t.NumField() {
		field := t.Field(i)
		if !field.IsExported() {
			return fmt.Errorf("%v: unexported field %s: list the type as special", t, field.Name)
		}
		block.WriteString("\n" + describe(field))
		if err := r.read(field.Type); err != nil {
			return err
		}
	}
	r.blocks[typeName(t)] = block.String()
	return nil
}

func (r *typeReader) text() string {
	names := make([]string, 0, len(r.blocks))
	for name := range r.blocks {
		names = append(names, name)
	}
	slices.Sort(names)
	var text strings.Builder
	text.WriteString(header)
	for _, name := range names {
		fmt.Fprintf(&text, "\n%s %s\n", name, r.blocks[name])
	}
	return text.String()
}

// describe is the line of one field.
func describe(field reflect.StructField) string {
	name := field.Name
	if field.Anonymous {
		name = "@" + name
	}
	columns := []string{name, jsonName(field), typeName(field.Type), protobufNumber(field.Tag)}
	if strategy := patchStrategy(field.Tag); strategy != "" {
		columns = append(columns, strategy)
	}
	return strings.Join(columns, " ")
}

// jsonName is the JSON name with those options that encoding/json heeds.
func jsonName(field reflect.StructField) string {
	name, rest, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "" && field.Anonymous {
		return "."
	}
	if name == "" {
		name = field.Name
	}
	for option := range strings.SplitSeq(rest, ",") {
		if option == "omitempty" || option == "omitzero" {
			name += "," + option
		}
	}
	return name
}

// protobufNumber is the number that orders the field in the generated String method.
func protobufNumber(tag reflect.StructTag) string {
	columns := strings.Split(tag.Get("protobuf"), ",")
	if len(columns) < 2 {
		return "0"
	}
	return columns[1]
}

func patchStrategy(tag reflect.StructTag) string {
	strategy, key := tag.Get("patchStrategy"), tag.Get("patchMergeKey")
	if key == "" {
		return strategy
	}
	return strategy + ":" + key
}

// typeName is the name of a type as Go prints it, but with the API group in a named type's package,
// since Go calls the package of every group v1.
func typeName(t reflect.Type) string {
	if t.PkgPath() == "" {
		return underlying(t)
	}
	return packageName(t.PkgPath()) + "." + t.Name()
}

// underlying is the type literal that a named type is declared as; for a basic type its kind.
func underlying(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + typeName(t.Elem())
	case reflect.Slice:
		return "[]" + typeName(t.Elem())
	case reflect.Map:
		return "map[" + typeName(t.Key()) + "]" + typeName(t.Elem())
	default:
		return t.Kind().String()
	}
}

var packages = map[string]string{
	"k8s.io/apimachinery/pkg/apis/meta/v1": "meta/v1",
	"k8s.io/apimachinery/pkg/api/resource": "resource",
	"k8s.io/apimachinery/pkg/runtime":      "runtime",
	"k8s.io/apimachinery/pkg/types":        "types",
	"k8s.io/apimachinery/pkg/util/intstr":  "intstr",
	"github.com/openshift/api/apps/v1":     "apps.openshift.io/v1",
	"pillion/tools/schema/inject":          "inject",
}

// packageName is the API group and version of a package (apps/v1), or its bare name if it has none.
func packageName(path string) string {
	if name, ok := packages[path]; ok {
		return name
	}
	return strings.TrimPrefix(path, "k8s.io/api/")
}
