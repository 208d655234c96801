"""Numbers and quoted strings; wanted values are what Go 1.26 prints and parses."""

from __future__ import annotations

from math import copysign, inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.golang.strconv import (
    NumError,
    QuoteError,
    atoi,
    can_backquote,
    format_float,
    is_print,
    parse_bool,
    parse_float,
    parse_int,
    parse_uint,
    quote,
    quote_rune,
    quote_rune_to_ascii,
    quote_to_ascii,
    round_to_float32,
    unquote,
    unquote_char,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\udc80\udcc3\udcff"))
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
FLOATS32 = st.floats(allow_nan=False, allow_infinity=False, width=32)


@pytest.mark.parametrize(
    ("value", "fmt", "precision", "wanted"),
    [
        (0.0, "g", -1, "0"),
        (-0.0, "g", -1, "-0"),
        (15020.0, "g", -1, "15020"),
        (999999.5, "g", -1, "999999.5"),
        (1e6, "g", -1, "1e+06"),
        (123456789.0, "g", -1, "1.23456789e+08"),
        (0.0001, "g", -1, "0.0001"),
        (0.00001, "g", -1, "1e-05"),
        (5e-324, "g", -1, "5e-324"),
        (1e100, "G", -1, "1E+100"),
        (100.0, "g", 3, "100"),
        (100.0, "g", 2, "1e+02"),
        (0.5, "g", 0, "0.5"),
        (2.5, "f", 0, "2"),
        (3.5, "f", 0, "4"),
        (1e21, "f", -1, "1000000000000000000000"),
        (1e-7, "f", -1, "0.0000001"),
        (0.000123, "f", 3, "0.000"),
        (12.5, "f", 4, "12.5000"),
        (12.5, "e", -1, "1.25e+01"),
        (12.5, "E", 3, "1.250E+01"),
        (0.0, "e", 2, "0.00e+00"),
        (1.0, "e", 0, "1e+00"),
        (1.0, "b", -1, "4503599627370496p-52"),
        (1.0, "x", -1, "0x1p+00"),
        (-0.1, "x", -1, "-0x1.999999999999ap-04"),
        (-0.1, "X", 3, "-0X1.99AP-04"),
        (1.9999, "x", 1, "0x1.0p+01"),
        (0.0, "x", 2, "0x0.00p+00"),
        (5e-324, "x", -1, "0x1p-1074"),
        (inf, "f", 2, "+Inf"),
        (-inf, "x", 2, "-Inf"),
        (nan, "e", 2, "NaN"),
    ],
)
def test_format_float(value: float, fmt: str, precision: int, wanted: str) -> None:
    assert format_float(value, fmt, precision) == wanted


@pytest.mark.parametrize(
    ("value", "fmt", "wanted"),
    [
        (0.1, "g", "0.1"),
        (16777216.0, "g", "1.6777216e+07"),
        (3.4028234663852886e38, "g", "3.4028235e+38"),
        (1e-45, "g", "1e-45"),
        (4134131.25, "g", "4.1341312e+06"),
        (2.0**-12, "g", "0.00024414063"),
        (1e39, "g", "+Inf"),
        (0.1, "f", "0.1"),
        (1.0, "b", "8388608p-23"),
        (1e-45, "b", "1p-149"),
    ],
)
def test_format_float_of_32_bits(value: float, fmt: str, wanted: str) -> None:
    assert format_float(value, fmt, -1, 32) == wanted


@given(FLOATS, st.sampled_from("eEfgG"))
def test_shortest_digits_read_back_as_the_same_number(value: float, fmt: str) -> None:
    read = parse_float(format_float(value, fmt))
    assert (read, copysign(1, read)) == (value, copysign(1, value))


@given(FLOATS)
def test_hexadecimal_digits_read_back_as_the_same_number(value: float) -> None:
    assert parse_float(format_float(value, "x")) == value


@given(FLOATS32, st.sampled_from("efg"))
def test_shortest_digits_of_32_bits_read_back(value: float, fmt: str) -> None:
    assert parse_float(format_float(value, fmt, -1, 32), 32) == value


@given(FLOATS32)
def test_shortest_digits_of_32_bits_cannot_be_fewer(value: float) -> None:
    mantissa = format_float(abs(value), "e", -1, 32).partition("e")[0]
    places = len(mantissa.partition(".")[2])
    if places:
        assert round_to_float32(float(f"{abs(value):.{places - 1}e}")) != abs(value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1", 1.0),
        ("+1.5e-3", 0.0015),
        (".5", 0.5),
        ("5.", 5.0),
        ("1_000.5_0", 1000.5),
        ("0x1p-2", 0.25),
        ("0X_1.8P+1", 3.0),
        ("-0", 0.0),
        ("inf", inf),
        ("+Infinity", inf),
        ("-INF", -inf),
        ("1e-400", 0.0),
    ],
)
def test_parse_float(text: str, wanted: float) -> None:
    assert parse_float(text) == wanted


