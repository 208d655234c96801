"""One value by one verb: what its type says, its method, or the values inside it.

The walk through a value keeps its own stack, so that nesting is not bound by Python's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pillion.golang.fmt.errors import FormatError
from pillion.golang.fmt.numbers import boolean, complex_number, floating, integer, signed, unsigned
from pillion.golang.fmt.padding import pad
from pillion.golang.fmt.sorting import sorted_keys
from pillion.golang.fmt.texts import byte_string, string
from pillion.golang.values import Float32, Kind, Pointer, Struct, Uint8, is_nil, kind_of, type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pillion.golang.fmt.directives import Spec

_Leaf: TypeAlias = "Callable[[Any, str, Spec], str | None]"
_Items: TypeAlias = "Iterator[tuple[str, Any]]"

_MAX_DEPTH = 20_000
_MAX_PIECES = 4_000_000
_ADDRESS = 0xC000012345
"""What a pointer prints as. Go prints where the value lies, which differs from run to run."""

_POINTERS = frozenset({Kind.FUNC, Kind.MAP, Kind.POINTER, Kind.SLICE})
_PLAIN = frozenset({bool, int, float, str, list, dict, bytes})
"""The types that have no methods."""

_STRINGER_VERBS = frozenset("vsxXq")
_INTEGER_VERBS = frozenset("bodxX")


def print_argument(value: Any, verb: str, spec: Spec, *, methods: bool = True) -> str:
    """One argument by one verb, as Go's ``printArg`` prints it.

    Without ``methods`` a value is printed by its fields even where its type knows how to print it.

    Raises:
        FormatError: the value contains itself, or is far too large.
    """
    leaf = _PLAIN_LEAVES.get(type(value))
    if leaf is not None:
        text = leaf(value, verb, spec)
        if text is not None:
            return text
    if verb == "T":
        return (
            pad(type_of(value), spec) if value is None else str(string(type_of(value), "s", spec))
        )
    if value is None:
        return pad("<nil>", spec) if verb == "v" else f"%!{verb}(<nil>)"
    if verb == "p":
        return _pointer(value, verb, spec)
    return _Walk(verb, spec, methods=methods).text(value)


class _Walk:
    """The printing of one argument."""

    __slots__ = ("_between", "_methods", "_spec", "_verb")

    def __init__(self, verb: str, spec: Spec, *, methods: bool) -> None:
        self._verb = verb
        self._spec = spec
        self._methods = methods
        self._between = ", " if spec.sharp_v else " "

    def text(self, value: Any) -> str:
        """The text of ``value``: its own, or that of the values inside it one after the other."""
        written: list[str] = []
        inside: list[tuple[_Items, str]] = []
        self._write(value, written, inside)
        while inside:
            items, end = inside[-1]
            for prefix, item in items:
                written.append(prefix)
                if self._write(item, written, inside):
                    break
            else:
                written.append(end)
                inside.pop()
            if len(inside) > _MAX_DEPTH or len(written) > _MAX_PIECES:
                raise FormatError("fmt: the value contains itself or is too large to print")
        return "".join(written)

    def _write(self, value: Any, written: list[str], inside: list[tuple[_Items, str]]) -> bool:
        """Write ``value``, or the beginning of it (true), the rest of which is then inside."""
        text = self._whole(value, depth=len(inside))
        if text is not None:
            written.append(text)
            return False
        begin, items, end = self._composite(value)
        written.append(begin)
        inside.append((items, end))
        return True

    def _whole(self, value: Any, depth: int) -> str | None:
        """The text of a value that is printed in one piece, or None for one that is not."""
        if value is None:
            return "interface {}(nil)" if self._spec.sharp_v else "<nil>"
        has_methods = self._methods and (depth or not isinstance(value, bytes))
        text = self._by_method(value) if has_methods else None
        if text is None:
            text = self._by_type(value)
        if text is not None or isinstance(value, list | dict):
            return text
        if isinstance(value, bytes):
            return self._bytes(value, depth)
        if isinstance(value, Struct) and _is_printed_by_fields(value, depth):
            return None
        return _pointer(value, self._verb, self._spec)

    def _by_method(self, value: Any) -> str | None:
        """What the type's own method makes of ``value``, if there is one and the verb takes it."""
        if self._verb == "w":
            return self._bad_verb(value)
        if type(value) in _PLAIN or self._verb not in _STRINGER_VERBS:
            return None
        if self._spec.sharp_v:
            method = getattr(value, "go_string", None)
            return None if method is None else pad(method(), self._spec)
        method = getattr(value, "string", None)
        text = method() if method is not None else None
        return None if text is None else string(text, self._verb, self._spec)

    def _by_type(self, value: Any) -> str | None:
        """The text of a value that holds no others, or that ``%#v`` prints as nil."""
        leaf = _leaf_of(value)
        if leaf is not None:
            text = leaf(value, self._verb, self._spec)
            return self._bad_verb(value) if text is None else text
        if self._spec.sharp_v and isinstance(value, list | dict) and is_nil(value):
            return f"{type_of(value)}(nil)"
        return None

    def _bad_verb(self, value: Any) -> str:
        return _bad_verb(value, self._verb, self._spec)

    def _bytes(self, value: bytes, depth: int) -> str:
        text = byte_string(value, self._verb, self._spec)
        if text is not None:
            return text
        items = [self._byte(item) for item in value]
        if not self._spec.sharp_v:
            return f"[{' '.join(items)}]"
        name = type_of(value)
        if name == "[]uint8" and not depth and self._verb in {"v", "d"}:
            name = "[]byte"
        return f"{name}{{{', '.join(items)}}}"

    def _byte(self, item: int) -> str:
        text = unsigned(item, self._verb, self._spec)
        return self._bad_verb(Uint8(item)) if text is None else text

    def _composite(self, value: Any) -> tuple[str, _Items, str]:
        """How the value begins, what is inside it, and how it ends."""
        if isinstance(value, Struct):
            sigil = "&" if value.go_kind is Kind.POINTER else ""
            return (
                sigil + self._begin(value.go_type.removeprefix("*"), "{"),
                self._fields(value),
                "}",
            )
        begin, end = ("{", "}") if self._spec.sharp_v else ("[", "]")
        if isinstance(value, dict):
            name = type_of(value) if self._spec.sharp_v else "map"
            return name + begin, self._pairs(value), end
        return self._begin(type_of(value), begin), self._elements(value), end

    def _begin(self, go_type: str, opening: str) -> str:
        return go_type + opening if self._spec.sharp_v else opening

    def _elements(self, value: list[Any]) -> _Items:
        between = ""
        for item in value:
            yield between, item
            between = self._between

    def _pairs(self, value: dict[Any, Any]) -> _Items:
        between = ""
        for key in sorted_keys(value):
            yield f"{between}{self._whole(key, depth=1)}:", value[key]
            between = self._between

    def _fields(self, value: Struct) -> _Items:
        named = self._spec.plus_v or self._spec.sharp_v
        between = ""
        for name, item in value.fields():
            yield (f"{between}{name}:" if named else between), item
            between = self._between


