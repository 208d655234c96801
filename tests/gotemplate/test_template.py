from __future__ import annotations

import contextlib
import doctest
import string
import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion import gotemplate
from pillion.gotemplate import Function, Template

FUNCTIONS = {"shout": Function(lambda text: text + "!", ("string",), result="string")}
TEXT = '{{define "x"}}{{shout .s}}{{end}}{{template "x" .}}{{.n.x}}'


def test_the_example_of_the_package() -> None:
    assert doctest.testmod(gotemplate) == (0, 3)


def test_a_dumped_template_does_the_same() -> None:
    template = gotemplate.compile(TEXT, name="t", functions=FUNCTIONS)
    loaded = Template.load(template.dump(), FUNCTIONS)
    assert loaded.render({"s": "a"}) == template.render({"s": "a"}) == "a!<no value>"
    assert (loaded.name, loaded.templates) == ("t", ["t", "x"])
    with pytest.raises(gotemplate.ExecError) as caught:
        loaded.render({"s": 1})
    assert str(caught.value) == (
        'template: t:1:22: executing "x" at <.s>: wrong type for value; expected string; got int'
    )


def test_a_dump_needs_functions_with_the_same_signatures() -> None:
    dumped = gotemplate.compile(TEXT, functions=FUNCTIONS).dump()
    with pytest.raises(ValueError, match="compiled for another function shout"):
        Template.load(dumped, {"shout": Function(str, ("interface {}",))})
    with pytest.raises(ValueError, match="compiled for another function shout"):
        Template.load(dumped, {})


@pytest.mark.parametrize("dumped", [b"", b"nonsense", b"N."])
def test_what_is_no_dump(dumped: bytes) -> None:
    with pytest.raises(ValueError, match="template"):
        Template.load(dumped, {})


def test_loading_needs_neither_parser_nor_emitter() -> None:
    program = (
        "import sys; from pillion.gotemplate import Template;"
        "print(Template.load(sys.stdin.buffer.read(), {}).render('a'), *sys.modules)"
    )
    dumped = gotemplate.compile("{{.}}").dump()
    run = subprocess.run(
        [sys.executable, "-c", program], input=dumped, capture_output=True, check=True
    )
    printed, *modules = run.stdout.decode().split()
    assert printed == "a"
    assert not {
        f"pillion.gotemplate.{name}" for name in ("lex", "parse", "nodes", "scope", "emit")
    }.intersection(modules)


def test_any_template_of_the_text_can_be_rendered() -> None:
    template = gotemplate.compile(TEXT, name="t", functions=FUNCTIONS)
    assert template.render({"s": "a"}, template="x") == "a!"
    with pytest.raises(gotemplate.TemplateError, match='no template "y" associated with'):
        template.render(template="y")


def test_an_unknown_option() -> None:
    with pytest.raises(ValueError, match="unrecognized option: missingkey=x"):
        gotemplate.compile("", missing_key="x")


def test_a_template_is_rendered_by_several_threads_at_once() -> None:
    template = gotemplate.compile("{{range .}}{{.}}{{end}}")
    results: list[str] = []

    def render(number: int) -> None:
        results.append(template.render([number] * 1000))

    threads = [threading.Thread(target=render, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [str(number) * 1000 for number in range(5)]


@given(st.text())
def test_text_without_actions_is_printed_as_it_stands(text: str) -> None:
    if "{{" not in text:
        assert gotemplate.compile(text).render() == text


_PIECES = ["{{", "}}", "{{- ", " -}}", "if ", "range ", "with ", "end", "else ", "define `a`",
           "template `a`", "(", ")", "|", ".", ".a", ".l", "$", "$x", ":=", "=", ",", " ", "\n",
           "1", "'a'", '"s"', "`r`", "nil", "print ", "len ", "or ", "break", "/*", "*/", "é",
           "\udcff", *string.punctuation]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_any_text_is_rendered_or_refused(text: str) -> None:
    with contextlib.suppress(gotemplate.TemplateError):
        gotemplate.compile(text).render({"a": 1, "l": [1, None]}, limits=gotemplate.Limits(9, 9))
