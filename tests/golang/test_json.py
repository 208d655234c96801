"""JSON written and read; wanted values are what Go 1.26 writes and answers."""

from __future__ import annotations

import json
from contextlib import suppress
from math import inf, nan
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.golang.json import JSONError, marshal, marshal_indent, unmarshal, unmarshal_first
from pillion.golang.values import (
    Bytes,
    Float32,
    Int32,
    Map,
    Pointer,
    Record,
    Slice,
    String,
    Struct,
    Uint64,
)

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


class Port(Struct):
    """A struct whose fields are not in the order of their names."""

    __slots__ = ("is_nil",)
    go_type = "*v1.Port"

    def __init__(self, *, is_nil: bool = False) -> None:
        self.is_nil = is_nil

    def json_value(self) -> Any:
        return Record({"port": Int32(80), "name": "http", "labels": {"b": "2", "a": "1"}})


class Opaque(Struct):
    """A struct that cannot be written."""

    __slots__ = ()
    go_type = "v1.Opaque"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, "null"),
        (True, "true"),
        (-5, "-5"),
        (2.0, "2"),
        (-0.0, "-0"),
        (0.1, "0.1"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
        (1.5e-10, "1.5e-10"),
        (Float32(0.10000000149011612), "0.1"),
        (Float32(9.999999974752427e-07), "0.000001"),
        (Int32(-1), "-1"),
        (Uint64(2**64 - 1), "18446744073709551615"),
        (String("a"), '"a"'),
        (Bytes(b"hi\xff"), '"aGn/"'),
        ([], "[]"),
        ({}, "{}"),
        ([1, None, [True]], "[1,null,[true]]"),
        ({"b": 1, "a": {"é": 2, "z": 3}}, '{"a":{"z":3,"é":2},"b":1}'),
        ({"\uffff": 1, "\U00010000": 2}, '{"\uffff":1,"\U00010000":2}'),
        ({"\udcff": 1, "é": 2}, '{"é":2,"\\ufffd":1}'),
        (Slice("[]string", is_nil=True), "null"),
        (Slice("[]string", ["a"]), '["a"]'),
        (Map("map[string]string", is_nil=True), "null"),
        (Map("map[int]string", {10: "a", 9: "b"}), '{"10":"a","9":"b"}'),
        (Port(is_nil=True), "null"),
        (Port(), '{"port":80,"name":"http","labels":{"a":"1","b":"2"}}'),
        ([Port(is_nil=True)], "[null]"),
        (Pointer("*int64", 5), "5"),
        (Pointer("*int64", is_nil=True), "null"),
    ],
)
def test_marshal(value: Any, wanted: str) -> None:
    assert marshal(value) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<a href='x'>&</a>", r"\u003ca href='x'\u003e\u0026\u003c/a\u003e"),
        ('"\\/', r"\"\\/"),
        ("\b\f\n\r\t\0\x1f\x7f", "\\b\\f\\n\\r\\t\\u0000\\u001f\x7f"),
        ("é😀\u2028\u2029", r"é😀\u2028\u2029"),
        ("a\udcffb", r"a\ufffdb"),
    ],
)
def test_marshal_escapes(text: str, wanted: str) -> None:
    assert marshal(text) == f'"{wanted}"'
    assert marshal([text, 1.5]) == f'["{wanted}",1.5]'


def test_marshal_leaves_html_alone_when_told_to() -> None:
    assert marshal({"<&>": "\u2028<"}, escape_html=False) == r'{"<&>":"\u2028<"}'


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (nan, "json: unsupported value: NaN"),
        ([inf], "json: unsupported value: +Inf"),
        ({"a": -inf}, "json: unsupported value: -Inf"),
        (len, "json: unsupported type: func()"),
        (
            Map("map[interface {}]interface {}"),
            "json: unsupported type: map[interface {}]interface {}",
        ),
        (Opaque(), "json: unsupported type: v1.Opaque"),
    ],
)
def test_marshal_refuses(value: Any, wanted: str) -> None:
    with pytest.raises(JSONError) as caught:
        marshal(value)
    assert (str(caught.value), caught.value.offset) == (wanted, None)


