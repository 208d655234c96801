from __future__ import annotations

import pytest

from pillion.gotemplate import nodes
from pillion.gotemplate.errors import ParseError
from pillion.gotemplate.parse import parse

FUNCTIONS = {"print", "len", "or"}


def outline(node: nodes.Node) -> object:
    match node:
        case nodes.List():
            return [outline(child) for child in node.nodes]
        case nodes.Text():
            return node.text
        case nodes.Branch():
            name = type(node).__name__.lower()
            otherwise = [] if node.otherwise is None else [outline(node.otherwise)]
            return (name, nodes.print_node(node.pipe)[0], outline(node.body), *otherwise)
        case nodes.Break() | nodes.Continue():
            return type(node).__name__.lower()
        case _:
            return nodes.print_node(node)[0]


def parsed(text: str, name: str = "t") -> object:
    return outline(parse(text, name, FUNCTIONS)[name].root)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("a{{.b}}c", ["a", "{{.b}}", "c"]),
        ("{{.a |}}", ["{{.a}}"]),
        ("{{ print   1|len }}", ["{{print 1 | len}}"]),
        ("{{print (print 1).x .y.z $.a}}", ["{{print (print 1).x .y.z $.a}}"]),
        ("{{$x := 1}}{{$x = 2}}", ["{{$x := 1}}", "{{$x = 2}}"]),
        ("{{print 0x10 1e3 'a' `b` nil true .}}", ["{{print 0x10 1e3 'a' `b` nil true .}}"]),
        ("{{if .a}}b{{else}}c{{end}}", [("if", ".a", ["b"], ["c"])]),
        ("{{if 1}}a{{else if 2}}b{{end}}", [("if", "1", ["a"], [("if", "2", ["b"])])]),
        ("{{with 1}}a{{else with 2}}b{{end}}", [("with", "1", ["a"], [("with", "2", ["b"])])]),
        (
            "{{range $i, $e := .l}}{{break}}{{continue}}{{end}}",
            [("range", "$i, $e := .l", ["break", "continue"])],
        ),
        ('{{template "a"}}{{template `b` .c}}', ['{{template "a"}}', '{{template "b" .c}}']),
        ('{{block "b" .c}}x{{end}}', ['{{template "b" .c}}']),
    ],
)
def test_trees(text: str, wanted: list[object]) -> None:
    assert parsed(text) == wanted


def test_definitions_are_trees_of_their_own() -> None:
    trees = parse('a{{define "b"}}x{{end}}{{block "c" .}}y{{end}}', "t", FUNCTIONS)
    assert {name: outline(tree.root) for name, tree in trees.items()} == {
        "t": ["a", '{{template "c" .}}'],
        "b": ["x"],
        "c": ["y"],
    }


def test_an_empty_definition_gives_way() -> None:
    trees = parse('{{define "b"}} {{end}}{{define "b"}}x{{end}}{{define "b"}}{{end}}', "t", ())
    assert outline(trees["b"].root) == ["x"]


def test_positions_are_those_of_what_go_blames() -> None:
    (action,) = parse("é {{ .a.b | print }}", "t", FUNCTIONS)["t"].root.nodes[1:]
    assert isinstance(action, nodes.Action)
    field = action.pipe.commands[0].args[0]
    assert (action.position, field.position) == (5, 7)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{nope}}", '1: function "nope" not defined'),
        ("\n{{$x}}", '2: undefined variable "$x"'),
        ("{{if .a}}", "1: unexpected EOF"),
        ("{{end}}", "1: unexpected {{end}}"),
        ("{{else}}", "1: unexpected {{else}}"),
        ("{{if}}{{end}}", "1: missing value for if"),
        ("{{()}}", "1: missing value for parenthesized pipeline"),
        ("{{.a | 1}}", "1: non executable command in pipeline stage 2"),
        ("{{1 | | len}}", '1: unexpected "|" in command'),
        ("{{nil.a}}", '1: unexpected . after term "nil"'),
        ('{{"\\q"}}', "1: invalid syntax"),
        ("{{'ab'}}", "1: malformed character constant: 'ab'"),
        ("{{1__0}}", '1: illegal number syntax: "1__0"'),
        ("{{99999999999999999999}}", '1: integer overflow: "99999999999999999999"'),
        ("{{$x, $y := 1}}", "1: too many declarations in command"),
        ("{{range $x, 1}}{{end}}", "1: range can only initialize variables"),
        ("{{range $x, $y, $z := .}}{{end}}", "1: too many declarations in range"),
        ("{{break}}", "1: {{break}} outside {{range}}"),
        ("{{range .}}{{continue 1}}{{end}}", '1: unexpected "1" in {{continue}}'),
        ("{{range .}}{{block `b` .}}{{break}}{{end}}{{end}}", "1: {{break}} outside {{range}}"),
        ("{{if .a}}{{else}}{{else}}{{end}}", "1: expected end; found {{else}}"),
        ("{{template x}}", '1: unexpected "x" in template clause'),
        ("{{template 1}}", '1: unexpected "1" in template clause'),
        ("{{define 1}}{{end}}", '1: unexpected "1" in define clause'),
        ('{{define "a"}}{{else}}', "1: unexpected {{else}} in define clause"),
        ('{{define "a"}}\n{{else}}', "2: unexpected {{else}} in define clause"),
        ('{{block "a" 1}}\n{{else}}', "1: unexpected {{else}} in block clause"),
        ('{{if 1}}{{define "a"}}{{end}}{{end}}', "1: unexpected <define> in command"),
        (
            '{{define "a"}}x{{end}}{{define "a"}}y{{end}}',
            '1: template: multiple definition of template "a"',
        ),
        ("{{ .a\n\n\x01", "3: unrecognized character in action: U+0001 in action started at t:1"),
        ("{{ .a\n\n", "3: unclosed action started at t:1"),
    ],
)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, "t", FUNCTIONS)
    assert str(caught.value) == f"template: t:{message}"
    assert caught.value.line == int(message.partition(":")[0])


def test_parentheses_nest_as_deep_as_in_go() -> None:
    assert parsed("{{" + "(" * 10_000 + "1" + ")" * 10_000 + "}}")
    with pytest.raises(ParseError, match="max expression depth exceeded"):
        parsed("{{" + "(" * 10_001 + "1" + ")" * 10_001 + "}}")


def test_control_structures_nest_without_bound() -> None:
    assert parse("{{if .}}" * 20_000 + "{{end}}" * 20_000, "t", ())


def test_a_node_prints_as_part_of_the_whole() -> None:
    (action,) = parse("{{ print (len .a) | or .b }}", "t", FUNCTIONS)["t"].root.nodes
    text, spans = nodes.print_node(action)
    assert text == "{{print (len .a) | or .b}}"
    assert sorted({text[start:end] for start, end in spans.values()}) == sorted(
        {
            text, ".a", ".b", "len", "len .a", "or", "or .b", "print", "print (len .a)",
            "print (len .a) | or .b",
        }
    )  # fmt: skip
