"""sprig's base 64 and base 32; what cannot be decoded becomes the text of Go's error."""

from __future__ import annotations

import base64

from pillion.golang.base64 import CorruptInputError, decode, encode
from pillion.golang.strings import from_bytes, to_bytes
from pillion.gotemplate.functions import Function

_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_NEWLINES = b"\r\n"
_PAD = ord("=")


def base64_encode(text: str) -> str:
    """The text in base 64."""
    return encode(to_bytes(text))


def base64_decode(text: str) -> str:
    """The text that was encoded, or why there is none."""
    try:
        return from_bytes(decode(text))
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


_GROUP = 8


def _end_of_base32(data: bytes) -> int:
    """Where the digits end and the padding starts."""
    for at, byte in enumerate(data):
        digits = at % _GROUP
        left = len(data) - at - 1
        if byte == _PAD and digits > 1 and left < _GROUP:
            _check_base32_padding(data, at, digits)
            return at
        if byte not in _ALPHABET:
            raise _corrupt(at)
    if len(data) % _GROUP:
        raise _corrupt(len(data) - len(data) % _GROUP)
    return len(data)


def _check_base32_padding(data: bytes, at: int, digits: int) -> None:
    if len(data) - at - 1 + digits < _GROUP - 1:
        raise _corrupt(len(data))
    for place in range(at + 1, at + _GROUP - digits):
        if data[place] != _PAD:
            raise _corrupt(place - 1)
    if digits in {3, 6}:
        # So many digits do not make whole bytes.
        raise _corrupt(at)


def _corrupt(at: int) -> CorruptInputError:
    return CorruptInputError(f"illegal base32 data at input byte {at}")


FUNCTIONS = {
    "b64enc": Function(base64_encode, ("string",), result="string"),
    "b64dec": Function(base64_decode, ("string",), result="string"),
    "b32enc": Function(base32_encode, ("string",), result="string"),
    "b32dec": Function(base32_decode, ("string",), result="string"),
}
