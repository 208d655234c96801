"""Times and durations as Go's ``time`` package has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.golang.time.duration import Duration, clamp, format_duration, parse_duration
from pillion.golang.time.errors import TimeError

if TYPE_CHECKING:
    from pillion.golang.time.moment import Month, Time, Weekday, date, from_unix, now
    from pillion.golang.time.parsing import parse_in_location
    from pillion.golang.time.zones import LOCAL, UTC, Location, fixed_zone, load_location

__all__ = [
    "LOCAL",
    "UTC",
    "Duration",
    "Location",
    "Month",
    "Time",
    "TimeError",
    "Weekday",
    "clamp",
    "date",
    "fixed_zone",
    "format_duration",
    "from_unix",
    "load_location",
    "now",
    "parse_duration",
    "parse_in_location",
]

_ABOUT_MOMENTS = {
    "moment": ("Month", "Time", "Weekday", "date", "from_unix", "now"),
    "parsing": ("parse_in_location",),
    "zones": ("LOCAL", "UTC", "Location", "fixed_zone", "load_location"),
}
_MODULE_OF = {name: module for module, names in _ABOUT_MOMENTS.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what is about points in time when it is first used: a start needs durations alone."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = found
    return found
