"""Time zones: UTC, the local one, fixed offsets and those of the IANA database."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pillion.golang.time.errors import TimeError, quote
from pillion.golang.values import MISSING, Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo


class Zone(NamedTuple):
    """What holds in a location at some time."""

    name: str
    offset: int
    is_dst: bool


class Location(Struct):
    """A ``*time.Location``: which zone holds at which time."""

    __slots__ = ("name",)
    go_type = "*time.Location"

    def __init__(self, name: str) -> None:
        self.name = name

    def string(self) -> str:
        """What ``Location.String`` returns."""
        return self.name

    def go_string(self) -> str:
        """The location as Go source, as far as Go itself writes it."""
        known = {"UTC": "time.UTC", "Local": "time.Local"}
        return known.get(self.name, f"time.Location({quote(self.name)})")

    def method(self, name: str) -> Callable[..., Any] | None:
        """``String``, which is the only one."""
        return self.string if name == "String" else None

    def field(self, name: str) -> Any:
        """No field is exported."""
        del name
        return MISSING

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The name; Go's tables of zones are not kept."""
        yield "name", self.name

    def at(self, unix: int) -> Zone:
        """The zone that holds so many seconds after 1970 began in UTC."""
        raise NotImplementedError

    def named(self, name: str, unix: int) -> int | None:
        """The offset of the zone called ``name`` here, for a local time in seconds, or None."""
        zone = self.at(unix)
        if zone.name == name:
            return zone.offset
        half_a_year = 182 * 86400
        other = self.at(unix + half_a_year)
        return other.offset if other.name == name else None


class _Fixed(Location):
    __slots__ = ("_zone",)

    def __init__(self, name: str, offset: int) -> None:
        super().__init__(name)
        self._zone = Zone(name, offset, is_dst=False)

    def at(self, unix: int) -> Zone:
        del unix
        return self._zone


class _Local(Location):
    __slots__ = ()

    def at(self, unix: int) -> Zone:
        local = time.localtime(_within(unix))
        return Zone(local.tm_zone, local.tm_gmtoff, is_dst=local.tm_isdst > 0)


class _Named(Location):
    __slots__ = ("_info",)

    def __init__(self, name: str, info: ZoneInfo) -> None:
        super().__init__(name)
        self._info = info

    def at(self, unix: int) -> Zone:
        from datetime import datetime

        moment = datetime.fromtimestamp(_within(unix), self._info)
        offset, saving = moment.utcoffset(), moment.dst()
        seconds = 0 if offset is None else offset.days * 86400 + offset.seconds
        return Zone(moment.tzname() or "", seconds, is_dst=bool(saving))


# Where Python's calendar ends, a zone's first and last rules are taken to hold on.
_FIRST = -62135510400
_LAST = 253402214400

UTC: Final[Location] = _Fixed("UTC", 0)
LOCAL: Final[Location] = _Local("Local")


def _within(unix: int) -> int:
    return min(max(unix, _FIRST), _LAST)


def fixed_zone(name: str, offset: int) -> Location:
    """A zone that always holds: ``time.FixedZone``."""
    return _Fixed(name, offset)


@lru_cache(maxsize=64)
def load_location(name: str) -> Location:
    """The location called ``name`` in the IANA database: ``time.LoadLocation``.

    Raises:
        TimeError: there is none.
    """
    if name in {"", "UTC"}:
        return UTC
    if name == "Local":
        return LOCAL
    if ".." in name or name[0] in "/\\":
        raise TimeError("time: invalid location name")
    from zoneinfo import ZoneInfo

    try:
        return _Named(name, ZoneInfo(name))
    except (KeyError, OSError, ValueError) as error:
        raise TimeError(f"unknown time zone {name}") from error
