"""How sprig reads a number or a text out of any value: numbers by the rules of spf13/cast."""

from __future__ import annotations

import math
import re
from typing import Any

from pillion.golang import fmt, strconv
from pillion.golang.strings import from_bytes
from pillion.golang.values import Kind, Pointer, kind_of

_DECIMAL = re.compile(r"([-+]?[0-9]*)(?:\.[0-9]*)?\Z")
_INT64_MIN = -(1 << 63)
_INT64_MAX = (1 << 63) - 1
_INT64_SPAN = 1 << 64


def wrap_int64(value: int) -> int:
    """``value`` modulo 2⁶⁴, as Go's integer arithmetic overflows."""
    if _INT64_MIN <= value <= _INT64_MAX:
        return value
    return (value - _INT64_MIN) % _INT64_SPAN + _INT64_MIN


def to_int(value: Any) -> int:
    """``cast.ToInt``: numbers are cut, texts parsed in any base, and what is neither is 0."""
    value = _pointed_at(value)
    kind = kind_of(value)
    if kind is Kind.INT or kind is Kind.UINT:
        return wrap_int64(int(value))
    if kind is Kind.FLOAT:
        return _truncate(value)
    if kind is Kind.STRING:
        return _parse_int(str(value))
    return int(value) if kind is Kind.BOOL else 0


def to_float(value: Any) -> float:
    """``cast.ToFloat64``: what is neither a number nor the text of one is 0."""
    value = _pointed_at(value)
    kind = kind_of(value)
    if kind in {Kind.INT, Kind.UINT, Kind.FLOAT, Kind.BOOL}:
        return float(value)
    if kind is Kind.STRING and value:
        try:
            return strconv.parse_float(str(value))
        except strconv.NumError:
            return 0.0
    return 0.0


def _pointed_at(value: Any) -> Any:
    return value.target if isinstance(value, Pointer) and not value.is_nil else value


def to_text(value: Any) -> str:
    """The value as text: strings and bytes as they are, everything else as ``%v`` prints it."""
    if type(value) is str:
        return value
    if isinstance(value, bytes):
        return from_bytes(value)
    return fmt.sprint(value)


def _truncate(value: float) -> int:
    # What has no int64 becomes the smallest one, as amd64 converts it.
    if math.isfinite(value) and _INT64_MIN <= value < -_INT64_MIN:
        return int(value)
    return _INT64_MIN


def _parse_int(text: str) -> int:
    try:
        return strconv.parse_int(_without_fraction(text), 0)
    except strconv.NumError:
        return 0


def _without_fraction(text: str) -> str:
    if "." not in text:
        return text
    decimal = _DECIMAL.match(text)
    if decimal is None:
        return text
    whole = decimal[1]
    return whole + "0" if whole in {"", "+", "-"} else whole
