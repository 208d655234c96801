"""The parts of Go's standard library that show through in templates, manifests and messages.

Istio's injector is a Go program, and Go's rules for printing a number, quoting a string or ordering
a map are part of its answers. Each module here carries the rules of the Go package it is named
after; none of them knows templates or Kubernetes.
"""
