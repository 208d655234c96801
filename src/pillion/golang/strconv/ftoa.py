"""Floating-point numbers written as text."""

from __future__ import annotations

from math import copysign, isfinite, isnan

from pillion.golang.strconv.floats import FLOAT32, round_to_float32, shortest_float32, split

_PLAIN_MIN = 1e-4
_PLAIN_MAX = 1e6
_SHORTEST_G_PRECISION = 6
"""The precision that decides between ``%e`` and ``%f`` where the shortest digits are asked for."""

_MIN_EXPONENT = -4
_HEX_DIGITS = 15
"""Hexadecimal digits after the point below which a fraction is rounded."""

_HEX_FRACTION_BITS = 60


def format_float(value: float, fmt: str = "g", precision: int = -1, bits: int = 64) -> str:
    """``value`` as text, as ``strconv.FormatFloat`` writes it.

    ``fmt`` is one of ``b e E f g G x X``; precision -1 asks for the fewest digits that read back
    as the same number of ``bits`` bits.
    """
    if bits == FLOAT32:
        value = round_to_float32(value)
    elif fmt == "g" and precision < 0 and _PLAIN_MIN <= value < _PLAIN_MAX:
        return repr(value).removesuffix(".0")
    if not isfinite(value):
        return "NaN" if isnan(value) else "+Inf" if value > 0 else "-Inf"
    if fmt in "bxX":
        return _format_binary(value, fmt, precision, bits)
    sign = "-" if copysign(1, value) < 0 else ""
    return sign + _format_decimal(abs(value), fmt, precision, bits)


def _format_decimal(value: float, fmt: str, precision: int, bits: int) -> str:
    shortest = precision < 0
    digits, point = _shortest(value, bits) if shortest else _rounded(value, fmt, precision)
    if fmt in "eE":
        return _with_exponent(digits, point, len(digits) - 1 if shortest else precision, fmt)
    if fmt == "f":
        return _without_exponent(digits, point, len(digits) - point if shortest else precision)
    threshold = _SHORTEST_G_PRECISION if shortest else precision or 1
    if point - 1 < _MIN_EXPONENT or point - 1 >= threshold:
        return _with_exponent(digits, point, len(digits) - 1, "e" if fmt == "g" else "E")
    return _without_exponent(digits, point, len(digits) - point)


def _shortest(value: float, bits: int) -> tuple[str, int]:
    """The shortest digits of ``value`` and where the decimal point stands among them."""
    if value == 0:
        return "", 0
    if bits == FLOAT32:
        number, exponent = shortest_float32(value)
        return _normalized(str(number), exponent)
    mantissa, _, shown_exponent = repr(value).partition("e")
    return _normalized(mantissa, int(shown_exponent or 0))


def _rounded(value: float, fmt: str, precision: int) -> tuple[str, int]:
    """The digits of ``value`` rounded as ``fmt`` and ``precision`` ask."""
    if value == 0:
        return "", 0
    if fmt == "f":
        return _normalized(f"{value:.{precision}f}", 0)
    after_point = precision if fmt in "eE" else max(precision - 1, 0)
    mantissa, _, exponent = f"{value:.{after_point}e}".partition("e")
    return _normalized(mantissa, int(exponent))


def _normalized(mantissa: str, exponent: int) -> tuple[str, int]:
    """The significant digits of ``mantissa`` times 10^``exponent``, and where the point stands."""
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + exponent - (len(whole) + len(fraction) - len(digits))
    return digits.rstrip("0"), point if digits else 0


def _with_exponent(digits: str, point: int, precision: int, letter: str) -> str:
    exponent = point - 1 if digits else 0
    fraction = f".{digits[1:].ljust(precision, '0')}" if precision > 0 else ""
    return f"{digits[:1] or '0'}{fraction}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _without_exponent(digits: str, point: int, precision: int) -> str:
    if point > 0:
        whole, fraction = digits[:point].ljust(point, "0"), digits[point:]
    else:
        whole, fraction = "0", "0" * min(-point, max(precision, 0)) + digits
    return f"{whole}.{fraction.ljust(precision, '0')}" if precision > 0 else whole


def _format_binary(value: float, fmt: str, precision: int, bits: int) -> str:
    sign = "-" if copysign(1, value) < 0 else ""
    mantissa, exponent = split(abs(value), bits)
    if fmt == "b":
        return f"{sign}{mantissa}p{exponent:+d}"
    text = _format_hex(mantissa, exponent, precision)
    return sign + (text if fmt == "x" else text.upper())


def _format_hex(mantissa: int, exponent: int, precision: int) -> str:
    if mantissa == 0:
        exponent = 0
    else:
        exponent += mantissa.bit_length() - 1
        mantissa <<= _HEX_FRACTION_BITS + 1 - mantissa.bit_length()
    if 0 <= precision < _HEX_DIGITS:
        dropped = _HEX_FRACTION_BITS - 4 * precision
        mantissa = _round_half_even(mantissa, dropped) << dropped
        if mantissa >> (_HEX_FRACTION_BITS + 1):
            mantissa >>= 1
            exponent += 1
    whole, fraction = divmod(mantissa, 1 << _HEX_FRACTION_BITS)
    digits = f"{fraction:015x}"
    digits = digits.rstrip("0") if precision < 0 else digits[:precision].ljust(precision, "0")
    point = "." if digits else ""
    return f"0x{whole}{point}{digits}p{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _round_half_even(value: int, places: int) -> int:
    kept, dropped = value >> places, value & ((1 << places) - 1)
    return kept + (dropped + (kept & 1) > 1 << (places - 1))
