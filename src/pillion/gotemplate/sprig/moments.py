"""Times and durations with the methods that templates may call on them."""

from __future__ import annotations

from operator import eq, gt, lt
from typing import TYPE_CHECKING, Any

from pillion.golang import time as gotime
from pillion.golang.time.duration import (
    HOUR,
    MICROSECOND,
    MILLISECOND,
    MINUTE,
    NANOSECOND,
    SECOND,
)
from pillion.golang.values import Bytes, Int64
from pillion.gotemplate.failures import UnlocatedError
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.cast import wrap_int64
from pillion.gotemplate.sprig.methods import bound
from pillion.gotemplate.sprig.signatures import TIME

if TYPE_CHECKING:
    from collections.abc import Callable

_DURATION = "time.Duration"
_LOCATION = "*time.Location"


class Moment(gotime.Time):
    """A ``time.Time`` whose methods carry their Go signatures."""

    __slots__ = ()

    @classmethod
    def of(cls, when: gotime.Time) -> Moment:
        """The same time with methods."""
        return cls(when.seconds, when.nanosecond, when.location)

    def method(self, name: str) -> Callable[..., Any] | None:
        """The method as a :class:`Function`, bound to this time.

        Raises:
            UnlocatedError: the method returns more than a template can take.
        """
        if name in _UNCALLABLE:
            raise UnlocatedError(_UNCALLABLE[name])
        found = _TIME_METHODS.get(name)
        return None if found is None else bound(found, self)


class Span(gotime.Duration):
    """A ``time.Duration`` whose methods carry their Go signatures."""

    __slots__ = ()

    def method(self, name: str) -> Callable[..., Any] | None:
        """The method as a :class:`Function`, bound to this duration."""
        found = _DURATION_METHODS.get(name)
        return None if found is None else bound(found, self)


def _time_method(call: Callable[..., Any], *params: str, result: str = TIME) -> Function:
    """A method on a time; the times it returns have methods too."""

    def wrapped(receiver: Any, *arguments: Any) -> Any:
        found = call(receiver, *arguments)
        return Span(found) if isinstance(found, gotime.Duration) else found

    return Function(wrapped, params, result=result)


def _order(wanted: Callable[[tuple[int, int], tuple[int, int]], bool]) -> Function:
    def compare(when: gotime.Time, other: gotime.Time) -> bool:
        return wanted(when.instant(), other.instant())

    return Function(compare, (TIME,), result="bool")


def _compare(when: gotime.Time, other: gotime.Time) -> int:
    return (when.instant() > other.instant()) - (when.instant() < other.instant())


def _unix(unit: int) -> Function:
    def count(when: gotime.Time) -> Int64:
        return Int64(wrap_int64((when.seconds * SECOND + when.nanosecond) // unit))

    return Function(count, result="int64")


def _part(name: str) -> Function:
    return Function(lambda when: getattr(when.civil(), name), result="int")


def _two_results(name: str, second: str) -> str:
    return (
        f"invalid function signature for {name}: second return value should be error; is {second}"
    )


def _marshal_text(when: gotime.Time) -> Bytes:
    try:
        return Bytes(when.rfc3339().encode())
    except gotime.TimeError as error:
        raise FunctionError(f"Time.MarshalText: {error}") from error


# Go's templates call no method that returns more than a value and an error.
_UNCALLABLE = {
    "Clock": "function Clock has 3 return values; should be 1 or 2",
    "Date": "function Date has 3 return values; should be 1 or 2",
    "ISOWeek": _two_results("ISOWeek", "int"),
    "Zone": _two_results("Zone", "int"),
    "ZoneBounds": _two_results("ZoneBounds", "time.Time"),
}

_TIME_METHODS: dict[str, Function] = {
    "Add": _time_method(gotime.Time.plus, _DURATION),
    "AddDate": _time_method(gotime.Time.plus_date, "int", "int", "int"),
    "After": _order(gt),
    "Before": _order(lt),
    "Compare": Function(_compare, (TIME,), result="int"),
    "Day": _part("day"),
    "Equal": _order(eq),
    "GoString": Function(gotime.Time.go_string, result="string"),
    "Format": Function(gotime.Time.format, ("string",), result="string"),
    "Hour": _part("hour"),
    "In": _time_method(gotime.Time.located, _LOCATION),
    "IsDST": Function(lambda when: when.zone().is_dst, result="bool"),
    "IsZero": Function(gotime.Time.is_zero, result="bool"),
    "Local": _time_method(lambda when: when.located(gotime.LOCAL)),
    "Location": Function(lambda when: when.location, result=_LOCATION),
    "MarshalText": Function(_marshal_text, result="[]uint8"),
    "Minute": _part("minute"),
    "Month": Function(lambda when: gotime.Month(when.civil().month), result="time.Month"),
    "Nanosecond": Function(lambda when: when.nanosecond, result="int"),
    "Round": _time_method(gotime.Time.rounded, _DURATION),
    "Second": _part("second"),
    "String": Function(gotime.Time.string, result="string"),
    "Sub": _time_method(gotime.Time.minus, TIME, result=_DURATION),
    "Truncate": _time_method(gotime.Time.truncated, _DURATION),
    "UTC": _time_method(lambda when: when.located(gotime.UTC)),
    "Unix": _unix(SECOND),
    "UnixMicro": _unix(MICROSECOND),
    "UnixMilli": _unix(MILLISECOND),
    "UnixNano": _unix(NANOSECOND),
    "Weekday": Function(lambda when: gotime.Weekday(when.civil().weekday), result="time.Weekday"),
    "Year": _part("year"),
    "YearDay": _part("yday"),
}


def _cut(unit: int) -> Function:
    def count(span: Span) -> Int64:
        whole = abs(span) // unit
        return Int64(-whole if span < 0 else whole)

    return Function(count, result="int64")


def _measured(unit: int) -> Function:
    def measure(span: Span) -> float:
        whole, rest = divmod(abs(span), unit)
        measured = float(whole) + float(rest) / float(unit)
        return -measured if span < 0 else measured

    return Function(measure, result="float64")


_DURATION_METHODS: dict[str, Function] = {
    "Abs": _time_method(lambda span: gotime.clamp(abs(span)), result=_DURATION),
    "Hours": _measured(HOUR),
    "Microseconds": _cut(MICROSECOND),
    "Milliseconds": _cut(MILLISECOND),
    "Minutes": _measured(MINUTE),
    "Nanoseconds": _cut(NANOSECOND),
    "Round": _time_method(gotime.Duration.round, _DURATION, result=_DURATION),
    "Seconds": _measured(SECOND),
    "String": Function(gotime.Duration.string, result="string"),
    "Truncate": _time_method(gotime.Duration.truncate, _DURATION, result=_DURATION),
}
