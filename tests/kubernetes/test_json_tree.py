from __future__ import annotations

from typing import Any

from pillion.kubernetes.float64 import as_float64
from pillion.kubernetes.json_tree import mapped, with_floats


def test_numbers_of_a_json_value_are_floats() -> None:
    value = with_floats({"b": 1, "a": [2, True, None, "x", {"c": 3.5}]})
    assert value == {"b": 1.0, "a": [2.0, True, None, "x", {"c": 3.5}]}
    assert [type(value["b"]), type(value["a"][0]), type(value["a"][1])] == [float, float, bool]
    assert list(value) == ["b", "a"]


def test_scalars_are_changed_in_the_order_in_which_they_stand() -> None:
    seen: list[Any] = []
    mapped({"b": [1, {"c": 2}], "a": None}, seen.append)
    assert seen == [1, 2, None]
    assert list(mapped({"b": 1, "a": {}}, str, sort_keys=True)) == ["a", "b"]


def test_integers_lose_what_a_float64_does_not_hold() -> None:
    exact: dict[str, Any] = {"a": [2**53, {"b": -(2**53)}]}
    assert as_float64(exact) is exact
    assert as_float64({"a": [2**53 + 1, {"b": True}], "c": 1}) == {
        "a": [2**53, {"b": True}],
        "c": 1,
    }
