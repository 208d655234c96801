"""Quoted Go strings and characters.

A byte that is not UTF-8 reaches Python as a lone surrogate (``surrogateescape``) and is quoted as
the byte it stands for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pillion.golang.strconv.printable import is_print
from pillion.golang.strings import from_bytes, to_bytes

_NOT_PLAIN = re.compile(r"[^ !#-\[\]-~]")
_NOT_PLAIN_RUNE = r"[^ -&(-\[\]-~]"
_NOT_BACKQUOTABLE = "[\x00-\x08\x0a-\x1f`\x7f\ufeff\udc80-\udcff]"
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")

_NAMED = {
    "\a": r"\a",
    "\b": r"\b",
    "\f": r"\f",
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
    "\v": r"\v",
    "\\": r"\\",
    '"': r"\"",
    "'": r"\'",
}
_LAST_ASCII = 0x7F
_LAST_OF_FOUR_DIGITS = 0xFFFF
_LAST_RUNE = 0x10FFFF
_REPLACEMENT = 0xFFFD
_SURROGATES = range(0xD800, 0xE000)
_ESCAPED_BYTES = range(0xDC80, 0xDD00)
_ESCAPED_BYTE_BASE = 0xDC00


def quote(text: str) -> str:
    """``text`` as a double-quoted Go literal, as ``strconv.Quote`` writes it."""
    if not text.isascii():
        text = _joined(text)
    return f'"{_NOT_PLAIN.sub(_escape_unprintable, text)}"'


def quote_to_ascii(text: str) -> str:
    """``text`` as a double-quoted Go literal of ASCII alone, as ``strconv.QuoteToASCII`` does."""
    if not text.isascii():
        text = _joined(text)
    return f'"{_NOT_PLAIN.sub(_escape_not_ascii, text)}"'


def quote_rune(rune: int) -> str:
    """The code point ``rune`` as a Go character literal, as ``strconv.QuoteRune`` writes it."""
    return f"'{re.sub(_NOT_PLAIN_RUNE, _escape_unprintable, _valid_rune(rune))}'"


def quote_rune_to_ascii(rune: int) -> str:
    """The code point ``rune`` as a Go character literal of ASCII alone."""
    return f"'{re.sub(_NOT_PLAIN_RUNE, _escape_not_ascii, _valid_rune(rune))}'"


def can_backquote(text: str) -> bool:
    """Whether ``text`` can stand between backquotes as it is, as ``strconv.CanBackquote`` says."""
    return re.search(_NOT_BACKQUOTABLE, text) is None


def _joined(text: str) -> str:
    """Decode escaped bytes of ``text`` that came to stand side by side and are UTF-8 together."""
    if _ESCAPED_BYTE.search(text) is None:
        return text
    return from_bytes(to_bytes(text))


def _valid_rune(rune: int) -> str:
    if 0 <= rune <= _LAST_RUNE and rune not in _SURROGATES:
        return chr(rune)
    return chr(_REPLACEMENT)


def _escape_unprintable(match: re.Match[str]) -> str:
    return _escape(match[0], ascii_only=False)


def _escape_not_ascii(match: re.Match[str]) -> str:
    return _escape(match[0], ascii_only=True)


@lru_cache(maxsize=1024)
def _escape(character: str, *, ascii_only: bool) -> str:
    named = _NAMED.get(character)
    if named is not None:
        return named
    rune = ord(character)
    if rune in _ESCAPED_BYTES:
        return f"\\x{rune - _ESCAPED_BYTE_BASE:02x}"
    if rune <= _LAST_ASCII:
        return f"\\x{rune:02x}"
    if not ascii_only and is_print(rune):
        return character
    return f"\\u{rune:04x}" if rune <= _LAST_OF_FOUR_DIGITS else f"\\U{rune:08x}"
