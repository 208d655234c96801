from __future__ import annotations

from typing import Any

import pytest

from pillion.injection.prometheus import merge_metrics, undo

PORT = 15020
OURS = {
    "prometheus.io/port": "15020",
    "prometheus.io/path": "/stats/prometheus",
    "prometheus.io/scrape": "true",
}


def merged(annotations: dict[str, str], *, enabled: bool = True) -> tuple[dict[str, str], Any]:
    pod = {
        "metadata": {"annotations": annotations},
        "spec": {"containers": [{"name": "app"}, {"name": "istio-proxy"}]},
    }
    found = merge_metrics(pod, enabled=enabled, port=PORT)
    env = found["spec"]["containers"][1].get("env", [])
    return found["metadata"].get("annotations", {}), [one["value"] for one in env]


CASES = [
    ({}, OURS, []),
    ({"a": "b"}, {"a": "b", **OURS}, []),
    (
        {"prometheus.io/port": "9090", "prometheus.io/path": "/m"},
        OURS,
        ['{"scrape":"","path":"/m","port":"9090"}'],
    ),
    ({"prometheus.io/scrape": "false"}, {"prometheus.io/scrape": "false"}, []),
    ({"prometheus.io.scrape": "F"}, {"prometheus.io.scrape": "F"}, []),
    (
        {"prometheus.io/scrape": "yes"},
        OURS,
        ['{"scrape":"yes","path":"","port":""}'],
    ),
    ({"prometheus.io-path": "/a?b<c"}, OURS, ['{"scrape":"","path":"/a?b\\u003cc","port":""}']),
    ({"Prometheus.io/port": "5"}, {"Prometheus.io/port": "5", **OURS}, []),
    ({"prometheus.io/port": ""}, OURS, []),
    ({"prometheus.io/port": "15020"}, {"prometheus.io/port": "15020"}, []),
    (
        {"prometheus.istio.io/merge-metrics": "f"},
        {"prometheus.istio.io/merge-metrics": "f"},
        [],
    ),
]


@pytest.mark.parametrize(("given", "annotations", "env"), CASES)
def test_merge_metrics(given: dict[str, str], annotations: dict[str, str], env: list[str]) -> None:
    assert merged(given) == (annotations, env)


def test_the_mesh_may_switch_it_off_and_the_pod_on_again() -> None:
    assert merged({}, enabled=False) == ({}, [])
    wish = {"prometheus.istio.io/merge-metrics": "1"}
    assert merged(wish, enabled=False) == ({**wish, **OURS}, [])


def test_undo_takes_out_what_names_the_proxys_port_only() -> None:
    assert undo({"a": "b", **OURS}, PORT) == {"a": "b"}
    assert undo({"prometheus.io/port": "80"}, PORT) == {"prometheus.io/port": "80"}
