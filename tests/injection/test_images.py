from __future__ import annotations

import pytest

from injection.small import injector
from pillion import mesh
from pillion.injection.current import CurrentEngine
from pillion.injection.errors import ConfigError
from pillion.injection.images import TYPE_ANNOTATION, proxy_image, proxy_init_image
from pillion.injection.injector_values import InjectorValues

IMAGES = [
    ("{hub: h, tag: '1.2'}", "", {}, "h/proxyv2:1.2"),
    ("{hub: h, tag: 1.10}", "", {}, "h/proxyv2:1.1"),
    ("{hub: h, tag: 1e21}", "", {}, "h/proxyv2:1e+21"),
    ("{}", "", {}, "/proxyv2:"),
    ("{hub: h, tag: t, variant: debug}", "", {}, "h/proxyv2:t-debug"),
    ("{hub: h, tag: t-distroless, variant: debug}", "", {}, "h/proxyv2:t-debug"),
    ("{hub: h, tag: t-debug-distroless, variant: x}", "", {}, "h/proxyv2:t-debug-x"),
    ("{hub: h, tag: t-debug}", "", {}, "h/proxyv2:t-debug"),
    ("{hub: h, tag: t-debug}", "default", {}, "h/proxyv2:t"),
    ("{hub: h, tag: t, variant: debug}", "distroless", {}, "h/proxyv2:t-distroless"),
    ("{hub: h, tag: t}", "debug", {TYPE_ANNOTATION: "own"}, "h/proxyv2:t-own"),
    ("{hub: h, tag: t, variant: debug}", "", {TYPE_ANNOTATION: ""}, "h/proxyv2:t"),
    ("{hub: h, tag: t, proxy: {image: p}}", "", {}, "h/p:t"),
]


@pytest.mark.parametrize(("text", "image_type", "annotations", "wanted"), IMAGES)
def test_proxy_image(text: str, image_type: str, annotations: dict[str, str], wanted: str) -> None:
    values = InjectorValues(mesh.load_values(f"global: {text}"))
    assert proxy_image(values, image_type, annotations) == wanted


def test_proxy_init_image() -> None:
    values = InjectorValues(mesh.load_values("global: {hub: h, tag: t, proxy_init: {image: i}}"))
    assert proxy_init_image(values, {}) == "h/i:t"


def test_a_current_configuration_needs_values() -> None:
    given = injector()
    given.values = None
    with pytest.raises(ConfigError, match="needs values"):
        CurrentEngine(given)