@pytest.mark.parametrize(
    ("make", "go_type"),
    [
        (lambda loop: loop.update(a=loop), "map[string]interface {}"),
        (lambda loop: loop.update(a=[1, 2.5, [loop]]), "[]interface {}"),
        (lambda loop: loop.update(a=loop, b=loop, c=loop), "map[string]interface {}"),
    ],
)
def test_marshal_tells_of_cycles(make: Callable[[Any], None], go_type: str) -> None:
    loop: dict[str, Any] = {}
    make(loop)
    with pytest.raises(JSONError, match="encountered a cycle via") as caught:
        marshal(loop)
    assert str(caught.value).endswith(go_type)


def test_nesting_is_not_bound_by_the_interpreter() -> None:
    text = '[{"a":' * 4999 + "[]" + "}]" * 4999
    assert marshal(unmarshal(text)) == text


def test_marshal_indent() -> None:
    value = {"b": [1, "x,{}", [], {}], "a": {"k": None}}
    assert marshal_indent(value, "> ", "\t") == (
        '{\n> \t"a": {\n> \t\t"k": null\n> \t},\n'
        '> \t"b": [\n> \t\t1,\n> \t\t"x,{}",\n> \t\t[],\n> \t\t{}\n> \t]\n> }'
    )


@pytest.mark.parametrize("value", [None, 1, "a:b", [], {}])
def test_marshal_indent_of_what_is_on_one_line(value: Any) -> None:
    assert marshal_indent(value, ">", " ") == marshal(value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (" null\r\n\t", None),
        ("12", 12.0),
        ("1E3", 1000.0),
        ("12345678901234567890", 12345678901234567890.0),
        ('{"a":1,"a":2}', {"a": 2.0}),
        (r'"\u0041\/\ud83d\ude00"', "A/😀"),
        (r'"\ud800x\udc00\ud83d\ud83d\ude00\\ud800"', "\ufffdx\ufffd\ufffd😀\\ud800"),
        ('"\udcff\udc80\u2028\x7f"', "\ufffd\ufffd\u2028\x7f"),
    ],
)
def test_unmarshal(text: str, wanted: Any) -> None:
    assert unmarshal(text) == wanted


def test_unmarshal_keeps_integers_of_64_bits_when_asked() -> None:
    text = "[9223372036854775807,-9223372036854775808,9223372036854775808,1.0,-0,1e2]"
    kept = unmarshal(text, integers=True)
    assert kept == [2**63 - 1, -(2**63), 2.0**63, 1.0, 0, 100.0]
    assert [type(item) for item in kept] == [int, int, float, float, int, float]
    assert {type(item) for item in unmarshal(text)} == {float}


@pytest.mark.parametrize(
    ("text", "wanted", "offset"),
    [
        ("", "unexpected end of JSON input", 0),
        ("  ", "unexpected end of JSON input", 2),
        ('{"a":', "unexpected end of JSON input", 5),
        ('"abc', "unexpected end of JSON input", 4),
        ("[1", "unexpected end of JSON input", 2),
        ("x", "invalid character 'x' looking for beginning of value", 1),
        ("[1,]", "invalid character ']' looking for beginning of value", 4),
        ("NaN", "invalid character 'N' looking for beginning of value", 1),
        ("-Infinity", "invalid character 'I' in numeric literal", 2),
        ("\ufeff{}", "invalid character 'ï' looking for beginning of value", 1),
        ("[é]", "invalid character 'Ã' looking for beginning of value", 2),
        ("[\udc80]", r"invalid character '\u0080' looking for beginning of value", 2),
        ("'a'", r"invalid character '\'' looking for beginning of value", 1),
        ('["é" "b"]', "invalid character '\"' after array element", 7),
        ("{a:1}", "invalid character 'a' looking for beginning of object key string", 2),
        ('{"a":1,}', "invalid character '}' looking for beginning of object key string", 8),
        ('{"a" 1}', "invalid character '1' after object key", 6),
        ('{"a":1 "b"}', "invalid character '\"' after object key:value pair", 8),
        ("1 2", "invalid character '2' after top-level value", 3),
        ("01", "invalid character '1' after top-level value", 2),
        ("nul", "invalid character ' ' in literal null (expecting 'l')", 3),
        ("trUe", "invalid character 'U' in literal true (expecting 'u')", 3),
        ("[falsy]", "invalid character 'y' in literal false (expecting 'e')", 6),
        ("-", "invalid character ' ' in numeric literal", 1),
        ("1.x", "invalid character 'x' after decimal point in numeric literal", 3),
        ("1e+", "invalid character ' ' in exponent of numeric literal", 3),
        ('"\n"', r"invalid character '\n' in string literal", 2),
        (r'"\x"', "invalid character 'x' in string escape code", 3),
        (r'"\u00g0"', r"invalid character 'g' in \u hexadecimal character escape", 6),
        ("[" * 10001, "invalid character '[' exceeded max depth", 10001),
    ],
)
def test_unmarshal_refuses(text: str, wanted: str, offset: int) -> None:
    with pytest.raises(JSONError) as caught:
        unmarshal(text)
    assert (str(caught.value), caught.value.offset) == (wanted, offset)


