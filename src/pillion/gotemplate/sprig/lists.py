"""sprig's functions on lists; they take slices of any type and leave what they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.golang.slices import OwnSlice, capacity, grown, part
from pillion.golang.values import Kind, Slice, Uint8, kind_of
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.cast import to_int
from pillion.gotemplate.sprig.defaults import empty
from pillion.gotemplate.sprig.panics import nil_dereference
from pillion.gotemplate.sprig.reflection import deep_equal, kind_name
from pillion.gotemplate.sprig.signatures import ANY, LIST, nil_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LISTS = "[][]interface {}"


def make_list(*items: Any) -> list[Any]:
    """A list of the items."""
    return _exact(items)


def _items(value: Any, refusal: str) -> Sequence[Any]:
    """The items of a slice; ``refusal`` is what to say of any other kind."""
    if value is None:
        raise nil_dereference()
    if kind_of(value) not in {Kind.SLICE, Kind.ARRAY}:
        raise FunctionError(f"{refusal} {kind_name(value)}")
    if isinstance(value, bytes):
        return list(map(Uint8, value))
    items: Sequence[Any] = value
    return items


def push(value: Any, item: Any) -> list[Any]:
    """The list with ``item`` behind it.

    Raises:
        FunctionError: ``value`` is not a list.
    """
    items = _items(value, "Cannot push on type")
    return OwnSlice(LIST, [*items, item], len(items))


def prepend(value: Any, item: Any) -> list[Any]:
    """The list with ``item`` before it.

    Raises:
        FunctionError: ``value`` is not a list.
    """
    items = [item, *_items(value, "Cannot prepend on type")]
    return OwnSlice(LIST, items, grown(1, len(items), LIST) if len(items) > 1 else 1)


def chunk(size: int, value: Any) -> Slice:
    """The items in lists of ``size``.

    Raises:
        FunctionError: ``value`` is not a list, or cannot be cut that way.
    """
    items = _items(value, "Cannot chunk type")
    if size <= 0 and not _has_no_chunks(size, len(items)):
        raise FunctionError("runtime error: makeslice: len out of range")
    step = size if size > 0 else 1
    starts = range(0, len(items), step) if size > 0 or len(items) == 1 else ()
    return Slice(_LISTS, (_exact(items[at : at + step]) for at in starts))


def _has_no_chunks(size: int, length: int) -> bool:
    """Whether Go's arithmetic gives at most one chunk for a size that is not positive."""
    return size < -1 if length == 1 else size < 0 and 1 < length <= 1 - size


def last(value: Any) -> Any:
    """The last item, or nil.

    Raises:
        FunctionError: ``value`` is not a list.
    """
    items = _items(value, "Cannot find last on type")
    return items[-1] if items else None


def first(value: Any) -> Any:
    """The first item, or nil.

    Raises:
        FunctionError: ``value`` is not a list.
    """
    items = _items(value, "Cannot find first on type")
    return items[0] if items else None


def rest(value: Any) -> list[Any]:
    """All items but the first.

    Raises:
        FunctionError: ``value`` is not a list.
    """
    items = _items(value, "Cannot find rest on type")
    return _exact(items[1:]) if items else nil_list()


def initial(value: Any) -> list[Any]:
    """All items but the last.

    Raises:
        FunctionError: ``value`` is not a list.
    """
    items = _items(value, "Cannot find initial on type")
    return _exact(items[:-1]) if items else nil_list()


def reverse(value: Any) -> list[Any]:
    """The items from last to first.

    Raises:
        FunctionError: ``value`` is not a list.
    """
    return _exact(reversed(_items(value, "Cannot find reverse on type")))


def compact(value: Any) -> list[Any]:
    """The items that are not empty.

    Raises:
        FunctionError: ``value`` is not a list.
    """
    return [item for item in _items(value, "Cannot compact on type") if not empty(item)]


def uniq(value: Any) -> list[Any]:
    """The items without repetitions.

    Raises:
        FunctionError: ``value`` is not a list.
    """
    kept: list[Any] = []
    for item in _items(value, "Cannot find uniq on type"):
        if not _contains(kept, item):
            kept.append(item)
    return kept


