from __future__ import annotations

import pytest

from pillion.injection.cluster import proxy_environment, set_environment, set_network

C, N = "ISTIO_META_CLUSTER_ID", "ISTIO_META_NETWORK"
LABEL = "topology.istio.io/network"
CASES = [
    ({}, {}, "", "", {}),
    ({}, {}, "c", "n", {C: "c", N: "n"}),
    ({C: "p", N: "q", "X": "y"}, {}, "c", "n", {C: "p", N: "q", "X": "y"}),
    ({C: "", N: ""}, {}, "c", "n", {C: "c", N: "n"}),
    ({N: "q"}, {LABEL: "own"}, "", "n", {N: "own"}),
    ({N: "q"}, {LABEL: ""}, "", "n", {N: "q"}),
]


@pytest.mark.parametrize(("path", "labels", "cluster", "network", "wanted"), CASES)
def test_proxy_environment(
    path: dict[str, str], labels: dict[str, str], cluster: str, network: str, wanted: dict[str, str]
) -> None:
    assert proxy_environment(path, labels, cluster=cluster, network=network) == wanted


def test_set_environment_replaces_and_appends_in_order() -> None:
    env = [{"name": "A", "value": "1"}, {"name": "C", "value": "2"}]
    pod = {"metadata": {}, "spec": {"containers": [{"name": "istio-proxy", "env": env}]}}
    found = set_environment(pod, {"D": "", "C": "x", "B": "y"})
    assert found["spec"]["containers"][0]["env"] == [
        {"name": "A", "value": "1"},
        {"name": "B", "value": "y"},
        {"name": "C", "value": "x"},
        {"name": "D"},
    ]


def test_set_network() -> None:
    pod = {"metadata": {"labels": {"a": "b"}}, "spec": {}}
    assert set_network(pod, {}) is pod
    assert set_network(pod, {N: "n"})["metadata"]["labels"] == {"a": "b", LABEL: "n"}