def _is_printed_by_fields(value: Struct, depth: int) -> bool:
    """Whether Go prints what is in ``value``, and not the place where a pointer points."""
    if value.go_kind is not Kind.POINTER:
        return True
    return not (depth or value.is_nil or isinstance(value, Pointer))


def _bad_verb(value: Any, verb: str, spec: Spec) -> str:
    return f"%!{verb}({type_of(value)}={print_argument(value, 'v', spec, methods=False)})"


def _pointer(value: Any, verb: str, spec: Spec) -> str:
    """A value that Go prints as the place where it lies."""
    if kind_of(value) not in _POINTERS:
        return _bad_verb(value, verb, spec)
    address = 0 if is_nil(value) else _ADDRESS
    if verb == "v" and spec.sharp_v:
        shown = integer(address, "x", spec, sharp=True) if address else "nil"
        return f"({type_of(value)})({shown})"
    if verb == "v" and not address:
        return pad("<nil>", spec)
    if verb in {"v", "p"}:
        return integer(address, "x", spec, sharp=not spec.sharp)
    if verb in _INTEGER_VERBS:
        return integer(address, verb, spec, sharp=spec.sharp)
    return _bad_verb(value, verb, spec)


def _float64(value: float, verb: str, spec: Spec) -> str | None:
    return floating(value, 64, verb, spec)


def _float32(value: float, verb: str, spec: Spec) -> str | None:
    return floating(value, 32, verb, spec)


_PLAIN_LEAVES: dict[type, _Leaf] = {
    bool: boolean,
    int: signed,
    float: _float64,
    complex: complex_number,
    str: string,
}


def _leaf_of(value: Any) -> _Leaf | None:
    """How values of this one's type are printed, where they hold no others."""
    plain = _PLAIN_LEAVES.get(type(value))
    if plain is not None:
        return plain
    if isinstance(value, int):
        return unsigned if kind_of(value) is Kind.UINT else signed
    if isinstance(value, float):
        return _float32 if isinstance(value, Float32) else _float64
    return string if isinstance(value, str) else None
