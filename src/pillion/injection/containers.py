"""Finding and moving containers in a canonical pod, without changing what it shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pillion.injection.generation import JSON

PROXY = "istio-proxy"
VALIDATION = "istio-validation"
INIT = "istio-init"
CORE_DUMP = "enable-core-dump"
AUTO_IMAGE = "auto"
"""The image of a container that wants the injected one: the field is required, so it says this."""

KINDS = ("containers", "initContainers")

Container = dict[str, Any]


def find(name: str, containers: Iterable[Container] | None) -> Container | None:
    """The first of ``containers`` named ``name``."""
    for container in containers or ():
        if container["name"] == name:
            return container
    return None


def find_in(pod: JSON, name: str) -> Container | None:
    """The first container of ``pod`` named ``name``, among the init containers last."""
    spec = pod["spec"]
    return find(name, spec.get("containers")) or find(name, spec.get("initContainers"))


def proxy_of(pod: JSON) -> Container | None:
    """The proxy's container, wherever it stands."""
    return find_in(pod, PROXY)


def init_first(pod: JSON) -> Iterator[Container]:
    """Every container of ``pod``, init containers first."""
    spec = pod["spec"]
    yield from spec.get("initContainers") or ()
    yield from spec.get("containers") or ()


def remove(containers: Iterable[Container] | None, name: str) -> list[Container]:
    """``containers`` without those named ``name``."""
    return [one for one in containers or () if one["name"] != name]


def move_first(containers: Iterable[Container] | None, name: str) -> list[Container]:
    """``containers`` with the last one named ``name`` in front, and others of that name gone."""
    kept, found = _take(containers, name)
    return [*found, *kept]


def move_last(containers: Iterable[Container] | None, name: str) -> list[Container]:
    """``containers`` with the last one named ``name`` at the end, and others of that name gone."""
    kept, found = _take(containers, name)
    return [*kept, *found]


def _take(
    containers: Iterable[Container] | None, name: str
) -> tuple[list[Container], list[Container]]:
    items = list(containers or ())
    return remove(items, name), [one for one in items if one["name"] == name][-1:]


def with_spec(pod: JSON, **fields: Any) -> JSON:
    """``pod`` with ``fields`` of its spec replaced; one that is None or empty is left out.

    Go's ``omitempty`` leaves them out too, but for ``containers``.
    """
    spec = {**pod["spec"], **fields}
    for name, value in fields.items():
        if name != "containers" and not value:
            del spec[name]
    return {**pod, "spec": spec}


def with_metadata(pod: JSON, **fields: Any) -> JSON:
    """``pod`` with ``fields`` of its metadata replaced; an empty one is left out."""
    metadata = {**pod["metadata"], **fields}
    for name, value in fields.items():
        if not value:
            del metadata[name]
    return {**pod, "metadata": metadata}


def annotations_of(pod: JSON) -> dict[str, str]:
    """The annotations of ``pod``."""
    return pod["metadata"].get("annotations") or {}


def labels_of(pod: JSON) -> dict[str, str]:
    """The labels of ``pod``."""
    return pod["metadata"].get("labels") or {}


def change(pod: JSON, name: str, edit: Callable[[Container], Container]) -> JSON:
    """``pod`` with ``edit`` applied to what :func:`find_in` finds under ``name``, if anything."""
    for kind in KINDS:
        items = pod["spec"].get(kind) or []
        for index, container in enumerate(items):
            if container["name"] == name:
                changed = [*items[:index], edit(container), *items[index + 1 :]]
                return with_spec(pod, **{kind: changed})
    return pod


def with_env(container: Container, env: list[JSON]) -> Container:
    """``container`` with the environment ``env``."""
    changed = {**container, "env": env}
    if not env:
        del changed["env"]
    return changed


def add_env(container: Container, name: str, value: str) -> Container:
    """``container`` with one more environment variable."""
    return with_env(container, [*(container.get("env") or ()), env_var(name, value)])


def env_var(name: str, value: str) -> JSON:
    """An environment variable; Go leaves an empty value out."""
    return {"name": name, "value": value} if value else {"name": name}
