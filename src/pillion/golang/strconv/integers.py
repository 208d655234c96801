"""Integers and booleans read from text."""

from __future__ import annotations

import re

from pillion.golang.strconv.errors import RANGE, SYNTAX, NumError

_DECIMAL = 10
_MAX_BITS = 64
_MAX_BASE = 36
_ALWAYS_FITS = 18
"""Decimal digits that fit an ``int64`` whatever they are."""

_PREFIX_BASES = {"0b": 2, "0o": 8, "0x": 16}
_DIGITS = {digit: value for value, digit in enumerate("0123456789abcdefghijklmnopqrstuvwxyz")}
_DIGITS |= {digit.upper(): value for digit, value in _DIGITS.items()}
_UNDERSCORES = "0[bBoO](?:_?[0-9])*|0[xX](?:_?[0-9a-fA-F])*|[0-9](?:_?[0-9])*"
"""Where underscores may stand: between digits, or between a base's prefix and a digit."""

_BOOLEANS = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False),
}


def parse_bool(text: str) -> bool:
    """The boolean that ``text`` spells, as ``strconv.ParseBool`` reads it.

    Raises:
        NumError: ``text`` is none of the spellings of true and false.
    """
    try:
        return _BOOLEANS[text]
    except KeyError:
        raise NumError("ParseBool", text, SYNTAX) from None


def atoi(text: str) -> int:
    """The decimal ``int`` in ``text``, as ``strconv.Atoi`` reads it.

    Raises:
        NumError: ``text`` is not an integer, or not one of 64 bits.
    """
    return _parse_signed("Atoi", text, 10, 64)


def parse_int(text: str, base: int = 10, bits: int = 64) -> int:
    """The signed integer in ``text``, as ``strconv.ParseInt`` reads it.

    With base 0 the text's own prefix (``0x``, ``0o``, ``0``, ``0b``) tells the base, and
    underscores may stand between digits.

    Raises:
        NumError: ``text`` is not an integer of that base, or has no room in that many bits.
    """
    return _parse_signed("ParseInt", text, base, bits)


def parse_uint(text: str, base: int = 10, bits: int = 64) -> int:
    """The unsigned integer in ``text``, as ``strconv.ParseUint`` reads it; see :func:`parse_int`.

    Raises:
        NumError: ``text`` is not an integer of that base, or has no room in that many bits.
    """
    limit = (1 << (bits or _MAX_BITS)) - 1
    value = _parse_magnitude("ParseUint", text, text, base, bits)
    if value > limit:
        raise NumError("ParseUint", text, RANGE, limit)
    return value


def _parse_signed(function: str, text: str, base: int, bits: int) -> int:
    if base == _DECIMAL and bits == _MAX_BITS and _is_small(text):
        value = int(text)
    else:
        digits = text[1:] if text[:1] in {"+", "-"} else text
        value = _parse_magnitude(function, text, digits, base, bits)
        value = -value if text[0] == "-" else value
    limit = 1 << ((bits or _MAX_BITS) - 1)
    if value >= limit:
        raise NumError(function, text, RANGE, limit - 1)
    if value < -limit:
        raise NumError(function, text, RANGE, -limit)
    return value


def _is_small(text: str) -> bool:
    """Whether ``text`` is nothing but digits, and not too many for an ``int64``."""
    return len(text) <= _ALWAYS_FITS and text.isascii() and text.isdigit()


def _parse_magnitude(function: str, text: str, digits: str, base: int, bits: int) -> int:
    """The integer in ``digits``, the part of ``text`` without its sign.

    A number past the limit stops the reading, so that what follows it is not looked at.
    """
    if not digits:
        raise NumError(function, text, SYNTAX)
    body, actual_base = _without_prefix(digits) if base == 0 else (digits, base)
    if not 1 < actual_base <= _MAX_BASE:
        raise NumError(function, text, f"invalid base {base}")
    if not 0 <= bits <= _MAX_BITS:
        raise NumError(function, text, f"invalid bit size {bits}")
    limit = (1 << (bits or _MAX_BITS)) - 1
    value = 0
    for character in body:
        if character == "_" and base == 0:
            continue
        digit = _DIGITS.get(character, actual_base)
        if digit >= actual_base:
            raise NumError(function, text, SYNTAX)
        value = value * actual_base + digit
        if value > limit:
            return value
    if base == 0 and "_" in body and re.fullmatch(_UNDERSCORES, digits) is None:
        raise NumError(function, text, SYNTAX)
    return value


def _without_prefix(digits: str) -> tuple[str, int]:
    """The digits after the prefix that tells their base, and that base."""
    if digits[0] != "0":
        return digits, 10
    prefix = digits[:2].lower()
    if prefix in _PREFIX_BASES and len(digits) > len(prefix):
        return digits[2:], _PREFIX_BASES[prefix]
    return digits[1:], 8
