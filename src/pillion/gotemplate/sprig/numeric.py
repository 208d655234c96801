"""sprig's numbers: integers wrap as Go's do, and floats are calculated as exact decimals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pillion.golang import fmt, strconv
from pillion.golang.values import Int64, Slice
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig import decimal
from pillion.gotemplate.sprig.cast import to_float, to_int, wrap_int64
from pillion.gotemplate.sprig.panics import MAX_ITEMS, too_large
from pillion.gotemplate.sprig.signatures import ANY, INTS

if TYPE_CHECKING:
    from collections.abc import Callable


def atoi(text: str) -> int:
    """The number in ``text``; 0 where there is none, the nearest int where it is too big."""
    try:
        return strconv.atoi(text)
    except strconv.NumError as error:
        if "out of range" not in str(error):
            return 0
        return -(1 << 63) if text.startswith("-") else (1 << 63) - 1


def to_int64(value: Any) -> Int64:
    """The value as an ``int64``."""
    return Int64(to_int(value))


def to_decimal(value: Any) -> Int64:
    """The number whose octal digits the value prints as, or 0."""
    try:
        return Int64(strconv.parse_int(fmt.sprint(value), 8))
    except strconv.NumError:
        return Int64(0)


def add(*terms: Any) -> Int64:
    """The sum."""
    return Int64(wrap_int64(sum(map(to_int, terms))))


def add1(term: Any) -> Int64:
    """One more."""
    return Int64(wrap_int64(to_int(term) + 1))


def sub(left: Any, right: Any) -> Int64:
    """The difference."""
    return Int64(wrap_int64(to_int(left) - to_int(right)))


def mul(first: Any, *others: Any) -> Int64:
    """The product."""
    product = to_int(first)
    for factor in others:
        product = wrap_int64(product * to_int(factor))
    return Int64(product)


def div(left: Any, right: Any) -> Int64:
    """The quotient, cut towards zero.

    Raises:
        FunctionError: the divisor is 0.
    """
    dividend, divisor = to_int(left), _divisor(right)
    quotient = abs(dividend) // abs(divisor)
    return Int64(wrap_int64(quotient if (dividend < 0) == (divisor < 0) else -quotient))


def mod(left: Any, right: Any) -> Int64:
    """The remainder, which has the sign of ``left``.

    Raises:
        FunctionError: the divisor is 0.
    """
    dividend, divisor = to_int(left), _divisor(right)
    remainder = abs(dividend) % abs(divisor)
    return Int64(-remainder if dividend < 0 else remainder)


def _divisor(value: Any) -> int:
    divisor = to_int(value)
    if divisor == 0:
        raise FunctionError("runtime error: integer divide by zero")
    return divisor


def largest(first: Any, *others: Any) -> Int64:
    """The largest of the values read as integers."""
    return Int64(max(map(to_int, (first, *others))))


def smallest(first: Any, *others: Any) -> Int64:
    """The smallest of the values read as integers."""
    return Int64(min(map(to_int, (first, *others))))


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


def until(count: int) -> Slice:
    """The integers from 0 up, or down, to ``count``, without it."""
    return until_step(0, count, -1 if count < 0 else 1)


def until_step(start: int, stop: int, step: int) -> Slice:
    """The integers from ``start`` to ``stop``, without it; none where the step leads away.

    Raises:
        FunctionError: there are too many of them.
    """
    if step == 0 or (stop < start) != (step < 0):
        return Slice(INTS)
    numbers = range(start, stop, step)
    if _count(numbers) > MAX_ITEMS:
        raise too_large("the range")
    return Slice(INTS, numbers)


def _count(numbers: range) -> int:
    # len() refuses counts that a C integer cannot hold.
    return (numbers.stop - numbers.start) // numbers.step


def seq(*params: int) -> str:
    """The integers as the shell's ``seq`` counts: END, START END, or START STEP END.

    Raises:
        FunctionError: there are too many of them.
    """
    if len(params) == 1:
        start, step, end = 1, _direction(1, params[0]), params[0]
    elif len(params) == _START_END:
        start, step, end = params[0], _direction(*params), params[1]
    elif len(params) == _START_STEP_END:
        start, step, end = params
    else:
        return ""
    if end < start and step > 0:
        return ""
    stop = wrap_int64(end + _direction(start, end))
    return " ".join(map(str, until_step(start, stop, step)))


_START_END = 2
_START_STEP_END = 3


def _direction(start: int, end: int) -> int:
    return -1 if end < start else 1


FUNCTIONS = {
    "atoi": Function(atoi, ("string",), result="int"),
    "int": Function(to_int, (ANY,), result="int"),
    "int64": Function(to_int64, (ANY,), result="int64"),
    "float64": Function(to_float, (ANY,), result="float64"),
    "toDecimal": Function(to_decimal, (ANY,), result="int64"),
    "add": Function(add, (ANY,), variadic=True, result="int64"),
    "add1": Function(add1, (ANY,), result="int64"),
    "sub": Function(sub, (ANY, ANY), result="int64"),
    "mul": Function(mul, (ANY, ANY), variadic=True, result="int64"),
    "div": Function(div, (ANY, ANY), result="int64"),
    "mod": Function(mod, (ANY, ANY), result="int64"),
    "add1f": Function(add1f, (ANY,), result="float64"),
    "addf": Function(addf, (ANY,), variadic=True, result="float64"),
    "subf": Function(subf, (ANY, ANY), variadic=True, result="float64"),
    "mulf": Function(mulf, (ANY, ANY), variadic=True, result="float64"),
    "divf": Function(divf, (ANY, ANY), variadic=True, result="float64"),
    "max": Function(largest, (ANY, ANY), variadic=True, result="int64"),
    "biggest": Function(largest, (ANY, ANY), variadic=True, result="int64"),
    "min": Function(smallest, (ANY, ANY), variadic=True, result="int64"),
    "maxf": Function(largest_float, (ANY, ANY), variadic=True, result="float64"),
    "minf": Function(smallest_float, (ANY, ANY), variadic=True, result="float64"),
    "ceil": Function(ceil, (ANY,), result="float64"),
    "floor": Function(floor, (ANY,), result="float64"),
    "round": Function(round_to, (ANY, "int", "float64"), variadic=True, result="float64"),
    "until": Function(until, ("int",), result=INTS),
    "untilStep": Function(until_step, ("int", "int", "int"), result=INTS),
    "seq": Function(seq, ("int",), variadic=True, result="string"),
}
