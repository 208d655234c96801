from __future__ import annotations

import pytest

from pillion.injection.order import reorder

CASES = [
    # containers, init containers, hold, containers wanted, init containers wanted
    ("istio-proxy app", "istio-init setup", False, "app istio-proxy", "setup istio-init"),
    ("app istio-proxy", "setup", True, "istio-proxy app", "setup"),
    ("app", "setup istio-validation", False, "app", "istio-validation setup"),
    ("a", "enable-core-dump istio-init x", False, "a", "x istio-init enable-core-dump"),
    ("a", "x istio-proxy istio-init", False, "a", "istio-init istio-proxy x"),
    (
        "a",
        "x enable-core-dump istio-proxy istio-validation",
        False,
        "a",
        "istio-validation istio-proxy enable-core-dump x",
    ),
    ("istio-proxy a istio-proxy", "", False, "a istio-proxy", ""),
]


@pytest.mark.parametrize(("containers", "init", "hold", "wanted", "wanted_init"), CASES)
def test_reorder(containers: str, init: str, hold: bool, wanted: str, wanted_init: str) -> None:
    def named(names: str) -> list[dict[str, str]]:
        return [{"name": name} for name in names.split()]

    pod = {"metadata": {}, "spec": {"containers": named(containers), "initContainers": named(init)}}
    spec = reorder(pod, hold=hold)["spec"]
    assert spec["containers"] == named(wanted)
    assert spec.get("initContainers", []) == named(wanted_init)


def test_of_several_proxies_the_last_stays() -> None:
    first, last = {"name": "istio-proxy", "image": "a"}, {"name": "istio-proxy", "image": "b"}
    pod = {"metadata": {}, "spec": {"containers": [first, last]}}
    assert reorder(pod, hold=False)["spec"] == {"containers": [last]}


def test_a_pod_without_containers_gets_an_empty_list() -> None:
    assert reorder({"metadata": {}, "spec": {"containers": None}}, hold=False)["spec"] == {
        "containers": []
    }
