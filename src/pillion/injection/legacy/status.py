"""The status annotation of Istio 1.1: what was injected, by name.

It is written for the next injection, which takes out what it names. Follows ``injectionStatus`` of
``pilot/pkg/kube/inject`` at 1.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pillion.injection.legacy.spec import InjectionSpec

ANNOTATION = "sidecar.istio.io/status"

LISTS = ("initContainers", "containers", "volumes", "imagePullSecrets")
"""The lists of a pod's spec that injection adds to, in the order of the annotation."""


class Earlier(NamedTuple):
    """The names that an earlier injection added, for each of :data:`LISTS`."""

    names: dict[str, frozenset[str]]


LEGACY = Earlier(
    {
        "initContainers": frozenset({"istio-init", "enable-core-dump"}),
        "containers": frozenset({"istio-proxy"}),
        "volumes": frozenset({"istio-certs", "istio-envoy"}),
        "imagePullSecrets": frozenset(),
    }
)
"""What is taken out of a pod whose annotation names nothing: the names of the time before it."""


def write(spec: InjectionSpec, version: str) -> str:
    """The annotation's value for ``spec``, rendered from the template of hash ``version``."""
    from pillion.golang import json

    parts = [f'"version":{json.marshal(version)}']
    for key in LISTS:
        names = [item.get("name", "") for item in spec.lists[key]]
        parts.append(f'"{key}":{json.marshal(names or None)}')
    return "{" + ",".join(parts) + "}"


def read(annotations: Mapping[str, str]) -> Earlier:
    """What an earlier injection added, or :data:`LEGACY` where no annotation says so."""
    value = _parse(annotations.get(ANNOTATION, ""))
    if value is None:
        return LEGACY
    folded = {key.lower(): names for key, names in value.items()}
    lists = {key: folded.get(key.lower()) for key in LISTS}
    if not all(_is_list_of_names(names) for names in lists.values()) or not any(lists.values()):
        return LEGACY
    return Earlier({key: frozenset(names or ()) for key, names in lists.items()})


def _parse(text: str) -> dict[str, Any] | None:
    from pillion.golang import json

    try:
        value = json.unmarshal(text)
    except json.JSONError:
        return None  # a status of before 1.0, which names nothing
    if not isinstance(value, dict) or not isinstance(value.get("version"), str | None):
        return None
    return value


def _is_list_of_names(names: Iterable[Any] | None) -> bool:
    if names is None:
        return True
    return isinstance(names, list) and all(isinstance(name, str) for name in names)
