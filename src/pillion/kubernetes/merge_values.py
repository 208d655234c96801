"""Values inside a strategic merge: when two are the same, their Go types, how errors show them.

Istio decodes what it merges with encoding/json, so every number is a float64 there.
"""

from __future__ import annotations

from typing import Any

from pillion.golang import fmt
from pillion.golang.values import type_of
from pillion.kubernetes.errors import MergeError
from pillion.kubernetes.json_tree import with_floats

OBJECT = "map[string]interface {}"
"""The Go type of a JSON object."""


def merge_error(template: str, *values: Any) -> MergeError:
    """An error whose text is ``template`` filled in by Go's ``fmt``."""
    try:
        return MergeError(fmt.sprintf(template, *map(with_floats, values)))
    except fmt.FormatError:
        return MergeError(f"{template} (its values are too large to be shown)")


def wrong_type(expected: str, value: Any) -> MergeError:
    """The error about a value that is not of the Go type ``expected``."""
    actual = "%!s(<nil>)" if value is None else go_type(value)
    return MergeError(f"expected a {expected}, but received a {actual}")


def no_merge_key(element: dict[str, Any], merge_key: str) -> MergeError:
    """The error about an element of a list that has no value for the list's merge key."""
    return merge_error("map: %v does not contain declared merge key: %s", element, merge_key)


def go_type(value: Any) -> str:
    """The Go type of a JSON value."""
    return "float64" if type(value) is int else type_of(value)


def identity(value: Any) -> Any:
    """A hashable key that is equal for values that Go's ``==`` finds equal.

    Raises:
        MergeError: the value is an object or a list, for which Go has no ``==``.
    """
    if value.__class__ is str:
        return value
    if isinstance(value, bool):
        return bool, value
    if isinstance(value, dict | list):
        raise MergeError(f"comparing uncomparable type {go_type(value)}")
    return value


def element_key(element: Any, merge_key: str) -> Any:
    """The identity of an object in a list that merges by ``merge_key``.

    Raises:
        MergeError: the element is no object or has no such key.
    """
    if element.__class__ is not dict:
        raise wrong_type(OBJECT, element)
    if merge_key not in element:
        raise no_merge_key(element, merge_key)
    value = element[merge_key]
    return value if value.__class__ is str else identity(value)


def element_type(original: list[Any], patch: list[Any]) -> str:
    """The one Go type of all elements of both lists.

    Raises:
        MergeError: there are no elements, or they are lists, or not all of one type.
    """
    if {*map(type, original), *map(type, patch)} == {dict}:
        return OBJECT
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
