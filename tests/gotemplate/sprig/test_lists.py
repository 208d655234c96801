"""Lists; wanted values were checked against sprig itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pillion import gotemplate
from pillion.golang.values import Bytes, Int64, Slice
from pillion.gotemplate import ExecError
from pillion.gotemplate.sprig import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("list", (1, "a", None), [1, "a", None]),
    ("tuple", (), []),
    ("append", ([1], 2), [1, 2]),
    ("mustPush", ([1], [2]), [1, [2]]),
    ("prepend", ([1], 0), [0, 1]),
    ("first", ([1, 2],), 1),
    ("first", ([],), None),
    ("last", ([1, 2],), 2),
    ("last", ([],), None),
    ("rest", ([1, 2, 3],), [2, 3]),
    ("rest", ([1],), []),
    ("initial", ([1, 2, 3],), [1, 2]),
    ("reverse", ([1, 2],), [2, 1]),
    ("reverse", (Bytes(b"ab"),), [98, 97]),
    ("compact", ([0, 1, "", None, [], {}, "a", False, True, 0.0],), [1, "a", True]),
    ("uniq", ([1, 1.0, 1, "1", [1], [1]],), [1, 1.0, "1", [1]]),
    ("without", ([1, 2, 3], 2, 3.0), [1, 3]),
    ("has", (2, [1, 2]), True),
    ("has", (2.0, [1, 2]), False),
    ("has", ("a", Slice("[]string", ["a"])), True),
    ("has", ([1], [[1]]), True),
    ("has", (1, None), False),
    ("slice", ([1, 2, 3],), [1, 2, 3]),
    ("slice", ([1, 2, 3], 1), [2, 3]),
    ("slice", ([1, 2, 3], 1, 2), [2]),
    ("slice", ([1, 2, 3], "1", "2"), [2]),
    ("slice", ([], 5), None),
    ("concat", ([1], ["a"], Slice("[]int", [2])), [1, "a", 2]),
    ("chunk", (2, [1, 2, 3]), [[1, 2], [3]]),
    ("chunk", (3, [1, 2, 3]), [[1, 2, 3]]),
    ("chunk", (5, [1]), [[1]]),
    ("chunk", (2, []), []),
    ("chunk", (-1, [1, 2]), []),
    ("chunk", (-2, [1]), [[1]]),
]

FAILURES: list[tuple[str, tuple[Any, ...], str]] = [
    ("append", ("x", 1), "Cannot push on type string"),
    ("append", (None, 1), "runtime error: invalid memory address or nil pointer dereference"),
    ("push", ({}, 1), "Cannot push on type map"),
    ("prepend", (5, 1), "Cannot prepend on type int"),
    ("first", ("x",), "Cannot find first on type string"),
    ("first", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("mustFirst", (2.5,), "Cannot find first on type float64"),
    ("initial", (True,), "Cannot find initial on type bool"),
    ("reverse", (Int64(1),), "Cannot find reverse on type int64"),
    ("compact", (1,), "Cannot compact on type int"),
    ("uniq", ("a",), "Cannot find uniq on type string"),
    ("without", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("has", (1, "1"), "Cannot find has on type string"),
    ("slice", ([1, 2, 3], 2, 1), "reflect.Value.Slice: slice index out of bounds"),
    ("slice", ([1, 2, 3], -1), "reflect.Value.Slice: slice index out of bounds"),
    ("slice", ("abc",), "list should be type of slice or array but string"),
    ("slice", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("concat", ([1], "x"), "Cannot concat type string as list"),
    ("concat", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("chunk", (0, [1]), "runtime error: makeslice: len out of range"),
    ("chunk", (-2, [1, 2, 3, 4]), "runtime error: makeslice: len out of range"),
    ("chunk", (1, "x"), "Cannot chunk type string"),
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


SLICED = [
    ("{{slice .l 1 4}}", "[2 3 <nil>]"),
    ("{{slice (slice (list 1 2 3) 0 1) 0 3}}", "[1 2 3]"),
    ("{{slice (slice (until 3) 1 2) 0 3}}", "[1 2 0]"),
    ("{{slice (append .l 4) 0 6}}", "[1 2 3 4 <nil> <nil>]"),
    ("{{slice (toStrings (list 1 nil `a`)) 0 3 | printf `%q`}}", '["1" "a" ""]'),
    ("{{slice (keys (dict 1 2 3 4 5 6)) 2 4 | printf `%q`}}", '["5" ""]'),
    ("{{len (slice (regexFindAll `a` `a` -1) 0 10)}}", "10"),
    ("{{len (slice (regexSplit `,` `a,b,c,d` -1) 0 6)}}", "6"),
    ("{{slice (deepCopy (slice .l 0 1)) 0 4}}", "[1 <nil> <nil> <nil>]"),
]

OUT_OF_BOUNDS = [
    "{{slice .l 1 5}}",
    "{{slice (list 1 2 3) 1 4}}",
    "{{slice (prepend .l 0) 0 5}}",
    "{{slice (splitList `,` `a,b,c`) 0 4}}",
    "{{slice (index (chunk 3 .l) 0) 0 4}}",
    "{{slice (reverse .l) 0 4}}",
    "{{slice (slice .l 1 2) 0 4}}",
]
LIST = {"l": [1.0, 2.0, 3.0]}


@pytest.mark.parametrize(("text", "wanted"), SLICED)
def test_a_slice_may_reach_into_the_room_of_a_list(text: str, wanted: str) -> None:
    assert gotemplate.compile(text, functions=FUNCTIONS).render(LIST) == wanted


@pytest.mark.parametrize("text", OUT_OF_BOUNDS)
def test_a_slice_may_not_reach_behind_the_room_of_a_list(text: str) -> None:
    with pytest.raises(ExecError, match=r"reflect\.Value\.Slice: slice index out of bounds"):
        gotemplate.compile(text, functions=FUNCTIONS).render(LIST)
