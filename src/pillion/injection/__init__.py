"""The injection engine: pods in, pods with a sidecar out. Pure: it opens no file and no socket."""
