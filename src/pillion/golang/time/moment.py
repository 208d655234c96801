"""Times: an instant to the nanosecond, and the location whose clock shows it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pillion.golang.time.calendar import (
    DAYS,
    MONTHS,
    SECONDS_OF_DAY,
    Civil,
    civil,
    days_since_epoch,
)
from pillion.golang.time.duration import SECOND, Duration, clamp
from pillion.golang.time.errors import TimeError
from pillion.golang.time.formatting import format_civil
from pillion.golang.time.layout import RFC3339_NANO, STRING_LAYOUT
from pillion.golang.time.zones import LOCAL, UTC, Location, Zone
from pillion.golang.values import MISSING, Integer, Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LAST_HOUR = 23
_YEAR_ONE = days_since_epoch(1, 1, 1) * SECONDS_OF_DAY


class Month(Integer):
    """A ``time.Month``, which prints as its name."""

    __slots__ = ()
    go_type = "time.Month"

    def string(self) -> str:
        """What ``Month.String`` returns."""
        return MONTHS[self - 1] if 1 <= self <= len(MONTHS) else f"%!Month({int(self)})"

    def method(self, name: str) -> Callable[[], str] | None:
        """``String``, which is the only one."""
        return self.string if name == "String" else None


class Weekday(Integer):
    """A ``time.Weekday``, which prints as its name."""

    __slots__ = ()
    go_type = "time.Weekday"

    def string(self) -> str:
        """What ``Weekday.String`` returns."""
        return DAYS[self] if 0 <= self < len(DAYS) else f"%!Weekday({int(self)})"

    def method(self, name: str) -> Callable[[], str] | None:
        """``String``, which is the only one."""
        return self.string if name == "String" else None


class Time(Struct):
    """A ``time.Time``.

    ``seconds`` are counted from 1970 in UTC, ``nanosecond`` is what comes on top.
    """

    __slots__ = ("location", "nanosecond", "seconds")
    go_type = "time.Time"
    unexported_fields = frozenset({"wall", "ext", "loc"})

    def __init__(
        self, seconds: int = _YEAR_ONE, nanosecond: int = 0, location: Location = UTC
    ) -> None:
        self.seconds = seconds
        self.nanosecond = nanosecond
        self.location = location

    def __eq__(self, other: object) -> bool:
        """Go's ``==``: the same instant in the same location."""
        if not isinstance(other, Time):
            return NotImplemented
        return self.instant() == other.instant() and self.location is other.location

    def __hash__(self) -> int:
        return hash(self.instant())

    def instant(self) -> tuple[int, int]:
        """What orders times, wherever they are shown."""
        return self.seconds, self.nanosecond

    def zone(self) -> Zone:
        """The zone that holds at this time in its location."""
        return self.location.at(self.seconds)

    def civil(self) -> Civil:
        """The date and time of day that the location's clock shows."""
        return civil(self.seconds + self.zone().offset)

    def located(self, location: Location) -> Time:
        """The same instant in another location: ``Time.In``."""
        return type(self)(self.seconds, self.nanosecond, location)

    def shifted(self, seconds: int) -> Time:
        """The time so many seconds later."""
        return type(self)(self.seconds + seconds, self.nanosecond, self.location)

    def plus(self, duration: int) -> Time:
        """The time a duration later: ``Time.Add``."""
        seconds, nanosecond = divmod(self.nanosecond + duration, SECOND)
        return type(self)(self.seconds + seconds, nanosecond, self.location)

    def plus_date(self, years: int, months: int, days: int) -> Time:
        """The same time of day on a later date: ``Time.AddDate``."""
        at = self.civil()
        clock = (at.hour, at.minute, at.second, self.nanosecond)
        later = date((at.year + years, at.month + months, at.day + days), clock, self.location)
        return type(self)(later.seconds, later.nanosecond, later.location)

    def minus(self, other: Time) -> Duration:
        """The duration from the other time to this one: ``Time.Sub``."""
        return clamp((self.seconds - other.seconds) * SECOND + self.nanosecond - other.nanosecond)

    def truncated(self, duration: int) -> Time:
        """The time cut to a multiple of the duration since the year 1: ``Time.Truncate``."""
        return self if duration <= 0 else self.plus(-(self._since_year_one() % duration))

    def rounded(self, duration: int) -> Time:
        """The nearest multiple of the duration since the year 1: ``Time.Round``."""
        if duration <= 0:
            return self
        rest = self._since_year_one() % duration
        return self.plus(-rest if 2 * rest < duration else duration - rest)

    def _since_year_one(self) -> int:
        return (self.seconds - _YEAR_ONE) * SECOND + self.nanosecond

    def is_zero(self) -> bool:
        """Whether this is the start of the year 1, Go's zero time."""
        return self.instant() == (_YEAR_ONE, 0)

    def format(self, layout: str) -> str:
        """The time as the layout writes it: ``Time.Format``."""
        zone = self.zone()
        return format_civil(civil(self.seconds + zone.offset), self.nanosecond, zone, layout)

    def string(self) -> str:
        """What ``Time.String`` returns, without the reading of a monotonic clock."""
        return self.format(STRING_LAYOUT)

    def go_string(self) -> str:
        """The time as Go source: ``Time.GoString``."""
        at = self.civil()
        day = f"{at.year}, time.{MONTHS[at.month - 1]}, {at.day}"
        clock = f"{at.hour}, {at.minute}, {at.second}, {self.nanosecond}"
        return f"time.Date({day}, {clock}, {self.location.go_string()})"

    def rfc3339(self) -> str:
        """The time in RFC 3339; follows ``appendStrictRFC3339``.

        Raises:
            TimeError: RFC 3339 has no such year or zone.
        """
        text = self.format(RFC3339_NANO)
        if text[len("9999")] != "-":
            raise TimeError("year outside of range [0,9999]")
        if text[-1] != "Z" and (text[-6].isdigit() or int(text[-5:-3]) > _LAST_HOUR):
            raise TimeError("timezone hour outside of range [0,23]")
        return text

    def json_value(self) -> str:
        """The time as ``Time.MarshalJSON`` writes it.

        Raises:
            JSONError: RFC 3339 has no such year or zone.
        """
        try:
            return self.rfc3339()
        except TimeError as error:
            from pillion.golang.json import JSONError

            failure = "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON"
            raise JSONError(f"{failure}: {error}") from error

    def field(self, name: str) -> Any:
        """No field is exported."""
        del name
        return MISSING

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The fields of the Go struct, none of which is exported."""
        yield "wall", self.nanosecond
        yield "ext", self.seconds
        yield "loc", self.location


def from_unix(seconds: int, nanosecond: int = 0) -> Time:
    """The local time so many seconds after 1970 began in UTC: ``time.Unix``."""
    return Time(seconds, nanosecond, LOCAL)


def now() -> Time:
    """The local time now: ``time.Now``."""
    seconds, nanosecond = divmod(time.time_ns(), SECOND)
    return from_unix(seconds, nanosecond)


def date(day: tuple[int, int, int], clock: tuple[int, int, int, int], location: Location) -> Time:
    """The time of a year, month and day at an hour, minute, second and nanosecond: ``time.Date``.

    Numbers outside their ranges carry over. Where a clock change makes a time missing or ambiguous,
    the zone before or after it is taken, as Go takes it.
    """
    hour, minute, second, nanosecond = clock
    carried, nanosecond = divmod(nanosecond, SECOND)
    shown = days_since_epoch(*day) * SECONDS_OF_DAY + hour * 3600 + minute * 60 + second + carried
    offset = location.at(shown).offset
    there = location.at(shown - offset).offset
    return Time(shown - there, nanosecond, location)
