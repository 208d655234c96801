"""sprig's functions on empty values, and its JSON."""

from __future__ import annotations

from typing import Any

from pillion.golang import json
from pillion.golang.values import Kind, is_nil, kind_of
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.signatures import ANY

_COUNTED = {Kind.STRING, Kind.SLICE, Kind.ARRAY, Kind.MAP}
_VALUED = {Kind.BOOL, Kind.INT, Kind.UINT, Kind.FLOAT, Kind.COMPLEX}


def empty(value: Any) -> bool:
    """Whether ``value`` is nil, false, zero or without items; a struct never is empty."""
    if type(value) is str:
        return not value
    kind = kind_of(value)
    if kind in _COUNTED:
        return len(value) == 0
    if kind in _VALUED:
        return not value
    return kind is not Kind.STRUCT and is_nil(value)


def default(fallback: Any, *given: Any) -> Any:
    """The first value given, or ``fallback`` where that is empty or none is given."""
    return fallback if not given or empty(given[0]) else given[0]


def coalesce(*candidates: Any) -> Any:
    """The first value that is not empty, or nil."""
    return next((value for value in candidates if not empty(value)), None)


def all_given(*candidates: Any) -> bool:
    """Whether no value is empty."""
    return not any(map(empty, candidates))


def any_given(*candidates: Any) -> bool:
    """Whether some value is not empty."""
    return not all(map(empty, candidates))


def ternary(chosen: Any, otherwise: Any, condition: bool) -> Any:  # noqa: FBT001 - sprig's signature
    """``chosen`` where the condition holds, else ``otherwise``."""
    return chosen if condition else otherwise


def must_from_json(text: str) -> Any:
    """The decoded JSON text.

    Raises:
        FunctionError: the text is not JSON.
    """
    try:
        return json.unmarshal(text)
    except json.JSONError as error:
        raise FunctionError(str(error)) from error


def from_json(text: str) -> Any:
    """The decoded JSON text, or nil where it is none and in the place of numbers too large."""
    try:
        return json.unmarshal(text)
    except json.JSONError as error:
        return error.value


def must_to_json(value: Any) -> str:
    """The value as JSON, with ``<``, ``>`` and ``&`` escaped.

    Raises:
        FunctionError: the value has no JSON form.
    """
    try:
        return json.marshal(value)
    except json.JSONError as error:
        raise FunctionError(str(error)) from error


def to_json(value: Any) -> str:
    """The value as JSON, or nothing where it has no JSON form."""
    try:
        return must_to_json(value)
    except FunctionError:
        return ""


def must_to_pretty_json(value: Any) -> str:
    """The value as JSON indented by two spaces.

    Raises:
        FunctionError: the value has no JSON form.
    """
    try:
        return json.marshal_indent(value, "", "  ")
    except json.JSONError as error:
        raise FunctionError(str(error)) from error


def to_pretty_json(value: Any) -> str:
    """The value as JSON indented by two spaces, or nothing where it has no JSON form."""
    try:
        return must_to_pretty_json(value)
    except FunctionError:
        return ""


def to_raw_json(value: Any) -> str:
    """The value as JSON without HTML escapes.

    Raises:
        FunctionError: the value has no JSON form.
    """
    try:
        return json.marshal(value, escape_html=False)
    except json.JSONError as error:
        raise FunctionError(str(error)) from error


FUNCTIONS = {
    "default": Function(default, (ANY, ANY), variadic=True),
    "empty": Function(empty, (ANY,), result="bool"),
    "coalesce": Function(coalesce, (ANY,), variadic=True),
    "all": Function(all_given, (ANY,), variadic=True, result="bool"),
    "any": Function(any_given, (ANY,), variadic=True, result="bool"),
    "ternary": Function(ternary, (ANY, ANY, "bool")),
    "fromJson": Function(from_json, ("string",)),
    "mustFromJson": Function(must_from_json, ("string",)),
    "toJson": Function(to_json, (ANY,), result="string"),
    "mustToJson": Function(must_to_json, (ANY,), result="string"),
    "toPrettyJson": Function(to_pretty_json, (ANY,), result="string"),
    "mustToPrettyJson": Function(must_to_pretty_json, (ANY,), result="string"),
    "toRawJson": Function(to_raw_json, (ANY,), result="string"),
    "mustToRawJson": Function(to_raw_json, (ANY,), result="string"),
}
