from __future__ import annotations

from typing import Any

import pytest

from pillion.injection import status
from pillion.injection.errors import InjectionError


def pod(annotation: str | None, *names: str, **annotations: str) -> dict[str, Any]:
    if annotation is not None:
        annotations[status.ANNOTATION] = annotation
    containers = [{"name": name} for name in names]
    return {"metadata": {"annotations": annotations}, "spec": {"containers": containers}}


def test_write() -> None:
    template_pod = {
        "metadata": {},
        "spec": {"containers": [{"name": "a<b"}], "volumes": [{"name": "v"}, {"name": "w"}]},
    }
    assert status.write(template_pod, "") == (
        '{"initContainers":null,"containers":["a\\u003cb"],"volumes":["v","w"],'
        '"imagePullSecrets":null,"revision":"default"}'
    )


STRIPPED = [
    ('{"containers":["proxy"]}', ["app"]),
    ('{"CONTAINERS":["proxy",null]}', ["app"]),
    ('{"initContainers":["proxy"]}', ["app", "proxy"]),
    ('{"containers":null,"revision":null}', ["app", "proxy"]),
    ("null", ["app", "proxy"]),
]


@pytest.mark.parametrize(("annotation", "kept"), STRIPPED)
def test_strip(annotation: str, kept: list[str]) -> None:
    found = status.strip(pod(annotation, "app", "proxy", other="x"), port=15020)
    assert [one["name"] for one in found["spec"]["containers"]] == kept
    assert found["metadata"]["annotations"] == {"other": "x"}


@pytest.mark.parametrize(
    "annotation",
    [
        None,
        "",
        "nonsense",
        "5",
        "[]",
        '{"containers":"proxy"}',
        '{"revision":1}',
        '{"volumes":[5]}',
    ],
)
def test_what_cannot_be_read_strips_nothing(annotation: str | None) -> None:
    given = pod(annotation, "app", "proxy")
    assert status.strip(given, port=15020) is given


def test_strip_takes_the_metrics_of_the_proxy_along() -> None:
    annotations = {"prometheus.io/port": "15020", "prometheus.io/path": "/stats/prometheus"}
    given = pod("{}", **annotations)
    assert "annotations" not in status.strip(given, port=15020)["metadata"]
    assert status.strip(given, port=9)["metadata"]["annotations"] == annotations


def test_read() -> None:
    assert status.read(pod(None)) is None
    assert status.read(pod("nonsense")) == status.Injected()
    assert status.read(pod("null")) == status.Injected()
    found = status.read(pod('{"containers":["a"],"initContainers":["b","c"]}'))
    assert found == (frozenset("a"), frozenset("bc"))


@pytest.mark.parametrize("names", ['"a"', "[1]", "[null]", "{}"])
def test_read_refuses_what_makes_istio_crash(names: str) -> None:
    with pytest.raises(InjectionError, match="containers must be a list of names"):
        status.read(pod(f'{{"containers":{names}}}'))
