"""The proleptic Gregorian calendar, for years of any size."""

from __future__ import annotations

from typing import Final, NamedTuple

_MONTH_NAMES = (
    "January February March April May June July August September October November December"
)
_DAY_NAMES = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
MONTHS: Final = _MONTH_NAMES.split()
DAYS: Final = _DAY_NAMES.split()

SECONDS_OF_DAY: Final = 86400
_DAYS_OF_ERA: Final = 146097
_EPOCH_IN_ERA: Final = 719468
_THURSDAY: Final = 4
_FEBRUARY: Final = 2
_BEFORE: Final = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


class Civil(NamedTuple):
    """A date and a time of day."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    weekday: int
    yday: int


def is_leap(year: int) -> bool:
    """Whether the year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in(month: int, year: int) -> int:
    """How many days the month has."""
    return _BEFORE[month] - _BEFORE[month - 1] + (month == _FEBRUARY and is_leap(year))


def days_before(month: int, year: int) -> int:
    """How many days the year has before the month."""
    return _BEFORE[month - 1] + (month > _FEBRUARY and is_leap(year))


def days_since_epoch(year: int, month: int, day: int) -> int:
    """The days from 1970-01-01 to a date; month and day may lie outside their ranges."""
    year += (month - 1) // 12
    month = (month - 1) % 12 + 1
    # Years start in March here, so that a leap day comes last.
    shifted = year - (month <= _FEBRUARY)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    of_era = shifted % 400 * 365 + shifted % 400 // 4 - shifted % 400 // 100 + of_year
    return shifted // 400 * _DAYS_OF_ERA + of_era - _EPOCH_IN_ERA


def civil(seconds: int) -> Civil:
    """The date and time of day that many seconds after 1970-01-01 00:00:00."""
    days, rest = divmod(seconds, SECONDS_OF_DAY)
    year, month, day = _date(days)
    hour, rest = divmod(rest, 3600)
    minute, second = divmod(rest, 60)
    weekday = (days + _THURSDAY) % 7
    return Civil(year, month, day, hour, minute, second, weekday, days_before(month, year) + day)


def _date(days: int) -> tuple[int, int, int]:
    era, of_era = divmod(days + _EPOCH_IN_ERA, _DAYS_OF_ERA)
    of_cycle = of_era - of_era // 1460 + of_era // 36524 - of_era // 146096
    year_of_era = of_cycle // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    from_march = (5 * of_year + 2) // 153
    month = (from_march + 2) % 12 + 1
    year = era * 400 + year_of_era + (month <= _FEBRUARY)
    return year, month, of_year - (153 * from_march + 2) // 5 + 1
