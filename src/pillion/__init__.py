"""Sidecar injection for Kubernetes, compatible with Istio's, that explains itself."""

__version__ = "0.1.0"
