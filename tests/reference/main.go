// Reference answers questions about Go's own behaviour: JSON lines in, JSON lines out.
//
// It is what the fuzzer compares pillion with. A question has a mode and an input:
//
//	template   input is a Go template, rendered over the JSON body with sprig's functions
//	roundtrip  input is a manifest, read into its type and printed again
//	smp        input is a strategic merge patch in YAML, laid over the pod in the JSON body
//
// An answer has output, or parseError (template), or error, or panic where the library crashes.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	openshiftappsv1 "github.com/openshift/api/apps/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/mergepatch"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

type question struct {
	Mode  string `json:"mode"`
	Input string `json:"input"`
	Body  string `json:"body"`
}

type answer struct {
	Output     *string `json:"output,omitempty"`
	ParseError string  `json:"parseError,omitempty"`
	Error      string  `json:"error,omitempty"`
	Panic      string  `json:"panic,omitempty"`
}

// scheme knows the kinds that the injector knows, in every version once they are known in one.
var scheme = runtime.NewScheme()

func init() {
	for version, objects := range map[schema.GroupVersion][]runtime.Object{
		corev1.SchemeGroupVersion: {&corev1.Pod{}, &corev1.ReplicationController{}, &corev1.List{}},
		appsv1.SchemeGroupVersion: {
			&appsv1.Deployment{}, &appsv1.DaemonSet{}, &appsv1.ReplicaSet{}, &appsv1.StatefulSet{},
		},
		batchv1.SchemeGroupVersion:   {&batchv1.Job{}, &batchv1.CronJob{}},
		openshiftappsv1.GroupVersion: {&openshiftappsv1.DeploymentConfig{}},
	} {
		for _, object := range objects {
			scheme.AddKnownTypes(version, object)
			scheme.AddUnversionedTypes(version, object)
		}
	}
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for {
		line, err := in.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" {
			encoded, failure := json.Marshal(respond(line))
			if failure != nil {
				panic(failure)
			}
			fmt.Fprintf(out, "%s\n", encoded)
			out.Flush()
		}
		if err != nil {
			return
		}
	}
}

func respond(line string) (result answer) {
	defer func() {
		if crash := recover(); crash != nil {
			result = answer{Panic: fmt.Sprint(crash)}
		}
	}()
	var asked question
	if err := json.Unmarshal([]byte(line), &asked); err != nil {
		return answer{Error: err.Error()}
	}
	switch asked.Mode {
	case "template":
		return render(asked)
	case "roundtrip":
		return of(roundtrip(asked.Input))
	case "smp":
		return of(merge(asked.Body, asked.Input))
	}
	return answer{Error: "unknown mode " + asked.Mode}
}

func of(output string, err error) answer {
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Output: &output}
}

func render(asked question) answer {
	parsed, err := template.New("inject").Funcs(sprig.TxtFuncMap()).Parse(asked.Input)
	if err != nil {
		return answer{ParseError: err.Error()}
	}
	var data any
	if err := json.Unmarshal([]byte(asked.Body), &data); err != nil {
		return answer{Error: err.Error()}
	}
	var output strings.Builder
	if err := parsed.Execute(&output, data); err != nil {
		return answer{Error: err.Error()}
	}
	return of(output.String(), nil)
}

func roundtrip(input string) (string, error) {
	var meta metav1.TypeMeta
	if err := yaml.Unmarshal([]byte(input), &meta); err != nil {
		return "", err
	}
	object, err := scheme.New(schema.FromAPIVersionAndKind(meta.APIVersion, meta.Kind))
	if err != nil {
		return "", err
	}
	if err := yaml.Unmarshal([]byte(input), object); err != nil {
		return "", err
	}
	printed, err := yaml.Marshal(object)
	return string(printed), err
}

// merge follows StrategicMergePatchYAML of Istio's pkg/kube/inject: whatever cannot be read is a bad
// JSON document.
func merge(body, patch string) (string, error) {
	var original, changes map[string]any
	if err := json.Unmarshal([]byte(body), &original); err != nil {
		return "", mergepatch.ErrBadJSONDoc
	}
	if err := yaml.Unmarshal([]byte(patch), &changes); err != nil {
		return "", mergepatch.ErrBadJSONDoc
	}
	lookup, err := strategicpatch.NewPatchMetaFromStruct(corev1.Pod{})
	if err != nil {
		return "", err
	}
	merged, err := strategicpatch.StrategicMergeMapPatchUsingLookupPatchMeta(original, changes, lookup)
	if err != nil {
		return "", err
	}
	printed, err := json.Marshal(merged)
	return string(printed), err
}
