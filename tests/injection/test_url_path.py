from __future__ import annotations

import pytest

from pillion.injection.url_path import environment

CASES = [
    ("/inject", {}),
    ("/inject/", {}),
    ("/", {}),
    ("", {}),
    ("/inject/cluster/east", {"ISTIO_META_CLUSTER_ID": "east"}),
    ("/inject/cluster/east/", {"ISTIO_META_CLUSTER_ID": "east"}),
    ("/inject/net/n1/cluster/east", {"ISTIO_META_NETWORK": "n1", "ISTIO_META_CLUSTER_ID": "east"}),
    ("/inject/cluster/east/net", {"ISTIO_META_CLUSTER_ID": "east"}),
    ("/inject/cluster//net/n1", {"ISTIO_META_CLUSTER_ID": "", "ISTIO_META_NETWORK": "n1"}),
    ("/inject/net/a--slash--b", {"ISTIO_META_NETWORK": "a/b"}),
    ("/inject/--slash--/x", {"--SLASH--": "x"}),
    ("/inject/Custom_name/v", {"CUSTOM_NAME": "v"}),
    ("/inject//v", {}),
    ("/inject/straße/v", {"STRAßE": "v"}),
    ("/elsewhere/cluster/c", {"ISTIO_META_CLUSTER_ID": "c"}),
    ("/inject/:ENV:cluster=c:ENV:net=n", {"ISTIO_META_CLUSTER_ID": "c", "ISTIO_META_NETWORK": "n"}),
    ("/inject/:ENV:a=b=c", {"A": "b=c"}),
    ("/inject/:ENV:cluster=", {"ISTIO_META_CLUSTER_ID": ""}),
    ("/inject/:ENV:=x:ENV:alone", {}),
    ("/inject/x/y/:ENV:a=b", {"X": "y"}),
]


@pytest.mark.parametrize(("path", "wanted"), CASES)
def test_environment(path: str, wanted: dict[str, str]) -> None:
    assert environment(path) == wanted
