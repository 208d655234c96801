"""Texts, numbers and JSON values that programs tend to read differently."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fuzz.source import Source

PLAIN = ("a", "b", "hello", "hello world", "x y z", "camelCase", "HTTPServer", "snake_case", "kebab-case", "1", "")

FRAGMENTS = (
    "a", "b", " ", "x", "Z", "0", "9", "-", "_", ".", ",", ":", "/", "é", "日本", "😀", "\n", "\t",
    '"', "'", "`", "\\", "<&>", "%", "$", "#", "{", "}", "[", "]", "|", ">", "*", "&", "!", "@", "~",
    "?", "=", "+", "^", "(", ")", ";", "  ", "\r", "\u00a0", "\u2028", "\u0085", "ß", "ŉ", "İ", "ı",
    "ǆ", "Ǆ", "\ufeff", "e\u0301", "\u200b", "\u00ad", "\x7f", "\x00", "\x1b", "\u2003", "\ufffd",
    "\U0001d400", "ﬁ", "Σ", "ς", "word ", "true", "null", "1e3", "0x1f", "--", "...", "<<", ": ", " #",
)  # fmt: skip

ODD_TEXTS = (
    "true", "false", "null", "~", "yes", "no", "on", "off", "y", "n", "Y", "N", "True", "NULL", "0", "1", "-1",
    "+1", "007", "08", "0o17", "0x1F", "0b11", "1_000", "1e3", "1.5", ".5", "5.", "1.", "-.5", ".inf", "-.Inf",
    ".nan", "inf", "NaN", "1e400", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "-9223372036854775809", "18446744073709551615", "18446744073709551616", "1e21", "1e-7", "123456789012345678901234567890",
    "2001-01-01", "2001-01-01T00:00:00Z", "12:30:45", "190:20:30", "0.1", "1.10", " 5 ", "5 ", "+0", "-0",
    "<<", "=", "!", "-", "?", ":", "- a", "a: b", "a #b", "#a", "[a]", "{a}", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a",
    "'a'", '"a"', "---", "...", "--- a", "0.0", "1__0", "_1", "1_", "0x", "0b", "0o", "e", ".", "..", ".e", "1e", "1e+3", "0755",
    "\t", " ", "  a", "a  ", "a\n", "\na", "a\nb", "a\n\nb\n", "\n", "a \nb", " a\nb", "é", "日本語", "😀", "\u00a0", "\u2028",
)  # fmt: skip

NUMBERS = (
    "0", "1", "2", "3", "-1", "5", "10", "42", "100", "1.5", "-1.5", "0.1", "2.5", "0.5", "1e3", "1e6", "1000000", "123456789",
    "1e20", "1e21", "1e-5", "1e-6", "1e-7", "9007199254740992", "9007199254740993", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "18446744073709551615", "1e300", "1.7976931348623157e308",
    "5e-324", "-0", "0.30000000000000004", "123456.789", "3.4028234e38", "99999999999999990000", "1.0", "100000000000000000000",
    "2147483647", "2147483648", "255", "256", "65536", "-2147483649", "0.000001", "12345678", "1e5",
)  # fmt: skip


def text(source: Source) -> str:
    """Any text."""
    kind = source.below(4)
    if kind == 0:
        return source.pick(PLAIN)
    if kind == 1:
        return source.pick(ODD_TEXTS)
    return "".join(source.several(lambda: source.pick(FRAGMENTS), 6))


def number(source: Source) -> str:
    """A JSON number, as it is written."""
    if not source.chance(40):
        return source.pick(NUMBERS)
    sign = "-" if source.chance(30) else ""
    digits = str(source.below(10 ** (1 + source.below(17))))
    fraction = f".{source.below(10 ** (1 + source.below(8)))}" if source.chance(50) else ""
    exponent = f"e{source.below(60) - 30}" if source.chance(30) else ""
    return f"{sign}{digits}{fraction}{exponent}"


class Number(str):
    """A number in a JSON value that keeps its spelling."""

    __slots__ = ()


def value(source: Source, depth: int = 2) -> Any:
    """A JSON value, its numbers as :class:`Number`."""
    kind = source.below(8 if depth else 6)
    if kind < 2:
        return text(source)
    if kind < 4:
        return Number(number(source))
    if kind == 4:
        return source.chance(50)
    if kind == 5:
        return None
    if kind == 6:
        return source.several(lambda: value(source, depth - 1), 3)
    return {key(source): value(source, depth - 1) for _ in range(source.below(4))}


def key(source: Source) -> str:
    """A key of a map."""
    return text(source) if source.chance(20) else source.pick("abcxyzAB")


def json_text(any_value: Any) -> str:
    """A value as JSON, with numbers in their own spelling."""
    if isinstance(any_value, Number):
        return str(any_value)
    if isinstance(any_value, dict):
        pairs = (f"{json.dumps(name)}: {json_text(one)}" for name, one in any_value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(any_value, list):
        return "[" + ", ".join(map(json_text, any_value)) + "]"
    return json.dumps(any_value)


def quoted(content: str) -> str:
    """A text in double quotes, as JSON, YAML and Go read it."""
    escaped = content.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
