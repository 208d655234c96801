"""The annotation that says what was injected, and taking that out again.

A pod may come here a second time, by reinvocation or because somebody injects an injected file.
What was added before is taken out first, so that templates see the user's pod. Follows
``getInjectionStatus``, ``stripPod`` and ``parseStatus`` of Istio's ``pkg/kube/inject``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.injection import prometheus
from pillion.injection.containers import annotations_of, remove, with_metadata, with_spec
from pillion.injection.errors import InjectionError

if TYPE_CHECKING:
    from pillion.injection.generation import JSON

ANNOTATION = "sidecar.istio.io/status"

_UNREADABLE = object()
"""In place of the value of a text that is not JSON."""

_REVISION = "revision"
_LISTS = ("initContainers", "containers", "volumes", "imagePullSecrets")


class Injected(NamedTuple):
    """The names of containers that an earlier injection added."""

    containers: frozenset[str] = frozenset()
    init_containers: frozenset[str] = frozenset()


def write(template_pod: JSON, revision: str) -> str:
    """The annotation's value for a pod into which ``template_pod`` was merged."""
    spec = template_pod["spec"]
    lists = (tuple(item.get("name", "") for item in spec.get(key) or ()) for key in _LISTS)
    return _encode(tuple(lists), revision or "default")


@lru_cache(maxsize=64)
def _encode(lists: tuple[tuple[str, ...], ...], revision: str) -> str:
    """The annotation's value; a template mostly adds the same names to every pod."""
    from pillion.golang import json

    parts = [
        f'"{key}":{json.marshal(list(names) or None)}'
        for key, names in zip(_LISTS, lists, strict=True)
    ]
    return "{" + ",".join([*parts, f'"{_REVISION}":{json.marshal(revision)}']) + "}"


def strip(pod: JSON, *, port: int) -> JSON:
    """``pod`` as it was before an earlier injection, as far as templates look at it.

    ``port`` is where the proxy answers with metrics: annotations that name it are not the user's.
    """
    annotations = annotations_of(pod)
    injected = _read_strictly(annotations.get(ANNOTATION))
    if injected is None:
        return pod
    pod = _without(_without(pod, "containers", injected), "initContainers", injected)
    kept = prometheus.undo(annotations, port)
    return with_metadata(pod, annotations={k: v for k, v in kept.items() if k != ANNOTATION})


def _without(pod: JSON, kind: str, injected: dict[str, list[str]]) -> JSON:
    items = pod["spec"].get(kind)
    for name in injected[kind]:
        items = remove(items, name)
    return with_spec(pod, **{kind: items})


def read(pod: JSON) -> Injected | None:
    """What an earlier injection added to ``pod``; None where there was none.

    A value that cannot be read counts as an injection that added nothing.

    Raises:
        InjectionError: the value names containers by something else than a list of texts.
    """
    text = annotations_of(pod).get(ANNOTATION)
    if text is None:
        return None
    value = _parse(text)
    if not isinstance(value, dict):
        return Injected()
    return Injected(_names(value, "containers"), _names(value, "initContainers"))


def _names(value: dict[str, Any], key: str) -> frozenset[str]:
    names = value.get(key)
    if names is None:
        return frozenset()
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return frozenset(names)
    raise InjectionError(f"annotation '{ANNOTATION}' is broken: {key} must be a list of names")


def _read_strictly(text: str | None) -> dict[str, list[str]] | None:
    """The lists of names, as Go decodes them into a struct: all or nothing, keys in any case."""
    value = _UNREADABLE if text is None else _parse(text)
    if value is not None and not isinstance(value, dict):
        return None
    found: dict[str, list[str]] = {key: [] for key in _LISTS}
    folded = {key.lower(): key for key in _LISTS}
    for key, item in (value or {}).items():
        known = folded.get(key.lower())
        if known is not None:
            if not _is_list_of_names(item):
                return None
            found[known] = [name or "" for name in item or ()]
        elif key.lower() == _REVISION and not isinstance(item, str | None):
            return None
    return found


def _is_list_of_names(value: Any) -> bool:
    if not isinstance(value, list | None):
        return False
    return all(isinstance(name, str | None) for name in value or ())


def _parse(text: str) -> Any:
    from pillion.golang import json

    try:
        return json.unmarshal(text)
    except json.JSONError:
        return _UNREADABLE
