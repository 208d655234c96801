"""The Go types that read and print themselves: quantities, int-or-strings, times, raw JSON.

:func:`read` is the type's ``UnmarshalJSON`` followed by its ``MarshalJSON``: it takes a JSON
value and returns the canonical one. A zero value is what the type prints before anything was
read into it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pillion.golang.json import marshal
from pillion.kubernetes.errors import QuantityError

if TYPE_CHECKING:
    from collections.abc import Callable

QUANTITY = "resource.Quantity"
INT_OR_STRING = "intstr.IntOrString"
TIME = "meta/v1.Time"
MICRO_TIME = "meta/v1.MicroTime"
RAW_EXTENSION = "runtime.RawExtension"
FIELDS_V1 = "meta/v1.FieldsV1"

ZERO: dict[str, Any] = {
    QUANTITY: "0",
    INT_OR_STRING: 0,
    TIME: None,
    MICRO_TIME: None,
    RAW_EXTENSION: None,
    FIELDS_V1: None,
}
"""What each special type prints when nothing was read into it."""

_INT32_MIN, _INT32_MAX = -(2**31), 2**31 - 1


class SpecialError(Exception):
    """The type's own refusal of a value; the text is Go's whole message."""


class KindMismatchError(Exception):
    """encoding/json's refusal of a value inside the type's own reader."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(found, wanted)
        self.found = found
        self.wanted = wanted


def read(type_name: str, value: Any) -> Any:
    """The canonical form of the JSON ``value``, which is not null, in the type ``type_name``.

    Raises:
        SpecialError: the type refuses the value.
        KindMismatchError: the value is of a JSON kind that the type does not read.
    """
    return _READERS[type_name](value)


def describe(value: Any, *, with_number: bool = False) -> str:
    """What encoding/json calls a JSON value in its errors: ``string``, ``number 1.5``."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case str():
            return "string"
        case dict():
            return "object"
        case list():
            return "array"
    return f"number {number_text(value)}" if with_number else "number"


def number_text(value: float) -> str:
    """The number as it stands in the JSON text that Go reads."""
    return str(value) if isinstance(value, int) else marshal(value)


def integer(value: Any) -> int | None:
    """The integer that a JSON number is, or None; ``-0``, a float to JSON readers, is 0."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return 0 if isinstance(value, float) and str(value) == "-0.0" else None


def _quantity(value: Any) -> str:
    from pillion.kubernetes import quantity  # its patterns take time to compile

    if isinstance(value, bool | dict | list):
        text = ""  # no such text is a quantity, and all failures read the same
    elif isinstance(value, str):
        text = value.strip(_SPACES)
    else:
        text = number_text(value)
    try:
        return quantity.canonical(text)
    except QuantityError as error:
        raise SpecialError(str(error)) from error


# Go trims the JSON text of the string, in which other white space still stands as escapes.
_SPACES = " \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_SPACES += "\u202f\u205f\u3000"


def _int_or_string(value: Any) -> int | str:
    if isinstance(value, str):
        return value
    number = integer(value)
    if number is not None and _INT32_MIN <= number <= _INT32_MAX:
        return number
    raise KindMismatchError(describe(value, with_number=True), "int32")


def _time(value: Any) -> str | None:
    if not isinstance(value, str):
        raise KindMismatchError(describe(value), "string")
    plain = _PLAIN_TIME.fullmatch(value)
    if plain is not None and not value.startswith("0001"):
        return value
    return _format_time(value, _RFC3339)


def _micro_time(value: Any) -> str | None:
    if not isinstance(value, str):
        raise KindMismatchError(describe(value), "string")
    return _format_time(value, _RFC3339_MICRO)


_RFC3339 = "2006-01-02T15:04:05Z07:00"
_RFC3339_MICRO = "2006-01-02T15:04:05.000000Z07:00"
_PLAIN_TIME = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z",
    re.ASCII,
)


def _format_time(text: str, layout: str) -> str | None:
    from pillion.golang import time  # few manifests hold such a time

    try:
        moment = time.parse_in_location(layout, text, time.UTC)
    except time.TimeError as error:
        raise SpecialError(str(error)) from error
    return None if moment.is_zero() else moment.located(time.UTC).format(layout)


def _raw(value: Any) -> Any:
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    QUANTITY: _quantity,
    INT_OR_STRING: _int_or_string,
    TIME: _time,
    MICRO_TIME: _micro_time,
    RAW_EXTENSION: _raw,
    FIELDS_V1: _raw,
}
