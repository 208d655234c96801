"""Strategic merge patch: a partial object laid over a whole one, lists merged by key.

Follows ``StrategicMergeMapPatch`` of k8s.io/apimachinery. Neither input is changed; the result
shares with them what it takes over as it is. Where Go's answer depends on the random order of a
map, the order of the patch decides here.
"""

from __future__ import annotations

import heapq
from typing import Any

from pillion.kubernetes import merge_directives as directives
from pillion.kubernetes import merge_metadata
from pillion.kubernetes.errors import MergeError
from pillion.kubernetes.merge_order import Element, merged_order
from pillion.kubernetes.merge_values import (
    go_type,
    identity,
    merge_error,
    no_merge_key,
    wrong_type,
)


def merge(original: dict[str, Any], patch: dict[str, Any], type_name: str) -> dict[str, Any]:
    """The object that ``patch`` makes of ``original``; both are JSON objects of a schema type.

    Raises:
        MergeError: the patch cannot be applied; the text is Go's.
    """
    if directives.PATCH in patch:
        return directives.whole_object(patch)
    merged = original.copy()
    if any(key.startswith("$") for key in patch):
        merged, patch = _obey_directives(merged, patch, type_name)
    for key, value in patch.items():
        if key.startswith(directives.DELETE_FROM_LIST):
            _delete_from_list(merged, key, value, type_name)
        else:
            _merge_field(merged, key, value, type_name)
    return merged


def _merge_field(merged: dict[str, Any], key: str, value: Any, type_name: str) -> None:
    """Lay one value of the patch over ``merged``, which is changed."""
    kind = value.__class__
    if value is None:
        merged.pop(key, None)
    elif kind is not dict and kind is not list:
        merged[key] = value
    elif merged.get(key).__class__ is kind:
        merge_values = _merge_objects if kind is dict else _merge_lists
        merged[key] = merge_values(merged[key], value, type_name, key)
    elif directives.is_left_out(value):
        merged.pop(key, None)
    else:
        merged[key] = directives.settled(value)


def _merge_objects(
    original: dict[str, Any], patch: dict[str, Any], type_name: str, key: str
) -> dict[str, Any]:
    metadata = merge_metadata.of_object(type_name, key)
    return patch if metadata.strategy == "replace" else merge(original, patch, metadata.type_name)


def _merge_lists(original: list[Any], patch: list[Any], type_name: str, key: str) -> list[Any]:
    metadata = merge_metadata.of_list(type_name, key)
    if metadata.strategy != "merge":
        return patch
    if not original and not patch:
        return original
    if _element_type(original, patch) != _OBJECT:
        return _merge_scalars(original, patch, metadata.merge_key)
    return _merge_elements(original, patch, metadata)


def _merge_elements(
    original: list[Any], patch: list[Any], metadata: merge_metadata.MergeMetadata
) -> list[Any]:
    """Merge two lists of objects, each element into the first one of the same merge key."""
    merge_key = metadata.merge_key
    if not merge_key:
        kind = merge_metadata.kind(metadata.type_name)
        raise MergeError(f"cannot merge lists without merge key for {kind}")
    original, patch = directives.split_elements(original, patch, merge_key)
    merged = original.copy()
    places = _places(original, merge_key)
    named = []
    for element in patch:
        key = _key_of(element, merge_key)
        named.append(key)
        if key in places:
            place = places[key]
            merged[place] = merge(merged[place], element, metadata.type_name)
        else:
            places[key] = len(merged)
            merged.append(element)
    elements = [Element(_key_of(element, merge_key), element) for element in merged]
    original_order = [element.key for element in elements[: len(original)]]
    return merged_order(elements, set(named), named, original_order)


def _places(elements: list[Any], merge_key: str) -> dict[Any, int]:
    """By merge key, the first place of an element."""
    places: dict[Any, int] = {}
    for place, element in enumerate(elements):
        if merge_key in element:
            places.setdefault(identity(element[merge_key]), place)
    return places


def _merge_scalars(original: list[Any], patch: list[Any], merge_key: str) -> list[Any]:
    both = original + patch
    kept = _move_repeats_out(both)
    if merge_key:
        raise wrong_type(_OBJECT, both[0])
    # Go works in the original's own memory where that has room for the patch too; the original's
    # order is then the one that this left behind. JSON lists grow there by doubling.
    in_place = len(both) <= 1 << (len(original) - 1).bit_length()
    original_order = both[: len(original)] if in_place and original else original
    named = list(map(identity, patch))
    elements = [Element(identity(value), value) for value in both[:kept]]
    return merged_order(elements, set(named), named, map(identity, original_order))


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


