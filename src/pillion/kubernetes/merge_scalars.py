"""Lists of strings, numbers or booleans in a strategic merge: each value stands once."""

from __future__ import annotations

import heapq
from typing import Any

from pillion.kubernetes.merge_order import merged_order
from pillion.kubernetes.merge_values import identity


def merge_scalars(original: list[Any], patch: list[Any]) -> list[Any]:
    """The values of both lists."""
    both = original + patch
    kept = _move_repeats_out(both)
    elements = [(identity(value), value) for value in both[:kept]]
    original_order = map(identity, _left_in_memory(original, both))
    return merged_order(elements, list(map(identity, patch)), original_order)


def original_after_merge(original: list[Any], patch: list[Any]) -> list[Any]:
    """What Go's own list of the original holds once :func:`merge_scalars` was done with it."""
    both = original + patch
    _move_repeats_out(both)
    return _left_in_memory(original, both)


def _left_in_memory(original: list[Any], both: list[Any]) -> list[Any]:
    # Go moves repeats out in the original's own memory where that has room for the patch too. The
    # lists that its JSON reader makes grow by doubling.
    in_place = bool(original) and len(both) <= 1 << (len(original) - 1).bit_length()
    return both[: len(original)] if in_place else original


def without_scalars(original: list[Any], deleted: list[Any]) -> list[Any]:
    """The values of ``original`` that are not in ``deleted``."""
    gone = set(map(identity, deleted))
    return [value for value in original if identity(value) not in gone]


def _move_repeats_out(values: list[Any]) -> int:
    """Bring each value once to the front and return how many these are.

    The place of a repeated value is taken by the last one of what remains, as Go does it.
    """
    places: dict[Any, list[int]] = {}
    for place, value in enumerate(values):
        places.setdefault(identity(value), []).append(place)
    kept = len(values)
    if len(places) == kept:
        return kept
    place = 0
    while place < kept:
        kept = _move_repeats_of(place, values, kept, places)
        place += 1
    return kept


def _move_repeats_of(place: int, values: list[Any], kept: int, places: dict[Any, list[int]]) -> int:
    """Drop later repeats of one value; ``places`` has for each value a heap of where it may be."""
    key = identity(values[place])
    repeats = places[key]
    while repeats:
        repeat = heapq.heappop(repeats)
        if place < repeat < kept and identity(values[repeat]) == key:
            kept -= 1
            values[repeat] = values[kept]
            heapq.heappush(places[identity(values[kept])], repeat)
    return kept
