"""A time read by a layout: which part of it each piece of the text is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from pillion.golang.time.calendar import DAYS, MONTHS
from pillion.golang.time.errors import TimeError, quote
from pillion.golang.time.layout import elements
from pillion.golang.time.parts import Parts, PartsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pillion.golang.time.moment import Time
    from pillion.golang.time.zones import Location

_FRACTION = re.compile(r"[.,]([0-9]+)")
_ZONE_NAME = re.compile(
    r"ChST|MeST|GMT(?:[+-](?:0*(?:2[0-3]|1?[0-9]))(?![0-9]))?|GMT"
    r"|[+-]0*(?:2[0-3]|1?[0-9])(?![0-9])"
    r"|[A-Z]{4}T(?![A-Z])|[A-Z]{3}T(?![A-Z])|WITA(?![A-Z])|[A-Z]{3}(?![A-Z])"
)
_CENTURY_TURNS = 69
_NANO_DIGITS = 9


class _MismatchError(Exception):
    """The value does not start with what the element stands for."""


def parse_in_location(layout: str, text: str, location: Location) -> Time:
    """Read a time: ``time.ParseInLocation``.

    Raises:
        TimeError: the text does not fit the layout, or there is no such time.
    """
    return _Parser(layout, text, location).parse()


class _Parser:
    """What has been read of a text so far, and the rest of it."""

    def __init__(self, layout: str, text: str, location: Location) -> None:
        self._layout = layout
        self._text = text
        self._rest = text
        self._location = location
        self._has_fraction = False
        self._parts = Parts()

    def parse(self) -> Time:
        found, behind = elements(self._layout)
        for index, (before, element) in enumerate(found):
            self._skip(before)
            following = found[index + 1][1] if index + 1 < len(found) else ""
            self._has_fraction = following[:1] in {".", ","}
            self._read(element)
        self._skip(behind)
        if self._rest:
            self._fail(f": extra text: {quote(self._rest)}")
        try:
            return self._parts.time(self._location)
        except PartsError as error:
            self._fail(f": {error}")

    def _fail(self, message: str) -> NoReturn:
        raise TimeError(f"parsing time {quote(self._text)}{message}")

    def _mismatch(self, element: str, rest: str) -> NoReturn:
        self._fail(f" as {quote(self._layout)}: cannot parse {quote(rest)} as {quote(element)}")

    def _skip(self, prefix: str) -> None:
        """Take a literal part of the layout; runs of spaces may differ in length."""
        wanted = prefix
        while wanted:
            if wanted[0] == " ":
                if self._rest and self._rest[0] != " ":
                    self._mismatch(prefix, self._rest)
                wanted, self._rest = wanted.lstrip(" "), self._rest.lstrip(" ")
            elif self._rest.startswith(wanted[0]):
                wanted, self._rest = wanted[1:], self._rest[1:]
            else:
                self._mismatch(prefix, self._rest)

    def _read(self, element: str) -> None:
        held = self._rest
        try:
            if element[0] in ".,":
                self._read_fraction(element)
            elif element[0] in "-Z":
                self._read_offset(element)
            else:
                _READERS[element](self)
        except PartsError as error:
            self._fail(f": {error}")
        except _MismatchError:
            self._mismatch(element, held)

    def _take(self, count: int) -> str:
        if len(self._rest) < count:
            raise _MismatchError
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken

    def _number(self, most: int, *, fixed: bool) -> int:
        """The digits at the start, at most ``most``, or exactly so many where that is fixed."""
        digits = 0
        while digits < most and _is_digit(self._rest[digits : digits + 1]):
            digits += 1
        if digits == 0 or (fixed and digits < most):
            raise _MismatchError
        return int(self._take(digits))

    def _in_range(self, what: str, number: int, low: int, high: int) -> int:
        if not low <= number <= high:
            raise PartsError(f"{what} out of range")
        return number

    def _name(self, names: list[str], length: int | None = None) -> int:
        for index, name in enumerate(names):
            wanted = name[:length]
            start = self._rest[: len(wanted)]
            if start.isascii() and start.lower() == wanted.lower():
                self._rest = self._rest[len(wanted) :]
                return index
        raise _MismatchError

    def read_year(self) -> None:
        if not _is_digit(self._rest[:1]):
            raise _MismatchError
        self._parts.year = _atoi(self._take(4))

    def read_short_year(self) -> None:
        year = _atoi(self._take(2))
        self._parts.year = year + (1900 if year >= _CENTURY_TURNS else 2000)

    def read_month_name(self) -> None:
        self._parts.month = self._name(MONTHS) + 1

    def read_month_short(self) -> None:
        self._parts.month = self._name(MONTHS, 3) + 1

    def read_month(self, *, fixed: bool) -> None:
        self._parts.month = self._in_range("month", self._number(2, fixed=fixed), 1, 12)

    def read_weekday(self, length: int | None) -> None:
        self._name(DAYS, length)

    def read_day(self, *, fixed: bool) -> None:
        self._parts.day = self._number(2, fixed=fixed)

    def read_padded_day(self) -> None:
        self._rest = self._rest.removeprefix(" ")
        self._parts.day = self._number(2, fixed=False)

    def read_yday(self) -> None:
        self._parts.yday = self._number(3, fixed=True)

    def read_padded_yday(self) -> None:
        self._rest = self._rest.removeprefix(" ").removeprefix(" ")
        self._parts.yday = self._number(3, fixed=False)

    def read_hour(self) -> None:
        self._parts.hour = self._in_range("hour", self._number(2, fixed=False), 0, 23)

    def read_hour12(self, *, fixed: bool) -> None:
        self._parts.hour = self._in_range("hour", self._number(2, fixed=fixed), 0, 12)

    def read_minute(self, *, fixed: bool) -> None:
        self._parts.minute = self._in_range("minute", self._number(2, fixed=fixed), 0, 59)

    def read_second(self, *, fixed: bool) -> None:
        self._parts.second = self._in_range("second", self._number(2, fixed=fixed), 0, 59)
        fraction = _FRACTION.match(self._rest)
        if fraction is not None and not self._has_fraction:
            # A fraction is read even where the layout has none.
            self._parts.nanosecond = _nanoseconds(fraction[1])
            self._rest = self._rest[fraction.end() :]

    def read_half(self, halves: tuple[str, str]) -> None:
        half = self._take(2)
        if half not in halves:
            raise _MismatchError
        self._parts.half = half.lower()

    def _read_fraction(self, element: str) -> None:
        if element[1] == "0":
            taken = self._take(len(element))
            if taken[0] not in ".,":
                raise _MismatchError
            digits = taken[1 : 1 + _NANO_DIGITS]
            number = _atoi(digits)
            if number < 0:
                raise PartsError("fractional second out of range")
            self._parts.nanosecond = number * 10 ** (_NANO_DIGITS - len(digits))
            return
        fraction = _FRACTION.match(self._rest)
        if fraction is not None:
            self._parts.nanosecond = _nanoseconds(fraction[1])
            self._rest = self._rest[fraction.end() :]

    def _read_offset(self, element: str) -> None:
        if element[0] == "Z" and self._rest.startswith("Z"):
            self._rest = self._rest[1:]
            self._parts.is_utc = True
            return
        taken = self._take(len(element))
        if any(taken[at] != ":" for at, char in enumerate(element) if char == ":"):
            raise _MismatchError
        width = 3 if ":" in element else 2
        pairs = [taken[at : at + 2] for at in range(1, len(element), width)]
        hour, minute, second = (*_numbers(pairs), 0, 0)[:3]
        # Of several numbers out of range, Go names the last.
        self._in_range("time zone offset second", second or 0, 0, 60)
        self._in_range("time zone offset minute", minute or 0, 0, 60)
        self._in_range("time zone offset hour", hour or 0, 0, 24)
        if hour is None or minute is None or second is None or taken[0] not in "+-":
            raise _MismatchError
        offset = (hour * 60 + minute) * 60 + second
        self._parts.offset = -offset if taken[0] == "-" else offset

    def read_zone(self) -> None:
        if self._rest.startswith("UTC"):
            self._rest = self._rest[3:]
            self._parts.is_utc = True
            return
        name = _ZONE_NAME.match(self._rest)
        if name is None:
            raise _MismatchError
        self._parts.zone = name[0]
        self._rest = self._rest[name.end() :]


def _is_digit(char: str) -> bool:
    return char.isascii() and char.isdigit()


def _numbers(pairs: list[str]) -> Iterator[int | None]:
    """The number of each pair of digits, up to the first that is none."""
    for pair in pairs:
        number = _pair(pair)
        yield number
        if number is None:
            return


def _pair(text: str) -> int | None:
    return int(text) if all(map(_is_digit, text)) else None


def _atoi(text: str) -> int:
    """A number with a sign perhaps."""
    digits = text[1:] if text[:1] in {"+", "-"} else text
    if not all(map(_is_digit, digits)):
        raise _MismatchError
    return int(digits or 0) * (-1 if text[:1] == "-" else 1)


def _nanoseconds(digits: str) -> int:
    return int(digits[:_NANO_DIGITS].ljust(_NANO_DIGITS, "0"))


_READERS: dict[str, Callable[[_Parser], None]] = {
    "2006": _Parser.read_year,
    "06": _Parser.read_short_year,
    "January": _Parser.read_month_name,
    "Jan": _Parser.read_month_short,
    "1": lambda parser: parser.read_month(fixed=False),
    "01": lambda parser: parser.read_month(fixed=True),
    "Monday": lambda parser: parser.read_weekday(None),
    "Mon": lambda parser: parser.read_weekday(3),
    "2": lambda parser: parser.read_day(fixed=False),
    "_2": _Parser.read_padded_day,
    "02": lambda parser: parser.read_day(fixed=True),
    "__2": _Parser.read_padded_yday,
    "002": _Parser.read_yday,
    "15": _Parser.read_hour,
    "3": lambda parser: parser.read_hour12(fixed=False),
    "03": lambda parser: parser.read_hour12(fixed=True),
    "4": lambda parser: parser.read_minute(fixed=False),
    "04": lambda parser: parser.read_minute(fixed=True),
    "5": lambda parser: parser.read_second(fixed=False),
    "05": lambda parser: parser.read_second(fixed=True),
    "PM": lambda parser: parser.read_half(("PM", "AM")),
    "pm": lambda parser: parser.read_half(("pm", "am")),
    "MST": _Parser.read_zone,
}
