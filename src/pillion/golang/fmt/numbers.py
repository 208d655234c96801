"""Booleans and numbers, as each verb prints them.

A function returns None for a verb that its type has no form for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.golang.fmt.padding import pad, pad_with_spaces
from pillion.golang.strconv import format_float, is_print, quote_rune, quote_rune_to_ascii

if TYPE_CHECKING:
    from pillion.golang.fmt.directives import Spec

_INTEGER_FORMATS = {"v": "d", "d": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
_PREFIXES = {"b": "0b", "x": "0x", "X": "0X"}
_FLOAT_FORMATS = {
    "v": ("g", -1),
    "F": ("f", 6),
    **{verb: (verb, -1) for verb in "bgGxX"},
    **{verb: (verb, 6) for verb in "feE"},
}
"""The letter and the precision of each verb, as ``strconv.FormatFloat`` takes them."""

_DEFAULT_SHARP_DIGITS = 6
_LAST_RUNE = 0x10FFFF
_REPLACEMENT = 0xFFFD
_SURROGATES = range(0xD800, 0xE000)
_WORD = 1 << 64
_LEAST_UNICODE_DIGITS = 4


def boolean(value: bool, verb: str, spec: Spec) -> str | None:  # noqa: FBT001 - the value printed
    """A ``bool``."""
    if verb not in {"t", "v"}:
        return None
    return pad("true" if value else "false", spec)


def signed(value: int, verb: str, spec: Spec) -> str | None:
    """An integer of a signed type."""
    if verb in _INTEGER_FORMATS:
        return integer(value, verb, spec, sharp=spec.sharp)
    if verb == "c":
        return pad(chr(_rune(value)), spec)
    if verb == "q":
        rune = _rune(value)
        return pad(quote_rune_to_ascii(rune) if spec.plus else quote_rune(rune), spec)
    if verb == "U":
        return _unicode(value % _WORD, spec)
    return None


def unsigned(value: int, verb: str, spec: Spec) -> str | None:
    """An integer of an unsigned type, which ``%#v`` prints in hexadecimal."""
    if verb == "v" and spec.sharp_v:
        return integer(value, "x", spec, sharp=True)
    return signed(value, verb, spec)


def integer(value: int, verb: str, spec: Spec, *, sharp: bool) -> str:
    """An integer in the base of ``verb``."""
    least_digits = spec.precision
    if least_digits == 0 and value == 0:
        return " " * spec.width
    if least_digits < 0 and spec.zero and not spec.minus:
        least_digits = spec.width - (value < 0 or spec.plus or spec.space)
    letter = _INTEGER_FORMATS[verb]
    digits = format(abs(value), letter).rjust(least_digits, "0")
    if sharp:
        digits = _with_prefix(digits, letter)
    if verb == "O":
        digits = "0o" + digits
    sign = "-" if value < 0 else "+" if spec.plus else " " if spec.space else ""
    return pad_with_spaces(sign + digits, spec)


def floating(value: float, bits: int, verb: str, spec: Spec) -> str | None:
    """A floating-point number of ``bits`` bits."""
    if verb not in _FLOAT_FORMATS:
        return None
    letter, precision = _FLOAT_FORMATS[verb]
    if spec.precision >= 0:
        precision = spec.precision
    text = format_float(value, letter, precision, bits)
    sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("+", text)
    if spec.space and sign == "+" and not spec.plus:
        sign = " "
    if digits[0] in "IN":
        is_bare = digits[0] == "N" and not spec.space and not spec.plus
        return pad_with_spaces(digits if is_bare else sign + digits, spec)
    if spec.sharp and letter != "b":
        digits = _with_all_digits(digits, letter, precision)
    if not spec.plus and sign == "+":
        return pad(digits, spec)
    if spec.zero and not spec.minus:
        return sign + digits.rjust(spec.width - 1, "0")
    return pad(sign + digits, spec)


def complex_number(value: complex, verb: str, spec: Spec) -> str | None:
    """A ``complex128``: both parts by the verb, the imaginary one always with a sign."""
    real = floating(value.real, 64, verb, spec)
    imaginary = floating(value.imag, 64, verb, spec._replace(plus=True))
    return None if real is None or imaginary is None else f"({real}{imaginary}i)"


def _with_prefix(digits: str, letter: str) -> str:
    if letter == "o":
        return digits if digits[0] == "0" else "0" + digits
    return _PREFIXES.get(letter, "") + digits


def _rune(value: int) -> int:
    """The code point ``value``, or U+FFFD where it is none."""
    return value if 0 <= value <= _LAST_RUNE and value not in _SURROGATES else _REPLACEMENT


def _unicode(value: int, spec: Spec) -> str:
    text = f"U+{value:0{max(spec.precision, _LEAST_UNICODE_DIGITS)}X}"
    if spec.sharp and value <= _LAST_RUNE and is_print(value):
        text += f" '{chr(value)}'"
    return pad_with_spaces(text, spec)


def _with_all_digits(text: str, letter: str, precision: int) -> str:
    """``text`` as the ``#`` flag has it: with a decimal point, and zeros up to the precision."""
    wanted = 0
    if letter in "gGx":
        wanted = _DEFAULT_SHARP_DIGITS if precision < 0 else precision
    ends = "pP" if letter in "xX" else "eEpP"
    end = next((place for place, character in enumerate(text) if character in ends), len(text))
    digits, tail = text[:end], text[end:]
    significant = digits.replace(".", "").lstrip("0")
    wanted -= len(significant)
    if "." not in digits:
        wanted -= digits == "0"
        digits += "."
    return digits + "0" * wanted + tail
