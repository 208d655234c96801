"""Which value an unquoted YAML scalar stands for, as go-yaml v2 decides it.

sigs.k8s.io/yaml reads with go-yaml v2, whose rules are YAML 1.1's with exceptions: ``y`` and ``n``
are booleans, ``0o17`` and ``017`` are octal, ``08`` is a float, dates and base-60 numbers stay
strings. Nothing here knows about documents or events.
"""

from __future__ import annotations

import re

from pillion.golang.strconv import format_float

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(
        ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True
    ),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE"), False),
    **dict.fromkeys(("off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}

SPECIAL_STARTS = frozenset("+-.0123456789yYnNtTfFoO~")
"""The first characters of scalars that may be something else than a string."""
_NUMBER_STARTS = frozenset("+-0123456789")

_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<binary>[01]+)"
    r"|0[oO]?(?P<octal>[0-7]+)|(?P<decimal>0|[1-9][0-9]*))",
    re.ASCII,
)
_BINARY_WITH_INNER_SIGN = re.compile(r"0b([-+][01]{1,64})", re.ASCII)
_BASES = {"hex": 16, "binary": 2, "octal": 8, "decimal": 10}
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_FRACTION = re.compile(r"\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?", re.ASCII)

_NAMED_FLOATS = {"+Inf": ".inf", "-Inf": "-.inf", "NaN": ".nan"}

_MIN_INT64 = -(2**63)
_MAX_INT64 = 2**63 - 1
_MAX_UINT64 = 2**64 - 1

Scalar = str | int | float | bool | None
"""What a scalar resolves to; whole numbers between the extremes of int64 and uint64 are ``int``."""


def resolve(text: str) -> Scalar:
    """The value of an unquoted scalar, as go-yaml's ``resolve`` finds it."""
    if text and text[0] not in SPECIAL_STARTS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS:
        return _number(text.replace("_", ""), text)
    if text[0] == "." and _FRACTION.fullmatch(text):
        return _finite(text, text)
    return text


def resolve_2018(text: str) -> Scalar:
    """The value of an unquoted scalar, as the go-yaml of Istio 1.1 found it.

    It read numbers by older rules: an exponent needed its sign, ``0o17`` and ``0b1`` with an
    underscore were strings, and so was a number that ends in its point.
    """
    value = resolve(text)
    if not isinstance(value, int | float) or isinstance(value, bool) or text in _WORDS:
        return value
    plain = text.replace("_", "")
    if _INTEGER_2018.fullmatch(plain) or _BINARY_2018.match(plain):
        return value
    return float(value) if _FLOAT_2018.fullmatch(plain) else text


_INTEGER_2018 = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)", re.ASCII)
_BINARY_2018 = re.compile(r"-?0b", re.ASCII)
_FLOAT_2018 = re.compile(r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+][0-9]+)?", re.ASCII)


def _number(plain: str, text: str) -> Scalar:
    integer = parse_integer(plain)
    if integer is not None:
        return integer
    if _FLOAT.fullmatch(plain):
        return _finite(plain, text)
    match = _BINARY_WITH_INNER_SIGN.fullmatch(plain)
    if match is not None and _MIN_INT64 <= int(match[1], 2) <= _MAX_INT64:
        return int(match[1], 2)
    return text


def parse_integer(plain: str) -> int | None:
    """The integer that ``plain`` spells in one of Go's bases, where 64 bits hold it."""
    match = _INTEGER.fullmatch(plain)
    if match is None:
        return None
    base = match.lastgroup or "decimal"
    digits = match[base]
    if len(digits) > 64:  # noqa: PLR2004 - no 64-bit integer has more digits in any base
        digits = digits.lstrip("0") or "0"
        if len(digits) > 64:  # noqa: PLR2004 - as above
            return None
    value = int(digits, _BASES[base])
    if match["sign"] == "-":
        return -value if -value >= _MIN_INT64 else None
    limit = _MAX_INT64 if match["sign"] == "+" else _MAX_UINT64
    return value if value <= limit else None


def _finite(plain: str, text: str) -> float | str:
    value = float(plain)
    return text if value in (float("inf"), float("-inf")) else value


_LEAST_WITH_EXPONENT = 1e21
_EXACT = 2.0**53


def json_number(value: float) -> int | float:
    """What a JSON reader that keeps integers makes of Go's spelling of ``value``.

    encoding/json prints every float below 1e21 that is whole without a point: ``1.0`` is ``1``.
    """
    if not value.is_integer() or not -_LEAST_WITH_EXPONENT < value < _LEAST_WITH_EXPONENT:
        return value
    if value == 0:
        return value if str(value)[0] == "-" else 0
    if -_EXACT < value < _EXACT:
        return int(value)
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    if not exponent:
        return int(whole)
    return int(whole + fraction.ljust(int(exponent), "0"))


def key_text(value: Scalar) -> str | None:
    """The JSON key that sigs.k8s.io/yaml makes of a scalar key.

    None for null and for an integer beyond int64, which it refuses.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = format_float(value, "g", -1, 32)
        return _NAMED_FLOATS.get(text, text)
    return None if value is None or value > _MAX_INT64 else str(value)


_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:([Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?)?"
)


def is_timestamp(text: str) -> bool:
    """Whether go-yaml reads ``text`` as a point in time."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return False
    year, month, day, separator, hour, minute, second, zone = match.groups()
    if separator is not None and (zone is None) != (separator == " "):
        return False
    from datetime import datetime

    try:
        datetime(  # noqa: DTZ001 - asked only whether such a day and time exist
            int(year) or _ANY_LEAP_YEAR,
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
        )
    except ValueError:
        return False
    return True


_ANY_LEAP_YEAR = 2000
