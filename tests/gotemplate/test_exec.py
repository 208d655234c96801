"""What templates print. Every row of the tables gives the same in Go."""

from __future__ import annotations

from typing import Any

import pytest

from pillion import gotemplate

DATA: dict[str, Any] = {
    "a": 1.0,
    "b": 2.5,
    "s": "hello",
    "e": "",
    "n": None,
    "t": True,
    "f": False,
    "l": [1.0, "two", None, {"k": "v"}],
    "el": [],
    "m": {"z": 1.0, "M": {"x": {"y": "é"}}, "A": None},
    "ls": ["x", "y"],
    "three": [1.0, 2.0, 3.0],
    "lm": [{"k": "v1"}, {"k": None}, {}],
}


def render(text: str, **options: Any) -> str:
    return gotemplate.compile(text, name="t", **options).render(DATA)


def check(text: str, wanted: str) -> None:
    assert render(text) == wanted


PRINTED = [
    ("", ""),
    ("plain\n", "plain\n"),
    ("{{.s}}{{.a}}{{.b}}{{.t}}", "hello12.5true"),
    ("{{.l}}{{.m}}", "[1 two <nil> map[k:v]]map[A:<nil> M:map[x:map[y:é]] z:1]"),
    ("{{.n}} {{.nope}} {{.nope.x.y}}", "<no value> <no value> <no value>"),
    ("{{.m.M.x.y}}", "é"),
    ('{{"a"}}{{`b`}}{{1}}{{1.0}}{{0x10}}{{1e3}}', "ab11161000"),
    ("{{'a'}}{{true}}{{1i}}", "97true(0+1i)"),
    ("{{$x := .s}}{{$x}}{{$x = 1}}{{$x}}", "hello1"),
    ("{{$x := .n}}{{$x.y}}", "<no value>"),
    ("a {{- 1 -}} \n b", "a1b"),
]

CONTROL = [
    ("{{if .e}}1{{else if .s}}2{{else}}3{{end}}", "2"),
    ("{{if .el}}1{{end}}{{if .n}}2{{end}}{{if .nope}}3{{end}}{{if .a}}4{{end}}", "4"),
    ("{{with .m.M}}{{.x.y}}{{$.s}}{{end}}", "éhello"),
    ("{{with .e}}1{{else with .s}}{{.}}{{end}}", "hello"),
    ("{{with $x := .s}}{{$x}}{{end}}", "hello"),
    ("{{range .ls}}{{.}},{{end}}", "x,y,"),
    ("{{range $e := .ls}}{{$e}}{{.}},{{end}}", "xx,yy,"),
    ("{{range $i, $e := .ls}}{{$i}}{{$e}},{{end}}", "0x,1y,"),
    ("{{range .m}}{{.}};{{end}}", "<no value>;map[x:map[y:é]];1;"),
    ("{{range $k, $v := .m}}{{$k}},{{end}}", "A,M,z,"),
    ("{{range .el}}1{{else}}2{{end}}{{range .nope}}3{{else}}4{{end}}", "24"),
    ("{{range 3}}{{.}}{{end}}{{range $i := 2}}{{$i}}{{end}}", "01201"),
    ("{{range 9}}{{if eq . 2}}{{continue}}{{end}}{{if eq . 4}}{{break}}{{end}}{{.}}{{end}}", "013"),
    ("{{range $x := .el}}{{else}}{{$x}}{{end}}", "[]"),
    ("{{$x := 1}}{{range $x = .ls}}{{end}}{{$x}}", "y"),
    ("{{$i := 1}}{{$e := 1}}{{range $i, $e = .ls}}{{end}}{{$i}}{{$e}}", "1y"),
    ("{{range .ls}}{{range $.ls}}{{if eq . `y`}}{{break}}{{end}}{{.}}{{end}};{{end}}", "x;x;"),
    ("{{range .lm}}{{.k}},{{end}}", "v1,<no value>,<no value>,"),
]

TEMPLATES = [
    ('{{define "x"}}[{{.}}]{{end}}{{template "x" .s}}{{template "x"}}', "[hello][<no value>]"),
    ('{{block "x" .s}}[{{.}}]{{end}}', "[hello]"),
    ('{{define "x"}}{{$}}{{end}}{{$y := 1}}{{template "x" $y}}', "1"),
    (
        '{{define "x"}}{{.}}{{if .}}{{template "x" (slice . 1)}}{{end}}{{end}}{{template "x" .s}}',
        "helloellolloloo",
    ),
]

PIPELINES = [
    ('{{.s | printf "%s-%s" "a"}}', "a-hello"),
    ('{{printf "%d" (len .s)}}', "5"),
    ("{{(index .l 3).k}}", "v"),
    ("{{or .e .n .s .t}}{{and .s .t .a}}", "hello1"),
    ("{{or .e .n}}|{{and .s .e .t}}|{{.s | or .e}}|{{.e | and .s}}", "<no value>||hello|"),
    ("{{or .s (index .l 99)}}{{and .e (index .l 99)}}", "hello"),
    ("{{$x := 1}}{{or true ($x := 2)}}{{$x}}{{or false ($x := 3)}}{{$x}}", "true133"),
    ("{{$x := 1}}{{print $x ($x = 2) $x}}", "1 2 2"),
    ("{{not .e}}{{not .s}}", "truefalse"),
]

