"""HTTP probes of the application, sent through the proxy's agent, as Istio 1.1 did it.

Readiness and liveness alone, HTTP alone, and whatever the pod's annotations say. Follows
``app_probe.go`` of ``pilot/pkg/kube/inject`` at 1.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.injection.containers import PROXY, add_env
from pillion.injection.legacy.proxy_arguments import flag_value
from pillion.injection.probes import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pillion.injection.containers import Container
    from pillion.injection.generation import JSON

_PROBES = (("readinessProbe", "readyz"), ("livenessProbe", "livez"))


def status_port(proxy: Container) -> int | None:
    """The port on which the agent answers, or None where its arguments do not say."""
    port = flag_value(proxy, "statusPort")
    return None if port == -1 else port  # -1 is what Istio itself says for "none"


def tell_agent(proxy: Container, applications: Iterable[Container]) -> Container:
    """``proxy`` with what its agent has to ask ``applications`` in its environment."""
    from pillion.golang import json
    from pillion.kubernetes import codec

    found = {
        path: codec.encode(action, "core/v1.HTTPGetAction")
        for application in applications
        if application.get("name") != PROXY
        for path, action in _probers(application)
    }
    pairs = (f"{json.marshal(path)}:{found[path]}" for path in sorted(found))
    return add_env(proxy, ENVIRONMENT, "{" + ",".join(pairs) + "}")


def _probers(application: Container) -> Iterator[tuple[str, JSON]]:
    named = {
        port["name"]: port["containerPort"]
        for port in application.get("ports") or ()
        if port.get("name")
    }
    for key, end in _PROBES:
        action = (application.get(key) or {}).get("httpGet")
        if action is None:
            continue
        port = action["port"]
        port = named.get(port) if isinstance(port, str) else port
        if port is not None:
            yield _path(application, end), {**action, "port": port}


def redirected(application: Container, port: int) -> Container:
    """``application`` with its HTTP probes asking the agent on ``port``."""
    changed = dict(application)
    for key, action in redirections(application, port):
        changed[key] = {**application[key], "httpGet": action}
    return changed


def redirections(application: Container, port: int) -> Iterator[tuple[str, JSON]]:
    """Each probe of ``application`` that is HTTP, and what it asks of the agent instead."""
    if application.get("name") == PROXY:
        return
    for key, end in _PROBES:
        action = (application.get(key) or {}).get("httpGet")
        if action is not None:
            yield key, {**action, "port": port, "path": _path(application, end)}


def _path(application: Container, end: str) -> str:
    return f"/app-health/{application.get('name', '')}/{end}"
