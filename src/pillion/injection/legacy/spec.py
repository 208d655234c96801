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
    from pillion.kubernetes import codec, scheme, younger_fields
    from pillion.kubernetes.errors import KubernetesError

    try:
        found = codec.decode_yaml(rendered, TYPE, scheme.LEGACY, _similar().load)
    except KubernetesError as error:
        raise RenderError(str(error)) from error
    found = younger_fields.without(found, TYPE)
    return InjectionSpec(
        found["RewriteAppHTTPProbe"],
        {key: found[name] or [] for key, name in _GO_NAMES.items()},
        found["DNSConfig"],
    )


@cache
def _similar() -> SimilarTexts:
    """What a template renders for one pod is much like what it renders for the next."""
    from pillion.kubernetes import scheme
    from pillion.kubernetes.yaml_reader import load_untyped
    from pillion.kubernetes.yaml_similar import SimilarTexts

    return SimilarTexts(lambda text: load_untyped(text, scheme.LEGACY.resolve))
