"""The proxy's image, put together from the values.

Follows ``ProxyImage`` and ``ProxyInitImage`` of Istio's ``pkg/kube/inject``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.injector_values import InjectorValues

TYPE_ANNOTATION = "sidecar.istio.io/proxyImageType"
DEFAULT_NAME = "proxyv2"

_DEFAULT_TYPE = "default"
_KNOWN_TYPES = ("distroless", "debug")


def image_url(hub: str, name: str, tag: str, image_type: str) -> str:
    """The image ``name`` of ``hub``; ``image_type`` takes the place of one that ``tag`` ends in."""
    return f"{hub}/{name}:{_typed(tag, image_type)}"


def _typed(tag: str, image_type: str) -> str:
    if not image_type:
        return tag
    for known in _KNOWN_TYPES:
        if tag.endswith(f"-{known}"):
            tag = tag.removesuffix(f"-{known}")
            break
    return tag if image_type == _DEFAULT_TYPE else f"{tag}-{image_type}"


def proxy_image(values: InjectorValues, image_type: str, annotations: Mapping[str, str]) -> str:
    """The image of the proxy; ``image_type`` is what its proxy configuration asks for."""
    name = values.image or DEFAULT_NAME
    return _image(values, name, image_type, annotations)


def proxy_init_image(values: InjectorValues, annotations: Mapping[str, str]) -> str:
    """The image of the container that redirects the pod's traffic."""
    name = values.init_image or DEFAULT_NAME
    return _image(values, name, "", annotations)


def _image(
    values: InjectorValues, name: str, image_type: str, annotations: Mapping[str, str]
) -> str:
    image_type = annotations.get(TYPE_ANNOTATION, image_type or values.variant)
    return image_url(values.hub, name, values.tag, image_type)
