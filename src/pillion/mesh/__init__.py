"""Istio's mesh configuration: MeshConfig, ProxyConfig and values."""
