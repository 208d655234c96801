"""sprig's base 64 and base 32; what cannot be decoded becomes the text of Go's error."""

from __future__ import annotations

import base64
import binascii

from pillion.golang.strings import from_bytes, to_bytes
from pillion.gotemplate.functions import Function

_ALPHABET_64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_ALPHABET_32 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_NEWLINES = b"\r\n"
_PAD = ord("=")


class CorruptInputError(ValueError):
    """The text is not base 64 or base 32; the message is Go's."""


def base64_encode(text: str) -> str:
    """The text in base 64."""
    return encode_base64(to_bytes(text))


def base64_decode(text: str) -> str:
    """The text that was encoded, or why there is none."""
    try:
        return from_bytes(decode_base64(text))
    except CorruptInputError as error:
        return str(error)


def base32_encode(text: str) -> str:
    """The text in base 32."""
    return base64.b32encode(to_bytes(text)).decode("ascii")


def base32_decode(text: str) -> str:
    """The text that was encoded, or why there is none."""
    data = to_bytes(text).translate(None, _NEWLINES)
    try:
        digits = data[: _end_of_base32(data)]
    except CorruptInputError as error:
        return str(error)
    return from_bytes(base64.b32decode(digits + b"=" * (-len(digits) % 8)))


def encode_base64(data: bytes) -> str:
    """The bytes in base 64."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def decode_base64(text: str) -> bytes:
    """The bytes that were encoded, by the rules of ``base64.StdEncoding``.

    Raises:
        CorruptInputError: the text is not base 64.
    """
    data = to_bytes(text)
    _check_base64(data)
    return binascii.a2b_base64(data.translate(None, _NEWLINES))


def _check_base64(data: bytes) -> None:
    digits = at = 0
    while at < len(data):
        byte = data[at]
        at += 1
        if byte in _ALPHABET_64:
            digits = (digits + 1) % 4
        elif byte == _PAD and digits > 1:
            _check_padding(data, at, digits)
            return
        elif byte not in _NEWLINES:
            raise _corrupt(64, at - 1)
    if digits:
        raise _corrupt(64, at - digits)


def _check_padding(data: bytes, at: int, digits: int) -> None:
    """Check what follows the first padding character of a group that has two or three digits."""
    second = _skip_newlines(data, at)
    if digits == len("=="):
        if second == len(data):
            raise _corrupt(64, len(data))
        if data[second] != _PAD:
            raise _corrupt(64, second - 1)
        second = _skip_newlines(data, second + 1)
    if second < len(data):
        raise _corrupt(64, second)


def _skip_newlines(data: bytes, at: int) -> int:
    while at < len(data) and data[at] in _NEWLINES:
        at += 1
    return at


_GROUP = 8


def _end_of_base32(data: bytes) -> int:
    """Where the digits end and the padding starts."""
    for at, byte in enumerate(data):
        digits = at % _GROUP
        left = len(data) - at - 1
        if byte == _PAD and digits > 1 and left < _GROUP:
            _check_base32_padding(data, at, digits)
            return at
        if byte not in _ALPHABET_32:
            raise _corrupt(32, at)
    if len(data) % _GROUP:
        raise _corrupt(32, len(data) - len(data) % _GROUP)
    return len(data)


def _check_base32_padding(data: bytes, at: int, digits: int) -> None:
    if len(data) - at - 1 + digits < _GROUP - 1:
        raise _corrupt(32, len(data))
    for place in range(at + 1, at + _GROUP - digits):
        if data[place] != _PAD:
            raise _corrupt(32, place - 1)
    if digits in {3, 6}:
        # So many digits do not make whole bytes.
        raise _corrupt(32, at)


def _corrupt(base: int, at: int) -> CorruptInputError:
    return CorruptInputError(f"illegal base{base} data at input byte {at}")


FUNCTIONS = {
    "b64enc": Function(base64_encode, ("string",), result="string"),
    "b64dec": Function(base64_decode, ("string",), result="string"),
    "b32enc": Function(base32_encode, ("string",), result="string"),
    "b32dec": Function(base32_decode, ("string",), result="string"),
}
