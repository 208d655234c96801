"""Maps; wanted values were checked against sprig itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pillion.golang.values import Map

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("dict", ("a", 1, "b"), {"a": 1, "b": ""}),
    ("dict", (1, 2, 2.5, 3), {"1": 2, "2.5": 3}),
    ("dict", (), {}),
    ("get", ({"a": 1}, "a"), 1),
    ("get", ({"a": 1}, "b"), ""),
    ("hasKey", ({"a": None}, "a"), True),
    ("pluck", ("a", {"a": 1}, {}, {"a": None}), [1, None]),
    ("pick", ({"a": 1, "b": 2}, "a", "x"), {"a": 1}),
    ("omit", ({"a": 1, "b": 2}, "a", "x"), {"b": 2}),
    ("set", ({"a": 1}, "b", 2), {"a": 1, "b": 2}),
    ("unset", ({"a": 1, "b": 2}, "a"), {"b": 2}),
    ("unset", ({"a": 1}, "x"), {"a": 1}),
    ("dig", ("a", "b", "none", {"a": {"b": 1}}), 1),
    ("dig", ("a", "x", "none", {"a": {"b": 1}}), "none"),
    ("dig", ("x", "y", "none", {"a": 1}), "none"),
    ("dig", ("a", "none", {"a": None}), None),
    ("merge", ({"a": 1}, {"a": 2, "b": 3}), {"a": 1, "b": 3}),
    (
        "merge",
        (
            {"a": 0, "b": "", "c": None, "d": [], "e": {}, "f": False},
            {"a": 1, "b": "x", "c": 1, "d": [1], "e": {"x": 1}, "f": True},
        ),
        {"a": 1, "b": "x", "c": 1, "d": [1], "e": {"x": 1}, "f": True},
    ),
    ("merge", ({"a": {"x": 1}}, {"a": {"x": 2, "y": 3}}), {"a": {"x": 1, "y": 3}}),
    ("merge", ({"a": {"x": 1}}, {"a": 5}), {"a": {"x": 1}}),
    ("merge", ({"a": 5}, {"a": {"x": 1}}), {"a": 5}),
    ("merge", ({"a": [1]}, {"a": [2]}), {"a": [1]}),
    ("merge", ({"a": 1}, {"b": None}), {"a": 1}),
    ("merge", ({}, {"a": 1}, {"a": 2, "b": 3}), {"a": 1, "b": 3}),
    ("merge", ({"a": None}, {"a": {"x": None}}), {"a": {"x": None}}),
    ("merge", ({"a": {}}, {"a": {"x": None}}), {"a": {"x": None}}),
    ("mergeOverwrite", ({"a": 1}, {"a": 2, "b": 3}), {"a": 2, "b": 3}),
    (
        "mergeOverwrite",
        (
            {"a": 1, "b": "x", "c": [1], "d": {"x": 1}, "e": True},
            {"a": 0, "b": "", "c": [], "d": {}, "e": False},
        ),
        {"a": 0, "b": "", "c": [], "d": {"x": 1}, "e": False},
    ),
    ("mergeOverwrite", ({"a": {"x": 1}}, {"a": {"y": 2}}), {"a": {"x": 1, "y": 2}}),
    ("mergeOverwrite", ({"a": {"x": 1}}, {"a": 5}), {"a": 5}),
    ("mergeOverwrite", ({"a": 1}, {"a": None}), {"a": None}),
    ("mergeOverwrite", ({"a": 5}, {"a": {"x": 1}}), {"a": {"x": 1}}),
    ("mergeOverwrite", ({"a": [1]}, {"a": "x"}), {"a": "x"}),
    ("deepCopy", ({"a": [1, {"b": None}]},), {"a": [1, {"b": None}]}),
    ("deepCopy", ("x",), "x"),
]

FAILURES: list[tuple[str, tuple[Any, ...], str]] = [
    (
        "dig",
        ("a", "b", "none", {"a": 1}),
        "interface conversion: interface {} is int, not map[string]interface {}",
    ),
    (
        "dig",
        ("a", "b", "none", {"a": None}),
        "interface conversion: interface {} is nil, not map[string]interface {}",
    ),
    ("dig", ("a", {}), "dig needs at least three arguments"),
    ("dig", (1, "none", {}), "interface conversion: interface {} is int, not string"),
    (
        "dig",
        ("a", "none", "x"),
        "interface conversion: interface {} is string, not map[string]interface {}",
    ),
    (
        "dig",
        ("a", "none", None),
        "interface conversion: interface {} is nil, not map[string]interface {}",
    ),
    ("deepCopy", (None,), "reflect: call of reflect.Value.Type on zero Value"),
]


@pytest.mark.parametrize(("name", "arguments", "wanted"), VALUES)
def test_value(
    name: str, arguments: tuple[Any, ...], wanted: Any, call: Callable[..., Any]
) -> None:
    assert call(name, *arguments) == wanted


@pytest.mark.parametrize(("name", "arguments", "wanted"), FAILURES)
def test_failure(
    name: str, arguments: tuple[Any, ...], wanted: str, failure: Callable[..., str]
) -> None:
    assert failure(name, *arguments) == wanted


def test_set_changes_the_map_itself(call: Callable[..., Any]) -> None:
    mapping: dict[str, Any] = {}
    assert call("set", mapping, "a", 1) is mapping
    assert mapping == {"a": 1}


def test_merge_changes_the_first_map_and_shares_the_others(call: Callable[..., Any]) -> None:
    target: dict[str, Any] = {"a": {"x": 1}}
    source: dict[str, Any] = {"a": {"y": 2}, "b": {}}
    assert call("merge", target, source) is target
    assert target["b"] is source["b"]
    assert source["a"] == {"y": 2}


def test_a_nil_map_is_replaced_when_something_is_merged_into_it(call: Callable[..., Any]) -> None:
    none: Map = Map("map[string]interface {}", is_nil=True)
    assert call("merge", none, none) is none
    assert call("toJson", call("merge", none, {})) == "{}"
    assert call("merge", none, {"a": 1}) == {"a": 1}


def test_a_deep_copy_shares_nothing(call: Callable[..., Any]) -> None:
    inner: list[Any] = [1]
    original = {"a": inner, "b": inner}
    copied = call("deepCopy", original)
    copied["a"].append(2)
    assert original == {"a": [1], "b": [1]}


def test_cycles_and_depth_end(call: Callable[..., Any]) -> None:
    cyclic: dict[str, Any] = {}
    cyclic["self"] = cyclic
    copied = call("deepCopy", cyclic)
    assert copied["self"] is copied
    assert call("deepEqual", cyclic, copied)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert call("deepEqual", deep, call("deepCopy", deep))
    while deep:
        deep = deep.pop()


def test_merging_cyclic_maps_ends(call: Callable[..., Any]) -> None:
    left: dict[str, Any] = {"a": 1}
    right: dict[str, Any] = {"b": 2}
    left["self"], right["self"] = left, right
    assert call("merge", left, right)["b"] == 2
