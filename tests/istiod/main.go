// Command istiod answers questions about pods with the code of Istio's control plane.
//
// Questions are lines of JSON on standard input, one answer is written for each. A question is either
// about the proxy configuration that ProxyConfig resources make for a pod, or about whether a pod's
// sidecar is a native one.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	klabels "k8s.io/apimachinery/pkg/labels"

	networking "istio.io/client-go/pkg/apis/networking/v1beta1"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/kube/inject"
	"istio.io/istio/pkg/kube/kclient"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/util/protomarshal"
)

// A question has Resources or Mode; the rest belongs to one of the two.
type question struct {
	Mesh        string
	Revision    string
	Resources   []json.RawMessage
	Namespace   string
	Labels      map[string]string
	Annotations map[string]string

	Mode  string
	Nodes []*corev1.Node
	Node  string
}

// An answer is the effective configuration and what is wrong with resources that cannot be decoded, by
// their places; or whether the sidecar is native.
type answer struct {
	Proxy    json.RawMessage `json:"proxy,omitempty"`
	Problems map[int]string  `json:"problems,omitempty"`
	Native   *bool           `json:"native,omitempty"`
}

func main() {
	quiet := log.DefaultOptions()
	quiet.SetDefaultOutputLevel(log.OverrideScopeName, log.NoneLevel)
	check(log.Configure(quiet))
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		check(json.Unmarshal(lines.Bytes(), &asked))
		if asked.Mode != "" {
			check(out.Encode(native(asked)))
		} else {
			check(out.Encode(merged(asked)))
		}
	}
	check(lines.Err())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A store holds the resources of one kind; it is asked for nothing but its list.
type store struct {
	model.ConfigStore
	configs []config.Config
}

func (s store) List(config.GroupVersionKind, string) []config.Config { return s.configs }

func merged(asked question) answer {
	meshConfig, err := mesh.ApplyMeshConfigDefaults(asked.Mesh)
	check(err)
	var configs []config.Config
	problems := map[int]string{}
	for place, raw := range asked.Resources {
		var resource networking.ProxyConfig
		if err := json.Unmarshal(raw, &resource); err != nil {
			problems[place] = err.Error()
		} else if config.LabelsInRevision(resource.Labels, asked.Revision) {
			meta := config.Meta{
				Name:              resource.Name,
				Namespace:         resource.Namespace,
				CreationTimestamp: resource.CreationTimestamp.Time,
			}
			configs = append(configs, config.Config{Meta: meta, Spec: &resource.Spec})
		}
	}
	proxy := model.GetProxyConfigs(store{configs: configs}, meshConfig).EffectiveProxyConfig(
		&model.NodeMetadata{Namespace: asked.Namespace, Labels: asked.Labels, Annotations: asked.Annotations}, meshConfig)
	text, err := protomarshal.ToJSON(proxy)
	check(err)
	return answer{Proxy: json.RawMessage(text), Problems: problems}
}

// nodes are those of a cluster; of the client only its reader is used.
type nodes struct {
	kclient.Client[*corev1.Node]
	all []*corev1.Node
}

func (n nodes) Get(name, _ string) *corev1.Node {
	for _, node := range n.all {
		if node.Name == name {
			return node
		}
	}
	return nil
}

func (n nodes) List(string, klabels.Selector) []*corev1.Node { return n.all }

// native needs a slice of nodes to say that there are none, since no slice stands for no client.
func native(asked question) answer {
	modes := map[string]features.NativeSidecarMode{
		"true":  features.NativeSidecarModeEnabled,
		"false": features.NativeSidecarModeDisabled,
		"auto":  features.NativeSidecarModeAuto,
	}
	features.EnableNativeSidecars = modes[asked.Mode]
	var client kclient.Client[*corev1.Node]
	if asked.Nodes != nil {
		client = nodes{all: asked.Nodes}
	}
	found := inject.DetectNativeSidecar(client, asked.Node)
	return answer{Native: &found}
}