def test_parse_float_knows_nan_without_a_sign() -> None:
    assert isnan(parse_float("NaN"))


@pytest.mark.parametrize(
    "text",
    ["", "e5", ".", "1e", "1e+", "_1", "1_", "1__0", "1_.5", "0x1", "0xp1", "-nan", "infi", " 1"],
)
def test_parse_float_refuses(text: str) -> None:
    with pytest.raises(NumError) as caught:
        parse_float(text)
    assert str(caught.value) == f'strconv.ParseFloat: parsing "{text}": invalid syntax'


@pytest.mark.parametrize(
    ("text", "bits", "value"),
    [("1e400", 64, inf), ("-1e400", 64, -inf), ("0x1p1024", 64, inf), ("1e39", 32, inf)],
)
def test_parse_float_out_of_range(text: str, bits: int, value: float) -> None:
    with pytest.raises(NumError, match="value out of range") as caught:
        parse_float(text, bits)
    assert caught.value.value == value


def test_parse_float_of_32_bits_rounds_once() -> None:
    half_way = "1.000000059604644775390625"
    assert parse_float(half_way, 32) == 1.0
    assert parse_float(half_way + "0" * 30 + "1", 32) == 1.00000011920928955078125


@pytest.mark.parametrize(
    ("text", "base", "bits", "wanted"),
    [
        ("0", 10, 64, 0),
        ("-128", 10, 8, -128),
        ("+007", 10, 64, 7),
        ("9223372036854775807", 10, 64, 2**63 - 1),
        ("-9223372036854775808", 10, 0, -(2**63)),
        ("ff", 16, 64, 255),
        ("Zz", 36, 64, 1295),
        ("0x1F", 0, 64, 31),
        ("-0b101", 0, 64, -5),
        ("0o17", 0, 64, 15),
        ("017", 0, 64, 15),
        ("1_000", 0, 64, 1000),
        ("0x_f_f", 0, 64, 255),
        ("0_7", 0, 64, 7),
    ],
)
def test_parse_int(text: str, base: int, bits: int, wanted: int) -> None:
    assert parse_int(text, base, bits) == wanted


@pytest.mark.parametrize(
    ("text", "base", "bits", "reason", "value"),
    [
        ("", 10, 64, "invalid syntax", 0),
        ("-", 10, 64, "invalid syntax", 0),
        ("x", 10, 64, "invalid syntax", 0),
        ("٣", 10, 64, "invalid syntax", 0),
        ("1_0", 10, 64, "invalid syntax", 0),
        ("08", 0, 64, "invalid syntax", 0),
        ("0x", 0, 64, "invalid syntax", 0),
        ("1__0", 0, 64, "invalid syntax", 0),
        ("_1", 0, 64, "invalid syntax", 0),
        ("128", 10, 8, "value out of range", 127),
        ("-129", 10, 8, "value out of range", -128),
        ("9223372036854775808", 10, 64, "value out of range", 2**63 - 1),
        ("99999999999999999999x", 10, 64, "value out of range", 2**63 - 1),
        ("1", 1, 64, "invalid base 1", 0),
        ("1", 10, 65, "invalid bit size 65", 0),
    ],
)
def test_parse_int_refuses(text: str, base: int, bits: int, reason: str, value: int) -> None:
    with pytest.raises(NumError) as caught:
        parse_int(text, base, bits)
    assert str(caught.value) == f'strconv.ParseInt: parsing "{text}": {reason}'
    assert caught.value.value == value


@pytest.mark.parametrize(("text", "wanted"), [("0", 0), ("18446744073709551615", 2**64 - 1)])
def test_parse_uint(text: str, wanted: int) -> None:
    assert parse_uint(text) == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-1", "invalid syntax"),
        ("+1", "invalid syntax"),
        ("18446744073709551616", "value out of range"),
    ],
)
def test_parse_uint_refuses(text: str, reason: str) -> None:
    with pytest.raises(NumError) as caught:
        parse_uint(text)
    assert str(caught.value) == f'strconv.ParseUint: parsing "{text}": {reason}'


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_read_back(value: int) -> None:
    assert atoi(str(value)) == parse_int(str(value)) == value
    assert parse_int(f"{value:#x}", 0) == parse_int(f"{value:#b}", 0) == value


def test_atoi_names_itself() -> None:
    with pytest.raises(NumError, match=r'strconv\.Atoi: parsing "a\\n": invalid syntax'):
        atoi("a\n")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("1", True), ("T", True), ("True", True), ("0", False), ("f", False), ("FALSE", False)],
)
def test_parse_bool(text: str, wanted: bool) -> None:
    assert parse_bool(text) is wanted


@pytest.mark.parametrize("text", ["", "yes", "tRUE", "2", "true "])
def test_parse_bool_refuses(text: str) -> None:
    with pytest.raises(NumError) as caught:
        parse_bool(text)
    assert str(caught.value) == f'strconv.ParseBool: parsing "{text}": invalid syntax'


