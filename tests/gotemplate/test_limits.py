from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from shutil import which
from subprocess import run
from typing import Any

import pytest

from pillion import gotemplate
from pillion.gotemplate import LimitError, Limits

ENDLESS = '{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}'
MUTUAL = (
    '{{define "a"}}{{if true}}{{template "b" .}}{{end}}{{end}}'
    '{{define "b"}}{{range 1}}{{template "a" .}}{{end}}{{end}}{{template "a" .}}'
)
LAUGHS = (
    '{{define "a"}}{{template "b"}}{{template "b"}}{{end}}'
    '{{define "b"}}{{template "c"}}{{template "c"}}{{end}}'
    '{{define "c"}}{{range 50}}{{end}}{{end}}{{template "a"}}'
)
DEEP = '{{define "a"}}' + "{{if 1}}" * 40 + '{{template "a"}}' + "{{end}}" * 41 + '{{template "a"}}'


IN_A_THREAD = f"""
import sys, threading
from pillion import gotemplate

def render():
    nested = "{{{{if 1}}}}" * 2000 + "x" + "{{{{end}}}}" * 2000
    nested += "{{{{" + "(" * 2000 + "1" + ")" * 2000 + "}}}}"
    print(gotemplate.compile(nested).render())
    try:
        gotemplate.compile({ENDLESS!r}).render()
    except gotemplate.LimitError as error:
        print(error.message)

limit = sys.getrecursionlimit()
thread = threading.Thread(target=render)
thread.start()
thread.join()
print(sys.getrecursionlimit() - limit)
"""


def stopped(text: str, **limits: int) -> LimitError:
    with pytest.raises(LimitError) as caught:
        gotemplate.compile(text, name="t").render({}, limits=Limits(**limits))
    return caught.value


@pytest.mark.parametrize("text", [ENDLESS, MUTUAL, DEEP])
def test_recursion_ends_where_that_of_go_ends(text: str) -> None:
    error = stopped(text)
    assert error.message == "exceeded maximum template depth (100000)"
    assert error.node is not None


def test_the_place_of_too_deep_a_call() -> None:
    assert str(stopped(ENDLESS)) == (
        'template: t:1:25: executing "a" at <{{template "a" .}}>:'
        " exceeded maximum template depth (100000)"
    )


def test_recursion_works_in_a_thread_and_leaves_the_interpreter_alone() -> None:
    limit = sys.getrecursionlimit()
    messages: list[str] = []
    thread = threading.Thread(target=lambda: messages.append(stopped(ENDLESS).message))
    thread.start()
    thread.join()
    assert messages == ["exceeded maximum template depth (100000)"]
    assert sys.getrecursionlimit() == limit


@pytest.mark.parametrize("minor", range(11, 16))
def test_recursion_ends_the_same_in_every_python(minor: int) -> None:
    python = which(f"python3.{minor}")
    if python is None or run([python, "-c", ""], capture_output=True, check=False).returncode:
        pytest.skip(f"there is no Python 3.{minor} here that starts")
    environment = {**os.environ, "PYTHONPATH": str(Path(gotemplate.__file__).parents[2])}
    found = run(
        [python, "-c", IN_A_THREAD], capture_output=True, text=True, check=True, env=environment
    )
    assert found.stdout == "x1\nexceeded maximum template depth (100000)\n0\n"


def test_recursion_over_deep_data() -> None:
    data: dict[str, Any] = {}
    for _ in range(20_000):
        data = {"child": data}
    text = '{{define "a"}}x{{with .child}}{{template "a" .}}{{end}}{{end}}{{template "a" .}}'
    assert gotemplate.compile(text).render(data) == "x" * 20_000


def test_output_is_limited() -> None:
    assert gotemplate.compile("{{range 3}}ab{{end}}").render(limits=Limits(output=6)) == "ababab"
    assert stopped("{{range 3}}ab{{end}}", output=5).message == "exceeded maximum output size (5)"


@pytest.mark.parametrize(
    "text",
    [
        "{{range 100000000000}}{{end}}",
        "{{range $i, $e := .}}{{end}}{{range 9}}{{range 9}}{{range 9}}{{end}}{{end}}{{end}}",
        LAUGHS,
        ENDLESS,
    ],
)
def test_steps_are_limited(text: str) -> None:
    assert stopped(text, steps=100).message == "exceeded maximum number of steps (100)"


def test_steps_that_suffice() -> None:
    template = gotemplate.compile('{{define "a"}}a{{end}}{{range 3}}{{template "a"}}{{end}}')
    assert template.render(limits=Limits(steps=7)) == "aaa"


def test_a_value_that_nests_too_deep_for_a_function() -> None:
    def recurse(value: Any) -> Any:
        return recurse(value)

    functions = {"recurse": gotemplate.Function(recurse, ("interface {}",))}
    with pytest.raises(
        LimitError, match="at <recurse 1>: error calling recurse: a value nests too"
    ):
        gotemplate.compile("{{recurse 1}}", functions=functions).render()
