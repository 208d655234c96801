"""Probes and lifecycle hooks of the application, sent through the proxy's agent.

With mutual TLS the kubelet cannot reach the application. Its probes are pointed at the agent, which
finds in its environment what to ask the application. Follows ``app_probe.go`` of Istio's
``pkg/kube/inject``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.injection import status
from pillion.injection.containers import (
    KINDS,
    PROXY,
    annotations_of,
    change,
    env_var,
    init_first,
    proxy_of,
    with_env,
    with_spec,
)
from pillion.injection.prometheus import parse_bool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pillion.injection.containers import Container
    from pillion.injection.generation import JSON

REWRITE_ANNOTATION = "sidecar.istio.io/rewriteAppHTTPProbers"
PORT_ANNOTATION = "status.sidecar.istio.io/port"
ENVIRONMENT = "ISTIO_KUBE_APP_PROBERS"

_PROBES = (("readinessProbe", "readyz"), ("livenessProbe", "livez"), ("startupProbe", "startupz"))
_HOOKS = (("preStop", "prestopz"), ("postStart", "poststartz"))
_PROBE_ACTIONS = (
    ("httpGet", "core/v1.HTTPGetAction"),
    ("tcpSocket", "core/v1.TCPSocketAction"),
    ("grpc", "core/v1.GRPCAction"),
)
_HOOK_ACTIONS = _PROBE_ACTIONS[:2]


def rewrite(pod: JSON, *, enabled: bool, port: int) -> JSON:
    """``pod`` with its probes and hooks going through the agent.

    ``enabled`` is the setting of the values, which the pod's annotation overrules. ``port`` is the
    agent's in the mesh configuration: probes that go there were rewritten before. A pod without a
    proxy stays as it is.
    """
    annotations = annotations_of(pod)
    wish = parse_bool(annotations.get(REWRITE_ANNOTATION, ""))
    if proxy_of(pod) is None or not (enabled if wish is None else wish):
        return pod
    found = _probers(pod, port)
    if found:
        pod = _tell_agent(pod, found)
    return _redirect(pod, _agent_port(annotations, port))


def _agent_port(annotations: Mapping[str, str], port: int) -> int:
    from pillion.golang import strconv

    text = annotations.get(PORT_ANNOTATION)
    if text is None:
        return port
    try:
        return strconv.parse_int(text)
    except strconv.NumError:
        return 0  # as Go's Atoi gives beside its error, which Istio only logs


def _probers(pod: JSON, port: int) -> dict[str, str]:
    """What the agent has to ask instead, as JSON by URL path."""
    found = {}
    for container in init_first(pod):
        if container["name"] == PROXY:
            continue
        named = {
            one["name"]: one["containerPort"]
            for one in container.get("ports") or ()
            if one.get("name")
        }
        for path, handler, actions in _handlers(container):
            prober = _prober(handler, actions, named, port)
            if prober is not None:
                found[path] = prober
    return found


def _handlers(container: Container) -> Iterator[tuple[str, JSON, tuple[tuple[str, str], ...]]]:
    name = container["name"]
    for key, end in _PROBES:
        if container.get(key) is not None:
            yield f"/app-health/{name}/{end}", container[key], _PROBE_ACTIONS
    lifecycle = container.get("lifecycle") or {}
    for key, end in _HOOKS:
        if lifecycle.get(key) is not None:
            yield f"/app-lifecycle/{name}/{end}", lifecycle[key], _HOOK_ACTIONS


def _prober(
    handler: JSON, actions: tuple[tuple[str, str], ...], named: Mapping[str, int], agent: int
) -> str | None:
    """The JSON of one prober; None where there is nothing to ask, or the agent is asked already."""
    for key, type_name in actions:
        action = handler.get(key)
        if action is None:
            continue
        if key != "grpc":
            port = named.get(action["port"]) if isinstance(action["port"], str) else action["port"]
            if port is None or action["port"] == agent:
                return None
            action = {**action, "port": port}
        return _encode({key: (action, type_name)}, handler.get("timeoutSeconds", 0))
    return None


def _encode(actions: Mapping[str, tuple[JSON, str]], timeout: int) -> str:
    from pillion.injection import go_json

    parts = [f'"{key}":{go_json.encode(value, name)}' for key, (value, name) in actions.items()]
    if timeout:
        parts.append(f'"timeoutSeconds":{timeout}')
    return "{" + ",".join(parts) + "}"


def _tell_agent(pod: JSON, found: dict[str, str]) -> JSON:
    """``pod`` with ``found`` in the proxy's environment.

    On an injected pod what the environment says already stays, since the probes were replaced then.
    """
    injected = status.ANNOTATION in annotations_of(pod)

    def edit(proxy: Container) -> Container:
        env = list(proxy.get("env") or ())
        index = _index_of_probers(env) if injected else None
        if index is None:
            return with_env(proxy, [*env, env_var(ENVIRONMENT, _join(found))])
        earlier = _decode(env[index].get("value", ""))
        if earlier is None:
            return proxy
        env[index] = env_var(ENVIRONMENT, _join({**found, **earlier}))
        return with_env(proxy, env)

    return change(pod, PROXY, edit)


def _index_of_probers(env: list[JSON]) -> int | None:
    return next((i for i, one in enumerate(env) if one["name"] == ENVIRONMENT), None)


def _join(found: Mapping[str, str]) -> str:
    from pillion.golang import json

    return "{" + ",".join(f"{json.marshal(path)}:{found[path]}" for path in sorted(found)) + "}"


def _decode(text: str) -> dict[str, str] | None:
    """The probers of an environment variable; None where it cannot be read."""
    from pillion.golang import json
    from pillion.kubernetes.errors import KubernetesError

    try:
        value = json.unmarshal(text, integers=True)
        if value is None:
            return {}
        if not isinstance(value, dict):
            return None
        return {path: _decode_one(prober) for path, prober in value.items()}
    except (json.JSONError, KubernetesError, _NotAProberError):
        return None


class _NotAProberError(Exception):
    """The value has not the form of a prober."""


def _decode_one(value: Any) -> str:
    from pillion.kubernetes import codec

    if value is None:
        return "null"
    if not isinstance(value, dict):
        raise _NotAProberError
    folded = {key.lower(): item for key, item in value.items()}
    actions = {
        key: (codec.decode(folded[key.lower()], name), name)
        for key, name in _PROBE_ACTIONS
        if folded.get(key.lower()) is not None
    }
    timeout = folded.get("timeoutseconds") or 0
    if not isinstance(timeout, int | float) or timeout != int(timeout):
        raise _NotAProberError
    return _encode(actions, int(timeout))


def _redirect(pod: JSON, port: int) -> JSON:
    changed = {
        kind: [
            one if one["name"] == PROXY else _redirect_container(one, port)
            for one in pod["spec"][kind]
        ]
        for kind in KINDS
        if pod["spec"].get(kind)
    }
    return with_spec(pod, **changed)


def _redirect_container(container: Container, port: int) -> Container:
    changed: JSON = {}
    for path, handler, actions in _handlers(container):
        replaced = _redirect_handler(handler, path, actions, port)
        if replaced is None:
            continue
        end = path.rpartition("/")[2]
        if end in _PROBE_KEYS:
            changed[_PROBE_KEYS[end]] = replaced
        else:
            lifecycle = changed.get("lifecycle") or container["lifecycle"]
            changed["lifecycle"] = {**lifecycle, _HOOK_KEYS[end]: replaced}
    return {**container, **changed} if changed else container


_PROBE_KEYS = {end: key for key, end in _PROBES}
_HOOK_KEYS = {end: key for key, end in _HOOKS}


def _redirect_handler(
    handler: JSON, path: str, actions: tuple[tuple[str, str], ...], port: int
) -> JSON | None:
    for key, _ in actions:
        action = handler.get(key)
        if action is None:
            continue
        kept = {name: value for name, value in handler.items() if name != key}
        return {**kept, "httpGet": _to_agent(action if key == "httpGet" else {}, path, port)}
    return None


def _to_agent(action: JSON, path: str, port: int) -> JSON:
    changed = {**action, "path": path, "port": port}
    if changed.get("scheme") == "HTTPS":
        changed["scheme"] = (
            "HTTP"  # the agent speaks TLS with the application, the kubelet does not
        )
    return changed
