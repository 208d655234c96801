"""Go literals of strings and characters, read back."""

from __future__ import annotations

import re

from pillion.golang.strconv.errors import QuoteError
from pillion.golang.strings import from_bytes

_NAMED = {
    "a": 0x07,
    "b": 0x08,
    "f": 0x0C,
    "n": 0x0A,
    "r": 0x0D,
    "t": 0x09,
    "v": 0x0B,
    "\\": 0x5C,
}
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
_OCTAL_DIGITS = 3
_OCTAL = "01234567"
_HEX = "0123456789abcdefABCDEF"
_NOT_PLAIN = re.compile("[\\\\\n\udc80-\udcff]")
_SURROGATES = range(0xD800, 0xE000)
_REPLACEMENT = 0xFFFD
_LAST_RUNE = 0x10FFFF
_LAST_BYTE = 0xFF
_LAST_ASCII = 0x7F
_SHORTEST = len('""')


def unquote(text: str) -> str:
    """The string that the Go literal ``text`` (in double, single or back quotes) stands for.

    Follows ``strconv.Unquote``: single quotes hold one character, and escapes may make bytes that
    are not UTF-8, which come back surrogate-escaped.

    Raises:
        QuoteError: ``text`` is not one whole literal.
    """
    mark = text[:1]
    if len(text) < _SHORTEST or mark not in "\"'`":
        raise QuoteError
    if mark == "`":
        return _unquote_raw(text)
    body = text[1:-1]
    if text[-1] == mark == '"' and mark not in body and _NOT_PLAIN.search(body) is None:
        return body
    return _unquote_escaped(text, mark)


def unquote_char(text: str, mark: str) -> tuple[int, bool, str]:
    """The value of the first character or escape of ``text``, whether it is a rune, and the rest.

    Follows ``strconv.UnquoteChar``: ``mark`` is the quote that must be and may be escaped, or
    empty. A value that is not a rune is a byte of the string.

    Raises:
        QuoteError: no character or well-formed escape stands there.
    """
    value, is_rune, end = _decode(text, 0, mark)
    return value, is_rune, text[end:]


def _unquote_raw(text: str) -> str:
    if text.find("`", 1) != len(text) - 1:
        raise QuoteError
    return text[1:-1].replace("\r", "")


def _unquote_escaped(text: str, mark: str) -> str:
    decoded = bytearray()
    position = 1
    while position < len(text) and text[position] != mark:
        if text[position] == "\n":
            raise QuoteError
        value, is_rune, position = _decode(text, position, mark)
        decoded += chr(value).encode() if is_rune else bytes([value])
        if mark == "'":
            break
    if text[position:] != mark:
        raise QuoteError
    return from_bytes(bytes(decoded))


def _decode(text: str, position: int, mark: str) -> tuple[int, bool, int]:
    """The value of the character or escape there, whether it is a rune, and where it ends."""
    character = text[position : position + 1]
    if character in {"", mark}:
        raise QuoteError
    if character == "\\":
        return _decode_escape(text, position + 1, mark)
    rune = ord(character)
    if rune in _SURROGATES:
        return _REPLACEMENT, True, position + 1
    return rune, rune > _LAST_ASCII, position + 1


def _decode_escape(text: str, position: int, mark: str) -> tuple[int, bool, int]:
    kind = text[position : position + 1]
    if kind in _NAMED:
        return _NAMED[kind], False, position + 1
    if kind in _HEX_DIGITS:
        return _decode_hex(text, position)
    if kind and kind in "\"'" and kind == mark:
        return ord(kind), False, position + 1
    end = position + _OCTAL_DIGITS
    value = _number(text[position:end], _OCTAL_DIGITS, _OCTAL)
    if value > _LAST_BYTE:
        raise QuoteError
    return value, False, end


def _decode_hex(text: str, position: int) -> tuple[int, bool, int]:
    length = _HEX_DIGITS[text[position]]
    end = position + 1 + length
    value = _number(text[position + 1 : end], length, _HEX)
    if text[position] == "x":
        return value, False, end
    if value > _LAST_RUNE or value in _SURROGATES:
        raise QuoteError
    return value, True, end


def _number(digits: str, length: int, allowed: str) -> int:
    if len(digits) < length or digits.strip(allowed):
        raise QuoteError
    return int(digits, 16 if allowed is _HEX else 8)
