"""The wanted values and texts were checked against k8s.io/apimachinery 0.35.3."""

from __future__ import annotations

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.kubernetes.errors import MergeError
from pillion.kubernetes.schema import POD
from pillion.kubernetes.strategic_merge import merge

JSON = dict[str, Any]


def _spec(**fields: Any) -> JSON:
    return {"spec": fields}


def _named(*names: str) -> list[JSON]:
    return [{"name": name} for name in names]


def _meta(**fields: Any) -> JSON:
    return {"metadata": fields}


@pytest.mark.parametrize(
    ("original", "patch", "wanted"),
    [
        pytest.param({}, {}, {}, id="nothing"),
        pytest.param({"a": 1}, {"b": {"c": 1}}, {"a": 1, "b": {"c": 1}}, id="unknown-field-added"),
        pytest.param({"a": [1]}, {"a": {"b": 1}}, {"a": {"b": 1}}, id="type-changed"),
        pytest.param({"a": 1}, {"a": None, "b": None}, {}, id="null-deletes"),
        pytest.param({}, {"a": {"b": None, "c": [None]}}, {"a": {"c": [None]}}, id="nulls-dropped"),
        pytest.param(_spec(nodeName="a"), {"spec": None}, {}, id="null-deletes-object"),
        pytest.param(
            _meta(labels={"a": "1", "b": "2"}),
            _meta(labels={"b": None, "c": "3"}),
            _meta(labels={"a": "1", "c": "3"}),
            id="map",
        ),
        pytest.param(
            _spec(containers=[{"name": "app", "image": "a", "args": ["x"]}]),
            _spec(containers=[{"name": "app", "image": "b", "args": ["y"]}]),
            _spec(containers=[{"name": "app", "image": "b", "args": ["y"]}]),
            id="element-merged-and-atomic-list-replaced",
        ),
        pytest.param(
            _spec(containers=_named("a", "b")),
            _spec(containers=_named("new", "b", "other")),
            _spec(containers=_named("new", "a", "b", "other")),
            id="new-elements-before",
        ),
        pytest.param(
            _spec(containers=_named("a", "b", "c")),
            _spec(containers=_named("c", "a")),
            _spec(containers=_named("b", "c", "a")),
            id="order-of-the-patch",
        ),
        pytest.param(
            _spec(containers=[{"name": "a", "x": 1}, {"name": "b"}, {"name": "a", "x": 2}]),
            _spec(containers=[{"name": "a", "y": 1}]),
            _spec(containers=[{"name": "a", "x": 1, "y": 1}, {"name": "a", "x": 2}, {"name": "b"}]),
            id="first-of-duplicates-merged",
        ),
        pytest.param(
            _spec(containers=[]),
            _spec(containers=[{"name": "a", "x": None}, {"name": "a", "y": 1}]),
            _spec(containers=[{"name": "a", "x": None, "y": 1}]),
            id="duplicates-of-the-patch-merge",
        ),
        pytest.param(
            {},
            _spec(containers=[{"image": "no-name"}, {"name": "a", "$patch": "delete"}]),
            _spec(containers=[{"image": "no-name"}]),
            id="list-without-original-unchecked",
        ),
        pytest.param(
            _spec(containers=[{"name": "a", "ports": [{"containerPort": 80, "name": "x"}]}]),
            _spec(
                containers=[{"name": "a", "ports": [{"containerPort": 80.0, "protocol": "UDP"}]}]
            ),
            _spec(
                containers=[
                    {
                        "name": "a",
                        "ports": [{"containerPort": 80.0, "name": "x", "protocol": "UDP"}],
                    }
                ]
            ),
            id="numbers-as-keys",
        ),
        pytest.param(
            _spec(containers=[{"name": 1}]),
            _spec(containers=[{"name": "1"}, {"name": 1, "x": 1}, {"name": 2}]),
            _spec(containers=[{"name": "1"}, {"name": 1, "x": 1}, {"name": 2}]),
            id="keys-of-different-types-differ",
        ),
        pytest.param(
            _spec(Containers=_named("a")),
            _spec(Containers=_named("b")),
            _spec(Containers=_named("b", "a")),
            id="field-found-in-any-case",
        ),
        pytest.param(
            _spec(tolerations=[{"key": "a"}]),
            _spec(tolerations=[{"key": "b", "$patch": "delete"}]),
            _spec(tolerations=[{"key": "b", "$patch": "delete"}]),
            id="atomic-list-taken-as-it-is",
        ),
        pytest.param(
            _spec(containers=_named("a")),
            _spec(containers=[]),
            _spec(containers=_named("a")),
            id="empty",
        ),
    ],
)
def test_merge(original: JSON, patch: JSON, wanted: JSON) -> None:
    assert merge(original, patch, POD) == wanted


