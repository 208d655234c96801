"""Slices with room behind their items, which a template's ``slice`` can reach.

Go's ``append`` moves the items of a full slice to where there is room for about twice as many
(``nextslicecap`` of the runtime), and takes all of what the allocator hands out (``roundupsize``).
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from pillion.golang.values import Bytes, Slice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LIST = "[]interface {}"
_STRINGS = "[]string"
_INTS = "[]int"


class OwnSlice(Slice):
    """A slice that a function made, so that nobody else holds it.

    ``made_for`` is how many items there was room for before others were appended one by one; as
    many as there are, unless it is given. ``behind`` are the items that follow in the same array;
    the rest of the room holds zero values.
    """

    __slots__ = ("behind", "made_for")

    def __init__(
        self,
        go_type: str,
        items: Iterable[Any] = (),
        made_for: int | None = None,
        behind: Sequence[Any] = (),
    ) -> None:
        super().__init__(go_type, items)
        self.made_for = len(self) if made_for is None else made_for
        self.behind = behind


def capacity(value: Sequence[Any]) -> int:
    """How many items a slice has room for: ``cap``.

    A plain list is taken for one that grew item by item, as those that are read from JSON did.
    """
    length = len(value)
    if isinstance(value, OwnSlice):
        room, go_type = value.made_for, value.go_type
    elif isinstance(value, list) and not isinstance(value, Slice):
        room, go_type = 0, _LIST
    else:
        return length
    while room < length:
        room = grown(room, room + 1, go_type)
    return room


def grown(room: int, length: int, go_type: str) -> int:
    """How many items there is room for once a slice with ``room`` has grown to ``length``."""
    if length > 2 * room:
        wanted = length
    elif room < _DOUBLES_UNTIL:
        wanted = 2 * room
    else:
        wanted = room
        while wanted < length:
            wanted += (wanted + 3 * _DOUBLES_UNTIL) >> 2
    size = 8 if go_type == _INTS else 16
    return _allocated(wanted * size, has_pointers=go_type != _INTS) // size


_DOUBLES_UNTIL = 256


def _allocated(size: int, *, has_pointers: bool) -> int:
    """How many bytes the allocator hands out where ``size`` are asked for."""
    if size > _MOST_SMALL:
        return -(-size // _PAGE) * _PAGE
    header = _HEADER if has_pointers and size > _MOST_WITHOUT_HEADER else 0
    return _SIZES[bisect_left(_SIZES, size + header)] - header


_PAGE = 8192
_HEADER = 8
_MOST_WITHOUT_HEADER = 512
_MOST_SMALL = 32768 - _HEADER
# fmt: off
_SIZES = (
    8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352,
    384, 416, 448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048,
    2304, 2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240,
    10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
)
# fmt: on
"""The sizes of ``internal/runtime/gc/sizeclasses.go``."""


def part(value: Sequence[Any], start: int, end: int, most: int | None = None) -> Any:
    """The items from ``start`` to ``end``, which may lie in the room behind the last one.

    The part has room up to ``most``, or as far as ``value`` has: ``reflect.Value.Slice3``.
    """
    if isinstance(value, bytes):
        return Bytes(value[start:end])
    go_type = value.go_type if isinstance(value, Slice) else _LIST
    items = list(value)
    if isinstance(value, OwnSlice):
        items += value.behind
    most = capacity(value) if most is None else most
    items += [_ZEROS.get(go_type)] * (most - len(items))
    return OwnSlice(go_type, items[start:end], most - start, items[end:most])


_ZEROS = {_STRINGS: "", _INTS: 0}
