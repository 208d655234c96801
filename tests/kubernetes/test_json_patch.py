from __future__ import annotations

import copy
import json
from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.kubernetes.errors import PatchError
from pillion.kubernetes.json_patch import apply, diff

_SCALARS = (
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-2, 2) | st.text("a/~0", max_size=2)
)
_KEYS = st.text("ab/~0", max_size=2)
_DOCUMENTS = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize(
    ("before", "after", "operations"),
    [
        ({}, {}, []),
        ({"a": 1}, {"a": 1}, []),
        ({}, {"a": None}, [{"op": "add", "path": "/a", "value": None}]),
        ({"a": None}, {}, [{"op": "remove", "path": "/a"}]),
        ({"a": None}, {"a": None}, []),
        ({"a": 1}, {"a": True}, [{"op": "replace", "path": "/a", "value": True}]),
        ({"a": 1}, {"a": 1.0}, [{"op": "replace", "path": "/a", "value": 1.0}]),
        ({"a": {"b": 1}}, {"a": [1]}, [{"op": "replace", "path": "/a", "value": [1]}]),
        ({"a/b": {"~": 1}}, {"a/b": {"~": 2}}, [{"op": "replace", "path": "/a~1b/~0", "value": 2}]),
        ({"": 1}, {"": 2}, [{"op": "replace", "path": "/", "value": 2}]),
        (1, 2, [{"op": "replace", "path": "", "value": 2}]),
        (
            [1, 2, 3],
            [4],
            [
                {"op": "remove", "path": "/2"},
                {"op": "remove", "path": "/1"},
                {"op": "replace", "path": "/0", "value": 4},
            ],
        ),
        (
            [{"n": "a"}],
            [{"n": "b"}, {"n": "a"}],
            [
                {"op": "add", "path": "/1", "value": {"n": "a"}},
                {"op": "replace", "path": "/0/n", "value": "b"},
            ],
        ),
    ],
)
def test_diff(before: Any, after: Any, operations: list[dict[str, Any]]) -> None:
    assert diff(before, after) == operations


@given(_DOCUMENTS, _DOCUMENTS)
def test_a_diff_applied_gives_the_other_document(before: Any, after: Any) -> None:
    kept = copy.deepcopy((before, after))
    operations = diff(before, after)
    assert _text(apply(before, operations)) == _text(after)
    assert (before, after) == kept


@pytest.mark.parametrize(
    ("received", "before", "after", "operations"),
    [
        pytest.param(
            {},
            {"resources": {}},
            {"resources": {"limits": {}}},
            [{"op": "add", "path": "/resources", "value": {"limits": {}}}],
            id="a-struct-that-is-missing",
        ),
        pytest.param(
            {"resources": None},
            {"resources": {}},
            {"resources": {"limits": {}}},
            [{"op": "replace", "path": "/resources", "value": {"limits": {}}}],
            id="a-struct-that-is-null",
        ),
        pytest.param(
            {}, {"resources": {}}, {"resources": {}}, [], id="a-missing-struct-that-stays-empty"
        ),
        pytest.param(
            {},
            {"name": ""},
            {"name": "a"},
            [{"op": "add", "path": "/name", "value": "a"}],
            id="a-zero-value-that-is-missing",
        ),
        pytest.param({}, {"name": ""}, {}, [], id="a-missing-value-that-is-lost"),
        pytest.param(
            [None],
            [{"name": ""}],
            [{"name": "a"}, {"name": "b"}],
            [
                {"op": "add", "path": "/1", "value": {"name": "b"}},
                {"op": "replace", "path": "/0", "value": {"name": "a"}},
            ],
            id="an-element-that-is-null",
        ),
        pytest.param(
            {"items": [1]},
            {"items": [1, 2]},
            {"items": [1, 3]},
            [{"op": "replace", "path": "/items", "value": [1, 3]}],
            id="a-list-of-another-length",
        ),
    ],
)
def test_a_diff_for_what_was_received(
    received: Any, before: Any, after: Any, operations: list[dict[str, Any]]
) -> None:
    assert diff(before, after, received) == operations
    apply(received, operations)


@given(_DOCUMENTS, _DOCUMENTS)
def test_a_patch_of_another_library_applies(before: Any, after: Any) -> None:
    before, after = {"x": before}, {"x": after}
    operations = jsonpatch.make_patch(before, after).patch
    assert _text(apply(before, operations)) == _text(jsonpatch.apply_patch(before, operations))


