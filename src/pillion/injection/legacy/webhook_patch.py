"""The JSON patch of Istio 1.1's webhook: removals, additions and replacements in its order.

Unlike today's, it is not the difference of two pods: it names what injection does, and leaves the
rest of the pod as the API server sent it. Follows ``createPatch`` of ``pilot/pkg/kube/inject`` at
1.1; the indexes of its rewritten probes count the containers after the removals, where Istio's own
counted before them and missed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.injection.legacy import probes, status
from pillion.injection.legacy.status import LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pillion.injection.generation import JSON


class Additions(NamedTuple):
    """What the patch puts into a pod.

    ``lists`` is appended to the lists of the spec, and ``fields`` are set in it. ``agent_port``
    is where HTTP probes are sent, or None where they stay.
    """

    lists: Mapping[str, list[JSON]]
    fields: Mapping[str, Any]
    annotation: str
    agent_port: int | None


def operations(raw: JSON, removed: Mapping[str, frozenset[str]], added: Additions) -> list[JSON]:
    """The operations that take what is named in ``removed`` out of ``raw`` and put ``added`` in."""
    patch = [_add(f"/{key}", {}) for key in ("spec", "metadata") if not raw.get(key)]
    spec = raw.get("spec") or {}
    # A null among the elements is an empty struct.
    lists = {key: [one or {} for one in spec.get(key) or ()] for key in LISTS}
    for key in LISTS:
        patch += _removals(key, lists[key], removed[key])
    for key in LISTS:
        patch += _appends(key, lists[key], added.lists[key])
    patch += [_add(f"/spec/{key}", value) for key, value in added.fields.items()]
    patch.append(_status((raw.get("metadata") or {}).get("annotations"), added.annotation))
    if added.agent_port is not None:
        names = removed["containers"]
        kept = [one for one in lists["containers"] if one.get("name", "") not in names]
        patch += _redirections(kept, added.agent_port)
    return patch


def _add(path: str, value: Any) -> JSON:
    return {"op": "add", "path": path, "value": value}


def _removals(key: str, items: list[JSON], names: frozenset[str]) -> Iterator[JSON]:
    for index in reversed(range(len(items))):
        if items[index].get("name", "") in names:
            yield {"op": "remove", "path": f"/spec/{key}/{index}"}


def _appends(key: str, items: list[JSON], added: list[JSON]) -> Iterator[JSON]:
    """Additions to a list; one that the pod lacks begins with its first element."""
    path = f"/spec/{key}"
    rest = iter(added)
    if not items:
        for first in rest:
            yield _add(path, [first])
            break
    for item in rest:
        yield _add(f"{path}/-", item)


def _status(annotations: Mapping[str, str] | None, value: str) -> JSON:
    from pillion.kubernetes import json_patch

    if not annotations:
        return _add("/metadata/annotations", {status.ANNOTATION: value})
    path = f"/metadata/annotations/{json_patch.escape(status.ANNOTATION)}"
    verb = "replace" if annotations.get(status.ANNOTATION) else "add"
    return {"op": verb, "path": path, "value": value}


def _redirections(containers: list[JSON], port: int) -> Iterator[JSON]:
    for index, container in enumerate(containers):
        for key, action in probes.redirections(container, port):
            path = f"/spec/containers/{index}/{key}/httpGet"
            yield {"op": "replace", "path": path, "value": action}
