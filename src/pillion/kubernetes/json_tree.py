"""Plain JSON values as trees, walked without Python's stack: nesting may be of any depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def mapped(value: Any, change: Callable[[Any], Any], *, sort_keys: bool = False) -> Any:
    """A copy of ``value`` with ``change`` applied to everything that is no object and no list."""
    whole: list[Any] = [None]
    waiting: list[tuple[Any, Any, Any]] = [(value, whole, 0)]
    while waiting:
        item, holder, place = waiting.pop()
        if isinstance(item, dict):
            copy: Any = dict.fromkeys(sorted(item) if sort_keys else item)
            waiting.extend((item[key], copy, key) for key in reversed(copy))
        elif isinstance(item, list):
            copy = [None] * len(item)
            waiting.extend((item[index], copy, index) for index in reversed(range(len(item))))
        else:
            copy = change(item)
        holder[place] = copy
    return whole[0]


def with_floats(value: Any) -> Any:
    """A copy of ``value`` with every number a float, as Go has it in an ``interface {}``."""
    return mapped(value, _float)


def _float(scalar: Any) -> Any:
    return float(scalar) if type(scalar) is int else scalar
