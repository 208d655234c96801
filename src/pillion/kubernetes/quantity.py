"""Resource quantities (``500m``, ``1.5Gi``, ``2e3``) in the canonical form of Kubernetes.

The rules are those of ``resource.Quantity`` in k8s.io/apimachinery: a quantity remembers which of
three formats it was written in, is rounded up to a nano, and is printed with the largest suffix
that needs no fraction. What is canonical already keeps its own spelling.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pillion.kubernetes.errors import QuantityError

_DECIMAL_SUFFIXES = {
    "n": -9,
    "u": -6,
    "m": -3,
    "": 0,
    "k": 3,
    "M": 6,
    "G": 9,
    "T": 12,
    "P": 15,
    "E": 18,
}
_BINARY_SUFFIXES = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL_SUFFIX_OF = {power: suffix for suffix, power in _DECIMAL_SUFFIXES.items()}
_BINARY_SUFFIX_OF = {power: suffix for suffix, power in _BINARY_SUFFIXES.items()}

_PARTS = re.compile(
    r"(?P<sign>[-+]?)0*(?P<whole>[0-9]*)(?:(?P<point>\.)(?P<fraction>[0-9]*))?"
    r"(?P<suffix>[eEinumkKMGTP]*[-+]?[0-9]*)",
    re.ASCII,
)
_EXPONENT = re.compile(r"[eE]([-+]?[0-9]+)", re.ASCII)

_MAX_LENGTH = 1000
_NANO = -9
_FAST_DIGITS = 18  # how many decimal digits always fit into 64 bits
_FAST_BINARY_DIGITS = 14
_MAX_INT64 = 2**63 - 1
_KIBI = 1024

_WRONG_FORMAT = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)
_WRONG_SUFFIX = "unable to parse quantity's suffix"
_WRONG_NUMBER = "unable to parse numeric part of quantity"


class Quantity(NamedTuple):
    """An exact amount, ``number`` times ten to the ``power``, and how it is printed.

    ``format`` is what Go calls it: ``DecimalSI``, ``BinarySI`` or ``DecimalExponent``. ``is_small``
    is true where Go keeps the number in 64 bits, which shows in what :func:`value` does with
    amounts beyond them.
    """

    number: int
    power: int
    format: str
    is_small: bool
    text: str

    def __str__(self) -> str:
        """The canonical form."""
        return self.text


def canonical(text: str) -> str:
    """``text`` in the form in which Kubernetes stores it.

    Raises:
        QuantityError: ``text`` is not a quantity; the message is Go's.
    """
    return parse(text).text


@lru_cache(maxsize=4096)
def parse(text: str) -> Quantity:
    """The quantity that ``text`` spells, as ``resource.ParseQuantity`` reads it.

    Raises:
        QuantityError: ``text`` is not a quantity; the message is Go's.
    """
    if text == "0":
        return Quantity(0, 0, "DecimalSI", True, "0")
    if len(text) > _MAX_LENGTH:
        raise QuantityError(f"a quantity of more than {_MAX_LENGTH} characters")
    parts = _PARTS.fullmatch(text) if text else None
    if parts is None:
        raise QuantityError(_WRONG_FORMAT)
    base, exponent, notation = _interpret(parts["suffix"])
    return _small(text, parts, exponent, notation) or _large(parts, base, exponent, notation)


def value(quantity: Quantity) -> int:
    """``Quantity.Value``: the amount, a fraction rounded up, in 64 bits."""
    return _scaled(quantity, 0)


def milli_value(quantity: Quantity) -> int:
    """``Quantity.MilliValue``: the amount in thousandths, rounded up, in 64 bits."""
    return _scaled(quantity, -3)


def _interpret(suffix: str) -> tuple[int, int, str]:
    """The base, the exponent and the format that a suffix stands for."""
    if suffix in _DECIMAL_SUFFIXES:
        return 10, _DECIMAL_SUFFIXES[suffix], "DecimalSI"
    if suffix in _BINARY_SUFFIXES:
        return 2, _BINARY_SUFFIXES[suffix], "BinarySI"
    match = _EXPONENT.fullmatch(suffix)
    if match is None or len(match[1].lstrip("+-0")) > len(str(_MAX_INT64)):
        raise QuantityError(_WRONG_SUFFIX)
    exponent = int(match[1])
    if not -_MAX_INT64 - 1 <= exponent <= _MAX_INT64:
        raise QuantityError(_WRONG_SUFFIX)
    return 10, (exponent + 2**31) % 2**32 - 2**31, "DecimalExponent"


def _small(text: str, parts: re.Match[str], exponent: int, notation: str) -> Quantity | None:
    """The quantity where Go's arithmetic on 64 bits holds it, else None."""
    whole, fraction = parts["whole"] or "0", parts["fraction"] or ""
    power = exponent - len(fraction)
    factor = 1
    room = _FAST_DIGITS - len(whole) - len(fraction)
    if notation == "BinarySI":
        power = 0
        factor = 2**exponent
        room = _FAST_BINARY_DIGITS - len(whole) - exponent * 3 // 10 if not fraction else -1
    if room < 0 or power < _NANO:
        return None
    digits = whole + fraction
    number = int(digits)
    if not -_MAX_INT64 <= number * factor <= _MAX_INT64:
        return None
    if notation == "BinarySI":
        is_canonical = number & 7 != 0
    else:
        is_canonical = power % 3 == 0 and not digits.endswith("000") and digits[0] != "0"
    signed = -number * factor if parts["sign"] == "-" else number * factor
    printed = text if is_canonical else _print(signed, power, notation)
    return Quantity(signed, power, notation, True, printed)


