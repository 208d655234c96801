"""A time written by a layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.golang.time.calendar import DAYS, MONTHS, Civil
from pillion.golang.time.layout import elements

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.golang.time.zones import Zone


def format_civil(civil: Civil, nanosecond: int, zone: Zone, layout: str) -> str:
    """The time as the layout writes it: ``Time.Format``."""
    found, rest = elements(layout)
    pieces = []
    for before, element in found:
        pieces.append(before)
        part = _PARTS.get(element)
        if part is not None:
            pieces.append(part(civil))
        elif element[0] in ".,":
            pieces.append(_fraction(nanosecond, element))
        else:
            pieces.append(_zone(zone, element))
    return "".join([*pieces, rest])


def _padded(number: int, width: int) -> str:
    return f"-{-number:0{width}d}" if number < 0 else f"{number:0{width}d}"


def _hour12(civil: Civil) -> int:
    return civil.hour % 12 or 12


_NOON = 12

_PARTS: dict[str, Callable[[Civil], str]] = {
    "2006": lambda civil: _padded(civil.year, 4),
    "06": lambda civil: f"{abs(civil.year) % 100:02d}",
    "January": lambda civil: MONTHS[civil.month - 1],
    "Jan": lambda civil: MONTHS[civil.month - 1][:3],
    "1": lambda civil: str(civil.month),
    "01": lambda civil: f"{civil.month:02d}",
    "Monday": lambda civil: DAYS[civil.weekday],
    "Mon": lambda civil: DAYS[civil.weekday][:3],
    "2": lambda civil: str(civil.day),
    "_2": lambda civil: f"{civil.day:2d}",
    "02": lambda civil: f"{civil.day:02d}",
    "__2": lambda civil: f"{civil.yday:3d}",
    "002": lambda civil: f"{civil.yday:03d}",
    "15": lambda civil: f"{civil.hour:02d}",
    "3": lambda civil: str(_hour12(civil)),
    "03": lambda civil: f"{_hour12(civil):02d}",
    "4": lambda civil: str(civil.minute),
    "04": lambda civil: f"{civil.minute:02d}",
    "5": lambda civil: str(civil.second),
    "05": lambda civil: f"{civil.second:02d}",
    "PM": lambda civil: "PM" if civil.hour >= _NOON else "AM",
    "pm": lambda civil: "pm" if civil.hour >= _NOON else "am",
}


def _fraction(nanosecond: int, element: str) -> str:
    digits = f"{nanosecond:09d}"[: len(element) - 1]
    if element[1] == "0":
        # More than nine digits are not printed.
        return element[0] + digits
    digits = digits.rstrip("0")
    return element[0] + digits if digits else ""


def _zone(zone: Zone, element: str) -> str:
    if element == "MST":
        return zone.name or _offset(zone.offset, "-0700")
    if element[0] == "Z" and zone.offset == 0:
        return "Z"
    return _offset(zone.offset, element)


def _offset(offset: int, element: str) -> str:
    # The sign is that of the whole minutes, as in Go.
    minutes = int(offset / 60)
    sign = "-" if minutes < 0 else "+"
    seconds = abs(offset) % 60 if minutes < 0 else offset % 60
    hour, minute = divmod(abs(minutes), 60)
    colon = ":" if ":" in element else ""
    numbers = [f"{hour:02d}", f"{minute:02d}", f"{seconds:02d}"]
    return sign + colon.join(numbers[: len(element.replace(":", "")) // 2])