@pytest.mark.parametrize("integers", [False, True])
@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 400])
def test_numbers_beyond_float64_are_refused(number: str, integers: bool) -> None:
    with pytest.raises(JSONError) as caught:
        unmarshal(f"[1,{number},1e500]", integers=integers)
    wanted = f"json: cannot unmarshal number {number} into Go value of type float64"
    assert str(caught.value) == wanted
    assert caught.value.value == [1, None, None]


def test_a_syntax_error_is_told_before_a_number_beyond_float64() -> None:
    with pytest.raises(JSONError, match="after array element"):
        unmarshal("[1e400 x]")


@pytest.mark.parametrize(
    ("text", "start", "wanted"),
    [
        (' {"a":1} {"b":2}', 0, ({"a": 1.0}, 8)),
        (' {"a":1} {"b":2}', 8, ({"b": 2.0}, 16)),
        ("12x", 0, (12.0, 2)),
        ("01", 0, (0.0, 1)),
        ("[" * 5000 + "]" * 5000 + "x", 4998, ([[]], 5002)),
    ],
)
def test_unmarshal_first(text: str, start: int, wanted: tuple[Any, int]) -> None:
    assert unmarshal_first(text, start) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (" ", "EOF"),
        ("[1", "unexpected EOF"),
        ("tr", "unexpected EOF"),
        ("-", "unexpected EOF"),
        ("1.x", "invalid character 'x' after decimal point in numeric literal"),
        ("]", "invalid character ']' looking for beginning of value"),
    ],
)
def test_unmarshal_first_refuses(text: str, wanted: str) -> None:
    with pytest.raises(JSONError) as caught:
        unmarshal_first(text)
    assert str(caught.value) == wanted


@settings(max_examples=40)
@given(VALUES)
def test_written_values_read_back(value: Any) -> None:
    text = marshal(value)
    assert unmarshal(text) == json.loads(text, parse_int=float) == value
    assert unmarshal(marshal_indent(value, "", "  ")) == value
    assert unmarshal_first(text + " x") == (value, len(text))


@settings(max_examples=40)
@given(VALUES)
def test_key_order_and_types_of_containers_do_not_matter(value: Any) -> None:
    assert marshal(_retyped(value)) == marshal(value)


def _retyped(value: Any) -> Any:
    if isinstance(value, dict):
        items = reversed(list(value.items()))
        return Map("map[string]v1.Any", {key: _retyped(item) for key, item in items})
    if isinstance(value, list):
        return Slice("[]v1.Any", [_retyped(item) for item in value])
    return value


@given(st.text(st.sampled_from('{}[]",:\\0123456789-+.eEtrufalsn \x01\x7fxé\udcff'), max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(JSONError):
        value = unmarshal(text)
        assert unmarshal(marshal(value)) == value


def test_a_value_that_shares_itself_over_and_over_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pillion.golang.json.walk._MAX_PIECES", 10_000)
    value: list[Any] = [1.5]
    for _ in range(40):
        value = [value, value]
    with pytest.raises(JSONError, match="too large"):
        marshal(value)
