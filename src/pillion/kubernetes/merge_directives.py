"""The directives of strategic merge patch: what a patch says beside the values it sets.

``$patch`` replaces or deletes the object it stands in, ``$retainKeys`` lists the keys to keep,
``$setElementOrder/x`` the order of the list ``x``, ``$deleteFromPrimitiveList/x`` what to take out
of it. Follows k8s.io/apimachinery's ``strategicpatch``.
"""

from __future__ import annotations

from typing import Any

from pillion.kubernetes.errors import MergeError
from pillion.kubernetes.merge_values import (
    OBJECT,
    element_key,
    go_type,
    identity,
    merge_error,
    no_merge_key,
    wrong_type,
)

PATCH = "$patch"
RETAIN_KEYS = "$retainKeys"
SET_ORDER = "$setElementOrder"
DELETE_FROM_LIST = "$deleteFromPrimitiveList"

BAD_RETAIN_KEYS = "invalid patch format of retainKeys"
BAD_SET_ORDER = "invalid patch format of setElementOrder list"
BAD_DELETE_LIST = "invalid patch format of primitive list"


def whole_object(patch: dict[str, Any]) -> dict[str, Any]:
    """What becomes of an object whose patch has the directive ``$patch``."""
    directive = patch[PATCH]
    if directive == "replace":
        return {key: value for key, value in patch.items() if key != PATCH}
    if directive == "delete":
        return {}
    raise merge_error("unknown patch type: %s in map: %v", directive, patch)


def list_name(key: str, prefix: str, message: str) -> str:
    """The list that a key such as ``$setElementOrder/containers`` is about."""
    start, slash, name = key.partition("/")
    if not slash or start != prefix:
        raise MergeError(message)
    return name


def retain_keys(original: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """The original without the keys that the patch's ``$retainKeys`` does not list."""
    listed = patch[RETAIN_KEYS]
    if not isinstance(listed, list):
        raise MergeError(BAD_RETAIN_KEYS)
    retained = set(map(identity, listed))
    for key, value in patch.items():
        exempt = key == RETAIN_KEYS or key.startswith((DELETE_FROM_LIST, SET_ORDER))
        if value is not None and not exempt and key not in retained:
            raise MergeError(BAD_RETAIN_KEYS)
    return {key: value for key, value in original.items() if key in retained}


def split_elements(
    original: list[Any], patch: list[Any], merge_key: str
) -> tuple[list[Any], list[Any]]:
    """The original and the patch of a list once the patch's elements with ``$patch`` were obeyed.

    One ``$patch: replace`` anywhere makes the rest of the patch the list, with nothing to merge.
    """
    if not [element for element in patch if PATCH in element]:
        return original, patch
    plain: list[Any] = []
    deleted: set[Any] = set()
    replace = False
    for element in patch:
        if PATCH not in element:
            plain.append(element)
        elif element[PATCH] == "delete":
            if merge_key not in element:
                raise no_merge_key(element, merge_key)
            deleted.add(identity(element[merge_key]))
        elif element[PATCH] == "replace":
            replace = True
        elif element[PATCH] == "merge":
            raise MergeError("merging lists cannot yet be specified in the patch")
        else:
            raise merge_error("unknown patch type: %s in map: %v", element[PATCH], element)
    if replace:
        return plain, []
    return _without(original, deleted, merge_key), plain


def _without(elements: list[Any], deleted: set[Any], merge_key: str) -> list[Any]:
    if not deleted:
        return elements
    return [
        element
        for element in elements
        if merge_key not in element or identity(element[merge_key]) not in deleted
    ]


def check_order(patch: list[Any], order: list[Any], merge_key: str) -> None:
    """Check that a list of the patch agrees with its ``$setElementOrder``.

    Raises:
        MergeError: an element of the patch is not listed there, or at another place, or one of
            either list is malformed.
    """
    if not patch or not order:
        return
    waiting = [element for element in _checked(patch, merge_key) if not _is_deletion(element)]
    position = 0
    for listed in order:
        # Go looks past an element with another directive only while there is a listed one left.
        while position < len(waiting) and _has_directive(waiting[position]):
            position += 1
        if position == len(waiting):
            return
        if _same_element(waiting[position], listed, merge_key):
            position += 1
    if position < len(waiting):
        raise merge_error(
            f"The order in patch list:\n%v\n doesn't match {SET_ORDER} list:\n%v\n", patch, order
        )


def check_listed(values: list[Any], order: list[Any], merge_key: str) -> None:
    """Check that a merged list can be compared with its ``$setElementOrder``.

    Raises:
        MergeError: an element has no merge key, or something that is no object is listed before it.
    """
    for value in values:
        key = element_key(value, merge_key)
        for position, listed in enumerate(order):
            if not isinstance(listed, dict):
                raise MergeError(f"value for key {position} is not a map")
            if merge_key in listed and identity(listed[merge_key]) == key:
                break


def _checked(patch: list[Any], merge_key: str) -> list[Any]:
    if merge_key:
        for element in patch:
            if not isinstance(element, dict):
                raise wrong_type(OBJECT, element)
    return patch


def _is_deletion(element: Any) -> bool:
    return isinstance(element, dict) and element.get(PATCH) == "delete"


def _has_directive(element: Any) -> bool:
    return isinstance(element, dict) and PATCH in element


def _same_element(left: Any, right: Any, merge_key: str) -> bool:
    if not merge_key:
        return go_type(left) == go_type(right) and identity(left) == identity(right)
    for element in (left, right):
        if not isinstance(element, dict):
            raise wrong_type(OBJECT, element)
    return bool(element_key(left, merge_key) == element_key(right, merge_key))


def settled(value: Any, *, keep_nulls: bool = False) -> Any:
    """A value that the original does not have, as it is taken over from the patch.

    Objects with ``$patch`` are left out of their parents, and so are nulls in objects. Other
    directives stay, as they do in Go. Check the value itself with :func:`is_left_out` first.
    """
    if not isinstance(value, dict | list) or not _is_unsettled(value, keep_nulls=keep_nulls):
        return value
    result: Any = value.__class__()
    pending = [(value, result)]
    while pending:
        source, copy = pending.pop()
        items = source.items() if isinstance(source, dict) else enumerate(source)
        for key, item in items:
            dropped_null = item is None and isinstance(source, dict) and not keep_nulls
            if dropped_null or is_left_out(item, keep_nulls=keep_nulls):
                continue
            inner = item
            if isinstance(item, dict | list):
                inner = item.__class__()
                pending.append((item, inner))
            if isinstance(source, dict):
                copy[key] = inner
            else:
                copy.append(inner)
    return result


def is_left_out(value: Any, *, keep_nulls: bool = False) -> bool:
    """Whether a value is an object that ``$patch`` keeps out of the result."""
    return isinstance(value, dict) and PATCH in value and (keep_nulls or value[PATCH] is not None)


def _is_unsettled(value: Any, *, keep_nulls: bool) -> bool:
    """Whether anything inside would be left out; most often nothing is, and no copy is needed."""
    pending = [value]
    while pending:
        container = pending.pop()
        if isinstance(container, dict):
            if PATCH in container:
                return True
            container = container.values()
            if not keep_nulls and None in container:
                return True
        pending.extend(item for item in container if item.__class__ in (dict, list))
    return False
