"""Strings and runes; wanted values were checked against Go."""

from __future__ import annotations

import pytest

from pillion.golang import strings

CASES = [
    ("straße ŉ ǆ ᾀ", "STRAßE ŉ Ǆ ᾈ", "straße ŉ ǆ ᾀ", "Straße ŉ ǅ ᾈ"),
    ("İI\u0131", "İII", "ii\u0131", "İI\u0131"),
    ("ДΣ", "ДΣ", "д\u03c3", "ДΣ"),
    ("a-b_c.d", "A-B_C.D", "a-b_c.d", "A-B_c.D"),
    ("x\udcff", "X\ufffd", "x\ufffd", "X\ufffd"),
    (
        "\u2018a\u2019 \u3000b",
        "\u2018A\u2019 \u3000B",
        "\u2018a\u2019 \u3000b",
        "\u2018a\u2019 \u3000B",
    ),
]


@pytest.mark.parametrize(("text", "upper", "lower", "title"), CASES)
def test_case(text: str, upper: str, lower: str, title: str) -> None:
    assert strings.upper(text) == upper
    assert strings.lower(text) == lower
    assert strings.title(text) == title


def test_white_space_is_unicodes() -> None:
    assert strings.trim_space("\u3000\x85 x \x1c\n") == "x \x1c"


def test_lengths_and_slices_count_bytes() -> None:
    assert strings.byte_len("日\udcff") == 4
    assert strings.byte_slice("日本", 1, 4) == "\udc97\udca5\udce6"


SPLIT = [
    ("a,b,c", ",", -1, ["a", "b", "c"]),
    ("a,b,c", ",", 2, ["a", "b,c"]),
    ("a,b,c", ",", 0, []),
    ("日b", "", -1, ["日", "b"]),
    ("abc", "", 2, ["a", "bc"]),
    ("", "", -1, []),
    ("", ",", -1, [""]),
    ("☃x", "\udce2\udc98", -1, ["", "\udc83x"]),
]


@pytest.mark.parametrize(("text", "separator", "count", "wanted"), SPLIT)
def test_split(text: str, separator: str, count: int, wanted: list[str]) -> None:
    assert strings.split(text, separator, count) == wanted


def test_bytes_that_are_not_utf8() -> None:
    assert strings.replace("☃", "\udc98", "-") == "\udce2-\udc83"
    assert strings.trim("\udc80x\ufffd", "\udcff") == "x"
    assert not strings.is_utf8("a\udc80")
