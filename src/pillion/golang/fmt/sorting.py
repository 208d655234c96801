"""The order in which Go prints a map."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from pillion.golang.strings import to_bytes
from pillion.golang.values import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def sorted_keys(keys: Iterable[Any]) -> list[Any]:
    """The keys of a map in the order that ``fmt`` and templates go through them.

    Strings go by their bytes, numbers by value with NaN first, false before true. Go keeps no order
    between keys of different types; here they are grouped by type, nil first.
    """
    ordered = list(keys)
    if all(type(key) is str and key.isascii() for key in ordered):
        ordered.sort()
    else:
        ordered.sort(key=_order)
    return ordered


def _order(key: Any) -> tuple[str, Any]:
    if key is None:
        return ("", 0)
    if isinstance(key, str):
        return (type_of(key), to_bytes(key))
    if isinstance(key, float):
        return (type_of(key), (not isnan(key), key))
    return (type_of(key), key)
