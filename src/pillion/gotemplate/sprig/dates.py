"""sprig's times and durations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.golang import strconv
from pillion.golang import time as gotime
from pillion.golang.time.duration import HOUR, MINUTE, SECOND
from pillion.golang.values import type_of
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.cast import wrap_int64
from pillion.gotemplate.sprig.moments import Moment
from pillion.gotemplate.sprig.signatures import ANY, TIME

if TYPE_CHECKING:
    from pillion.golang.time import Duration, Time

_HTML = "2006-01-02"
_UNITS = (
    (365 * 24 * HOUR, "y"),
    (30 * 24 * HOUR, "mo"),
    (24 * HOUR, "d"),
    (HOUR, "h"),
    (MINUTE, "m"),
    (SECOND, "s"),
)


def now() -> Time:
    """The time now."""
    return Moment.of(gotime.now())


def date(layout: str, when: Any) -> str:
    """The time by the layout, where this program runs."""
    return date_in_zone(layout, when, "Local")


def html_date(when: Any) -> str:
    """The date as HTML's date pickers want it, where this program runs."""
    return date_in_zone(_HTML, when, "Local")


def html_date_in_zone(when: Any, zone: str) -> str:
    """The date as HTML's date pickers want it, in a zone."""
    return date_in_zone(_HTML, when, zone)


def date_in_zone(layout: str, when: Any, zone: str) -> str:
    """The time by the layout, in a zone; UTC where the zone is unknown.

    ``when`` is a time or seconds since 1970; anything else, JSON's numbers too, stands for now.
    """
    try:
        location = gotime.load_location(zone)
    except gotime.TimeError:
        location = gotime.UTC
    return _time(when, ("int", "int32", "int64")).located(location).format(layout)


def _time(when: Any, seconds: tuple[str, ...]) -> Time:
    if isinstance(when, gotime.Time):
        return when
    if type_of(when) in seconds:
        return gotime.from_unix(int(when))
    return gotime.now()


def ago(when: Any) -> str:
    """How long ago the time was, in whole seconds."""
    elapsed = gotime.now().minus(_time(when, ("int", "int64")))
    return elapsed.round(SECOND).string()


def date_modify(duration: str, when: Time) -> Time:
    """The time that much later, or the same one where the text is no duration."""
    try:
        return must_date_modify(duration, when)
    except FunctionError:
        return when


def must_date_modify(duration: str, when: Time) -> Time:
    """The time that much later.

    Raises:
        FunctionError: the text is no duration.
    """
    try:
        return when.plus(gotime.parse_duration(duration))
    except gotime.TimeError as error:
        raise FunctionError(str(error)) from error


def to_date(layout: str, text: str) -> Time:
    """The time in the text, or the start of the year 1 where there is none."""
    try:
        return must_to_date(layout, text)
    except FunctionError:
        return Moment()


def must_to_date(layout: str, text: str) -> Time:
    """The time in the text.

    Raises:
        FunctionError: the text does not fit the layout.
    """
    try:
        return Moment.of(gotime.parse_in_location(layout, text, gotime.LOCAL))
    except gotime.TimeError as error:
        raise FunctionError(str(error)) from error


def unix_epoch(when: Time) -> str:
    """The seconds from 1970 to the time."""
    return str(when.seconds)


def duration(seconds: Any) -> str:
    """A number of seconds, an ``int64`` or a text, with its units; 0s for any other value."""
    count = 0
    if type_of(seconds) == "int64":
        count = int(seconds)
    elif type_of(seconds) == "string":
        count = _parse_seconds(seconds)
    return gotime.format_duration(wrap_int64(count * SECOND))


def _parse_seconds(text: str) -> int:
    try:
        return strconv.parse_int(text)
    except strconv.NumError as error:
        return int(error.value)


def duration_round(value: Any) -> str:
    """The duration in its largest unit that is full: a text, nanoseconds, or the time since."""
    elapsed = abs(_duration(value))
    for unit, name in _UNITS:
        if elapsed > unit:
            return f"{elapsed // unit}{name}"
    return "0s"


def _duration(value: Any) -> Duration:
    if isinstance(value, gotime.Time):
        return gotime.now().minus(value)
    if type_of(value) == "int64":
        return gotime.Duration(value)
    if type_of(value) == "string":
        try:
            return gotime.parse_duration(value)
        except gotime.TimeError:
            return gotime.Duration(0)
    return gotime.Duration(0)


FUNCTIONS = {
    "ago": Function(ago, (ANY,), result="string"),
    "date": Function(date, ("string", ANY), result="string"),
    "date_in_zone": Function(date_in_zone, ("string", ANY, "string"), result="string"),
    "dateInZone": Function(date_in_zone, ("string", ANY, "string"), result="string"),
    "date_modify": Function(date_modify, ("string", TIME), result=TIME),
    "dateModify": Function(date_modify, ("string", TIME), result=TIME),
    "must_date_modify": Function(must_date_modify, ("string", TIME), result=TIME),
    "mustDateModify": Function(must_date_modify, ("string", TIME), result=TIME),
    "toDate": Function(to_date, ("string", "string"), result=TIME),
    "mustToDate": Function(must_to_date, ("string", "string"), result=TIME),
    "htmlDate": Function(html_date, (ANY,), result="string"),
    "htmlDateInZone": Function(html_date_in_zone, (ANY, "string"), result="string"),
    "now": Function(now, result=TIME),
    "unixEpoch": Function(unix_epoch, (TIME,), result="string"),
    "duration": Function(duration, (ANY,), result="string"),
    "durationRound": Function(duration_round, (ANY,), result="string"),
}
