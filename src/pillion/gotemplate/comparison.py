"""``eq``, ``ne``, ``lt``, ``le``, ``gt`` and ``ge``.

Basic values compare within their kind: a float with a float, any integer with any other. What is
not basic can only be equal, and of that only what Go can compare.
"""

from __future__ import annotations

from typing import Any

from pillion.golang.fmt import sprintf
from pillion.golang.strings import to_bytes
from pillion.golang.values import Kind, is_nil, kind_of, type_of
from pillion.gotemplate.functions import NO_VALUE, FunctionError

_BASIC = frozenset({Kind.BOOL, Kind.INT, Kind.UINT, Kind.FLOAT, Kind.COMPLEX, Kind.STRING})
_UNORDERED = frozenset({Kind.BOOL, Kind.COMPLEX})
_INTEGERS = frozenset({Kind.INT, Kind.UINT})
_NEVER_EQUAL = frozenset({Kind.SLICE, Kind.MAP, Kind.FUNC})


def eq(first: Any, *others: Any) -> bool:
    """Whether ``first`` equals one of ``others``.

    Raises:
        FunctionError: two values cannot be compared.
    """
    if not others:
        raise FunctionError("missing argument for comparison")
    first = _held(first)
    return any(_equal(first, _held(other)) for other in others)


def ne(first: Any, second: Any) -> bool:
    """Whether two values differ.

    Raises:
        FunctionError: they cannot be compared.
    """
    return not _equal(_held(first), _held(second))


def lt(first: Any, second: Any) -> bool:
    """Whether ``first`` is less than ``second``.

    Raises:
        FunctionError: they have no order.
    """
    first, second = _held(first), _held(second)
    kind, other = _basic_kind(first), _basic_kind(second)
    if kind is None or other is None:
        raise FunctionError("invalid type for comparison")
    if kind is not other and not _INTEGERS.issuperset((kind, other)):
        raise _incompatible(first, second)
    if kind in _UNORDERED:
        raise FunctionError("invalid type for comparison")
    if kind is Kind.STRING and not (first.isascii() and second.isascii()):
        return to_bytes(first) < to_bytes(second)
    return bool(first < second)


def le(first: Any, second: Any) -> bool:
    """Whether ``first`` is at most ``second``.

    Raises:
        FunctionError: they have no order.
    """
    return lt(first, second) or _equal(_held(first), _held(second))


def gt(first: Any, second: Any) -> bool:
    """Whether ``first`` is not at most ``second``.

    Raises:
        FunctionError: they have no order.
    """
    return not le(first, second)


def ge(first: Any, second: Any) -> bool:
    """Whether ``first`` is not less than ``second``.

    Raises:
        FunctionError: they have no order.
    """
    return not lt(first, second)


def _held(value: Any) -> Any:
    return None if value is NO_VALUE else value


def _basic_kind(value: Any) -> Kind | None:
    kind = kind_of(value)
    return kind if kind in _BASIC else None


def _equal(first: Any, second: Any) -> bool:
    kind, other = _basic_kind(first), _basic_kind(second)
    if kind is None and other is None:
        return _equal_composites(first, second)
    if kind is not other and not (kind in _INTEGERS and other in _INTEGERS):
        if first is None or second is None:
            return False
        raise _incompatible(first, second)
    return bool(first == second)


def _incompatible(first: Any, second: Any) -> FunctionError:
    types = f"{type_of(first)} and {type_of(second)}"
    return FunctionError(f"incompatible types for comparison: {types}")


def _equal_composites(first: Any, second: Any) -> bool:
    kind, other = kind_of(first), kind_of(second)
    if kind is not other and first is not None and second is not None:
        described = sprintf("%s: %s, %s: %v", first, type_of(first), type_of(second), second)
        raise FunctionError(f"non-comparable types {described}")
    if is_nil(first) or is_nil(second):
        return is_nil(first) and is_nil(second)
    if other in _NEVER_EQUAL:
        raise FunctionError(sprintf("non-comparable type %s: %s", second, type_of(second)))
    return type_of(first) == type_of(second) and bool(first == second)