@pytest.mark.parametrize(
    ("original", "patch", "wanted"),
    [
        pytest.param({"a": 1}, {"$patch": "delete", "b": 1}, {}, id="delete-all"),
        pytest.param({"a": 1}, {"$patch": "replace", "b": None}, {"b": None}, id="replace-all"),
        pytest.param(
            _meta(labels={"a": "1"}),
            _meta(labels={"$patch": "replace", "b": "2"}),
            _meta(labels={"b": "2"}),
            id="replace-map",
        ),
        pytest.param({}, _meta(labels={"$patch": "replace", "b": "2"}), _meta(), id="not-there"),
        pytest.param(
            _meta(labels="x"), _meta(labels={"$patch": "replace"}), _meta(), id="of-another-type"
        ),
        pytest.param({}, {"a": {"$patch": None, "b": 1}}, {"a": {"b": 1}}, id="null-directive"),
        pytest.param(
            {}, {"a": [{"b": {"$patch": 1}}, {"$patch": 1}]}, {"a": [{}]}, id="directives-dropped"
        ),
        pytest.param(
            _spec(containers=_named("a", "b", "a")),
            _spec(containers=[{"name": "a", "$patch": "delete"}, {"name": "c"}]),
            _spec(containers=_named("c", "b")),
            id="delete-elements",
        ),
        pytest.param(
            _spec(containers=_named("a")),
            _spec(containers=[{"name": "c", "x": None}, {"$patch": "replace"}]),
            _spec(containers=[{"name": "c", "x": None}]),
            id="replace-list",
        ),
        pytest.param(
            _spec(volumes=[{"name": "v", "emptyDir": {}}]),
            _spec(volumes=[{"name": "v", "$retainKeys": ["name", "secret"], "secret": {}}]),
            _spec(volumes=[{"name": "v", "secret": {}}]),
            id="retain-keys",
        ),
        pytest.param(
            _spec(nodeName="n", hostname="h"),
            _spec(**{"$retainKeys": ["hostname"], "x": None, "$setElementOrder/tolerations": []}),
            _spec(hostname="h"),
            id="retain-keys-exempts-nulls-and-directives",
        ),
        pytest.param(
            {}, {"a": {"$retainKeys": ["b"]}}, {"a": {"$retainKeys": ["b"]}}, id="retain-keys-left"
        ),
        pytest.param(
            _meta(finalizers=["a", "b"]),
            _meta(finalizers=["c", "b"]),
            _meta(finalizers=["c", "a", "b"]),
            id="scalars",
        ),
        pytest.param(
            _meta(finalizers=["a", "a", "b", "a"]),
            _meta(finalizers=["c", "d"]),
            _meta(finalizers=["c", "d", "a", "b"]),
            id="scalars-repeated",
        ),
        pytest.param(
            _meta(finalizers=["a", "b", "a"]),
            _meta(finalizers=["c"]),
            _meta(finalizers=["a", "b", "c"]),
            id="scalars-repeated-with-room-for-the-patch",
        ),
        pytest.param(
            _meta(finalizers=["a", "a", "b", "c", "b"]),
            _meta(**{"$setElementOrder/finalizers": ["x"], "finalizers": ["x"]}),
            _meta(finalizers=["a", "x", "b", "c"]),
            id="scalars-repeated-and-ordered",
        ),
        pytest.param(
            _meta(finalizers=["a", "b"]),
            _meta(**{"$deleteFromPrimitiveList/finalizers": ["a", "x"]}),
            _meta(finalizers=["b"]),
            id="delete-scalars",
        ),
        pytest.param(
            _meta(),
            _meta(**{"$deleteFromPrimitiveList/finalizers": ["a"]}),
            _meta(),
            id="delete-none",
        ),
        pytest.param(
            _meta(finalizers=["a"]),
            _meta(**{"$deleteFromPrimitiveList/finalizers": None}),
            _meta(),
            id="delete-all-scalars",
        ),
        pytest.param(
            _meta(finalizers=["a"], name="x"),
            _meta(
                **{"$deleteFromPrimitiveList/finalizers": "a", "$deleteFromPrimitiveList/name": "y"}
            ),
            _meta(finalizers=["a"], name="y"),
            id="delete-from-no-list",
        ),
        pytest.param(
            _spec(containers=_named("a", "b")),
            _spec(**{"$setElementOrder/containers": _named("b", "a")}),
            _spec(containers=_named("b", "a")),
            id="order-alone",
        ),
        pytest.param(
            _spec(containers=_named("a", "b", "c")),
            _spec(
                **{"$setElementOrder/containers": _named("b", "n", "a"), "containers": _named("n")}
            ),
            _spec(containers=_named("b", "n", "a", "c")),
            id="order-and-patch",
        ),
        pytest.param(
            _spec(),
            _spec(
                **{
                    "$setElementOrder/containers": _named("b", "a"),
                    "containers": [{"name": "a", "x": None}],
                }
            ),
            _spec(containers=[{"name": "a", "x": None}]),
            id="order-of-new-list",
        ),
        pytest.param(
            _spec(),
            _spec(**{"$setElementOrder/containers": _named("a")}),
            _spec(),
            id="order-of-none",
        ),
        pytest.param(
            _meta(finalizers=["a", "b"]),
            _meta(**{"$setElementOrder/finalizers": ["c", "b"], "finalizers": ["c"]}),
            _meta(finalizers=["c", "a", "b"]),
            id="order-of-scalars",
        ),
        pytest.param(
            _spec(containers=_named("a", "b")),
            _spec(**{"$setElementOrder/containers": [], "containers": _named("n", "m")}),
            _spec(containers=_named("a", "b", "m", "n")),
            id="elements-unknown-to-an-empty-order",
        ),
    ],
)
def test_directives(original: JSON, patch: JSON, wanted: JSON) -> None:
    assert merge(original, patch, POD) == wanted


