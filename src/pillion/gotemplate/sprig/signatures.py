"""The Go types that sprig's signatures are made of, and results of types of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.golang.slices import OwnSlice
from pillion.golang.values import Map, Slice

if TYPE_CHECKING:
    from collections.abc import Iterable

ANY = "interface {}"
LIST = "[]interface {}"
DICT = "map[string]interface {}"
STRINGS = "[]string"
INTS = "[]int"
STRING_MAP = "map[string]string"
TIME = "time.Time"


def strings(items: Iterable[str]) -> Slice:
    """A ``[]string``."""
    return OwnSlice(STRINGS, items)


def string_map(items: dict[str, str]) -> Map:
    """A ``map[string]string``."""
    return Map(STRING_MAP, items, zero="")


def nil_list() -> list[Any]:
    """The nil ``[]interface {}``, which prints as ``[]`` and encodes as JSON's null."""
    return Slice(LIST, is_nil=True)
