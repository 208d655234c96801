from __future__ import annotations

import pytest

from pillion.gotemplate import nodes
from pillion.gotemplate.parse import parse
from pillion.gotemplate.scope import Scope, analyse, find_stacked


def scope_of(text: str) -> Scope:
    tree = parse(text, "t", {"print", "or"})["t"]
    return analyse(tree.root, {"or"})


def meanings(text: str) -> list[list[int]]:
    """What each use of a variable means, in the order of the text."""
    meant = scope_of(text).meant
    ordered = sorted(meant, key=lambda variable: variable.position)
    return [[slot.number for slot in meant[variable]] for variable in ordered]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{$}}", [[0]]),
        ("{{$x := 1}}{{$x}}{{$x := 2}}{{$x}}", [[1], [2]]),
        ("{{$x := 1}}{{$x := $x}}{{$x}}", [[1], [2]]),
        ("{{$x := 1}}{{if $x := 2}}{{$x}}{{else}}{{$x}}{{end}}{{$x}}", [[2], [2], [1]]),
        ("{{$x := 1}}{{with .}}{{$x := 2}}{{else}}{{$x}}{{end}}", [[1]]),
        ("{{$x := 1}}{{range .}}{{$x = 2}}{{end}}{{$x}}", [[1], [1]]),
        ("{{range $i, $e := .}}{{$i}}{{$e}}{{end}}", [[1], [2]]),
        ("{{$x := $x}}", [[]]),
        ("{{$x = 1}}", [[]]),
        ("{{$x := 1}}{{print ($x := 2)}}{{$x}}", [[2]]),
        ("{{$x := 1}}{{or 0 ($x := 2)}}{{$x}}", [[2, 1]]),
        ("{{.f ($x := 2)}}{{$x}}", [[1]]),
    ],
)
def test_what_a_name_means(text: str, wanted: list[list[int]]) -> None:
    assert meanings(text) == wanted


def test_declarations_that_may_be_skipped_are_found() -> None:
    scope = scope_of("{{or 0 ($x := 1)}}")
    ((pipe, slots),) = scope.conditional.items()
    assert [slot.number for slot in slots] == [1]
    assert nodes.print_node(pipe)[0] == "or 0 ($x := 1)"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{$x := .a}}{{range $x}}{{end}}", []),
        ("{{range $i, $x := .a}}{{end}}", ["$i", "$x"]),
        ("{{$x := .a}}{{$y := .a}}{{range $x = .a}}{{end}}", ["$x"]),
    ],
)
def test_which_variables_hold_elements(text: str, wanted: list[str]) -> None:
    slots = scope_of(text).slots
    assert [slot.name for slot in slots if slot.holds_elements] == wanted


def test_assignments_in_operands_are_noticed() -> None:
    assert scope_of("{{$x := 1}}{{print ($x = 2)}}").assigns_in_operands
    assert not scope_of("{{$x := 1}}{{$x = 2}}").assigns_in_operands


@pytest.mark.parametrize(
    ("calls", "wanted"),
    [
        ({"a": ["b"], "b": []}, set()),
        ({"a": ["a"]}, {"a"}),
        ({"a": ["b"], "b": ["c"], "c": ["b"], "d": []}, {"a", "b", "c"}),
        ({"a": ["missing"]}, set()),
    ],
)
def test_what_may_come_back_to_itself_is_stacked(
    calls: dict[str, list[str]], wanted: set[str]
) -> None:
    assert find_stacked(calls) == wanted


def test_the_top_of_a_long_chain_is_stacked() -> None:
    calls = {str(number): [str(number + 1)] for number in range(40)}
    assert find_stacked(calls) == {str(number) for number in range(10)}
