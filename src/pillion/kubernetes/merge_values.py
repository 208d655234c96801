"""Values inside a strategic merge: when two are the same, their Go types, how errors show them.

Istio decodes what it merges with encoding/json, so every number is a float64 there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.golang import fmt
from pillion.golang.values import type_of
from pillion.kubernetes.errors import MergeError

if TYPE_CHECKING:
    from collections.abc import Hashable


def merge_error(template: str, *values: Any) -> MergeError:
    """An error whose text is ``template`` filled in by Go's ``fmt``."""
    return MergeError(fmt.sprintf(template, *map(_with_floats, values)))


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


def identity(value: Any) -> Hashable:
    """A key that is equal for values that Go's ``==`` finds equal.

    Raises:
        MergeError: the value is an object or a list, for which Go has no ``==``.
    """
    if value.__class__ is str:
        return value  # type: ignore[no-any-return]
    if isinstance(value, bool):
        return bool, value
    if isinstance(value, dict | list):
        raise MergeError(f"comparing uncomparable type {go_type(value)}")
    return value  # type: ignore[no-any-return]


def _with_floats(value: Any) -> Any:
    if type(value) is int:
        return float(value)
    if isinstance(value, dict):
        return {key: _with_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_floats(item) for item in value]
    return value
