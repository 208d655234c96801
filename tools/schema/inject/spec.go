// Package inject declares what a template of Istio 1.1 renders. Its name is the one that Go's
// messages about such a value carry.
package inject

import corev1 "k8s.io/api/core/v1"

// SidecarInjectionSpec is what a template of the 1.1 generation adds to a pod. It has no JSON names:
// encoding/json matches the Go names in any case.
type SidecarInjectionSpec struct {
	RewriteAppHTTPProbe bool
	InitContainers      []corev1.Container
	Containers          []corev1.Container
	Volumes             []corev1.Volume
	DNSConfig           *corev1.PodDNSConfig
	ImagePullSecrets    []corev1.LocalObjectReference
}
