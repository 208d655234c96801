"""Any Go value into JSON text, one value at a time.

The walk keeps its own stack, so that nesting is not bound by Python's, and a value that contains
itself ends in Go's error.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from math import isfinite
from typing import TYPE_CHECKING, Any

from pillion.golang.json.errors import JSONError
from pillion.golang.json.escapes import escape
from pillion.golang.strconv import format_float, round_to_float32
from pillion.golang.strings import to_bytes
from pillion.golang.values import Float32, Map, Record, Slice, Struct, type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_EXPONENT_BELOW = {32: round_to_float32(1e-6), 64: 1e-6}
_EXPONENT_FROM = {32: round_to_float32(1e21), 64: 1e21}
_TRACE_CYCLES_FROM = 1000
_MAX_PIECES = 4_000_000
_NOT_KEYS = ("map[interface {}]", "map[bool]", "map[float64]", "map[float32]")


def encode(value: Any, *, escape_html: bool) -> str:
    """``value`` as JSON text.

    Raises:
        JSONError: ``value`` holds what JSON cannot carry, contains itself, or is too large.
    """
    return _Walk(escape_html=escape_html).encode(value)


class _Walk:
    """One encoding: the text so far, and the containers that it is inside of."""

    __slots__ = ("_escape_html", "_inside", "_traced", "_written")

    def __init__(self, *, escape_html: bool) -> None:
        self._escape_html = escape_html
        self._written: list[str] = []
        self._inside: list[tuple[Iterator[tuple[str, Any]], str, int]] = []
        self._traced: set[int] = set()

    def encode(self, value: Any) -> str:
        write = self._written.append
        self._write(value)
        while self._inside:
            items, _, _ = self._inside[-1]
            for prefix, item in items:
                write(prefix)
                if self._write(item):
                    break
            else:
                self._leave()
            if len(self._written) > _MAX_PIECES:
                raise JSONError("json: unsupported value: too large")
        return escape("".join(self._written), escape_html=self._escape_html)

    def _write(self, value: Any) -> bool:
        """Write ``value``, or the beginning of it (true), the rest of which is then inside."""
        writer = _SCALARS.get(type(value))
        if writer is not None:
            self._written.append(writer(value))
            return False
        while isinstance(value, Struct):
            value = None if value.is_nil else _json_value(value)
        if isinstance(value, dict):
            return self._begin_map(value)
        if isinstance(value, list):
            return self._begin_list(value)
        self._written.append(_scalar(value))
        return False

    def _begin_map(self, value: dict[Any, Any]) -> bool:
        if isinstance(value, Map):
            if value.go_type.startswith(_NOT_KEYS):
                raise JSONError(f"json: unsupported type: {value.go_type}")
            if value.is_nil:
                self._written.append("null")
                return False
        self._enter(value, self._members(value), "{", "}")
        return True

    def _begin_list(self, value: list[Any]) -> bool:
        if isinstance(value, Slice) and value.is_nil:
            self._written.append("null")
            return False
        self._enter(value, _elements(value), "[", "]")
        return True

    def _enter(self, value: Any, items: Iterator[tuple[str, Any]], begin: str, end: str) -> None:
        if len(self._inside) >= _TRACE_CYCLES_FROM:
            if id(value) in self._traced:
                cycle = f"encountered a cycle via {type_of(value)}"
                raise JSONError(f"json: unsupported value: {cycle}")
            self._traced.add(id(value))
        self._written.append(begin)
        self._inside.append((items, end, id(value)))

    def _leave(self) -> None:
        _, end, identity = self._inside.pop()
        self._traced.discard(identity)
        self._written.append(end)

    def _members(self, value: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
        named = [(key if isinstance(key, str) else int.__repr__(key), key) for key in value]
        if not isinstance(value, Record):
            named.sort(key=_byte_order)
        comma = ""
        for name, key in named:
            yield f"{comma}{encode_basestring(name)}:", value[key]
            comma = ","


def _json_value(value: Struct) -> Any:
    method = getattr(value, "json_value", None)
    if method is None:
        raise JSONError(f"json: unsupported type: {value.go_type}")
    return method()


def _elements(value: list[Any]) -> Iterator[tuple[str, Any]]:
    comma = ""
    for item in value:
        yield comma, item
        comma = ","


def _scalar(value: Any) -> str:
    """The text of a value of a named type, by the type that it extends."""
    for kind, writer in _SCALARS.items():
        if isinstance(value, kind):
            return writer(value)
    raise JSONError(f"json: unsupported type: {type_of(value)}")


def _byte_order(named: tuple[str, Any]) -> bytes:
    return to_bytes(named[0])


def _boolean(value: bool) -> str:  # noqa: FBT001 - the value written
    return "true" if value else "false"


def _null(_: None) -> str:
    return "null"


def _float32(value: float) -> str:
    return _float(value, 32)


def _float(value: float, bits: int = 64) -> str:
    if not isfinite(value):
        raise JSONError(f"json: unsupported value: {format_float(value, 'g', -1, bits)}")
    size = abs(value)
    if size and (size < _EXPONENT_BELOW[bits] or size >= _EXPONENT_FROM[bits]):
        return format_float(value, "e", -1, bits).replace("e-0", "e-")
    return format_float(value, "f", -1, bits)


def _base64(value: bytes) -> str:
    from pillion.golang.base64 import encode as encode_base64

    return f'"{encode_base64(value)}"'


_SCALARS: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    bool: _boolean,
    int: int.__repr__,
    type(None): _null,
    Float32: _float32,
    float: _float,
    bytes: _base64,
}
"""How each type is written; a type stands before the one that it extends."""
