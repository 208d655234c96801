"""sprig's float numbers; sums, products and quotients are calculated as exact decimals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pillion.gotemplate.functions import Function
from pillion.gotemplate.sprig import decimal
from pillion.gotemplate.sprig.cast import to_float
from pillion.gotemplate.sprig.signatures import ANY

if TYPE_CHECKING:
    from collections.abc import Callable


def largest_float(first: Any, *others: Any) -> float:
    """The largest of the values read as floats, by ``math.Max``."""
    return _extreme(max, math.inf, (first, *others))


def smallest_float(first: Any, *others: Any) -> float:
    """The smallest of the values read as floats, by ``math.Min``."""
    return _extreme(min, -math.inf, (first, *others))


def _extreme(choose: Callable[..., float], strongest: float, operands: tuple[Any, ...]) -> float:
    """The extreme operand: ``strongest`` beats NaN, which beats the rest; zeros have signs."""
    result, *others = map(to_float, operands)
    for operand in others:
        if strongest in (result, operand):
            result = strongest
        elif math.isnan(result) or math.isnan(operand):
            result = math.nan
        else:
            result = choose(result, operand, key=_signed)
    return result


def _signed(value: float) -> tuple[float, float]:
    return value, math.copysign(1.0, value)


def ceil(value: Any) -> float:
    """``math.Ceil``."""
    return _whole(math.ceil, to_float(value))


def floor(value: Any) -> float:
    """``math.Floor``."""
    return _whole(math.floor, to_float(value))


def _whole(rounding: Callable[[float], int], value: float) -> float:
    # Infinities, NaN and the sign of a zero stay.
    return math.copysign(float(rounding(value)), value) if math.isfinite(value) else value


def round_to(value: Any, places: int, *round_on: float) -> float:
    """The value rounded to ``places`` digits: up where its fraction is at least ``round_on`` (.5).

    Below zero the fraction is negative, so that every number is rounded down there.
    """
    power = _power_of_ten(float(places))
    scaled = power * to_float(value)
    fraction = math.modf(scaled)[0]
    threshold = round_on[0] if round_on else 0.5
    whole = _whole(math.ceil if fraction >= threshold else math.floor, scaled)
    return _divide(whole, power)


def _power_of_ten(exponent: float) -> float:
    """``math.Pow(10, exponent)`` for a whole exponent, by Go's repeated squaring."""
    steps = int(abs(exponent))
    mantissa, binary = math.frexp(10.0)
    result, result_binary = 1.0, 0
    while steps:
        if abs(binary) > _POW_EXPONENT_LIMIT:
            result_binary += binary
            break
        if steps & 1:
            result *= mantissa
            result_binary += binary
        mantissa *= mantissa
        binary *= 2
        if mantissa < _HALF:
            mantissa += mantissa
            binary -= 1
        steps >>= 1
    if exponent < 0:
        result, result_binary = 1 / result, -result_binary
    return _ldexp(result, result_binary)


_POW_EXPONENT_LIMIT = 1 << 12
_HALF = 0.5


def _ldexp(mantissa: float, exponent: int) -> float:
    try:
        return math.ldexp(mantissa, exponent)
    except OverflowError:
        return math.inf


def _divide(dividend: float, divisor: float) -> float:
    if divisor:
        return dividend / divisor
    if dividend == 0 or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend)


def add1f(term: Any) -> float:
    """One more, exactly."""
    return decimal.calculate(decimal.add, term, (1,))


def addf(*terms: Any) -> float:
    """The exact sum."""
    return decimal.calculate(decimal.add, 0.0, terms)


def subf(first: Any, *others: Any) -> float:
    """The exact difference."""
    return decimal.calculate(decimal.subtract, first, others)


def mulf(first: Any, *others: Any) -> float:
    """The exact product."""
    return decimal.calculate(decimal.multiply, first, others)


def divf(first: Any, *others: Any) -> float:
    """The quotient to 16 digits after the point.

    Raises:
        FunctionError: a divisor is 0.
    """
    return decimal.calculate(decimal.divide, first, others)


FUNCTIONS = {
    "float64": Function(to_float, (ANY,), result="float64"),
    "add1f": Function(add1f, (ANY,), result="float64"),
    "addf": Function(addf, (ANY,), variadic=True, result="float64"),
    "subf": Function(subf, (ANY, ANY), variadic=True, result="float64"),
    "mulf": Function(mulf, (ANY, ANY), variadic=True, result="float64"),
    "divf": Function(divf, (ANY, ANY), variadic=True, result="float64"),
    "maxf": Function(largest_float, (ANY, ANY), variadic=True, result="float64"),
    "minf": Function(smallest_float, (ANY, ANY), variadic=True, result="float64"),
    "ceil": Function(ceil, (ANY,), result="float64"),
    "floor": Function(floor, (ANY,), result="float64"),
    "round": Function(round_to, (ANY, "int", "float64"), variadic=True, result="float64"),
}
