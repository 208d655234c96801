"""Printed values and filled formats; wanted texts are what Go 1.26 prints."""

from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.golang.fmt import FormatError, sorted_keys, sprint, sprintf, sprintln
from pillion.golang.json import unmarshal
from pillion.golang.values import (
    Bytes,
    Float32,
    Int8,
    Int32,
    Int64,
    Map,
    Pointer,
    Slice,
    String,
    Struct,
    Uint8,
    Uint64,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Probe(Struct):
    """A struct or a pointer to one, without methods."""

    __slots__ = ("go_type", "is_nil")

    def __init__(self, go_type: str = "v1.Probe", *, is_nil: bool = False) -> None:
        self.go_type = go_type
        self.is_nil = is_nil

    def fields(self) -> Iterator[tuple[str, Any]]:
        yield "Path", "/x"
        yield "Port", Int32(80)
        yield "Next", Probe("*v1.Probe", is_nil=True)
        yield "Any", None


class Level(Struct):
    """A type that has a ``String`` method."""

    __slots__ = ()
    go_type = "log.Level"

    def fields(self) -> Iterator[tuple[str, Any]]:
        yield "value", Int8(3)

    def string(self) -> str:
        return "warn"


class Mode(Int32):
    """An integer type that has a ``String`` method."""

    __slots__ = ()
    go_type = "v1.Mode"

    def string(self) -> str:
        return "STRICT"


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ((), ""),
        (("a", "b"), "ab"),
        ((1, 2), "1 2"),
        (("a", 1, 2, "b", 3, None, None), "a1 2b3 <nil> <nil>"),
        ((String("a"), String("b")), "ab"),
        ((True, 1.0, Uint8(7)), "true 1 7"),
        ((15020.0, 1e6, 1e21, 1e-5, Float32(0.10000000149011612)), "15020 1e+06 1e+21 1e-05 0.1"),
        ((inf, -inf, nan), "+Inf -Inf NaN"),
        (([1, "a", None, [2.5]],), "[1 a <nil> [2.5]]"),
        (({"b": 1, "a": {"é": None, "z": []}},), "map[a:map[z:[] é:<nil>] b:1]"),
        ((Slice("[]string", is_nil=True), Map("map[string]string", is_nil=True)), "[] map[]"),
        ((Map("map[int]string", {10: "a", 9: "b"}),), "map[9:b 10:a]"),
        ((Bytes(b"hi"), b"\x00"), "[104 105] [0]"),
        ((Probe(),), "{/x 80 <nil> <nil>}"),
        ((Probe("*v1.Probe"),), "&{/x 80 <nil> <nil>}"),
        ((Probe("*v1.Probe", is_nil=True),), "<nil>"),
        ((Level(), [Level()], Mode(1)), "warn [warn] STRICT"),
    ],
)
def test_sprint(arguments: tuple[Any, ...], wanted: str) -> None:
    assert sprint(*arguments) == wanted


def test_sprintln() -> None:
    assert sprintln("a", "b", 1) == "a b 1\n"
    assert sprintln() == "\n"


