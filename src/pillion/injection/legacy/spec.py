"""What a template of Istio 1.1 renders: lists to append to a pod, and how to treat its probes."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.generation import JSON
    from pillion.kubernetes.yaml_similar import SimilarTexts

TYPE = "inject.SidecarInjectionSpec"

_GO_NAMES = {
    "initContainers": "InitContainers",
    "containers": "Containers",
    "volumes": "Volumes",
    "imagePullSecrets": "ImagePullSecrets",
}


class InjectionSpec(NamedTuple):
    """A SidecarInjectionSpec.

    ``lists`` holds what is appended, by the field of the pod's spec that it is appended to.
    ``dns_config`` is None where the template names none.
    """

    rewrite_probes: bool
    lists: Mapping[str, list[JSON]]
    dns_config: dict[str, Any] | None


@lru_cache(maxsize=64)
def read(rendered: str) -> InjectionSpec:
    """Read what a template rendered, into the types of Istio 1.1's day.

    The result must not be changed: pods of one workload mostly render to the same text.

    Raises:
        RenderError: it is not YAML, or not a SidecarInjectionSpec.
    """
    from pillion.injection.errors import RenderError
    from pillion.kubernetes.errors import KubernetesError

    try:
        found = _decoded(rendered)
    except KubernetesError as error:
        raise RenderError(str(error)) from error
    return InjectionSpec(
        found["RewriteAppHTTPProbe"],
        {key: found[name] or [] for key, name in _GO_NAMES.items()},
        found["DNSConfig"],
    )


_MOST_BASES = 32
_bases: dict[int, tuple[JSON, JSON]] = {}
"""The last value of each number of lines that was read as a whole, and its canonical form."""


def _decoded(rendered: str) -> JSON:
    """The canonical form of ``rendered`` without younger fields.

    Two texts for two pods mostly differ in a few scalars; what the first is then says what the
    second is.
    """
    from pillion.kubernetes import codec, scheme, similar_decode, younger_fields

    lines = rendered.count("\n")
    value = _by_fields(rendered)
    if value is not None and lines in _bases:
        found = similar_decode.decode(TYPE, value, *_bases[lines])
        if found is not None:
            similar: JSON = found
            return similar
    found = codec.decode_yaml(rendered, TYPE, scheme.LEGACY, _similar().load)
    whole: JSON = younger_fields.without(found, TYPE)
    if value is not None and similar_decode.keeps_places(value):
        if len(_bases) >= _MOST_BASES:
            _bases.clear()
        _bases[lines] = value, whole
    return whole


def _by_fields(rendered: str) -> JSON | None:
    """The object in ``rendered`` with its keys as the type spells them, where that can be said."""
    from pillion.kubernetes import schema
    from pillion.kubernetes.errors import YAMLError

    try:
        value = _similar().load(rendered)
    except YAMLError:
        return None
    if not isinstance(value, dict):
        return None
    fields = {key: schema.field_for_key(TYPE, key) for key in value}
    named = {
        key if field is None else field.field.json_name: value[key] for key, field in fields.items()
    }
    return named if len(named) == len(value) else None


@cache
def _similar() -> SimilarTexts:
    """What a template renders for one pod is much like what it renders for the next."""
    from pillion.kubernetes import scheme
    from pillion.kubernetes.yaml_reader import load_untyped
    from pillion.kubernetes.yaml_similar import SimilarTexts

    return SimilarTexts(lambda text: load_untyped(text, scheme.LEGACY.resolve))