def _large(parts: re.Match[str], base: int, exponent: int, notation: str) -> Quantity:
    """The quantity in Go's arithmetic of any size, rounded up to nanos and capped where binary."""
    fraction = parts["fraction"] or ""
    written = parts[0][: parts.start("suffix")].lstrip("+-")
    if not written.strip("."):
        raise QuantityError(_WRONG_NUMBER)
    number = int(parts["whole"] + fraction or "0")
    power = -len(fraction)
    if base == 10:  # noqa: PLR2004 - the base of decimal suffixes
        power += exponent
    else:
        number *= 2**exponent
    number, power = _round_up(number, power, _NANO)
    if notation == "BinarySI":
        if _compare(number, power, _MAX_INT64) > 0:
            number, power = _MAX_INT64, 0
        if number and _compare(number, power, 1) < 0:
            notation = "DecimalSI"
    if parts["sign"] == "-":
        number = -number
    return Quantity(number, power, notation, False, _print(number, power, notation))


def _round_up(number: int, power: int, smallest: int) -> tuple[int, int]:
    """The magnitude ``number`` as a multiple of ten to the power of ``smallest``, rounded up."""
    if power >= smallest:
        return number, power
    excess = smallest - power
    if excess > number.bit_length():
        return min(number, 1), smallest
    quotient, remainder = divmod(number, _ten_to(excess))
    return quotient + (remainder > 0), smallest


def _compare(number: int, power: int, other: int) -> int:
    """Whether ``number`` times ten to the ``power`` is more or less than ``other``, as a sign."""
    if power >= 0:
        if power > _BEYOND_INT64:
            return number
        return number * _ten_to(power) - other
    return number - other * _ten_to(-power)


_BEYOND_INT64 = 40


def _ten_to(power: int) -> int:
    result: int = 10**power
    return result


def _print(number: int, power: int, notation: str) -> str:
    """The canonical form of an amount."""
    if number == 0:
        return "0"
    if notation == "BinarySI":
        whole = _whole(number, power)
        if whole is not None and abs(whole) >= _KIBI:
            return _print_binary(whole)
        notation = "DecimalSI"
    while number % 10 == 0:
        number //= 10
        power += 1
    surplus = power % 3
    number *= 10**surplus
    power -= surplus
    if notation == "DecimalExponent":
        return f"{number}e{power}" if power else str(number)
    return f"{number}{_DECIMAL_SUFFIX_OF.get(power, '')}"


def _whole(number: int, power: int) -> int | None:
    """The amount as an integer, or None where it has a fraction."""
    if power >= 0:
        return number * _ten_to(power)
    quotient, remainder = divmod(number, _ten_to(-power))
    return None if remainder else quotient


def _print_binary(number: int) -> str:
    power = 0
    while number % _KIBI == 0:
        number //= _KIBI
        power += 10
    return f"{number}{_BINARY_SUFFIX_OF.get(power, '')}"


def _scaled(quantity: Quantity, power: int) -> int:
    """The amount in units of ten to the ``power``, as an ``int64`` that overflows as Go's does."""
    shift = quantity.power - power
    if not quantity.is_small:
        return _scaled_large(quantity, power)
    if shift < 0:
        magnitude, _ = _round_up(abs(quantity.number), shift, 0)
        return magnitude if quantity.number >= 0 else -magnitude
    if shift > _BITS and quantity.number:
        return 0
    scaled = quantity.number * _ten_to(shift)
    if -_MAX_INT64 - 1 <= scaled <= _MAX_INT64:
        return scaled
    return _int64(scaled) if shift in _SHIFTS_THAT_WRAP else 0


_BITS = 64
_SHIFTS_THAT_WRAP = (1, 2, 3, 6, 9)


def _scaled_large(quantity: Quantity, power: int) -> int:
    """As :func:`_scaled`; Go keeps these amounts in nanos and rounds up after a division."""
    if quantity.power > _BITS:
        return 0  # the low 64 bits of a multiple of so large a power of ten
    if quantity.format == "BinarySI" and abs(quantity.number) == _MAX_INT64:
        return _int64(quantity.number * _ten_to(quantity.power - power))  # capped: not in nanos
    nanos = quantity.number * _ten_to(quantity.power - _NANO)
    divisor = _ten_to(power - _NANO)
    if nanos < _MAX_INT64:
        nanos = _int64(nanos)
        truncated = abs(nanos) // divisor
        return (truncated if nanos >= 0 else -truncated) + (nanos % divisor > 0)
    return _int64(nanos // divisor + (nanos % divisor > 0))


def _int64(number: int) -> int:
    """The low 64 bits of ``number`` with their sign."""
    return (number + 2**63) % 2**64 - 2**63
