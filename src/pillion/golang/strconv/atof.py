"""Floating-point numbers read from text."""

from __future__ import annotations

import re
from functools import cache
from math import inf, isinf, nan
from typing import TYPE_CHECKING

from pillion.golang.strconv.errors import RANGE, SYNTAX, NumError
from pillion.golang.strconv.floats import FLOAT32, next_float32, round_to_float32

if TYPE_CHECKING:
    from fractions import Fraction

_SPECIAL = {
    f"{sign}{name}": value
    for sign, value in (("", inf), ("+", inf), ("-", -inf))
    for name in ("inf", "infinity")
} | {"nan": nan}


def parse_float(text: str, bits: int = 64) -> float:
    """The number in ``text``, as ``strconv.ParseFloat`` reads it.

    Decimal and hexadecimal numbers in Go's syntax, underscores between digits, and the names of the
    infinities and of NaN.

    Raises:
        NumError: ``text`` is not a number, or one beyond those of ``bits`` bits.
    """
    if _decimal().fullmatch(text) is not None:
        value = float(text)
    elif _hexadecimal().fullmatch(text) is not None:
        value = _hex_value(text.replace("_", ""))
    elif text.lower() in _SPECIAL and text.isascii():
        return _SPECIAL[text.lower()]
    else:
        raise NumError("ParseFloat", text, SYNTAX)
    if bits == FLOAT32:
        value = _nearest_float32(value, text.replace("_", ""))
    if isinf(value):
        raise NumError("ParseFloat", text, RANGE, value)
    return value


@cache
def _decimal() -> re.Pattern[str]:
    digits = "[0-9](?:_?[0-9])*"
    return re.compile(rf"[+-]?(?:{digits}(?:\.(?:{digits})?)?|\.{digits})(?:[eE][+-]?{digits})?")


@cache
def _hexadecimal() -> re.Pattern[str]:
    digits, hexadecimal = "[0-9](?:_?[0-9])*", "[0-9a-fA-F](?:_?[0-9a-fA-F])*"
    mantissa = rf"_?{hexadecimal}(?:\.(?:{hexadecimal})?)?|\.{hexadecimal}"
    return re.compile(rf"[+-]?0[xX](?:{mantissa})[pP][+-]?{digits}")


def _hex_value(text: str) -> float:
    try:
        return float.fromhex(text)
    except OverflowError:
        return -inf if text[0] == "-" else inf


def _nearest_float32(value: float, text: str) -> float:
    """Round ``text``, whose nearest double is ``value``, to a ``float32`` in one step.

    Only where the double lies half-way between two ``float32`` does it matter on which side of it
    the text's own number lies.
    """
    nearest = round_to_float32(value)
    if nearest == value or isinf(value):
        return nearest
    other = next_float32(nearest, up=value > nearest)
    if isinf(nearest) or isinf(other) or nearest + other != 2 * value:
        return nearest
    exact = _exact(text)
    if exact == value:
        return nearest
    return max(nearest, other) if exact > value else min(nearest, other)


def _exact(text: str) -> Fraction:
    from decimal import Decimal
    from fractions import Fraction

    if "x" not in text.lower():
        return Fraction(Decimal(text))
    mantissa, _, exponent = text.lower().replace("0x", "").partition("p")
    whole, _, fraction = mantissa.partition(".")
    return Fraction(int(whole + fraction, 16)) * Fraction(2) ** (int(exponent) - 4 * len(fraction))