@pytest.mark.parametrize(
    ("text", "wanted", "ascii_wanted"),
    [
        ("", '""', '""'),
        ("plain", '"plain"', '"plain"'),
        ("a\"b'c\\", r'''"a\"b'c\\"''', r'''"a\"b'c\\"'''),
        ("\a\b\f\n\r\t\v\0\x1b\x7f", r'"\a\b\f\n\r\t\v\x00\x1b\x7f"', None),
        ("é日😀", '"é日😀"', r'"\u00e9\u65e5\U0001f600"'),
        ("\x80\xa0\xad\u200b\u2028\ufeff", r'"\u0080\u00a0\u00ad\u200b\u2028\ufeff"', None),
        ("\ue000\U000e0001", r'"\ue000\U000e0001"', None),
        ("\udcff\udc80", r'"\xff\x80"', None),
        ("\udcc3\udca9", '"é"', r'"\u00e9"'),
        ("\ufffd", '"\ufffd"', r'"\ufffd"'),
    ],
)
def test_quote(text: str, wanted: str, ascii_wanted: str | None) -> None:
    assert quote(text) == wanted
    assert quote_to_ascii(text) == (ascii_wanted or wanted)


@pytest.mark.parametrize(
    ("rune", "wanted", "ascii_wanted"),
    [
        (0x61, "'a'", "'a'"),
        (0x27, r"'\''", r"'\''"),
        (0x22, "'\"'", "'\"'"),
        (0x0A, r"'\n'", r"'\n'"),
        (0xE9, "'é'", r"'\u00e9'"),
        (0xD800, "'\ufffd'", r"'\ufffd'"),
        (-1, "'\ufffd'", r"'\ufffd'"),
        (0x110000, "'\ufffd'", r"'\ufffd'"),
    ],
)
def test_quote_rune(rune: int, wanted: str, ascii_wanted: str) -> None:
    assert quote_rune(rune) == wanted
    assert quote_rune_to_ascii(rune) == ascii_wanted


@pytest.mark.parametrize(
    ("rune", "wanted"),
    [
        (0x20, True),
        (0x1F, False),
        (0x7E, True),
        (0x7F, False),
        (0xA1, True),
        (0xAD, False),
        (0x0378, False),
        (0x0CF3, True),  # new in Unicode 15.0
        (0x2FFC, False),  # new in Unicode 15.1
        (0x1FAE8, True),  # new in Unicode 15.0
        (0x1FAE9, False),  # new in Unicode 16.0
        (0x10FFFF, False),
    ],
)
def test_is_print_follows_unicode_15(rune: int, wanted: bool) -> None:
    assert is_print(rune) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\tb", True),
        ("é", True),
        ("`", False),
        ("\n", False),
        ("\ufeff", False),
        ("\udcff", False),
    ],
)
def test_can_backquote(text: str, wanted: bool) -> None:
    assert can_backquote(text) is wanted


@pytest.mark.parametrize(
    ("literal", "wanted"),
    [
        ('""', ""),
        ('"a\'b"', "a'b"),
        (r'"\a\t\\\"\x41\101\u00e9\U0001F600"', 'a\t\\"AAé😀'.replace("a", "\a", 1)),
        (r'"\xc3\xa9"', "é"),
        (r'"\xff"', "\udcff"),
        ('"\udcff"', "\ufffd"),
        ("'a'", "a"),
        (r"'\''", "'"),
        ("''", ""),
        ("`a\\n\r\nb`", "a\\n\nb"),
    ],
)
def test_unquote(literal: str, wanted: str) -> None:
    assert unquote(literal) == wanted


@pytest.mark.parametrize(
    "literal",
    [
        *("", '"', "a", '"a', '"a"b"', '"a\n"', r'"\'"', r'"\q"', r'"\x4"', r'"\u0x0a"', r'"\400"'),
        *(r'"\ud800"', r'"\U00110000"', '"\\"', "'ab'", "`a", "`a``", r"'\"'", r'"\09"', '\u00ab"'),
    ],
)
def test_unquote_refuses(literal: str) -> None:
    with pytest.raises(QuoteError, match="invalid syntax"):
        unquote(literal)


@pytest.mark.parametrize(
    ("text", "mark", "wanted"),
    [
        ("abc", "'", (0x61, False, "bc")),
        ("é'", "'", (0xE9, True, "'")),
        (r"\xffz", "'", (0xFF, False, "z")),
        (r"\'", "'", (0x27, False, "")),
        ('"', "'", (0x22, False, "")),
    ],
)
def test_unquote_char(text: str, mark: str, wanted: tuple[int, bool, str]) -> None:
    assert unquote_char(text, mark) == wanted


@given(TEXT)
def test_quoted_text_reads_back(text: str) -> None:
    joined = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    assert unquote(quote(text)) == unquote(quote_to_ascii(text)) == joined
    assert quote_to_ascii(text).isascii()
