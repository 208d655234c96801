"""The user id of the containers that set up a pod's traffic, where the proxy runs as another user.

Follows ``adjustInitContainerUser`` of Istio's ``pkg/kube/inject``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.injection.containers import (
    INIT,
    PROXY,
    VALIDATION,
    annotations_of,
    change,
    find,
    proxy_of,
    with_spec,
)

if TYPE_CHECKING:
    from pillion.injection.containers import Container
    from pillion.injection.generation import JSON

MODE_ANNOTATION = "sidecar.istio.io/interceptionMode"
TPROXY = "TPROXY"

_USER_FLAG = "-u"


def adjust(pod: JSON, original: JSON, mode: str) -> JSON:
    """``pod`` with its init or validation container following the user that ``original`` asks for.

    ``mode`` is how the proxy configuration has traffic redirected. With TPROXY the proxy has to run
    as root, whatever is asked.
    """
    wanted = (proxy_of(original) or {}).get("securityContext") or {}
    wanted = {
        key: wanted[key] for key in ("runAsUser", "runAsGroup") if wanted.get(key) is not None
    }
    name = _set_up(pod)
    if not wanted or name is None:
        return pod
    tproxy = TPROXY in {mode, annotations_of(pod).get(MODE_ANNOTATION)}
    if tproxy and "runAsUser" in wanted:
        pod = change(pod, PROXY, lambda proxy: _with_context(proxy, {"runAsUser": 0}))
    if not tproxy and name == VALIDATION:
        pod = _edit_init(pod, name, lambda one: _with_context(one, wanted))
    user = wanted.get("runAsUser")
    return _edit_init(pod, name, lambda one: _with_user_flag(one, user)) if user else pod


def _set_up(pod: JSON) -> str | None:
    items = pod["spec"].get("initContainers")
    return next((name for name in (INIT, VALIDATION) if find(name, items) is not None), None)


def _edit_init(pod: JSON, name: str, edit: Any) -> JSON:
    items = pod["spec"]["initContainers"]
    first = find(name, items)
    return with_spec(pod, initContainers=[edit(one) if one is first else one for one in items])


def _with_context(container: Container, fields: dict[str, int]) -> Container:
    context = {**(container.get("securityContext") or {}), **fields}
    return {**container, "securityContext": context}


def _with_user_flag(container: Container, user: int) -> Container:
    args = list(container.get("args") or ())
    if _USER_FLAG in args[:-1]:
        args[args.index(_USER_FLAG) + 1] = str(user)
    return {**container, "args": args} if args else container
