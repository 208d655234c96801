"""Durations: nanoseconds in an ``int64``, written like ``1h2m3.5s``."""

from __future__ import annotations

import re
from typing import Final

from pillion.golang.time.errors import TimeError, quote
from pillion.golang.values import Int64

NANOSECOND: Final = 1
MICROSECOND: Final = 1000
MILLISECOND: Final = 1000 * MICROSECOND
SECOND: Final = 1000 * MILLISECOND
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE

MIN_DURATION: Final = -(1 << 63)
MAX_DURATION: Final = (1 << 63) - 1

_UNITS = {
    "ns": NANOSECOND,
    "us": MICROSECOND,
    "\u00b5s": MICROSECOND,
    "\u03bcs": MICROSECOND,
    "ms": MILLISECOND,
    "s": SECOND,
    "m": MINUTE,
    "h": HOUR,
}
_TERM = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^.0-9]*)")


class Duration(Int64):
    """A ``time.Duration``: an ``int64`` of nanoseconds that prints with its units."""

    __slots__ = ()
    go_type = "time.Duration"

    def string(self) -> str:
        """What ``Duration.String`` returns."""
        return format_duration(self)

    def truncate(self, multiple: int) -> Duration:
        """The duration cut towards zero to a multiple."""
        if multiple <= 0:
            return self
        rest = abs(self) % multiple
        return Duration(self + rest if self < 0 else self - rest)

    def round(self, multiple: int) -> Duration:
        """The nearest multiple, the one farther from zero where two are."""
        if multiple <= 0:
            return self
        rounded = (2 * abs(self) + multiple) // (2 * multiple) * multiple
        return clamp(-rounded if self < 0 else rounded)


def clamp(nanoseconds: int) -> Duration:
    """The duration, or the longest one in its direction where an ``int64`` cannot hold it."""
    return Duration(min(max(nanoseconds, MIN_DURATION), MAX_DURATION))


def format_duration(duration: int) -> str:
    """The duration with its units: ``Duration.String``."""
    sign, rest = ("-", -int(duration)) if duration < 0 else ("", int(duration))
    if rest < SECOND:
        return sign + _below_second(rest)
    minutes, rest = divmod(rest, MINUTE)
    hours, minutes_left = divmod(minutes, 60)
    text = f"{_fraction(rest, SECOND)}s"
    if minutes:
        text = f"{minutes_left}m{text}"
    return f"{sign}{hours}h{text}" if hours else sign + text


def _below_second(rest: int) -> str:
    if rest == 0:
        return "0s"
    if rest < MICROSECOND:
        return f"{rest}ns"
    if rest < MILLISECOND:
        return f"{_fraction(rest, MICROSECOND)}\u00b5s"
    return f"{_fraction(rest, MILLISECOND)}ms"


def _fraction(value: int, unit: int) -> str:
    whole, part = divmod(value, unit)
    digits = str(unit + part)[1:].rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def parse_duration(text: str) -> Duration:
    """Read a duration such as ``1h2m3.5s``: ``time.ParseDuration``.

    Raises:
        TimeError: the text is no duration, or too long a one.
    """
    sign = text[:1] if text[:1] in {"-", "+"} else ""
    rest = text[len(sign) :]
    if rest == "0":
        return Duration(0)
    if not rest:
        raise _invalid(text)
    total, at = 0, 0
    while at < len(rest):
        value, at = _read_term(text, rest, at)
        total += value
        if total > -MIN_DURATION:
            raise _invalid(text)
    if sign == "-":
        return Duration(-total)
    if total > MAX_DURATION:
        raise _invalid(text)
    return Duration(total)


def _read_term(text: str, rest: str, at: int) -> tuple[int, int]:
    """The nanoseconds of one number with its unit, and where the next one starts."""
    term = _TERM.match(rest, at)
    if term is None or not (term[1] or term[2]):
        raise _invalid(text)
    whole, fraction, unit_name = term[1], term[2] or "", term[3]
    count = int(whole[-_MOST_DIGITS:] or 0)
    if len(whole.lstrip("0")) >= _MOST_DIGITS or count > -MIN_DURATION:
        raise _invalid(text)
    if not unit_name:
        raise TimeError(f"time: missing unit in duration {quote(text)}")
    unit = _UNITS.get(unit_name)
    if unit is None:
        raise TimeError(f"time: unknown unit {quote(unit_name)} in duration {quote(text)}")
    if count > -MIN_DURATION // unit:
        raise _invalid(text)
    return count * unit + _read_fraction(fraction, unit), term.end()


_MOST_DIGITS = 20


def _read_fraction(digits: str, unit: int) -> int:
    """The nanoseconds of a fraction: digits past what a ``uint64`` holds are ignored."""
    value, scale = 0, 1.0
    for digit in digits:
        if value > MAX_DURATION // 10 or value * 10 + int(digit) > -MIN_DURATION:
            break
        value = value * 10 + int(digit)
        scale *= 10
    return int(float(value) * (float(unit) / scale))


def _invalid(text: str) -> TimeError:
    return TimeError(f"time: invalid duration {quote(text)}")
