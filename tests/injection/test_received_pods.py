"""The webhook's patch, for pods that leave out what their canonical form has."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from injection import small
from injection.legacy import test_engine as legacy
from pillion.injection.admission import review
from pillion.kubernetes import codec, json_patch, schema

CURRENT = small.injector()
LEGACY = legacy.injector(legacy.REWRITE)

_RESOURCES: st.SearchStrategy[Any] = st.sampled_from(
    [{}, {"limits": {"cpu": "1000m"}}, {"requests": {}}, None]
)
_PROBES: st.SearchStrategy[Any] = st.sampled_from(
    [{"httpGet": {"port": "http"}}, {"exec": None}, {}, None]
)
_CONTAINERS: st.SearchStrategy[Any] = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["app", "istio-proxy", "other"]),
        "image": st.sampled_from(["auto", "i"]),
        "resources": _RESOURCES,
        "env": st.sampled_from([[], None, [None], [{"name": "A"}]]),
        "ports": st.sampled_from([[], [{"name": "http", "containerPort": 80}], [{}]]),
        "livenessProbe": _PROBES,
        "readinessProbe": _PROBES,
        "securityContext": st.sampled_from([{}, None, {"capabilities": None}]),
    },
)
_PODS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "metadata": st.none()
        | st.fixed_dictionaries(
            {},
            optional={
                "name": st.just("web"),
                "labels": st.sampled_from([{}, None, {"app": "web"}]),
                "annotations": st.sampled_from([{}, None, {"other": "x"}]),
            },
        ),
        "spec": st.none()
        | st.fixed_dictionaries(
            {},
            optional={
                "containers": st.none() | st.lists(_CONTAINERS, max_size=3),
                "initContainers": st.none() | st.lists(_CONTAINERS, max_size=2),
                "volumes": st.sampled_from([None, [], [None], [{"name": "v"}]]),
                "securityContext": st.sampled_from([None, {}]),
            },
        ),
    },
    optional={"status": st.sampled_from([None, {}])},
)


@given(_PODS)
def test_a_patch_applies_to_a_pod_that_leaves_structs_out(pod: dict[str, Any]) -> None:
    answer = review(CURRENT, pod)
    assert answer.patch is not None
    wanted = CURRENT.inject_pod(codec.decode(pod, schema.POD), path="/inject")
    assert codec.decode(json_patch.apply(pod, answer.patch), schema.POD) == wanted


@given(_PODS)
def test_a_patch_of_istio_1_1_applies_to_such_a_pod(pod: dict[str, Any]) -> None:
    answer = review(LEGACY, pod)
    assert answer.patch is not None
    patched = codec.decode(json_patch.apply(pod, answer.patch), schema.POD)
    assert "istio-proxy" in [one["name"] for one in patched["spec"]["containers"]]
