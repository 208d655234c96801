"""Containers of the user's that have the name of an injected one.

A user may write a container ``istio-proxy`` to change what is injected under that name. It is
merged under the template's first, as everything of the pod is, and then applied again on top. What
it said is kept in an annotation, because after injection it can no longer be told from the rest.
Follows ``reapplyOverwrittenContainers`` and its helpers in Istio's ``pkg/kube/inject``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.injection import status
from pillion.injection.containers import (
    AUTO_IMAGE,
    KINDS,
    annotations_of,
    find,
    find_in,
    with_metadata,
    with_spec,
)
from pillion.injection.errors import InjectionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pillion.injection.containers import Container
    from pillion.injection.generation import JSON

ANNOTATION = "proxy.istio.io/overrides"

_FAILURES = {
    "containers": "failed to apply sidecar container",
    "initContainers": "failed to apply sidecar init container",
}


def read(pod: JSON) -> dict[str, list[Container]]:
    """The containers that the annotation of an earlier injection kept, by kind.

    Raises:
        InjectionError: the annotation cannot be read.
    """
    text = annotations_of(pod).get(ANNOTATION)
    found: dict[str, list[Container]] = {kind: [] for kind in KINDS}
    if text is None:
        return found
    folded = {kind.lower(): kind for kind in KINDS}
    for key, items in _object(text).items():
        kind = folded.get(key.lower())
        if kind is not None:
            found[kind] = _containers(items, kind)
    return found


def _object(text: str) -> dict[str, Any]:
    from pillion.golang import json
    from pillion.kubernetes.special_types import describe

    try:
        value = json.unmarshal(text, integers=True)
    except json.JSONError as error:
        raise InjectionError(str(error)) from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        found = describe(value)
        raise InjectionError(
            f"json: cannot unmarshal {found} into Go value of type inject.podOverrides"
        )
    return value


def _containers(items: Any, kind: str) -> list[Container]:
    from pillion.kubernetes import codec
    from pillion.kubernetes.errors import DecodeError
    from pillion.kubernetes.special_types import describe

    if items is None:
        return []
    if not isinstance(items, list):
        raise InjectionError(
            f"json: cannot unmarshal {describe(items)} into Go struct field podOverrides.{kind} "
            "of type []v1.Container"
        )
    try:
        decoded: list[Container] = codec.decode(items, "[]core/v1.Container")
    except DecodeError as error:
        raise InjectionError(_within_overrides(error.message, kind)) from error
    return decoded


def _within_overrides(message: str, kind: str) -> str:
    """``message``, which is about a list of containers, as Go words it about the struct around."""
    head, mark, rest = message.partition(" into Go struct field ")
    if mark:
        struct, _, field = rest.partition(".")
        return f"{head}{mark}{struct}.{kind}.{field}"
    return message.replace("Go value of type", f"Go struct field podOverrides.{kind} of type")


def reinsert(pod: JSON, kept: dict[str, list[Container]]) -> JSON:
    """``pod`` with those containers of ``kept`` that it has no more, as templates are to see it."""
    for kind in KINDS:
        present = pod["spec"].get(kind) or []
        missing = [one for one in kept[kind] if find(one["name"], present) is None]
        if missing:
            pod = with_spec(pod, **{kind: [*present, *missing]})
    return pod


def reapply(
    pod: JSON, original: JSON, template_pod: JSON, kept: dict[str, list[Container]]
) -> JSON:
    """``pod`` with the user's containers applied again, and remembered in the annotation.

    ``original`` is the pod before injection, ``template_pod`` what the templates alone made. A
    container that an earlier injection added is nobody's wish and is left alone.

    Raises:
        InjectionError: a container does not fit.
    """
    from pillion.injection.overlay import apply_overlay
    from pillion.kubernetes.errors import KubernetesError

    injected = status.read(original)
    applied: dict[str, list[Container]] = {kind: [] for kind in KINDS}
    for kind, container in _overridden(original, template_pod, kept, injected):
        applied[kind].append(container)
        try:
            pod = apply_overlay(pod, _overlay(kind, container))
        except KubernetesError as error:
            raise InjectionError(f"{_FAILURES[kind]}: {error}") from error
    if injected is None and any(applied.values()):
        annotations = {**annotations_of(pod), ANNOTATION: _encode(applied)}
        pod = with_metadata(pod, annotations=annotations)
    return pod


def _overridden(
    original: JSON,
    template_pod: JSON,
    kept: dict[str, list[Container]],
    injected: status.Injected | None,
) -> Iterator[tuple[str, Container]]:
    known = injected or status.Injected()
    for kind, names in zip(KINDS, (known.containers, known.init_containers), strict=True):
        for item in template_pod["spec"].get(kind) or ():
            name = item["name"]
            if name not in names:
                found = find(name, kept[kind]) or _users(original, kind, name)
                if found is not None:
                    yield kind, _without_auto_image(found)


def _users(original: JSON, kind: str, name: str) -> Container | None:
    """The user's container; one meant for the init containers may stand among the others."""
    if kind == "containers":
        return find(name, original["spec"].get("containers"))
    return find_in(original, name)


def _without_auto_image(container: Container) -> Container:
    if container.get("image") != AUTO_IMAGE:
        return container
    return {key: value for key, value in container.items() if key != "image"}


def _overlay(kind: str, container: Container) -> JSON:
    """A pod of nothing but ``container``, as Go prints one."""
    spec = (
        {"containers": [container]}
        if kind == "containers"
        else {"containers": [], kind: [container]}
    )
    return {"metadata": {}, "spec": spec, "status": {}}


def _encode(applied: dict[str, list[Container]]) -> str:
    from pillion.injection import go_json

    parts = [
        f'"{kind}":{go_json.encode(items, "[]core/v1.Container")}'
        for kind, items in applied.items()
        if items
    ]
    return "{" + ",".join(parts) + "}"
