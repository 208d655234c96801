"""The parts of a time that a text names, and the time that they are together."""

from __future__ import annotations

from pillion.golang.time.calendar import days_before, days_in, is_leap
from pillion.golang.time.moment import Time, date
from pillion.golang.time.zones import UTC, Location, fixed_zone

_MIDDAY = 12
_DAYS_OF_YEAR = 365
_NO_OFFSET = -1


class PartsError(Exception):
    """A part is outside its range, or two do not agree; worded as Go words it."""


class Parts:
    """The parts of a time; None, or nothing, is what the text does not say."""

    def __init__(self) -> None:
        self.year = 0
        self.month: int | None = None
        self.day: int | None = None
        self.yday: int | None = None
        self.hour = self.minute = self.second = self.nanosecond = 0
        self.half = ""
        self.is_utc = False
        self.offset: int | None = None
        self.zone = ""

    def time(self, location: Location) -> Time:
        """The time; ``location`` is where it is if no part says so.

        Raises:
            PartsError: there is no such time.
        """
        self._settle_hour()
        self._settle_day()
        if self.is_utc:
            return self._date(UTC)
        # Go marks by -1 that there is no offset, so that one of a second west is none either.
        if self.offset is not None and self.offset != _NO_OFFSET:
            return self._at_offset(self.offset, location)
        if self.zone:
            return self._in_zone(self.zone, location)
        return self._date(location)

    def _settle_hour(self) -> None:
        if self.half == "pm" and self.hour < _MIDDAY:
            self.hour += _MIDDAY
        elif self.half == "am" and self.hour == _MIDDAY:
            self.hour = 0

    def _settle_day(self) -> None:
        if self.yday is not None:
            self._settle_day_of_year(self.yday)
        month = 1 if self.month is None else self.month
        day = 1 if self.day is None else self.day
        if not 1 <= day <= days_in(month, self.year):
            raise PartsError("day out of range")
        self.month, self.day = month, day

    def _settle_day_of_year(self, yday: int) -> None:
        last = _DAYS_OF_YEAR + is_leap(self.year)
        if not 1 <= yday <= last:
            raise PartsError("day-of-year out of range")
        month = next(m for m in range(12, 0, -1) if days_before(m, self.year) < yday)
        day = yday - days_before(month, self.year)
        if self.month not in {None, month}:
            raise PartsError("day-of-year does not match month")
        if self.day not in {None, day}:
            raise PartsError("day-of-year does not match day")
        self.month, self.day = month, day

    def _date(self, location: Location) -> Time:
        return date(
            (self.year, self.month or 1, self.day or 1),
            (self.hour, self.minute, self.second, self.nanosecond),
            location,
        )

    def _at_offset(self, offset: int, location: Location) -> Time:
        moment = self._date(UTC).shifted(-offset)
        local = location.at(moment.seconds)
        if local.offset == offset and self.zone in {"", local.name}:
            return moment.located(location)
        return moment.located(fixed_zone(self.zone, offset))

    def _in_zone(self, name: str, location: Location) -> Time:
        moment = self._date(UTC)
        offset = location.named(name, moment.seconds)
        if offset is not None:
            return moment.shifted(-offset).located(location)
        hours = int(name[3:]) if name.startswith("GMT") and len(name) > len("GMT") else 0
        # What an unknown zone's clock shows is kept, not the instant it means.
        return moment.located(fixed_zone(name, hours * 3600))