@pytest.mark.parametrize(
    ("text", "argument", "wanted"),
    [
        ("%d", -42, "-42"),
        ("%5d|", 42, "   42|"),
        ("%-5d|", 42, "42   |"),
        ("%05d", -42, "-0042"),
        ("%-05d|", 42, "42   |"),
        ("%+d", 42, "+42"),
        ("% d", 42, " 42"),
        ("%.5d", -42, "-00042"),
        ("%08.5d", 42, "   00042"),
        ("%.0d|", 0, "|"),
        ("%x", -255, "-ff"),
        ("%#X", 255, "0XFF"),
        ("%#o", 8, "010"),
        ("%O", 8, "0o10"),
        ("%#b", 5, "0b101"),
        ("%c", 0xE9, "é"),
        ("%c", -1, "\ufffd"),
        ("%q", 0x27, r"'\''"),
        ("%+q", 0xE9, r"'\u00e9'"),
        ("%U", 0xE9, "U+00E9"),
        ("%#U", 0x1F600, "U+1F600 '😀'"),
        ("%U", -1, "U+FFFFFFFFFFFFFFFF"),
        ("%#v", Uint64(255), "0xff"),
        ("%#v", Int8(-1), "-1"),
        ("%t|", True, "true|"),
        ("%6t|", False, " false|"),
        ("%f", 2.5, "2.500000"),
        ("%.2f", 2.345, "2.35"),
        ("%8.2f|", 2.5, "    2.50|"),
        ("%+08.2f", 2.5, "+0002.50"),
        ("%e", 123456.789, "1.234568e+05"),
        ("%G", 1e-10, "1E-10"),
        ("%.3g", 1234.5, "1.23e+03"),
        ("%#g", 1.0, "1.00000"),
        ("%#.0f", 1.0, "1."),
        ("%#x", 1.0, "0x1.0000p+00"),
        ("%x", 1.5, "0x1.8p+00"),
        ("%05f", inf, " +Inf"),
        ("%+f", nan, "+NaN"),
        ("%v", Float32(16777216.0), "1.6777216e+07"),
        ("%s", "é", "é"),
        ("%5s|", "é", "    é|"),
        ("%-5s|", "é", "é    |"),
        ("%05s", "é", "0000é"),
        ("%.2s", "日本語", "日本"),
        ("%x", "hé", "68c3a9"),
        ("% X", "hé", "68 C3 A9"),
        ("%# x", "hi", "0x68 0x69"),
        ("%.1x", "hé", "68"),
        ("%q", 'a"b', r'"a\"b"'),
        ("%#q", 'a"b', '`a"b`'),
        ("%#q", "a`b", '"a`b"'),
        ("%+q", "é", r'"\u00e9"'),
        ("%s", Bytes(b"h\xff"), "h\udcff"),
        ("%x", Bytes(b"hi"), "6869"),
        ("%d", Bytes(b"hi"), "[104 105]"),
        ("%#v", Bytes(b"hi"), "[]byte{0x68, 0x69}"),
        ("%q", ["a", 1], r"""["a" '\x01']"""),
        ("%03d", [1, 22], "[001 022]"),
        ("%6.2f", {"a": 1.5}, "map[%!f(string=     a):  1.50]"),
        ("%T", None, "<nil>"),
        ("%T", {}, "map[string]interface {}"),
        ("%10T|", Int64(1), "     int64|"),
        ("%v", Level(), "warn"),
        ("%6s|", Level(), "  warn|"),
        ("%q", Mode(1), '"STRICT"'),
        ("%d", Mode(1), "1"),
        ("%d", Level(), "{3}"),
        ("%s", [Level()], "[warn]"),
        ("%+v", Probe(), "{Path:/x Port:80 Next:<nil> Any:<nil>}"),
        (
            "%#v",
            Probe("*v1.Probe"),
            '&v1.Probe{Path:"/x", Port:80, Next:(*v1.Probe)(nil), Any:interface {}(nil)}',
        ),
        ("%#v", Level(), "log.Level{value:3}"),
        (
            "%#v",
            {"a": [None, "b"], "c": Slice("[]string", is_nil=True)},
            (
                'map[string]interface {}{"a":[]interface {}{interface {}(nil), "b"}, '
                '"c":[]string(nil)}'
            ),
        ),
        ("%p", 1, "%!p(int=1)"),
        ("%p", Slice("[]string", is_nil=True), "0x0"),
        ("%s", Probe("*v1.Probe", is_nil=True), "%!s(*v1.Probe=<nil>)"),
    ],
)
def test_verbs_and_flags(text: str, argument: Any, wanted: str) -> None:
    assert sprintf(text, argument) == wanted


