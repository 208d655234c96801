"""Strategic merge patch: a partial object laid over a whole one, lists merged by key.

Follows ``StrategicMergeMapPatch`` of k8s.io/apimachinery. Neither input is changed; the result
shares with them what it takes over as it is. Where Go's answer depends on the random order of a
map, the order of the patch decides here.
"""

from __future__ import annotations

from typing import Any

from pillion.golang.values import MISSING
from pillion.kubernetes import merge_directives as directives
from pillion.kubernetes import merge_metadata
from pillion.kubernetes.errors import MergeError
from pillion.kubernetes.merge_order import merged_order
from pillion.kubernetes.merge_scalars import merge_scalars, original_after_merge, without_scalars
from pillion.kubernetes.merge_values import (
    OBJECT,
    element_key,
    element_type,
    go_type,
    identity,
    no_merge_key,
    wrong_type,
)


def merge(original: dict[str, Any], patch: dict[str, Any], type_name: str) -> dict[str, Any]:
    """The object that ``patch`` makes of ``original``; both are JSON objects of a schema type.

    Raises:
        MergeError: the patch cannot be applied; the text is Go's.
    """
    if "$" in "".join(patch):
        return _merge_with_directives(original, patch, type_name)
    merged = original.copy()
    for key, value in patch.items():
        kind = value.__class__
        if kind is dict or kind is list or value is None:
            _merge_field(merged, key, value, type_name)
        else:
            merged[key] = value
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
    if element_type(original, patch) == OBJECT:
        return _merge_elements(original, patch, metadata)
    if metadata.merge_key:
        raise wrong_type(OBJECT, (original or patch)[0])
    return merge_scalars(original, patch)


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
    keys = [element_key(e, merge_key) if merge_key in e else MISSING for e in original]
    places = {key: place for place, key in reversed(list(enumerate(keys)))}
    patch_keys = []
    for element in patch:
        key = element_key(element, merge_key)
        patch_keys.append(key)
        place = places.setdefault(key, len(merged))
        if place == len(merged):
            merged.append(element)
            keys.append(key)
        else:
            merged[place] = merge(merged[place], element, metadata.type_name)
    if MISSING in keys:
        raise no_merge_key(merged[keys.index(MISSING)], merge_key)
    elements = list(zip(keys, merged, strict=True))
    return merged_order(elements, patch_keys, keys[: len(original)])


def _merge_with_directives(
    original: dict[str, Any], patch: dict[str, Any], type_name: str
) -> dict[str, Any]:
    if directives.PATCH in patch:
        return directives.whole_object(patch)
    merged = original.copy()
    if directives.RETAIN_KEYS in patch:
        merged = directives.retain_keys(original, patch)
    remaining = {key: value for key, value in patch.items() if key != directives.RETAIN_KEYS}
    for key in patch:
        if key in remaining and key.startswith(directives.SET_ORDER):
            _set_order(merged, remaining, key, type_name)
    for key, value in remaining.items():
        if key.startswith(directives.DELETE_FROM_LIST):
            _delete_from_list(merged, key, value, type_name)
        else:
            _merge_field(merged, key, value, type_name)
    return merged


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
    if element_type(original, deleted) == OBJECT:
        return _merge_elements(original, deleted, metadata)
    return without_scalars(original, deleted)


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
        if not merge_key and values is not patch_list:
            original_list = original_after_merge(original_list, patch_list)
    patch.pop(name, None)
    if merge_key:
        directives.check_listed(values, order, merge_key)
    keys = (element_key(v, merge_key) if merge_key else identity(v) for v in values)
    merged[name] = merged_order(
        list(zip(keys, values, strict=True)),
        *_order_keys(order, original_list, patch_list, merge_key),
    )


def _list_of(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise wrong_type("[]interface {}", value)
    return value


def _order_keys(
    order: list[Any], original: list[Any], patch: list[Any], merge_key: str
) -> tuple[list[Any], list[Any]]:
    """What identifies the elements of ``order`` and of ``original``."""
    if element_type(original, patch) != OBJECT:
        return list(map(identity, order)), list(map(identity, original))
    by_order = [element_key(value, merge_key) for value in order]
    return by_order, [element_key(value, merge_key) for value in original]
