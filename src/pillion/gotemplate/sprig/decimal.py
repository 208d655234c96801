"""Decimal arithmetic on floats, as shopspring/decimal does it: exact, but for division's 16 digits.

A decimal is a pair (coefficient, exponent) that stands for coefficient * 10**exponent.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

from pillion.golang import strconv
from pillion.gotemplate.functions import FunctionError
from pillion.gotemplate.sprig.cast import to_float

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Decimal: TypeAlias = "tuple[int, int]"

_DIVISION_DIGITS = 16


def calculate(
    operation: Callable[[Decimal, Decimal], Decimal], first: Any, others: Iterable[Any]
) -> float:
    """Fold the values, read as floats, by ``operation``.

    Raises:
        FunctionError: a value is infinite or not a number, or a divisor is 0.
    """
    result = _from_float(to_float(first))
    for other in others:
        result = operation(result, _from_float(to_float(other)))
    return _to_float(result)


def add(left: Decimal, right: Decimal) -> Decimal:
    """The sum."""
    exponent = min(left[1], right[1])
    return _scaled(left, exponent) + _scaled(right, exponent), exponent


def subtract(left: Decimal, right: Decimal) -> Decimal:
    """The difference."""
    return add(left, (-right[0], right[1]))


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """The product."""
    return left[0] * right[0], left[1] + right[1]


def divide(left: Decimal, right: Decimal) -> Decimal:
    """The quotient, rounded half away from zero at its 16th digit after the point.

    Raises:
        FunctionError: the divisor is 0.
    """
    if right[0] == 0:
        raise FunctionError("decimal division by 0")
    shift = left[1] - right[1] + _DIVISION_DIGITS
    dividend = abs(left[0]) * 10 ** max(shift, 0)
    divisor = abs(right[0]) * 10 ** max(-shift, 0)
    quotient = (2 * dividend + divisor) // (2 * divisor)
    return quotient if (left[0] < 0) == (right[0] < 0) else -quotient, -_DIVISION_DIGITS


def _scaled(value: Decimal, exponent: int) -> int:
    return int(value[0] * 10 ** (value[1] - exponent))


def _from_float(value: float) -> Decimal:
    """The decimal of the fewest digits that reads back as ``value``."""
    if not math.isfinite(value):
        text = strconv.format_float(value)
        raise FunctionError(f"Cannot create a Decimal from {text}")
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    return int(whole + fraction), int(exponent or 0) - len(fraction)


def _to_float(value: Decimal) -> float:
    coefficient, exponent = value
    try:
        # Division of integers rounds once, to the nearest float.
        return float(coefficient * 10 ** max(exponent, 0) / 10 ** max(-exponent, 0))
    except OverflowError:
        return -math.inf if coefficient < 0 else math.inf
