"""What a floating-point number is made of, and what Python lacks for those of 32 bits."""

from __future__ import annotations

import struct
from math import frexp, inf, ldexp

FLOAT32 = 32
_MANTISSA_BITS = {32: 24, 64: 53}
_LEAST_EXPONENT = {32: -149, 64: -1074}


def split(value: float, bits: int) -> tuple[int, int]:
    """``value`` (not negative) as the integer and the power of two that its type keeps."""
    fraction, exponent = frexp(value)
    kept = _MANTISSA_BITS[bits]
    if value == 0 or exponent - kept < _LEAST_EXPONENT[bits]:
        return int(ldexp(value, -_LEAST_EXPONENT[bits])), _LEAST_EXPONENT[bits]
    return int(fraction * (1 << kept)), exponent - kept


def round_to_float32(value: float) -> float:
    """The ``float32`` nearest to ``value``, an infinity where it is beyond them."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return inf if value > 0 else -inf


def next_float32(value: float, *, up: bool) -> float:
    """The ``float32`` next to the ``float32`` ``value``."""
    (pattern,) = struct.unpack("i", struct.pack("f", abs(value)))
    pattern += 1 if up == (value >= 0) else -1
    magnitude = float(struct.unpack("f", struct.pack("i", abs(pattern)))[0])
    return -magnitude if value < 0 or pattern < 0 else magnitude


def shortest_float32(value: float) -> tuple[int, int]:
    """The shortest decimal that rounds to this ``float32`` (above zero): its digits and exponent.

    Among the shortest the nearest is taken. Of two that are as near it is the even one, and at a
    power of two, where the float below is nearer than the one above, the greater.
    """
    mantissa, exponent = split(value, FLOAT32)
    is_power = mantissa == 1 << 23 and exponent > _LEAST_EXPONENT[FLOAT32]
    # In units of a quarter of the last bit: the number, and the ends of what rounds to it.
    middle, low, high = 4 * mantissa, 4 * mantissa - (1 if is_power else 2), 4 * mantissa + 2
    is_odd = mantissa % 2
    places = -int(f"{value:e}".partition("e")[2])
    while True:
        scale = _power(2, exponent - 2) * _power(10, places)
        unit = _power(2, 2 - exponent) * _power(10, -places)
        below = middle * scale // unit
        fitting = [
            (abs(number * unit - middle * scale), -number if is_power else number % 2, number)
            for number in (below, below + 1)
            if low * scale + is_odd <= number * unit <= high * scale - is_odd
        ]
        if fitting:
            return min(fitting)[2], -places
        places += 1


def _power(base: int, exponent: int) -> int:
    """``base`` to the exponent where it is positive; the caller divides by the rest."""
    return base**exponent if exponent > 0 else 1