def without(value: Any, *unwanted: Any) -> list[Any]:
    """The items that are none of ``unwanted``.

    Raises:
        FunctionError: ``value`` is not a list.
    """
    items = _items(value, "Cannot find without on type")
    return [item for item in items if not _contains(unwanted, item)]


def has(needle: Any, haystack: Any) -> bool:
    """Whether ``needle`` is an item; nil has none.

    Raises:
        FunctionError: ``haystack`` is neither a list nor nil.
    """
    return haystack is not None and _contains(_items(haystack, "Cannot find has on type"), needle)


def _contains(items: Sequence[Any], needle: Any) -> bool:
    return any(deep_equal(needle, item) for item in items)


def cut(value: Any, *indices: Any) -> Any:
    """The items between two indices, of the list's own type; of an empty list, nil.

    The second index may lie behind the last item, where Go has room for more.

    Raises:
        FunctionError: ``value`` is not a list, or the indices are not in it.
    """
    length = len(_items(value, "list should be type of slice or array but"))
    if length == 0:
        return None
    start = to_int(indices[0]) if indices else 0
    end = to_int(indices[1]) if len(indices) > 1 else length
    if not 0 <= start <= end <= capacity(value):
        raise FunctionError("reflect.Value.Slice: slice index out of bounds")
    return part(value, start, end)


def _exact(items: Iterable[Any]) -> list[Any]:
    """A list that Go makes at its full length, without room for more."""
    return Slice(LIST, items)


def concat(*lists: Any) -> list[Any]:
    """The items of all lists.

    Raises:
        FunctionError: an argument is not a list.
    """
    joined: list[Any] = []
    for value in lists:
        joined.extend(_list_items(value))
    return joined or nil_list()


def _list_items(value: Any) -> Sequence[Any]:
    if value is not None and kind_of(value) not in {Kind.SLICE, Kind.ARRAY}:
        raise FunctionError(f"Cannot concat type {kind_name(value)} as list")
    return _items(value, "")


FUNCTIONS = {
    "list": Function(make_list, (ANY,), variadic=True, result=LIST),
    "tuple": Function(make_list, (ANY,), variadic=True, result=LIST),
    "append": Function(push, (ANY, ANY), result=LIST),
    "push": Function(push, (ANY, ANY), result=LIST),
    "mustAppend": Function(push, (ANY, ANY), result=LIST),
    "mustPush": Function(push, (ANY, ANY), result=LIST),
    "prepend": Function(prepend, (ANY, ANY), result=LIST),
    "mustPrepend": Function(prepend, (ANY, ANY), result=LIST),
    "first": Function(first, (ANY,)),
    "mustFirst": Function(first, (ANY,)),
    "rest": Function(rest, (ANY,), result=LIST),
    "mustRest": Function(rest, (ANY,), result=LIST),
    "last": Function(last, (ANY,)),
    "mustLast": Function(last, (ANY,)),
    "initial": Function(initial, (ANY,), result=LIST),
    "mustInitial": Function(initial, (ANY,), result=LIST),
    "reverse": Function(reverse, (ANY,), result=LIST),
    "mustReverse": Function(reverse, (ANY,), result=LIST),
    "compact": Function(compact, (ANY,), result=LIST),
    "mustCompact": Function(compact, (ANY,), result=LIST),
    "uniq": Function(uniq, (ANY,), result=LIST),
    "mustUniq": Function(uniq, (ANY,), result=LIST),
    "without": Function(without, (ANY, ANY), variadic=True, result=LIST),
    "mustWithout": Function(without, (ANY, ANY), variadic=True, result=LIST),
    "has": Function(has, (ANY, ANY), result="bool"),
    "mustHas": Function(has, (ANY, ANY), result="bool"),
    "slice": Function(cut, (ANY, ANY), variadic=True),
    "mustSlice": Function(cut, (ANY, ANY), variadic=True),
    "concat": Function(concat, (ANY,), variadic=True),
    "chunk": Function(chunk, ("int", ANY), result=_LISTS),
    "mustChunk": Function(chunk, ("int", ANY), result=_LISTS),
}
