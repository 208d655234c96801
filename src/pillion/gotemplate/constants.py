"""Numeric constants: one text, and its value as each of Go's types that can hold it."""

from __future__ import annotations

import re

from pillion.golang.strconv import (
    NumError,
    QuoteError,
    parse_float,
    parse_int,
    parse_uint,
    quote,
    unquote_char,
)
from pillion.gotemplate.nodes import Number

_LARGEST_INT = 2.0**63
_LARGEST_UINT = 2.0**64
_FLOAT = (
    r"[+-]?(?>0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?"
    r"|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)"
)
_COMPLEX = re.compile(rf"({_FLOAT})((?=[+-]){_FLOAT})i")


class NumberError(Exception):
    """A constant that is not a number, worded as Go's parser words it."""


def character(position: int, text: str) -> Number:
    """The node of a character constant; Go lets it be a number of any type but complex.

    Raises:
        NumberError: it is not one character.
    """
    try:
        rune, _, rest = unquote_char(text[1:], "'")
    except QuoteError as error:
        raise NumberError("invalid syntax") from error
    if rest != "'":
        raise NumberError(f"malformed character constant: {text}")
    return Number(position, text, rune, rune, float(rune))


def complex_number(position: int, text: str) -> Number:
    """The node of a sum of a real and an imaginary constant, both decimal or hexadecimal.

    Raises:
        NumberError: it is not one.
    """
    match = _COMPLEX.fullmatch(text)
    try:
        if match is None:
            raise NumberError("syntax error scanning complex number")
        value = complex(parse_float(match[1]), parse_float(match[2]))
    except NumError as error:
        raise NumberError(str(error)) from error
    return _simplified(position, text, value)


def number(position: int, text: str) -> Number:
    """The node of any other constant.

    Raises:
        NumberError: it is not a number, or an integer beyond 64 bits.
    """
    if text.endswith("i"):
        imaginary = _parsed_float(text[:-1])
        if imaginary is not None:
            return _simplified(position, text, complex(0, imaginary))
    node = Number(position, text, _parsed_int(text), _parsed_uint(text))
    if node.integer == 0:
        node.unsigned = 0  # -0 is no unsigned literal, but its value is
    whole = node.integer if node.integer is not None else node.unsigned
    if whole is not None:
        node.floating = float(whole)
        return node
    return _floating(node)


def _floating(node: Number) -> Number:
    value = _parsed_float(node.text)
    if value is None:
        raise NumberError(f"illegal number syntax: {quote(node.text)}")
    if not any(mark in node.text for mark in ".eEpP"):
        raise NumberError(f"integer overflow: {quote(node.text)}")
    node.floating = value
    node.integer = _as_int(value)
    node.unsigned = _as_uint(value)
    return node


def _simplified(position: int, text: str, value: complex) -> Number:
    node = Number(position, text, complex=value)
    if value.imag == 0:
        node.floating = value.real
        node.integer = _as_int(value.real)
        node.unsigned = _as_uint(value.real)
    return node


def _as_int(value: float) -> int | None:
    return int(value) if -_LARGEST_INT <= value < _LARGEST_INT and value.is_integer() else None


def _as_uint(value: float) -> int | None:
    return int(value) if 0 <= value < _LARGEST_UINT and value.is_integer() else None


def _parsed_int(text: str) -> int | None:
    try:
        return parse_int(text, 0, 64)
    except NumError:
        return None


def _parsed_uint(text: str) -> int | None:
    try:
        return parse_uint(text, 0, 64)
    except NumError:
        return None


def _parsed_float(text: str) -> float | None:
    try:
        return parse_float(text)
    except NumError:
        return None


def ideal_constant(node: Number) -> complex | float | int | None:
    """The value of a constant where nothing says which type it should have.

    None where it is an integer that does not fit an ``int``.
    """
    if node.complex is not None:
        return node.complex
    if node.floating is not None and _looks_floating(node.text):
        return node.floating
    return node.integer


def _looks_floating(text: str) -> bool:
    is_hex_integer = text[:2] in {"0x", "0X"} and "p" not in text and "P" not in text
    if is_hex_integer or text.startswith("'"):
        return False
    return any(mark in text for mark in ".eEpP")
