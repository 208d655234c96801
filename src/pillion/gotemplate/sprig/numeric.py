"""sprig's integers, which wrap as Go's do."""

from __future__ import annotations

from typing import Any

from pillion.golang import fmt, strconv
from pillion.golang.slices import OwnSlice
from pillion.golang.values import Int64, Slice
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.cast import to_int, wrap_int64
from pillion.gotemplate.sprig.panics import MAX_ITEMS, too_large
from pillion.gotemplate.sprig.signatures import ANY, INTS


def atoi(text: str) -> int:
    """The number in ``text``; 0 where there is none, the nearest int where it is too big."""
    try:
        return strconv.atoi(text)
    except strconv.NumError as error:
        return int(error.value)


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


def until(count: int) -> Slice:
    """The integers from 0 up, or down, to ``count``, without it."""
    return until_step(0, count, -1 if count < 0 else 1)


def until_step(start: int, stop: int, step: int) -> Slice:
    """The integers from ``start`` to ``stop``, without it; none where the step leads away.

    A step past the largest integer comes out at the smallest, and goes on from there.

    Raises:
        FunctionError: there are too many of them.
    """
    found = OwnSlice(INTS)
    if step == 0 or (stop < start) != (step < 0):
        return found
    numbers = range(start, stop, step)
    while numbers:
        if len(found) + _count(numbers) > MAX_ITEMS:
            raise too_large("the range")
        found += numbers
        numbers = range(wrap_int64(numbers[-1] + step), stop, step)
    return found


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
    "toDecimal": Function(to_decimal, (ANY,), result="int64"),
    "add": Function(add, (ANY,), variadic=True, result="int64"),
    "add1": Function(add1, (ANY,), result="int64"),
    "sub": Function(sub, (ANY, ANY), result="int64"),
    "mul": Function(mul, (ANY, ANY), variadic=True, result="int64"),
    "div": Function(div, (ANY, ANY), result="int64"),
    "mod": Function(mod, (ANY, ANY), result="int64"),
    "max": Function(largest, (ANY, ANY), variadic=True, result="int64"),
    "biggest": Function(largest, (ANY, ANY), variadic=True, result="int64"),
    "min": Function(smallest, (ANY, ANY), variadic=True, result="int64"),
    "until": Function(until, ("int",), result=INTS),
    "untilStep": Function(until_step, ("int", "int", "int"), result=INTS),
    "seq": Function(seq, ("int",), variadic=True, result="string"),
}
