"""sprig's random values; all come from the operating system's generator."""

from __future__ import annotations

import secrets
import string

from pillion.golang import base64
from pillion.golang.strings import runes
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.panics import MAX_BYTES, too_large

_ASCII = "".join(map(chr, range(0x20, 0x7F)))


def _draw(alphabet: str, count: int) -> str:
    # A negative count is an error that sprig drops.
    if count > MAX_BYTES:
        raise too_large("the random text")
    return "".join(secrets.choice(alphabet) for _ in range(count))


def rand_alpha_num(count: int) -> str:
    """That many letters and digits."""
    return _draw(string.ascii_letters + string.digits, count)


def rand_alpha(count: int) -> str:
    """That many letters."""
    return _draw(string.ascii_letters, count)


def rand_ascii(count: int) -> str:
    """That many printable ASCII characters."""
    return _draw(_ASCII, count)


def rand_numeric(count: int) -> str:
    """That many digits."""
    return _draw(string.digits, count)


def rand_bytes(count: int) -> str:
    """That many bytes in base 64.

    Raises:
        FunctionError: the count is negative or too large.
    """
    if count < 0:
        raise FunctionError("runtime error: makeslice: len out of range")
    if count > MAX_BYTES:
        raise too_large("the random text")
    return base64.encode(secrets.token_bytes(count))


def rand_int(low: int, high: int) -> int:
    """An integer from ``low`` up to ``high``, without it.

    Raises:
        FunctionError: there is none.
    """
    if high <= low:
        raise FunctionError("invalid argument to Intn")
    return low + secrets.randbelow(high - low)


def shuffle(text: str) -> str:
    """The characters of the text in random order."""
    letters = list(runes(text))
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def uuid4() -> str:
    """A random UUID."""
    digits = f"{secrets.randbits(128) & ~(0xF << 76) & ~(3 << 62) | 4 << 76 | 2 << 62:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


FUNCTIONS = {
    "randAlphaNum": Function(rand_alpha_num, ("int",), result="string"),
    "randAlpha": Function(rand_alpha, ("int",), result="string"),
    "randAscii": Function(rand_ascii, ("int",), result="string"),
    "randNumeric": Function(rand_numeric, ("int",), result="string"),
    "randBytes": Function(rand_bytes, ("int",), result="string"),
    "randInt": Function(rand_int, ("int", "int"), result="int"),
    "shuffle": Function(shuffle, ("string",), result="string"),
    "uuidv4": Function(uuid4, result="string"),
}
