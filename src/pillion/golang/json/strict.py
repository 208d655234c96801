"""JSON read by Go's rules alone: its errors letter by letter, and nesting of any depth it allows.

The decoder keeps its own stack, so that nesting ends in Go's error and not in Python's.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecoder
from math import isinf
from typing import Any

from pillion.golang.json.errors import JSONError
from pillion.golang.json.numbers import small_integer
from pillion.golang.strconv import quote
from pillion.golang.strings import byte_len, to_bytes

_MAX_DEPTH = 10000

_SPACE = re.compile(r"[ \t\r\n]*+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+")
_STRING_BODY = re.compile(
    r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+',
)
_STRINGS = JSONDecoder()
_LITERALS = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}
_HEX = frozenset("0123456789abcdefABCDEF")
_DIGITS = frozenset("0123456789")
_NAMED_QUOTES = {"'": r"'\''", '"': "'\"'"}

_END = "unexpected end of JSON input"


def decode(text: str, replaced: str, *, integers: bool) -> Any:
    """Decode ``text`` whole; ``replaced`` is the same text with U+FFFD for what is not valid in it.

    Raises:
        JSONError: ``text`` is not one JSON value, or holds a number beyond a float64.
    """
    decoder = _Decoder(text, replaced, integers=integers)
    value = decoder.value(0)
    decoder.skip_space()
    if decoder.position < len(text):
        raise decoder.wrong("after top-level value")
    decoder.check_numbers(value)
    return value


def decode_first(text: str, replaced: str, start: int, *, integers: bool) -> tuple[Any, int]:
    """Decode the first value from ``start`` on, and tell where it ends.

    Raises:
        JSONError: no value stands there.
    """
    decoder = _Decoder(text, replaced, integers=integers)
    try:
        value = decoder.value(start)
    except JSONError as error:
        if decoder.position < len(text):
            raise
        message = "unexpected EOF" if text[start:].strip(" \t\r\n") else "EOF"
        raise JSONError(message, error.offset) from error
    decoder.check_numbers(value)
    return value, decoder.position


class _Decoder:
    """One pass over a text. ``position`` is where it stands, or where it met what is wrong."""

    __slots__ = ("_integers", "_overflow", "_replaced", "_text", "position")

    def __init__(self, text: str, replaced: str, *, integers: bool) -> None:
        self._text = text
        self._replaced = replaced
        self._integers = integers
        self._overflow: tuple[str, int] | None = None
        self.position = 0

    def value(self, start: int) -> Any:
        """The value at ``start``; ``position`` is left behind it."""
        self.position = start
        open_containers: list[Any] = []
        keys: list[str] = []
        while True:
            self.skip_space()
            character = self._peek()
            if character in "{[":
                container = self._open(character, len(open_containers))
                if not self._close_empty(character):
                    open_containers.append(container)
                    if character == "{":
                        keys.append(self._key())
                    continue
                value = container
            else:
                value = self._scalar(character)
            while open_containers:
                container = open_containers[-1]
                if self._add(container, keys, value):
                    break
                value = open_containers.pop()
            else:
                return value

    def skip_space(self) -> None:
        """Step over white space."""
        match = _SPACE.match(self._text, self.position)
        if match is not None:
            self.position = match.end()

    def check_numbers(self, value: Any) -> None:
        """Raise the error of the first number in ``value`` that was too large; Go tells it last."""
        if self._overflow is not None:
            message, offset = self._overflow
            raise JSONError(message, offset, value)

    def wrong(self, context: str) -> JSONError:
        """The error for the character at ``position``; Go sees a space behind the text's end."""
        at_end = self.position >= len(self._text)
        byte = b" "[0] if at_end else to_bytes(self._text[self.position])[0]
        character = chr(byte)
        named = _NAMED_QUOTES.get(character) or f"'{quote(character)[1:-1]}'"
        offset = byte_len(self._text[: self.position]) + (not at_end)
        return JSONError(f"invalid character {named} {context}", offset)

    def _peek(self) -> str:
        """The character at ``position``, where the text may not end."""
        if self.position >= len(self._text):
            raise JSONError(_END, byte_len(self._text))
        return self._text[self.position]

    def _open(self, character: str, depth: int) -> Any:
        if depth >= _MAX_DEPTH:
            raise self.wrong("exceeded max depth")
        self.position += 1
        self.skip_space()
        return {} if character == "{" else []

    def _close_empty(self, opening: str) -> bool:
        """Step over the end of a container in which nothing stands."""
        if self._peek() != ("}" if opening == "{" else "]"):
            return False
        self.position += 1
        return True

    def _add(self, container: Any, keys: list[str], value: Any) -> bool:
        """Put ``value`` into ``container`` and tell whether another one follows."""
        if isinstance(container, list):
            container.append(value)
            return self._continues("]", "after array element")
        container[keys.pop()] = value
        if not self._continues("}", "after object key:value pair"):
            return False
        self.skip_space()
        keys.append(self._key())
        return True

    def _continues(self, end: str, context: str) -> bool:
        """Step over a comma (true) or the container's end (false)."""
        self.skip_space()
        character = self._peek()
        if character not in {",", end}:
            raise self.wrong(context)
        self.position += 1
        return character == ","

    def _key(self) -> str:
        """The key at ``position``, left behind its colon."""
        if self._peek() != '"':
            raise self.wrong("looking for beginning of object key string")
        key = self._string()
        self.skip_space()
        if self._peek() != ":":
            raise self.wrong("after object key")
        self.position += 1
        return key

    def _scalar(self, character: str) -> Any:
        if character == '"':
            return self._string()
        if character == "-" or character in _DIGITS:
            return self._number()
        if character not in _LITERALS:
            raise self.wrong("looking for beginning of value")
        name, value = _LITERALS[character]
        for expected in name:
            if self._text[self.position : self.position + 1] != expected:
                raise self.wrong(f"in literal {name} (expecting '{expected}')")
            self.position += 1
        return value

    def _string(self) -> str:
        body = _STRING_BODY.match(self._text, self.position)
        end = body.end() if body is not None else self.position
        if self._text[end : end + 1] != '"':
            self._fail_in_string(end)
        value, self.position = _STRINGS.raw_decode(self._replaced, self.position)
        return str(value)

    def _fail_in_string(self, end: int) -> None:
        """Raise the error for the string whose valid part ends at ``end``."""
        self.position = end
        if self._peek() != "\\":
            raise self.wrong("in string literal")
        self.position += 1
        if self._text[self.position : self.position + 1] != "u":
            raise self.wrong("in string escape code")
        self.position += 1
        while self._text[self.position : self.position + 1] in _HEX:
            self.position += 1
        raise self.wrong(r"in \u hexadecimal character escape")

    def _number(self) -> float | None:
        match = _NUMBER.match(self._text, self.position)
        if match is None:
            self.position += 1
            raise self.wrong("in numeric literal")
        self.position = match.end()
        self._check_number_end(match[0])
        kept = small_integer(match[0]) if self._integers and _is_integer(match[0]) else None
        if kept is not None:
            return kept
        value = float(match[0])
        if not isinf(value):
            return value
        if self._overflow is None:
            message = f"json: cannot unmarshal number {match[0]} into Go value of type float64"
            self._overflow = message, byte_len(self._text[: self.position]) + 1
        return None

    def _check_number_end(self, number: str) -> None:
        """Raise the error for a fraction or an exponent that begins and has no digits."""
        following = self._text[self.position : self.position + 1]
        if following == "." and _is_integer(number):
            self.position += 1
            raise self.wrong("after decimal point in numeric literal")
        if following in {"e", "E"} and "e" not in number and "E" not in number:
            self.position += 1
            if self._text[self.position : self.position + 1] in {"+", "-"}:
                self.position += 1
            raise self.wrong("in exponent of numeric literal")


def _is_integer(number: str) -> bool:
    return number.lstrip("-").isdigit()