@pytest.mark.parametrize(
    ("text", "arguments", "wanted"),
    [
        ("100%%", (), "100%"),
        ("%5%|%-[1]%", (1,), "%|%"),
        ("%s", (), "%!s(MISSING)"),
        ("%d %d", (1,), "1 %!d(MISSING)"),
        ("x", (1, "a", None), "x%!(EXTRA int=1, string=a, <nil>)"),
        ("%d", ("a",), "%!d(string=a)"),
        ("%+5d|", ("a",), "%!d(string=    a)|"),
        ("%s", (1.5,), "%!s(float64=1.5)"),
        ("%s", (None,), "%!s(<nil>)"),
        ("%d", ([1, "a"],), "[1 %!d(string=a)]"),
        ("%d", (Level(),), "{3}"),
        ("%t", (Mode(1),), "%!t(v1.Mode=1)"),
        ("%z", (Level(),), "{%!z(int8=3)}"),
        ("%!", (1,), "%!!(int=1)"),
        ("%é", (1,), "%!é(int=1)"),
        ("%", (), "%!(NOVERB)"),
        ("%-5.", (1,), "%!.(int=1    )"),
        ("%w", ("e",), "%!w(string=e)"),
        ("%w", (["e"],), "%!w([]interface {}=[e])"),
        ("%*d|%-*d|", (4, 1, 3, 2), "   1|2  |"),
        ("%*d|", (-4, 1), "1   |"),
        ("%.*f", (1, 2.25), "2.2"),
        ("%*d", ("x", 1), "%!(BADWIDTH)1"),
        ("%*d", (4.0, 1), "%!(BADWIDTH)1"),
        ("%*d", (2_000_000, 1), "%!(BADWIDTH)1"),
        ("%.*d", (-1, 1), "%!(BADPREC)1"),
        ("%[2]d %[1]d", (1, 2), "2 1"),
        ("%[2]d %d", (1, 2, 3), "2 3"),
        ("%[2]*[1]d", (7, 3), "  7"),
        ("%[3]*.[2]*[1]f", (1.5, 2, 6), "  1.50"),
        ("%[3]d", (1,), "%!d(BADINDEX)"),
        ("%[0]d", (1,), "%!d(BADINDEX)"),
        ("%[x]d", (1,), "%!d(BADINDEX)"),
        ("%[1", (), "%!(NOVERB)"),
        ("%[1]2d", (1,), "%!d(BADINDEX)"),
        ("%12345678901d", (1,), "%!(NOVERB)%!(EXTRA int=1)"),
    ],
)
def test_what_is_wrong_is_told_in_the_text(
    text: str, arguments: tuple[Any, ...], wanted: str
) -> None:
    assert sprintf(text, *arguments) == wanted


def test_pointers_print_where_they_point() -> None:
    assert sprint(Pointer("*int64", 5)).startswith("0xc000")
    assert sprint([Probe("*v1.Probe")]).startswith("[0xc000")
    assert sprintf("%#v", Pointer("*int64", is_nil=True)) == "(*int64)(nil)"
    assert sprint(len).startswith("0xc000")


def test_nesting_is_not_bound_by_the_interpreter() -> None:
    assert sprint(unmarshal("[" * 9000 + "]" * 9000)) == "[" * 9000 + "]" * 9000


def test_a_value_that_contains_itself_is_refused() -> None:
    loop: dict[str, Any] = {}
    loop["a"] = [loop]
    with pytest.raises(FormatError, match="contains itself"):
        sprint(loop)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (["b", "a", "é", "B"], ["B", "a", "b", "é"]),
        (["\U00010000", "\uffff", "\udcff"], ["\uffff", "\U00010000", "\udcff"]),
        ([10, 9, -1], [-1, 9, 10]),
        ([True, False], [False, True]),
        ([2.0, -inf, 1.0], [-inf, 1.0, 2.0]),
        ([None, "a"], [None, "a"]),
    ],
)
def test_sorted_keys(keys: list[Any], wanted: list[Any]) -> None:
    assert sorted_keys(keys) == wanted


@given(st.integers(-(2**63), 2**63 - 1), st.integers(0, 30), st.sampled_from(["d", "x", "o", "b"]))
def test_integers_print_as_python_formats_them(value: int, width: int, verb: str) -> None:
    assert sprintf(f"%{width}{verb}", value) == format(value, f">{width}{verb}")
    if width:
        assert sprintf(f"%0{width}{verb}", value) == format(value, f"0{width}{verb}")


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 20))
def test_floats_print_as_python_formats_them(value: float, precision: int) -> None:
    assert sprintf(f"%.{precision}f|%.{precision}e", value, value) == (
        f"{value:.{precision}f}|{value:.{precision}e}"
    )


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 20), st.integers(0, 20))
def test_strings_are_cut_and_padded_by_characters(text: str, width: int, precision: int) -> None:
    assert sprintf("%*.*s", width, precision, text) == text[:precision].rjust(width)
    assert sprintf("%-*s", width, text) == text.ljust(width)


@given(st.text("%[]*.0129+-# sdvqxT!é"), st.lists(st.integers(-5, 5) | st.text() | st.floats()))
def test_any_format_is_filled_in(text: str, arguments: list[Any]) -> None:
    assert sprintf(text, *arguments) == sprintf(text, *arguments)
