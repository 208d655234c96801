from __future__ import annotations

import inspect
from types import CodeType
from typing import TYPE_CHECKING

import pytest

from pillion.gotemplate.code import Branches, Function, Place, assemble
from pillion.gotemplate.emit import emit
from pillion.gotemplate.parse import parse

if TYPE_CHECKING:
    from pillion.gotemplate.program import Program

FUNCTIONS = {"len", "print", "or"}


def emitted(text: str) -> Program:
    return emit(text, "t", parse(text, "t", FUNCTIONS), {}, "default")


def python_functions(program: Program) -> dict[str, CodeType]:
    codes = [constant for constant in program.code.co_consts if isinstance(constant, CodeType)]
    return {code.co_name: code for code in codes}


def test_only_templates_that_may_recurse_are_generators() -> None:
    program = emitted('{{define "a"}}{{template "a"}}{{end}}{{define "b"}}{{end}}{{template "b"}}')
    codes = python_functions(program)
    generators = {
        name: bool(codes[function].co_flags & inspect.CO_GENERATOR)
        for name, (function, _) in program.templates.items()
    }
    assert generators == {"a": True, "b": False, "t": False}
    assert {name: stacked for name, (_, stacked) in program.templates.items()} == generators


@pytest.mark.parametrize(("depth", "functions"), [(10, 1), (20, 2), (40, 3)])
def test_deep_blocks_become_functions(depth: int, functions: int) -> None:
    program = emitted("{{if .}}" * depth + "{{.}}" + "{{end}}" * depth)
    assert len(python_functions(program)) == functions


def test_every_place_is_a_node_and_its_text() -> None:
    program = emitted("{{.a}}\n{{print .b (len .c)}}")
    found = []
    for node, call, _ in program.places.values():
        assert isinstance(node, int)
        record = program.nodes[node]
        text = program.texts[record.text][record.start : record.end]
        found.append((record.line, record.column, text, call))
    assert found == [
        (1, 2, ".a", ""),
        (1, 2, "{{.a}}", ""),
        (2, 8, ".b", ""),
        (2, 16, ".c", ""),
        (2, 12, "len .c", "len"),
        (2, 2, "print .b (len .c)", "print"),
        (2, 2, "{{print .b (len .c)}}", ""),
    ]


def test_lines_are_numbered_where_they_end_up() -> None:
    first, second = Function("first()"), Function("second()")
    first.write("a()", Place(1))
    first.write("")
    first.write("b()", Place(2, "b"))
    second.yields = True
    second.write("c()", Place(3))
    source, places = assemble([first, second])
    assert source.splitlines() == [
        "def first():",
        " a()",
        " b()",
        "def second():",
        " c()",
        " return",
        " yield",
    ]
    assert places == {2: Place(1), 3: Place(2, "b"), 5: Place(3)}


def test_ways_are_noted_only_if_they_matter() -> None:
    function, ways = Function("f()"), Branches()
    notes = [function.write(""), function.write("")]
    ways.add(notes[0], 7)
    ways.add(notes[1], 8)
    assert [note.text for note in notes] == ["", ""]
    assert ways.use("h") == "h"
    assert [note.text for note in notes] == ["h = 7", "h = 8"]
    assert ways.use("other") == "h"