@pytest.mark.parametrize(
    ("original", "patch", "message"),
    [
        (
            _spec(containers=_named("a")),
            _spec(containers=[{"image": "x", "stdin": True, "y": 1000000}]),
            "map: map[image:x stdin:true y:1e+06] does not contain declared merge key: name",
        ),
        (
            _spec(containers=[{"name": "a", "x": {}}]),
            _spec(containers=[{"name": "a", "x": {"y": 1}}, {}]),
            'unable to find api field in struct Container for the json field "x"',
        ),
        (
            _spec(containers=[{"image": "x"}]),
            _spec(containers=_named("a")),
            "map: map[image:x] does not contain declared merge key: name",
        ),
        (
            _spec(containers=_named("a")),
            _spec(containers=["a"]),
            "list element types are not identical: [[map[name:a]] [a]]",
        ),
        (_spec(containers=[]), _spec(containers=[["a"]]), "lists of lists are not supported"),
        (
            _spec(containers=["a"]),
            _spec(containers=["b"]),
            "expected a map[string]interface {}, but received a string",
        ),
        (
            _spec(containers=_named("a")),
            _spec(containers=[{"$patch": "merge"}]),
            "merging lists cannot yet be specified in the patch",
        ),
        (
            _spec(containers=_named("a")),
            _spec(containers=[{"$patch": 1}]),
            "unknown patch type: %!s(float64=1) in map: map[$patch:1]",
        ),
        (
            _spec(containers=_named("a")),
            _spec(containers=[{"$patch": "delete"}]),
            "map: map[$patch:delete] does not contain declared merge key: name",
        ),
        ({}, {"$patch": "merge"}, "unknown patch type: merge in map: map[$patch:merge]"),
        ({}, {"$patch": None}, "unknown patch type: %!s(<nil>) in map: map[$patch:<nil>]"),
        ({}, {"$retainKeys": "a"}, "invalid patch format of retainKeys"),
        ({}, {"$retainKeys": [], "a": 1}, "invalid patch format of retainKeys"),
        ({}, {"$setElementOrder/a": None}, "expected a []interface {}, but received a %!s(<nil>)"),
        ({}, {"$setElementOrder": []}, "invalid patch format of setElementOrder list"),
        ({}, {"$deleteFromPrimitiveListX": []}, "invalid patch format of primitive list"),
        (
            {},
            {"$setElementOrder/x": []},
            'unable to find api field in struct Pod for the json field "x"',
        ),
        (
            {},
            {"$setElementOrder/spec": []},
            "expected slice or array type, but got: struct",
        ),
        (
            _spec(securityContext={"x\t": {}}),
            _spec(securityContext={"x\t": {}}),
            r'unable to find api field in struct PodSecurityContext for the json field "x\t"',
        ),
        (
            _meta(labels={"a": {}}),
            _meta(labels={"a": {}}),
            "merging an object in json but data type is not struct, instead is: map",
        ),
        (
            _spec(tolerations=[{"key": "a"}]),
            _spec(**{"$deleteFromPrimitiveList/tolerations": [{"key": "a"}]}),
            "cannot merge lists without merge key for struct",
        ),
        (
            _spec(containers=_named("a")),
            _spec(**{"$setElementOrder/containers": ["a"]}),
            "value for key 0 is not a map",
        ),
        (
            _spec(containers=[]),
            _spec(**{"$setElementOrder/containers": _named("a")}),
            "no elements in any of the given slices",
        ),
        (
            _spec(),
            _spec(**{"$setElementOrder/containers": _named("a"), "containers": _named("b")}),
            (
                "The order in patch list:\n[map[name:b]]\n doesn't match $setElementOrder list:\n"
                "[map[name:a]]\n"
            ),
        ),
        (
            _spec(),
            _spec(
                **{
                    "$setElementOrder/containers": _named("a"),
                    "containers": [{"name": "a"}, {"name": "b", "$patch": "replace"}],
                }
            ),
            (
                "The order in patch list:\n[map[name:a] map[$patch:replace name:b]]\n"
                " doesn't match $setElementOrder list:\n[map[name:a]]\n"
            ),
        ),
        (
            _spec(),
            _spec(**{"$setElementOrder/containers": [{}], "containers": _named("b")}),
            "map: map[] does not contain declared merge key: name",
        ),
        (
            _spec(),
            _spec(**{"$setElementOrder/containers": _named("a"), "containers": ["b"]}),
            "expected a map[string]interface {}, but received a string",
        ),
    ],
)
def test_errors(original: JSON, patch: JSON, message: str) -> None:
    with pytest.raises(MergeError) as caught:
        merge(original, patch, POD)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("original", "patch"),
    [
        (_spec(containers=[]), _spec(containers=[None])),
        (_spec(containers=_named("a")), _spec(containers=[{"name": {}}])),
        ({}, {"$retainKeys": [{}]}),
    ],
)
def test_what_makes_go_panic_is_an_error(original: JSON, patch: JSON) -> None:
    with pytest.raises(MergeError):
        merge(original, patch, POD)


