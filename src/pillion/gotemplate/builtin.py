"""The functions that every template has, by Go's rules.

``and`` and ``or`` are not here: they leave operands alone, so the compiler writes them out. Where a
parameter is a ``reflect.Value``, an argument may be :data:`NO_VALUE`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pillion.golang.fmt import sprint, sprintf, sprintln
from pillion.golang.slices import capacity, part
from pillion.golang.strings import byte_len, byte_slice, to_bytes
from pillion.golang.values import (
    Kind,
    Map,
    Pointer,
    Struct,
    Uint8,
    kind_of,
    type_of,
)
from pillion.gotemplate.arguments import INTERFACE, REFLECT_VALUE, can_be_nil, kind_of_type
from pillion.gotemplate.comparison import eq, ge, gt, le, lt, ne
from pillion.gotemplate.escaping import html, js, urlquery
from pillion.gotemplate.functions import NO_VALUE, Function, FunctionError

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_SLICE_INDEXES = 3


def _is_nothing(value: Any) -> bool:
    return value is None or value is NO_VALUE


def _pointed(value: Any, what: str) -> Any:
    """What ``value`` points at; ``what`` says in an error who follows the pointer."""
    if value is None or (isinstance(value, Struct) and value.is_nil):
        raise FunctionError(f"{what} of nil pointer")
    return value.target if isinstance(value, Pointer) else value


def _pointed_type(value: Any) -> str:
    return type_of(value).removeprefix("*") if isinstance(value, Struct) else type_of(value)


def length(item: Any) -> int:
    """``len``: of a string its bytes.

    Raises:
        FunctionError: ``item`` has no length.
    """
    if item is NO_VALUE:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    item = _pointed(item, "len")
    if isinstance(item, str):
        return byte_len(item)
    if isinstance(item, list | dict | bytes):
        return len(item)
    raise FunctionError(f"len of type {_pointed_type(item)}")


def index(item: Any, *indexes: Any) -> Any:
    """``index``: an element, and of that another one for each further index.

    Raises:
        FunctionError: there is no such element, or the type has none.
    """
    if _is_nothing(item):
        raise FunctionError("index of untyped nil")
    for key in indexes:
        item = _element(_pointed(item, "index"), None if key is NO_VALUE else key)
    return item


def _element(item: Any, key: Any) -> Any:
    if type(item) is dict:
        return item.get(key if type(key) is str else _prepared(key, "string"))
    if isinstance(item, Map):
        return item.get(_prepared(key, _key_type(item)), item.zero)
    if isinstance(item, list):
        return item[_position(key, len(item), "slice")]
    if isinstance(item, str | bytes):
        data = item if isinstance(item, bytes) else to_bytes(item)
        what = "slice" if isinstance(item, bytes) else "string"
        return Uint8(data[_position(key, len(data), what)])
    raise FunctionError(f"can't index item of type {_pointed_type(item)}")


def _position(key: Any, size: int, what: str) -> int:
    position = _index_argument(key, size)
    if position == size:
        raise FunctionError(f"reflect: {what} index out of range")
    return position


def _index_argument(key: Any, limit: int) -> int:
    if _is_nothing(key):
        raise FunctionError("cannot index slice/array with nil")
    if isinstance(key, bool) or not isinstance(key, int):
        raise FunctionError(f"cannot index slice/array with type {type_of(key)}")
    if not 0 <= key <= limit:
        raise FunctionError(f"index out of range: {_signed(key)}")
    return int(key)


def _signed(value: int) -> int:
    return value if value < 1 << 63 else value - (1 << 64)


def _key_type(item: Map) -> str:
    return item.go_type.removeprefix("map[").partition("]")[0]


def _prepared(value: Any, wanted: str) -> Any:
    """A value as a map key or an argument, as ``call`` and ``index`` take them."""
    if _is_nothing(value):
        if not can_be_nil(wanted):
            raise FunctionError(f"value is nil; should be of type {wanted}")
        return None
    actual = type_of(value)
    if wanted in {actual, INTERFACE, REFLECT_VALUE}:
        return value
    if _is_integer_type(actual) and _is_integer_type(wanted):
        return int(value)
    raise FunctionError(f"value has type {actual}; should be {wanted}")


def _is_integer_type(name: str) -> bool:
    return kind_of_type(name) in {Kind.INT, Kind.UINT}


def slice_of(item: Any, *indexes: Any) -> Any:
    """``slice``: a part of a string or a list.

    Raises:
        FunctionError: the bounds are wrong, or the type cannot be sliced.
    """
    if _is_nothing(item):
        raise FunctionError("slice of untyped nil")
    item = _pointed(item, "slice")
    if len(indexes) > _MOST_SLICE_INDEXES:
        raise FunctionError(f"too many slice indexes: {len(indexes)}")
    if isinstance(item, str):
        if len(indexes) == _MOST_SLICE_INDEXES:
            raise FunctionError("cannot 3-index slice a string")
        size = byte_len(item)
        start, end = _bounds(indexes, size, size)
        return byte_slice(item, start, end)
    if not isinstance(item, list | bytes):
        raise FunctionError(f"can't slice item of type {_pointed_type(item)}")
    return part(item, *_bounds(indexes, len(item), capacity(item)))


def _bounds(indexes: tuple[Any, ...], size: int, room: int) -> list[int]:
    bounds = [0, size]
    bounds[: len(indexes)] = [_index_argument(key, room) for key in indexes]
    for lower, upper in pairwise(bounds):
        if lower > upper:
            raise FunctionError(f"invalid slice index: {lower} > {upper}")
    return bounds


def call(name: str, function: Any, *arguments: Any) -> Any:
    """``call``: a function that is a value of the template, which prints as ``name``.

    Raises:
        FunctionError: it is no function, the arguments do not fit, or it fails.
    """
    if _is_nothing(function):
        raise FunctionError("call of nil")
    if kind_of(function) is not Kind.FUNC:
        raise FunctionError(f"non-function {name} of type {type_of(function)}")
    if not isinstance(function, Function):
        return function(*(None if value is NO_VALUE else value for value in arguments))
    _check_call_count(name, function, len(arguments))
    prepared = []
    for number, value in enumerate(arguments):
        wanted = function.params[min(number, len(function.params) - 1)]
        try:
            prepared.append(_prepared(value, wanted))
        except FunctionError as error:
            raise FunctionError(f"arg {number}: {error}") from error
    return function.call(*prepared)


def _check_call_count(name: str, function: Function, count: int) -> None:
    wanted = len(function.params)
    if function.variadic and count < wanted - 1:
        raise FunctionError(
            f"wrong number of args for {name}: got {count} want at least {wanted - 1}"
        )
    if not function.variadic and count != wanted:
        raise FunctionError(f"wrong number of args for {name}: got {count} want {wanted}")


def callee_name(value: Any) -> str:
    """How ``call`` names a function that was piped into it."""
    if isinstance(value, str):
        return str(value)
    return "<invalid Value>" if _is_nothing(value) else f"<{type_of(value)} Value>"


def first_false(first: Any, *others: Any) -> Any:
    """``and``, where all operands have been evaluated."""
    for value in (first, *others):
        if not value:
            return value
    return (first, *others)[-1]


def first_true(first: Any, *others: Any) -> Any:
    """``or``, where all operands have been evaluated."""
    for value in (first, *others):
        if value:
            return value
    return (first, *others)[-1]


def not_(value: Any) -> bool:
    """``not``."""
    return not value


def _values(call: Callable[..., Any], result: str, *, fixed: int, variadic: bool) -> Function:
    count = fixed + 1 if variadic else fixed
    return Function(call, (REFLECT_VALUE,) * count, variadic, result)


SHORT_CIRCUITS = frozenset({"and", "or"})
"""The functions that return the first operand that decides, and leave the others alone."""

FUNCTIONS = {
    "and": _values(first_false, REFLECT_VALUE, fixed=1, variadic=True),
    "call": _values(call, REFLECT_VALUE, fixed=1, variadic=True),
    "eq": _values(eq, "bool", fixed=1, variadic=True),
    "ge": _values(ge, "bool", fixed=2, variadic=False),
    "gt": _values(gt, "bool", fixed=2, variadic=False),
    "html": Function(html, (INTERFACE,), variadic=True, result="string"),
    "index": _values(index, REFLECT_VALUE, fixed=1, variadic=True),
    "js": Function(js, (INTERFACE,), variadic=True, result="string"),
    "le": _values(le, "bool", fixed=2, variadic=False),
    "len": _values(length, "int", fixed=1, variadic=False),
    "lt": _values(lt, "bool", fixed=2, variadic=False),
    "ne": _values(ne, "bool", fixed=2, variadic=False),
    "not": _values(not_, "bool", fixed=1, variadic=False),
    "or": _values(first_true, REFLECT_VALUE, fixed=1, variadic=True),
    "print": Function(sprint, (INTERFACE,), variadic=True, result="string"),
    "printf": Function(sprintf, ("string", INTERFACE), variadic=True, result="string"),
    "println": Function(sprintln, (INTERFACE,), variadic=True, result="string"),
    "slice": _values(slice_of, REFLECT_VALUE, fixed=1, variadic=True),
    "urlquery": Function(urlquery, (INTERFACE,), variadic=True, result="string"),
}
