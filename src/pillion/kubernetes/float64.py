"""JSON numbers that went through Go's float64, as they do where Go decodes JSON without a type.

Integers up to 2**53 come out as they went in; larger ones lose digits. A whole float is printed by
encoding/json without a point, so it is an integer to the next reader.
"""

from __future__ import annotations

from typing import Any

from pillion.kubernetes.json_tree import mapped
from pillion.kubernetes.yaml_scalars import json_number

_LARGEST_EXACT = 1 << 53


def as_float64(value: dict[str, Any]) -> dict[str, Any]:
    """A JSON object as it is printed after every number in it was a float64.

    Few objects have a number that this changes; any other is returned as it is.
    """
    if not _has_inexact_integer(value):
        return value
    rounded: dict[str, Any] = mapped(value, _as_printed)
    return rounded


def _has_inexact_integer(value: dict[str, Any]) -> bool:
    pending: list[Any] = [value]
    while pending:
        container = pending.pop()
        for item in container.values() if container.__class__ is dict else container:
            kind = item.__class__
            if kind is dict or kind is list:
                pending.append(item)
            elif kind is int and not -_LARGEST_EXACT <= item <= _LARGEST_EXACT:
                return True
    return False


def _as_printed(scalar: Any) -> Any:
    return json_number(float(scalar)) if scalar.__class__ is int else scalar