def _delete_from_list(merged: dict[str, Any], key: str, value: Any, type_name: str) -> None:
    """Obey ``$deleteFromPrimitiveList/x``; ``merged`` is changed."""
    name = directives.list_name(key, directives.DELETE_FROM_LIST, directives.BAD_DELETE_LIST) or key
    if value is None:
        merged.pop(name, None)
    elif name not in merged or go_type(merged[name]) != go_type(value):
        return
    elif isinstance(value, dict):
        merged[name] = _merge_objects(merged[name], value, type_name, name)
    elif isinstance(value, list):
        merged[name] = _remaining(merged[name], value, type_name, name)
    else:
        merged[name] = value


def _remaining(original: list[Any], deleted: list[Any], type_name: str, name: str) -> list[Any]:
    metadata = merge_metadata.of_list(type_name, name)
    if not original and not deleted:
        return original
    if _element_type(original, deleted) == _OBJECT:
        return _merge_elements(original, deleted, metadata)
    gone = set(map(identity, deleted))
    return [value for value in original if identity(value) not in gone]


def _obey_directives(
    original: dict[str, Any], patch: dict[str, Any], type_name: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Obey ``$retainKeys`` and ``$setElementOrder``; what remains of the patch is still to merge.

    ``original`` may be changed.
    """
    if directives.RETAIN_KEYS in patch:
        original = directives.retain_keys(original, patch)
    remaining = {key: value for key, value in patch.items() if key != directives.RETAIN_KEYS}
    for key in patch:
        if key in remaining and key.startswith(directives.SET_ORDER):
            _set_order(original, remaining, key, type_name)
    return original, remaining


def _set_order(merged: dict[str, Any], patch: dict[str, Any], key: str, type_name: str) -> None:
    """Merge and order the list that a ``$setElementOrder`` is about; both objects are changed."""
    order = _list_of(patch.pop(key))
    name = directives.list_name(key, directives.SET_ORDER, directives.BAD_SET_ORDER)
    original_list = _list_of(merged[name]) if name in merged else []
    patch_list = _list_of(patch[name]) if name in patch else []
    merge_key = merge_metadata.of_list(type_name, name).merge_key
    directives.check_order(patch_list, order, merge_key)
    if name not in merged and name not in patch:
        return
    values = original_list
    if name not in merged:
        values = directives.settled(patch_list, keep_nulls=True)
    elif name in patch:
        values = _merge_lists(original_list, patch_list, type_name, name)
    patch.pop(name, None)
    merged[name] = _ordered(values, order, original_list, patch_list, merge_key)


def _list_of(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise wrong_type("[]interface {}", value)
    return value


def _ordered(
    values: list[Any],
    order: list[Any],
    original: list[Any],
    patch: list[Any],
    merge_key: str,
) -> list[Any]:
    if merge_key:
        elements = [Element(_key_of(value, merge_key), value) for value in values]
        named = {e.key for e in elements if _lists_key(order, e.key, merge_key)}
    else:
        elements = [Element(identity(value), value) for value in values]
        named = set(map(identity, order))
    if _element_type(original, patch) != _OBJECT:
        return merged_order(elements, named, map(identity, order), map(identity, original))
    ordered = [_key_of(value, merge_key) for value in order]
    return merged_order(elements, named, ordered, [_key_of(value, merge_key) for value in original])


def _lists_key(order: list[Any], key: Any, merge_key: str) -> bool:
    for position, element in enumerate(order):
        if not isinstance(element, dict):
            raise MergeError(f"value for key {position} is not a map")
        if merge_key in element and identity(element[merge_key]) == key:
            return True
    return False


def _key_of(element: Any, merge_key: str) -> Any:
    if element.__class__ is not dict:
        raise wrong_type(_OBJECT, element)
    if merge_key not in element:
        raise no_merge_key(element, merge_key)
    return identity(element[merge_key])


_OBJECT = "map[string]interface {}"


def _element_type(original: list[Any], patch: list[Any]) -> str:
    """The one Go type of all elements of both lists."""
    if (
        all(element.__class__ is dict for element in original)
        and all(element.__class__ is dict for element in patch)
        and (original or patch)
    ):
        return _OBJECT
    elements = original + patch
    if not elements:
        raise MergeError("no elements in any of the given slices")
    if elements[0] is None:
        raise MergeError("a list with null as its first element cannot be merged")
    if isinstance(elements[0], list):
        raise MergeError("lists of lists are not supported")
    types = set(map(go_type, elements))
    if len(types) > 1:
        raise merge_error("list element types are not identical: %v", [original, patch])
    return types.pop()