_NAMES = st.sampled_from(["a", "b", "c", "d"])
_ELEMENTS = st.fixed_dictionaries(
    {"name": _NAMES},
    optional={
        "image": st.none() | st.text(max_size=2),
        "$patch": st.sampled_from(["delete", "replace"]),
        "env": st.lists(st.fixed_dictionaries({"name": _NAMES}), max_size=3),
    },
)
_PATCHES = st.fixed_dictionaries(
    {"spec": st.fixed_dictionaries({"containers": st.lists(_ELEMENTS, max_size=4)})},
    optional={
        "metadata": st.dictionaries(_NAMES, st.none() | _NAMES | st.dictionaries(_NAMES, _NAMES))
    },
)


@given(_PATCHES, _PATCHES)
def test_inputs_stay_as_they_are(original: JSON, patch: JSON) -> None:
    kept = copy.deepcopy((original, patch))
    with contextlib.suppress(MergeError):
        merge(original, patch, POD)
    assert (original, patch) == kept


def _deep(value: Any) -> Any:
    for _ in range(5000):
        value = {"a": value}
    return value


def test_deep_values_pass() -> None:
    merged = merge({}, {"b": _deep({"x": None})}, POD)["b"]
    while "a" in merged:
        merged = merged["a"]
    assert merged == {}


def test_repeated_scalars_take_no_quadratic_time() -> None:
    many = [str(number // 2) for number in range(20_000)]
    merged = merge(_meta(finalizers=many), _meta(finalizers=["x"]), POD)
    assert len(merged["metadata"]["finalizers"]) == 10_001


def test_an_error_about_values_that_are_too_large_shows_none() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(MergeError, match="too large to be shown"):
        merge(_spec(containers=[]), _spec(containers=[{"x": deep}]), POD)
    # Taken apart from the outside, or freeing it would recurse.
    while isinstance(deep, list):
        deep = deep.pop()
