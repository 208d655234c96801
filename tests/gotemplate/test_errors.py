"""How templates fail. Every row of the tables gives the same in Go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from pillion import gotemplate
from pillion.golang.values import MISSING, Int64, Map, Pointer, Slice, Struct
from pillion.gotemplate import Function, FunctionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA: dict[str, Any] = {
    "a": 1.0,
    "s": "hello",
    "n": None,
    "l": [1.0, None, {"k": "v"}],
    "m": {"A": None, "x": 1.0},
}

FIELDS = [
    ("{{.s.x}}", "1:4", ".s.x", "can't evaluate field x in type interface {}"),
    ("{{$x := .s}}{{$x.x}}", "1:16", "$x.x", "can't evaluate field x in type string"),
    ("{{with .s}}{{.x}}{{end}}", "1:13", ".x", "can't evaluate field x in type string"),
    ("{{.m.A.q}}", "1:4", ".m.A.q", "nil pointer evaluating interface {}.q"),
    ("{{range .l}}{{.x.y}}{{end}}", "1:16", ".x.y", "can't evaluate field x in type interface {}"),
    ("{{range $e := .m}}{{$e.x}}{{end}}", "1:22", "$e.x", "nil pointer evaluating interface {}.x"),
    (
        "{{range $e := .l}}{{$e = 1}}{{$e.x}}{{end}}",
        "1:32",
        "$e.x",
        "can't evaluate field x in type int",
    ),
    ("é\né {{.s.x}}", "2:7", ".s.x", "can't evaluate field x in type interface {}"),
    ("{{(index .l 0).x.y}}", "1:12", "0", "can't evaluate field x in type float64"),
    (
        "{{dict.x.y}}{{(dict).x}}{{(list).x}}",
        "1:27",
        "list",
        "can't evaluate field x in type []interface {}",
    ),
    ("{{.m.x 1}}", "1:4", ".m.x", "x is not a method but has arguments"),
    ("{{1 | .a}}", "1:6", ".a", "a is not a method but has arguments"),
    ("{{$x := $x}}", "1:8", "$x", "undefined variable: $x"),
    ("{{$x = 1}}", "1:7", "1", "undefined variable: $x"),
    ("{{or true ($x := 2)}}{{$x}}", "1:23", "$x", "undefined variable: $x"),
]

CALLS = [
    ("{{upper .n}}", "1:8", ".n", "wrong type for value; expected string; got interface {}"),
    ("{{upper .nope}}", "1:8", ".nope", "invalid value; expected string"),
    ("{{upper (.n)}}", "1:9", ".n", "invalid value; expected string"),
    ("{{.n | upper}}", "1:7", "upper", "invalid value; expected string"),
    ("{{upper .a}}", "1:8", ".a", "wrong type for value; expected string; got float64"),
    ("{{upper (index .l 0)}}", "1:18", "0", "wrong type for value; expected string; got float64"),
    ("{{upper (or .n .a)}}", "1:15", ".a", "wrong type for value; expected string; got float64"),
    ("{{upper (or .a .n)}}", "1:12", ".a", "wrong type for value; expected string; got float64"),
    (
        "{{upper (and .a (or .n .l))}}",
        "1:23",
        ".l",
        "wrong type for value; expected string; got []interface {}",
    ),
    ("{{upper 1}}", "1:8", "1", "expected string; found 1"),
    ("{{upper nil}}", "1:8", "nil", "cannot assign nil to string"),
    ("{{repeat 1.5 `a`}}", "1:9", "1.5", "expected integer; found 1.5"),
    ("{{hasKey 1 `a`}}", "1:9", "1", "can't handle 1 for arg of type map[string]interface {}"),
    (
        "{{hasKey .l `a`}}",
        "1:9",
        ".l",
        "wrong type for value; expected map[string]interface {}; got []interface {}",
    ),
    ("{{upper}}", "1:2", "upper", "wrong number of args for upper: want 1 got 0"),
    ("{{1 | upper 2}}", "1:6", "upper", "wrong number of args for upper: want 1 got 2"),
    ("{{printf}}", "1:2", "printf", "wrong number of args for printf: want at least 1 got 0"),
    ("{{fail `no`}}", "1:2", "fail `no`", "error calling fail: no"),
    ("{{print (fail `no`)}}", "1:9", "fail `no`", "error calling fail: no"),
    ("{{`no` | fail}}", "1:9", "fail", "error calling fail: no"),
    ("{{. 1}}", "1:2", ".", "can't give argument to non-function ."),
    ("{{(len .s) 1}}", "1:2", "(len .s) 1", "can't give argument to non-function len .s"),
    ("{{nil}}", "1:2", "nil", "nil is not a command"),
    (
        "{{print 18446744073709551615}}",
        "1:8",
        "18446744073709551615",
        "18446744073709551615 overflows int",
    ),
]

BUILTINS = [
    ("{{index .l 9}}", "index out of range: 9"),
    ("{{index .l 3}}", "reflect: slice index out of range"),
    ("{{index .s 5}}", "reflect: string index out of range"),
    ("{{index .l `a`}}", "cannot index slice/array with type string"),
    ("{{index .l nil}}", "cannot index slice/array with nil"),
    ("{{index .m 1}}", "value has type int; should be string"),
    ("{{index .m nil}}", "value is nil; should be of type string"),
    ("{{index .m `A` 1}}", "index of nil pointer"),
    ("{{index .n 1}}", "index of untyped nil"),
    ("{{index .a 1}}", "can't index item of type float64"),
    ("{{slice .s 3 1}}", "invalid slice index: 3 > 1"),
    ("{{slice .s 1 2 3}}", "cannot 3-index slice a string"),
    ("{{slice .s 6}}", "index out of range: 6"),
    ("{{slice .m}}", "can't slice item of type map[string]interface {}"),
    ("{{slice nil}}", "slice of untyped nil"),
    ("{{slice .s .a}}", "cannot index slice/array with type interface {}"),
    ("{{slice .s .n}}", "cannot index slice/array with type interface {}"),
    ("{{slice .s .nope}}", "cannot index slice/array with nil"),
    ("{{slice .s (.a)}}", "cannot index slice/array with type float64"),
    ("{{len .n}}", "len of nil pointer"),
    ("{{len (.n)}}", "reflect: call of reflect.Value.Type on zero Value"),
    ("{{len 3}}", "len of type int"),
    ("{{eq 1}}", "missing argument for comparison"),
    ("{{eq 1 1.0}}", "incompatible types for comparison: int and float64"),
    (
        "{{eq (dict) (list)}}",
        "non-comparable types map[]: map[string]interface {}, []interface {}: []",
    ),
    ("{{eq .m .m}}", "non-comparable type map[A:<nil> x:%!s(float64=1)]: map[string]interface {}"),
    ("{{lt true false}}", "invalid type for comparison"),
    ("{{lt 1 nil}}", "invalid type for comparison"),
    ("{{lt 1 `a`}}", "incompatible types for comparison: int and string"),
    ("{{call .n}}", "call of nil"),
    ("{{call .s}}", "non-function .s of type string"),
]

CONTROL = [
    ("{{range .s}}{{end}}", "1:8", ".s", "range can't iterate over hello"),
    ("{{range 1.5}}{{end}}", "1:8", "1.5", "range can't iterate over 1.5"),
    (
        "{{range $i, $e := 3}}{{end}}",
        "1:18",
        "3",
        "can't use 3 to iterate over more than one variable",
    ),
    ("{{template `x` .}}", "1:11", '{{template "x" .}}', 'template "x" not defined'),
]


def upper(text: str) -> str:
    return text.upper()


def fail(message: str) -> str:
    raise FunctionError(message)


FUNCTIONS = {
    "upper": Function(upper, ("string",), result="string"),
    "fail": Function(fail, ("string",), result="string"),
    "repeat": Function(lambda count, text: text * count, ("int", "string"), result="string"),
    "hasKey": Function(
        lambda table, key: key in table, ("map[string]interface {}", "string"), result="bool"
    ),
    "dict": Function(dict, (), result="map[string]interface {}"),
    "list": Function(list, (), result="[]interface {}"),
}


def failure(text: str, data: Any = DATA, **options: Any) -> gotemplate.TemplateError:
    template = gotemplate.compile(text, name="t", functions=FUNCTIONS, **options)
    with pytest.raises(gotemplate.ExecError) as caught:
        template.render(data)
    return caught.value


def check(text: str, place: str, node: str, message: str, data: Any = DATA) -> None:
    wanted = f'template: t:{place}: executing "t" at <{node}>: {message}'
    assert str(failure(text, data)) == wanted


@pytest.mark.parametrize(("text", "place", "node", "message"), FIELDS)
def test_fields(text: str, place: str, node: str, message: str) -> None:
    check(text, place, node, message)


@pytest.mark.parametrize(("text", "place", "node", "message"), CALLS)
def test_calls(text: str, place: str, node: str, message: str) -> None:
    check(text, place, node, message)


@pytest.mark.parametrize(("text", "message"), BUILTINS)
def test_builtin_functions(text: str, message: str) -> None:
    call = text.strip("{}")
    name = call.removeprefix("1 | ").partition(" ")[0]
    check(text, "1:2", call, f"error calling {name}: {message}")


@pytest.mark.parametrize(("text", "place", "node", "message"), CONTROL)
def test_control_structures(text: str, place: str, node: str, message: str) -> None:
    check(text, place, node, message)


def test_an_error_has_its_place_in_fields() -> None:
    error = failure('é{{define "x"}}\n{{ .x }}{{end}}{{template "x" 1}}')
    assert (error.message, error.source, error.line) == (
        "can't evaluate field x in type int",
        "t",
        2,
    )
    assert error.node == ("x", 2, 3, ".x")
    assert isinstance(error.__cause__, Exception)


def test_missing_keys_may_be_errors() -> None:
    error = failure("{{.m.q}}", missing_key="error")
    assert (error.node, error.message) == (("t", 1, 4, ".m.q"), 'map has no entry for key "q"')
    assert failure("{{.q}}", None, missing_key="error").message == 'nil data; no entry for key "q"'


def test_deep_operands_keep_their_places() -> None:
    error = failure("{{upper (" + "or .n (" * 40 + "or .n .a" + ")" * 41 + "}}")
    assert (error.line, error.node and error.node[2:]) == (1, (2 + 7 + 7 * 40 + 6, ".a"))


class Port(Struct):
    """``struct{ Name string; Number *int64 }`` behind a pointer."""

    __slots__ = ("is_nil",)
    go_type = "*v1.Port"
    interface_fields: ClassVar[frozenset[str]] = frozenset({"Any"})

    def __init__(self, *, is_nil: bool = False) -> None:
        self.is_nil = is_nil

    def field(self, name: str) -> Any:
        values = {"Name": "http", "Number": Pointer("*int64", Int64(80)), "Any": 1}
        return values.get(name, MISSING)

    def fields(self) -> Iterator[tuple[str, Any]]:
        yield "Name", "http"

    def method(self, name: str) -> Callable[..., Any] | None:
        methods: dict[str, Callable[..., Any]] = {
            "Double": Function(lambda text: text * 2, ("string",), result="string"),
            "Fail": Function(lambda: fail("no")),
            "Self": lambda: self,
        }
        return methods.get(name)


TYPED = {
    "port": Port(),
    "gone": Port(is_nil=True),
    "labels": Map("map[string]string", {"a": "b"}, zero=""),
    "names": Slice("[]string", ["a"]),
    "numbers": Map("map[int]string", {1: "one"}, zero=""),
    "list": [Port()],
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{.port.Name}} {{.port.Number}} {{.port}}", "http 80 {http}"),
        ("{{.gone}}{{if .gone}}1{{end}}{{if .port}}2{{end}}", "<nil>2"),
        ("{{.port.Double `x`}}{{`y` | .port.Self.Double}}", "xxyy"),
        ("{{.labels.a}}{{.labels.b}}{{index .labels `b`}}", "b<no value>"),
        ("{{index .numbers 1}}{{range $k, $v := .numbers}}{{$k}}{{$v}}{{end}}", "one1one"),
        ("{{.nope.Double (fail `never`)}}", "<no value>"),
    ],
)
def test_values_with_types(text: str, wanted: str) -> None:
    assert gotemplate.compile(text, functions=FUNCTIONS).render(TYPED) == wanted


TYPED_ERRORS = [
    ("{{.port.X}}", "1:7", ".port.X", "can't evaluate field X in type interface {}"),
    ("{{with .port}}{{.X}}{{end}}", "1:16", ".X", "can't evaluate field X in type *v1.Port"),
    (
        "{{with $x := .port}}{{$x.Name.X}}{{end}}",
        "1:24",
        "$x.Name.X",
        "can't evaluate field X in type string",
    ),
    ("{{.port.Any.X}}", "1:7", ".port.Any.X", "can't evaluate field X in type interface {}"),
    ("{{.gone.Name}}", "1:7", ".gone.Name", "nil pointer evaluating interface {}.Name"),
    ("{{$x := .gone}}{{$x.Name}}", "1:19", "$x.Name", "nil pointer evaluating *v1.Port.Name"),
    (
        "{{.port.Name 1}}",
        "1:7",
        ".port.Name",
        "Name has arguments but cannot be invoked as function",
    ),
    ("{{.port.Double}}", "1:7", ".port.Double", "wrong number of args for Double: want 1 got 0"),
    ("{{.port.Double 1}}", "1:15", "1", "expected string; found 1"),
    (
        "{{.port.Double .names}}",
        "1:15",
        ".names",
        "wrong type for value; expected string; got []string",
    ),
    ("{{.port.Fail}}", "1:7", ".port.Fail", "error calling Fail: no"),
    ("{{((index .list 0).Fail)}}", "1:18", "(index .list 0).Fail", "error calling Fail: no"),
    ("{{(index .list 0).Fail.X}}", "1:17", "(index .list 0).Fail.X", "error calling Fail: no"),
    ("{{(index .list 0).Fail.X 1}}", "1:17", "(index .list 0).Fail.X", "error calling Fail: no"),
    ("{{(.none | or .port).Fail}}", "1:20", "(.none | or .port).Fail", "error calling Fail: no"),
    (
        "{{(index .list 0).Double}}",
        "1:15",
        "0",
        "wrong number of args for Double: want 1 got 0",
    ),
    ("{{(index .list 0).Self.X}}", "1:15", "0", "can't evaluate field X in type *v1.Port"),
    ("{{range .labels}}{{.x}}{{end}}", "1:19", ".x", "can't evaluate field x in type string"),
    ("{{.numbers.x}}", "1:10", ".numbers.x", "can't evaluate field x in type interface {}"),
    (
        "{{hasKey .labels `a`}}",
        "1:9",
        ".labels",
        "wrong type for value; expected map[string]interface {}; got map[string]string",
    ),
    ("{{range .port}}{{end}}", "1:8", ".port", "range can't iterate over {http}"),
    ("{{len .port}}", "1:2", "len .port", "error calling len: len of type v1.Port"),
]


@pytest.mark.parametrize(("text", "place", "node", "message"), TYPED_ERRORS)
def test_errors_name_types(text: str, place: str, node: str, message: str) -> None:
    check(text, place, node, message, TYPED)


def test_a_function_cannot_be_printed() -> None:
    message = "can't print {{.f}} of type func()"
    check("{{.f}}", "1:2", "{{.f}}", message, {"f": upper})
