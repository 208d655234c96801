"""Layouts: texts in which ``2006``, ``Jan``, ``15`` and so on stand for parts of a time."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_ELEMENT = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|_2(?!006)|__2|2|3|4|5|PM|pm"
    r"|-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07"
    r"|[.,](?:0+|9+)(?![0-9])"
)

RFC3339_NANO: Final = "2006-01-02T15:04:05.999999999Z07:00"
STRING_LAYOUT: Final = "2006-01-02 15:04:05.999999999 -0700 MST"


@lru_cache(maxsize=256)
def elements(layout: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """The elements of a layout, each with the text before it, and the text behind the last."""
    found = []
    end = 0
    for element in _ELEMENT.finditer(layout):
        found.append((layout[end : element.start()], element[0]))
        end = element.end()
    return tuple(found), layout[end:]
