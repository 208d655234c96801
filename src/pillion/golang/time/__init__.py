"""Times and durations as Go's ``time`` package has them."""

from pillion.golang.time.duration import Duration, clamp, format_duration, parse_duration
from pillion.golang.time.errors import TimeError
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
