"""The resource attributes that OpenTelemetry wants a workload to report.

Follows ``otelResourceAttributes`` of Istio's ``pkg/kube/inject``, and through it OpenTelemetry's
conventions for services in Kubernetes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pillion.golang.values import Struct

_PREFIX = "resource.opentelemetry.io/"
_VERSION_LABEL = "app.kubernetes.io/version"


def resource_attributes(
    mesh: Struct,
    annotations: Mapping[str, str],
    labels: Mapping[str, str],
    namespace: str,
    containers: list[Struct],
) -> str:
    """The attributes with commas between; empty unless a provider of ``mesh`` asks for any."""
    if not _wanted(mesh):
        return ""
    images = [container.field("Image") for container in containers]
    own_version = labels.get(_VERSION_LABEL) or (_version(images[0]) if len(images) == 1 else "")
    instance = f"{namespace}.$(POD_NAME).{containers[0].field('Name')}" if containers else ""
    values = {
        "service.namespace": namespace,
        "service.version": own_version,
        "service.instance.id": instance,
    }
    return ",".join(_attributes(annotations, values))


def _attributes(annotations: Mapping[str, str], values: Mapping[str, str]) -> Iterator[str]:
    for name, value in values.items():
        chosen = annotations.get(_PREFIX + name) or value
        if chosen:
            yield f"{name}={chosen}"


def _wanted(mesh: Struct) -> bool:
    from pillion.injection import proxy_json

    return proxy_json.enriches_services(mesh)


def _version(image: str) -> str:
    """The tag and digest of ``image``, as far as it has them."""
    name, _, digest = image.partition("@")
    _, colon, tag = name.rpartition("/")[2].rpartition(":")
    return "@".join(filter(None, (colon and tag, digest)))
