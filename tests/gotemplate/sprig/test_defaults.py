"""Defaults, JSON and reflection; wanted values were checked against sprig itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from pillion.golang.values import Bytes, Int64, Slice, Uint8

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("default", ("d", ""), "d"),
    ("default", ("d", "x"), "x"),
    ("default", ("d",), "d"),
    ("default", ("d", 0), "d"),
    ("default", ("d", [None]), [None]),
    ("default", ("d", None), "d"),
    ("empty", ([],), True),
    ("empty", ({},), True),
    ("empty", (0.0,), True),
    ("empty", (False,), True),
    ("empty", ("x",), False),
    ("empty", (Bytes(b""),), True),
    ("coalesce", (None, 0, "", [], 2, 3), 2),
    ("coalesce", (None,), None),
    ("all", (1, "a"), True),
    ("all", (1, ""), False),
    ("all", (), True),
    ("any", (0, ""), False),
    ("any", (0, 1), True),
    ("any", (), False),
    ("ternary", ("a", "b", True), "a"),
    ("ternary", ("a", "b", False), "b"),
    ("fromJson", ('{"a":[1,null]}',), {"a": [1.0, None]}),
    ("fromJson", ("nul",), None),
    ("fromJson", ("[1e400,2]",), [None, 2.0]),
    ("toJson", ({"b": 1, "a": "<&>"},), '{"a":"\\u003c\\u0026\\u003e","b":1}'),
    ("toJson", (math.nan,), ""),
    ("toRawJson", ({"a": "<&>"},), '{"a":"<&>"}'),
    ("toPrettyJson", ({"a": [1, {}], "b": []},), '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}'),
    ("toJson", (Bytes(b"ab"),), '"YWI="'),
    ("typeOf", (None,), "<nil>"),
    ("typeOf", (1,), "int"),
    ("typeOf", (1.0,), "float64"),
    ("typeOf", (Slice("[]string", []),), "[]string"),
    ("typeOf", (Int64(1),), "int64"),
    ("typeIs", ("int", 1), True),
    ("typeIsLike", ("int", 1), True),
    ("kindOf", (None,), "invalid"),
    ("kindOf", ({},), "map"),
    ("kindOf", (1j,), "complex128"),
    ("kindOf", (Uint8(1),), "uint8"),
    ("kindOf", ([],), "slice"),
    ("kindIs", ("string", "x"), True),
    ("deepEqual", (1, 1), True),
    ("deepEqual", (1, 1.0), False),
    ("deepEqual", (1, Int64(1)), False),
    ("deepEqual", ([1, [2]], [1, [2]]), True),
    ("deepEqual", ({"a": 1}, {"a": 1}), True),
    ("deepEqual", ({"a": 1}, {"b": 1}), False),
    ("deepEqual", (2.5, 2.5), True),
    ("deepEqual", ([], Slice("[]string", [])), False),
    ("deepEqual", (None, None), True),
    ("deepEqual", (None, []), False),
]

FAILURES: list[tuple[str, tuple[Any, ...], str]] = [
    ("mustFromJson", ('{"a":1',), "unexpected end of JSON input"),
    ("mustFromJson", ("",), "unexpected end of JSON input"),
    ("mustToJson", (math.inf,), "json: unsupported value: +Inf"),
    ("toRawJson", (math.nan,), "json: unsupported value: NaN"),
    ("mustToPrettyJson", (math.nan,), "json: unsupported value: NaN"),
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
