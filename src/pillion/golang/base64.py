"""Base 64 as Go's ``base64.StdEncoding`` writes and reads it, with its errors."""

from __future__ import annotations

import binascii

from pillion.errors import PillionError
from pillion.golang.strings import to_bytes

_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_NEWLINES = b"\r\n"
_PAD = ord("=")


class CorruptInputError(PillionError):
    """The text is not base 64, or not base 32; the message is Go's, which names the byte."""


def encode(data: bytes) -> str:
    """The bytes in base 64."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def decode(text: str) -> bytes:
    """The bytes that were encoded; line ends in the text are passed over.

    Raises:
        CorruptInputError: the text is not base 64.
    """
    data = to_bytes(text)
    _check(data)
    return binascii.a2b_base64(data.translate(None, _NEWLINES))


def _check(data: bytes) -> None:
    digits = at = 0
    while at < len(data):
        byte = data[at]
        at += 1
        if byte in _ALPHABET:
            digits = (digits + 1) % 4
        elif byte == _PAD and digits > 1:
            _check_padding(data, at, digits)
            return
        elif byte not in _NEWLINES:
            raise _corrupt(at - 1)
    if digits:
        raise _corrupt(at - digits)


def _check_padding(data: bytes, at: int, digits: int) -> None:
    """Check what follows the first padding character of a group that has two or three digits."""
    end = _skip_newlines(data, at)
    if digits == len("=="):
        if end == len(data):
            raise _corrupt(len(data))
        if data[end] != _PAD:
            raise _corrupt(end - 1)
        end = _skip_newlines(data, end + 1)
    if end < len(data):
        raise _corrupt(end)


def _skip_newlines(data: bytes, at: int) -> int:
    while at < len(data) and data[at] in _NEWLINES:
        at += 1
    return at


def _corrupt(at: int) -> CorruptInputError:
    return CorruptInputError(f"illegal base64 data at input byte {at}")
