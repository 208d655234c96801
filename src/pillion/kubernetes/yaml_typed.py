"""YAML values into JSON values with a Go type in view, as sigs.k8s.io/yaml does it.

Where the type wants a string, a number or boolean becomes one. The type is followed as that
library follows it, which is not quite as encoding/json does: a key of an inline struct is taken
as the inline struct's type itself, so that nothing below it is turned into a string unless names
happen to agree.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from pillion.golang.strconv import format_float
from pillion.kubernetes import schema
from pillion.kubernetes.errors import YAMLError
from pillion.kubernetes.json_tree import mapped
from pillion.kubernetes.yaml_scalars import json_number


def to_json(value: Any, type_name: str) -> Any:
    """The JSON value that a YAML value, as go-yaml reads it, becomes on its way into a Go type.

    Keys of maps come sorted, since encoding/json prints them so.

    Raises:
        YAMLError: a number is infinite or none.
    """
    return _convert(value, type_name)


def _convert(value: Any, type_name: str | None) -> Any:
    if type_name is None:
        return _untyped(value)
    type_name = type_name.lstrip("*")
    underlying = schema.underlying(type_name)
    if underlying == "special":
        return _untyped(value)
    if isinstance(value, dict):
        return _convert_map(value, type_name, underlying)
    if isinstance(value, list):
        element = underlying[2:] if underlying.startswith("[]") else None
        return [_convert(item, element) for item in value]
    if underlying == "string":
        return _text(value)
    return _scalar(value)


def _convert_map(value: dict[str, Any], type_name: str, underlying: str) -> dict[str, Any]:
    if underlying == "struct":
        return {key: _convert(value[key], _field_type(type_name, key)) for key in sorted(value)}
    element = schema.element(underlying) if underlying.startswith("map[") else None
    return {key: _convert(value[key], element) for key in sorted(value)}


def _field_type(type_name: str, key: str) -> str | None:
    found = schema.field_for_key(type_name, key)
    if found is None:
        return None
    return found.parents[0].type if found.parents else found.field.type


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return format_float(value, "g", -1, 32)
    return value


def _scalar(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    if not isfinite(value):
        raise YAMLError(f"json: unsupported value: {format_float(value)}")
    return json_number(value)


def _untyped(value: Any) -> Any:
    """The JSON value of a YAML value of which no type is known."""
    return mapped(value, _scalar, sort_keys=True)
