"""``call``, which takes a function out of the data, and what the escaping functions make of nil."""

from __future__ import annotations

from typing import Any

import pytest

from pillion import gotemplate
from pillion.golang.fmt import sprint
from pillion.golang.values import Slice
from pillion.gotemplate import ExecError, Function


def _joined(first: str, *rest: int) -> str:
    return sprint(first, Slice("[]int", rest))


DATA: dict[str, Any] = {"f": Function(_joined, ("string", "int"), variadic=True, result="string")}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{{call .f "a"}}', "a[]"),
        ('{{call .f "a" 1 2}}', "a[1 2]"),
        ('{{1 | call .f "a"}}', "a[1]"),
        ('{{html nil 1 "a<"}}', "&lt;no value&gt;1a&lt;"),
        ('{{urlquery "a b&c" 1}}', "a+b%26c1"),
        ("""{{js "'<="}}""", r"\'\u003C\u003D"),
    ],
)
def test_results(text: str, wanted: str) -> None:
    assert gotemplate.compile(text).render(DATA) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{call .f}}", "wrong number of args for .f: got 0 want at least 1"),
        ("{{call .f 1}}", "arg 0: value has type int; should be string"),
        ('{{call .f "a" "b"}}', "arg 1: value has type string; should be int"),
        ("{{call .f nil}}", "arg 0: value is nil; should be of type string"),
        ('{{call "x"}}', 'non-function "x" of type string'),
        ('{{call (print "x") 1}}', 'non-function print "x" of type string'),
        ('{{"x" | call}}', "non-function x of type string"),
        ("{{call nil}}", "call of nil"),
        ("{{call .x}}", "call of nil"),
        ("{{.x | call}}", "call of nil"),
    ],
)
def test_calls_that_fail(text: str, wanted: str) -> None:
    with pytest.raises(ExecError) as caught:
        gotemplate.compile(text).render(DATA)
    assert caught.value.message == f"error calling call: {wanted}"
