"""Fields that the schema does not know, carried over from an object to a changed copy of it.

The canonical form of an object has lost what an API server newer than the schema put there. A
webhook's answer must not remove it: before the patch is made, each unknown field goes back to its
owner. An element of a list is known again by what it says, else by its merge key (a container that
moved among the containers, or from there to the init containers, is still the same by its name),
else, where the list has no merge key, by its place. What no longer has an owner is gone with it.
"""

from __future__ import annotations

import json
from collections import deque
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.kubernetes import codec, merge_metadata, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

JSON = dict[str, Any]


def carry_over(before: JSON, after: JSON, type_name: str) -> JSON:
    """``after`` with the fields of ``before`` that the type does not know.

    ``before`` is an object as it was received, and ``after`` the canonical object made of it.
    Neither is changed; without unknown fields ``after`` itself is returned.
    """
    return _object(before, after, type_name) if _has_unknown(before, type_name) else after


class _Inner(NamedTuple):
    """A field that holds structs: itself, in a ``list`` or in a ``map``."""

    shape: str
    type_name: str
    merge_key: str


@cache
def _fields(type_name: str) -> dict[str, _Inner | None]:
    """The JSON names of a struct's fields, each with what it holds where that is structs."""
    found = schema.json_fields(type_name)
    return {name: _inner(item.field) for name, item in found.items()}


def _inner(field: schema.Field) -> _Inner | None:
    type_name, shape = _pointed(field.type), ""
    if (kind := merge_metadata.kind(type_name)) in ("slice", "map"):
        type_name, shape = _pointed(schema.element(type_name)), kind
    if schema.underlying(type_name) != "struct":
        return None
    return _Inner(shape, type_name, field.merge_key)


def _pointed(type_name: str) -> str:
    return schema.element(type_name) if merge_metadata.kind(type_name) == "ptr" else type_name


def _has_unknown(value: JSON, type_name: str) -> bool:
    fields = _fields(type_name)
    for key, item in value.items():
        if key not in fields:
            return True
        inner = fields[key]
        if inner is not None and item and _holds_unknown(item, inner):
            return True
    return False


def _holds_unknown(value: Any, inner: _Inner) -> bool:
    if not inner.shape:
        return _has_unknown(value, inner.type_name)
    structs = value if inner.shape == "slice" else value.values()
    return any(struct and _has_unknown(struct, inner.type_name) for struct in structs)


def _object(before: JSON, after: JSON, type_name: str) -> JSON:
    result = after.copy()
    lists: dict[_Inner, dict[str, list[Any]]] = {}
    for key, value in before.items():
        field = schema.field_for_key(type_name, key)
        if field is None:
            result[key] = value
            continue
        name = field.field.json_name
        inner = _fields(type_name)[name]
        if inner is None or not value or not _holds_unknown(value, inner):
            continue
        if inner.shape == "slice":
            lists.setdefault(inner, {})[name] = value
        elif name in result:
            carry = _map if inner.shape == "map" else _object
            result[name] = carry(value, result[name], inner.type_name)
    for inner, befores in lists.items():
        _lists(befores, result, inner, type_name)
    return result


def _map(before: JSON, after: JSON, type_name: str) -> JSON:
    return {
        key: _object(before[key], value, type_name) if before.get(key) else value
        for key, value in after.items()
    }


class _Element(NamedTuple):
    """An element of a list: where it stands, its merge key's value, and what it says."""

    list_name: str
    place: int
    merge_value: Any
    text: str


def _lists(befores: dict[str, list[Any]], result: JSON, inner: _Inner, owner: str) -> None:
    """Carry over into all lists of one element type of an ``owner``; ``result`` is changed.

    An element may have moved from one of these lists to another.
    """
    names = [name for name, field in _fields(owner).items() if field == inner]
    afters = {name: result[name].copy() for name in names if result.get(name)}
    result.update(afters)
    given = _elements(befores, inner, decoded=False)
    for old, new in _pairs(given, _elements(afters, inner, decoded=True), inner):
        before, after = befores[old.list_name][old.place], afters[new.list_name][new.place]
        if before:
            afters[new.list_name][new.place] = _object(before, after, inner.type_name)


def _elements(lists: dict[str, list[Any]], inner: _Inner, *, decoded: bool) -> list[_Element]:
    return [
        _element(name, place, value if decoded else codec.decode(value, inner.type_name), inner)
        for name, values in lists.items()
        for place, value in enumerate(values)
    ]


def _element(list_name: str, place: int, canonical: JSON, inner: _Inner) -> _Element:
    text = json.dumps(canonical, sort_keys=True)
    return _Element(list_name, place, canonical.get(inner.merge_key), text)


def _pairs(
    befores: list[_Element], afters: list[_Element], inner: _Inner
) -> list[tuple[_Element, _Element]]:
    """Each element with what became of it, by the strictest likeness there is."""
    found = []
    for likeness in _BY_MERGE_KEY if inner.merge_key else _BY_PLACE:
        free: dict[Hashable, deque[_Element]] = {}
        for after in afters:
            free.setdefault(likeness(after), deque()).append(after)
        matched = [(b, free[likeness(b)].popleft()) for b in befores if free.get(likeness(b))]
        taken = {pair[1] for pair in matched}
        done = {pair[0] for pair in matched}
        befores = [before for before in befores if before not in done]
        afters = [after for after in afters if after not in taken]
        found += matched
    return found


_BY_MERGE_KEY: tuple[Callable[[_Element], Hashable], ...] = (
    lambda element: (element.list_name, element.text),
    lambda element: (element.list_name, element.merge_value),
    lambda element: element.merge_value,
)
_BY_PLACE: tuple[Callable[[_Element], Hashable], ...] = (
    lambda element: (element.list_name, element.text),
    lambda element: (element.list_name, element.place),
)
