from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.kubernetes import codec, json_patch
from pillion.kubernetes.schema import POD
from pillion.kubernetes.unknown_fields import carry_over

JSON = dict[str, Any]


def _pod(spec: JSON, **rest: Any) -> JSON:
    return {"metadata": {}, "status": {}, **rest, "spec": {"containers": [], **spec}}


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        pytest.param(
            _pod({"brandNew": {"x": None}}),
            _pod({"hostname": "h"}),
            _pod({"hostname": "h", "brandNew": {"x": None}}),
            id="in-the-spec",
        ),
        pytest.param(
            _pod({"containers": [{"name": "app", "resources": {}, "turbo": 1}]}),
            _pod({"containers": [{"name": "proxy"}, {"name": "app", "image": "x"}]}),
            _pod({"containers": [{"name": "proxy"}, {"name": "app", "image": "x", "turbo": 1}]}),
            id="of-a-container-that-moved",
        ),
        pytest.param(
            _pod({"containers": [{"name": "proxy", "turbo": 1}]}),
            _pod({"initContainers": [{"name": "init"}, {"name": "proxy"}]}),
            _pod({"initContainers": [{"name": "init"}, {"name": "proxy", "turbo": 1}]}),
            id="of-a-container-that-became-an-init-container",
        ),
        pytest.param(
            _pod({"containers": [{"name": "app", "turbo": 1}]}),
            _pod({"containers": [{"name": "proxy"}]}),
            _pod({"containers": [{"name": "proxy"}]}),
            id="of-a-container-that-is-gone",
        ),
        pytest.param(
            _pod({"tolerations": [{"key": "a", "x": 1}, {"key": "b", "x": 2}]}),
            _pod({"tolerations": [{"key": "new"}, {"key": "a"}, {"key": "b"}]}),
            _pod({"tolerations": [{"key": "new"}, {"key": "a", "x": 1}, {"key": "b", "x": 2}]}),
            id="of-elements-without-merge-key",
        ),
        pytest.param(
            _pod({"tolerations": [{"key": "a", "x": 1}]}),
            _pod({"tolerations": [{"key": "z"}]}),
            _pod({"tolerations": [{"key": "z", "x": 1}]}),
            id="of-an-element-that-changed-in-its-place",
        ),
        pytest.param(
            _pod({"securityContext": {"x": 1}, "dnsConfig": None}),
            _pod({"securityContext": {"runAsUser": 1}}),
            _pod({"securityContext": {"runAsUser": 1, "x": 1}}),
            id="of-an-object",
        ),
        pytest.param(
            _pod({}, Metadata={"x": 1}),
            _pod({}),
            _pod({}, metadata={"x": 1}),
            id="below-a-key-in-another-case",
        ),
        pytest.param(
            _pod({"containers": [None, {"name": "a", "x": 1}]}),
            _pod({"containers": [{"name": ""}, {"name": "a"}]}),
            _pod({"containers": [{"name": ""}, {"name": "a", "x": 1}]}),
            id="beside-null",
        ),
    ],
)
def test_carry_over(before: JSON, after: JSON, wanted: JSON) -> None:
    kept = copy.deepcopy((before, after))
    assert carry_over(before, after, POD) == wanted
    assert (before, after) == kept


def test_duplicates_are_told_apart_by_what_they_say() -> None:
    before = _pod(
        {
            "containers": [
                {
                    "name": "dns",
                    "ports": [
                        {"containerPort": 53, "protocol": "TCP", "x": "tcp"},
                        {"containerPort": 53, "protocol": "UDP", "x": "udp"},
                    ],
                }
            ]
        }
    )
    after = codec.decode(before, POD)
    after["spec"]["containers"][0]["ports"].reverse()
    ports = carry_over(before, after, POD)["spec"]["containers"][0]["ports"]
    assert [(port["protocol"], port["x"]) for port in ports] == [("UDP", "udp"), ("TCP", "tcp")]


def test_without_unknown_fields_nothing_is_copied() -> None:
    pod = _pod({"containers": [{"name": "app", "ports": [{"containerPort": 80}]}]})
    after = _pod({})
    assert carry_over(pod, after, POD) is after


_MARKS: st.SearchStrategy[JSON] = st.sampled_from(
    [{}, {}, {"futureField": 1}, {"futureField": {"deep": [None]}}]
)
_NAMES = ["a", "b", "c", "d"]


def _with_marks(known: st.SearchStrategy[JSON]) -> st.SearchStrategy[JSON]:
    return st.tuples(known, _MARKS).map(lambda pair: {**pair[0], **pair[1]})


def _unique(elements: st.SearchStrategy[JSON], key: str) -> st.SearchStrategy[list[JSON]]:
    return st.lists(elements, max_size=4, unique_by=lambda element: element[key])


_PORTS = _with_marks(st.fixed_dictionaries({"containerPort": st.integers(1, 5)}))
_ENV = _with_marks(st.fixed_dictionaries({"name": st.sampled_from(_NAMES), "value": st.just("v")}))
_CONTAINERS = _with_marks(
    st.fixed_dictionaries(
        {"name": st.sampled_from(_NAMES)},
        optional={
            "ports": _unique(_PORTS, "containerPort"),
            "env": _unique(_ENV, "name"),
            "securityContext": _with_marks(st.just({"runAsUser": 1})),
            "resources": _with_marks(st.just({"limits": {"cpu": "1000m"}})),
        },
    )
)
_TOLERATIONS = _with_marks(st.fixed_dictionaries({"key": st.sampled_from(_NAMES)}))
_SPECS = _with_marks(
    st.fixed_dictionaries(
        {"containers": _unique(_CONTAINERS, "name")},
        optional={"tolerations": _unique(_TOLERATIONS, "key")},
    )
)
_PODS = _with_marks(
    st.fixed_dictionaries({"metadata": _with_marks(st.just({"name": "p"})), "spec": _SPECS})
)


def _injected(pod: JSON, order: list[str]) -> JSON:
    """What an injector may do to a canonical pod: add, reorder and move elements."""
    spec = pod["spec"]
    containers = sorted(spec["containers"], key=lambda one: order.index(one["name"]))
    for container in containers:
        container["env"] = [{"name": "NEW"}, *reversed(container.get("env", []))]
    moved = containers[:1]
    spec["containers"] = [{"name": "proxy"}, *containers[1:]]
    spec["initContainers"] = [{"name": "init"}, *moved]
    spec["tolerations"] = [{"key": "new"}, *reversed(spec.get("tolerations", []))]
    return pod


def _owners(value: Any, path: tuple[Any, ...] = ()) -> set[Any]:
    """Each unknown field with its owners' names, whatever list of containers these are in."""
    if isinstance(value, list):
        found: set[Any] = set()
        for element in value:
            name = element.get("name") or element.get("key") or element.get("containerPort")
            found |= _owners(element, (*path, name))
        return found
    if not isinstance(value, dict):
        return set()
    found = {(path, repr(value["futureField"]))} if "futureField" in value else set()
    for key, inner in value.items():
        if key != "futureField":
            found |= _owners(inner, (*path, key.replace("initContainers", "containers")))
    return found


@given(_PODS, st.permutations(_NAMES))
def test_every_unknown_field_stays_with_its_owner(pod: JSON, order: list[str]) -> None:
    after = _injected(codec.decode(pod, POD), order)
    carried = carry_over(pod, after, POD)
    patched = json_patch.apply(pod, json_patch.diff(pod, carried))
    assert patched == carried
    assert _owners(patched) == _owners(pod)
    assert codec.decode(patched, POD) == codec.decode(after, POD)
