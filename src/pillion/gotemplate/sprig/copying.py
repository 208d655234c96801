"""Deep copies, as mitchellh/copystructure makes them."""

from __future__ import annotations

from typing import Any

from pillion.golang.slices import OwnSlice, capacity
from pillion.golang.values import Map, Slice, Struct
from pillion.gotemplate.functions import FunctionError


def deep_copy(value: Any) -> Any:
    """A copy that shares no map and no list with ``value``; what is immutable here stays itself.

    Raises:
        FunctionError: the value is nil, which has no type to copy.
    """
    if value is None:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    copies: dict[int, Any] = {}
    copied = _shallow(value, copies)
    pending = [(value, copied)] if isinstance(value, (dict, list)) else []
    while pending:
        original, copied_container = pending.pop()
        for key in original if isinstance(original, dict) else range(len(original)):
            item = original[key]
            known = id(item) in copies
            copied_container[key] = _shallow(item, copies)
            if isinstance(item, (dict, list)) and not known:
                pending.append((item, copied_container[key]))
    return copied


def _shallow(value: Any, copies: dict[int, Any]) -> Any:
    if not isinstance(value, (dict, list)):
        return _copied_struct(value) if isinstance(value, Struct) else value
    if id(value) not in copies:
        copies[id(value)] = _same_type(value)
    return copies[id(value)]


def _copied_struct(value: Struct) -> Struct:
    """A version loses what it holds: Go lets nobody copy a field that is not exported."""
    from pillion.gotemplate.sprig.semver import Version

    if isinstance(value, Version):
        return Version((0, 0, 0), "", "", original="", go_type=value.go_type)
    return value


def _same_type(value: Any) -> Any:
    if isinstance(value, Map):
        return Map(value.go_type, dict(value), zero=value.zero, is_nil=value.is_nil)
    if isinstance(value, OwnSlice):
        return OwnSlice(value.go_type, value, capacity(value))
    if isinstance(value, Slice):
        return Slice(value.go_type, value, is_nil=value.is_nil)
    return dict(value) if isinstance(value, dict) else list(value)
