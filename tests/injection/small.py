"""A small injector of the current generation, for tests that need a whole one."""

from __future__ import annotations

from typing import Any

from pillion import mesh
from pillion.injection.config import load_config
from pillion.injection.injector import Injector

SIDECAR = """
metadata:
  annotations: {rev: "{{ .Revision }}"}
spec:
  containers:
  - name: istio-proxy
    image: "{{ .ProxyImage }}"
    env:
    - {name: OWNER, value: "{{ toLower .TypeMeta.Kind }}/{{ .DeploymentMeta.Name }}"}
"""

VALUES = """
global:
  hub: hub
  tag: 1.2
sidecarInjectorWebhook: {rewriteAppHTTPProbe: true}
"""


def injector(
    *,
    policy: str = "enabled",
    templates: dict[str, str] | None = None,
    rules: str = "",
    values: str = VALUES,
    mesh_text: str = "",
    **settings: Any,
) -> Injector:
    """An injector with a template of a few lines; ``rules`` is more YAML of the configuration."""
    text = f"policy: {policy}\n{rules}\ntemplates:\n"
    for name, template in {"sidecar": SIDECAR, **(templates or {})}.items():
        lines = "".join(f"    {line}\n" for line in template.splitlines())
        text += f"  {name}: |\n{lines}"
    return Injector(
        load_config(text), mesh.load_mesh(mesh_text), mesh.load_values(values), **settings
    )