BUILTINS = [
    ("{{len .s}}{{len .l}}{{len .m}}{{len .m.M.x.y}}", "5432"),
    ('{{index .l 1}}{{index .m "M" "x" "y"}}{{index .s 0}}', "twoé104"),
    ('{{index .m "nope"}}{{index .l 3 "nope"}}', "<no value><no value>"),
    ("{{slice .ls 1 2 2}}{{len (slice .three 1 4)}}{{slice .three 0 1 2}}", "[y]3[1]"),
    ("{{slice .s 1 3}}{{slice .s 3}}{{slice .ls 1}}", "ello[y]"),
    ("{{print 1 2 `a` `b` 3}}{{println .s}}", "1 2ab3hello\n"),
    ("{{html `<a&'\"`}}", "&lt;a&amp;&#39;&#34;"),
    ('{{js `\'<a>\\=&`}}{{js "\\n"}}', "\\'\\u003Ca\\u003E\\\\\\u003D\\u0026\\u000A"),
    ("{{urlquery `a b/ü`}}{{urlquery .nope}}", "a+b%2F%C3%BC%3Cno+value%3E"),
    (
        "{{eq .a 1.0}}{{eq .s `x` `hello`}}{{eq .n nil}}{{eq .nope .n}}{{eq .n 1}}",
        "truetruetruetruefalse",
    ),
    ("{{ne 1 2}}{{lt 1 2}}{{le 2 2}}{{gt 1 2}}{{ge `b` `a`}}", "truetruetruefalsetrue"),
    ("{{lt `é` `z`}}{{eq (index .s 0) 104}}{{lt (index .s 0) -1}}", "falsetruefalse"),
]


@pytest.mark.parametrize(("text", "wanted"), PRINTED)
def test_printing(text: str, wanted: str) -> None:
    check(text, wanted)


@pytest.mark.parametrize(("text", "wanted"), CONTROL)
def test_control_structures(text: str, wanted: str) -> None:
    check(text, wanted)


@pytest.mark.parametrize(("text", "wanted"), TEMPLATES)
def test_templates_call_each_other(text: str, wanted: str) -> None:
    check(text, wanted)


@pytest.mark.parametrize(("text", "wanted"), PIPELINES)
def test_pipelines(text: str, wanted: str) -> None:
    check(text, wanted)


@pytest.mark.parametrize(("text", "wanted"), BUILTINS)
def test_builtin_functions(text: str, wanted: str) -> None:
    check(text, wanted)


MISSING_KEYS = [
    ("default", "{{.nope}}|{{.nope.x}}", "<no value>|<no value>"),
    ("invalid", "{{.nope}}", "<no value>"),
    ("zero", "{{.nope}}", "<no value>"),
]


@pytest.mark.parametrize(("option", "text", "wanted"), MISSING_KEYS)
def test_missing_keys(option: str, text: str, wanted: str) -> None:
    assert render(text, missing_key=option) == wanted


def test_delimiters() -> None:
    assert render("[[ .s ]]{{ .s }}", left="[[", right="]]") == "hello{{ .s }}"


def test_a_function_of_the_caller_replaces_that_of_go() -> None:
    functions = {"len": gotemplate.Function(lambda _: "mine", ("interface {}",))}
    assert render("{{len .s}}", functions=functions) == "mine"


def nested(depth: int, control: str, inner: str) -> str:
    return f"{{{{{control}}}}}" * depth + inner + "{{end}}" * depth


@pytest.mark.parametrize("depth", [15, 16, 17, 40, 400])
def test_blocks_nest_deeper_than_python_allows(depth: int) -> None:
    inner = "{{$x = print $x 1}}"
    assert render("{{$x := ``}}" + nested(depth, "if .t", inner) + "{{$x}}") == "1"
    assert render("{{$x := ``}}" + nested(depth, "range 1", inner) + "{{$x}}") == "1"
    assert render("{{$x := ``}}" + nested(depth, "with $.s", inner) + "{{$x}}") == "1"


@pytest.mark.parametrize("depth", [5, 16, 40])
def test_loops_are_left_from_deep_inside(depth: int) -> None:
    leaving = "{{if eq $i 1}}{{continue}}{{end}}{{if eq $i 3}}{{break}}{{end}}{{$i}}"
    loop = "{{range $i := 9}}" + nested(depth, "if true", leaving) + ";{{end}}."
    assert render(loop) == "0;2;."


@pytest.mark.parametrize("depth", [5, 16, 40, 2000])
def test_operands_nest_deeper_than_python_allows(depth: int) -> None:
    assert render("{{" + "or 0 (" * depth + "or 0 7" + ")" * depth + "}}") == "7"


def test_a_long_chain_of_templates() -> None:
    definitions = [
        f'{{{{define "t{number}"}}}}{{{{template "t{number + 1}" .}}}}{{{{end}}}}'
        for number in range(1000)
    ]
    text = "".join(definitions) + '{{define "t1000"}}{{.s}}{{end}}{{template "t0" .}}'
    assert render(text) == "hello"