@pytest.mark.parametrize(
    ("document", "operation", "wanted"),
    [
        ({"a": 1}, {"op": "add", "path": "/b", "value": 2}, {"a": 1, "b": 2}),
        ({"a": 1}, {"op": "add", "path": "/a", "value": None}, {"a": None}),
        ({"a": 1}, {"op": "add", "path": "", "value": [1]}, [1]),
        ([1, 2], {"op": "add", "path": "/1", "value": 9}, [1, 9, 2]),
        ([1, 2], {"op": "add", "path": "/2", "value": 9}, [1, 2, 9]),
        ([1, 2], {"op": "add", "path": "/-", "value": 9}, [1, 2, 9]),
        ({"-": 1}, {"op": "add", "path": "/-", "value": 2}, {"-": 2}),
        ({"0": 1}, {"op": "replace", "path": "/0", "value": 2}, {"0": 2}),
        ({"a~1": {"b/c": 1}}, {"op": "remove", "path": "/a~01/b~1c"}, {"a~1": {}}),
        ([1, 2], {"op": "remove", "path": "/0"}, [2]),
        ({"a": 1}, {"op": "replace", "path": "", "value": 2}, 2),
        ({"a": 1}, {"op": "move", "from": "/a", "path": "/b"}, {"b": 1}),
        ({"a": 1}, {"op": "move", "from": "/a", "path": "/a"}, {"a": 1}),
        ([1, 2, 3], {"op": "move", "from": "/0", "path": "/2"}, [2, 3, 1]),
        ([1, 2, 3], {"op": "move", "from": "/0", "path": "/-"}, [2, 3, 1]),
        (
            {"a": {"b": 1}},
            {"op": "copy", "from": "/a", "path": "/c"},
            {"a": {"b": 1}, "c": {"b": 1}},
        ),
        (
            {"a": {"b": 1}},
            {"op": "copy", "from": "/a", "path": "/a/c"},
            {"a": {"b": 1, "c": {"b": 1}}},
        ),
        ({"a": 1}, {"op": "test", "path": "/a", "value": 1.0}, {"a": 1}),
        ({"a": None}, {"op": "test", "path": "/a", "value": None}, {"a": None}),
        ({"a": {"x": [1], "y": 2}}, {"op": "test", "path": "/a", "value": {"y": 2, "x": [1]}}, ...),
        ({"a": 1}, {"op": "add", "path": "/b", "value": 2, "comment": "x"}, {"a": 1, "b": 2}),
    ],
)
def test_apply(document: Any, operation: dict[str, Any], wanted: Any) -> None:
    assert apply(document, [operation]) == (document if wanted is ... else wanted)


@pytest.mark.parametrize(
    ("document", "operation", "reason"),
    [
        ({}, "add", "an operation must be an object"),
        ({}, {"path": "/a"}, "unknown operation None"),
        ({}, {"op": ["add"], "path": "/a"}, "unknown operation ['add']"),
        ({}, {"op": "merge", "path": "/a"}, "unknown operation 'merge'"),
        ({}, {"op": "add", "value": 1}, 'the member "path" must be a string'),
        ({}, {"op": "add", "path": "/a"}, 'the member "value" is missing'),
        ({}, {"op": "move", "path": "/a"}, 'the member "from" must be a string'),
        ({}, {"op": "add", "path": "a", "value": 1}, "it must start with /"),
        ({}, {"op": "add", "path": "/a~2", "value": 1}, "~ must be ~0 or ~1"),
        ({}, {"op": "add", "path": "/a~", "value": 1}, "~ must be ~0 or ~1"),
        ({}, {"op": "add", "path": "/a/b", "value": 1}, "'a' is not there"),
        ({"a": 1}, {"op": "add", "path": "/a/b", "value": 1}, "neither an object nor a list"),
        ({}, {"op": "remove", "path": "/a"}, "'a' is not there"),
        ({}, {"op": "remove", "path": ""}, "the whole document cannot be removed"),
        ({}, {"op": "replace", "path": "/a", "value": 1}, "'a' is not there"),
        ([1], {"op": "add", "path": "/2", "value": 1}, "the list has no index 2"),
        ([1], {"op": "remove", "path": "/1"}, "the list has no index 1"),
        ([], {"op": "remove", "path": "/0"}, "the list has no index 0"),
        ([1], {"op": "remove", "path": "/-"}, "'-' is not an index of a list"),
        ([1], {"op": "remove", "path": "/-1"}, "'-1' is not an index of a list"),
        ([1], {"op": "remove", "path": "/00"}, "'00' is not an index of a list"),
        ([1], {"op": "remove", "path": "/²"}, "'²' is not an index of a list"),
        ([1], {"op": "remove", "path": "/" + "9" * 5000}, "the list has no index 999"),
        ({"a": {}}, {"op": "move", "from": "/a", "path": "/a/b"}, "cannot be moved into itself"),
        ({}, {"op": "move", "from": "/a", "path": "/b"}, "'a' is not there"),
        ({}, {"op": "copy", "from": "/a", "path": "/b"}, "'a' is not there"),
        ({"a": 1}, {"op": "test", "path": "/a", "value": True}, "the value there is another one"),
        (
            {"a": [1]},
            {"op": "test", "path": "/a", "value": [1, 2]},
            "the value there is another one",
        ),
        ({"a": 1}, {"op": "test", "path": "/b", "value": 1}, "'b' is not there"),
        ("text", {"op": "test", "path": "/0", "value": "t"}, "'0' is not there"),
    ],
)
def test_apply_errors(document: Any, operation: Any, reason: str) -> None:
    with pytest.raises(PatchError) as caught:
        apply(document, [operation])
    assert reason in str(caught.value)
    assert str(caught.value).startswith("operation 1 (")


def test_an_error_names_the_operation() -> None:
    patch: list[dict[str, Any]] = [
        {"op": "add", "path": "/a", "value": 1},
        {"op": "remove", "path": "/b"},
    ]
    with pytest.raises(PatchError, match=r"^operation 2 \(remove /b\): 'b' is not there$"):
        apply({}, patch)


def test_nothing_is_changed_in_place() -> None:
    value: dict[str, Any] = {}
    document: dict[str, Any] = {"list": [{}]}
    patch: list[dict[str, Any]] = [
        {"op": "add", "path": "/list/0", "value": value},
        {"op": "add", "path": "/list/0/x", "value": 1},
        {"op": "copy", "from": "/list/0", "path": "/list/-"},
        {"op": "add", "path": "/list/2/y", "value": 2},
    ]
    assert apply(document, patch) == {"list": [{"x": 1}, {}, {"x": 1, "y": 2}]}
    assert (document, value) == ({"list": [{}]}, {})


def _nested(depth: int, leaf: Any) -> Any:
    for _ in range(depth):
        leaf = {"a": leaf}
    return leaf


def test_deep_nesting_is_an_error() -> None:
    with pytest.raises(PatchError, match="nested too deeply"):
        diff(_nested(5000, 1), _nested(5000, 2))
