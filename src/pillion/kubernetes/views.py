"""Kubernetes objects as a Go template sees them: structs with Go's field names over canonical JSON.

A view holds nothing of its own: it reads the canonical dict when a field is asked for, gives zero
values where Go's struct would hold them, and remembers what it gave.
"""

from __future__ import annotations

from binascii import a2b_base64
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from pillion.golang.values import (
    MISSING,
    Bytes,
    Int32,
    Int64,
    Map,
    Pointer,
    Record,
    Slice,
    String,
    Struct,
)
from pillion.kubernetes import schema
from pillion.kubernetes.exact_decode import UNSET, omitted
from pillion.kubernetes.generated_string import generated_string, is_generated
from pillion.kubernetes.special_views import SPECIAL_VIEWS, SpecialView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from pillion.kubernetes.schema import Field

    Maker: TypeAlias = Callable[[Any], Any]


_NAMESPACED_NAME = "types.NamespacedName"


def view(value: Any, type_name: str) -> Any:
    """The Go value of the type ``type_name`` that the canonical JSON ``value`` stands for.

    ``type_name`` is a name of the schema (``core/v1.Pod``) or a pointer, slice or map of one; None
    stands for the zero value.
    """
    return _maker(type_name)(value)


class StructView(Struct):
    """A struct of the schema, or a pointer to one, over the canonical dict of its fields."""

    __slots__ = ("_seen", "_type", "_value", "go_type", "is_nil")

    def __init__(self, type_name: str, value: dict[str, Any] | None, *, pointer: bool) -> None:
        self.go_type = _go_type(type_name, pointer)
        self.is_nil = pointer and value is None
        self._type = type_name
        self._value = value or {}
        self._seen: dict[str, Any] = {}

    def field(self, name: str) -> Any:
        """The value of a field or promoted field by its Go name, or MISSING."""
        try:
            return self._seen[name]
        except KeyError:
            value = self._seen[name] = self._find(name)
            return value

    def method(self, name: str) -> Callable[..., Any] | None:
        """The methods that templates call: ``String``, and the getters of an object's metadata."""
        if name == "String":
            return self._text if self._prints_itself() else None
        if not name.startswith("Get") or not self._type.endswith(".ObjectMeta"):
            return None
        found = self.field(name.removeprefix("Get"))
        return None if found is MISSING else lambda: found

    def fields(self) -> Iterator[tuple[str, Any]]:
        """Every field in the order of its declaration, embedded structs as one field each."""
        for field in schema.fields(self._type):
            yield field.name, self.field(field.name)

    def string(self) -> str | None:
        """What the type's ``String`` method prints, where a value has it without its address."""
        has_method = self.go_type.startswith("*") or self._type == _NAMESPACED_NAME
        return self._text() if has_method and self._prints_itself() else None

    def _prints_itself(self) -> bool:
        return self._type == _NAMESPACED_NAME or is_generated(self._type)

    def _text(self) -> str:
        if self._type == _NAMESPACED_NAME:
            return f"{self.field('Namespace')}/{self.field('Name')}"
        return generated_string(self, self._type)

    def json_value(self) -> Record | None:
        """What encoding/json prints: the fields in order, those omitted that Go omits."""
        if self.is_nil:
            return None
        return Record(self._members())

    def _members(self) -> Iterator[tuple[str, Any]]:
        for name, (field, parents) in schema.json_fields(self._type).items():
            if not self._omits(name, field):
                holder: Struct = self
                for parent in parents:
                    holder = holder.field(parent.name)
                yield name, holder.field(field.name)

    def _omits(self, name: str, field: Field) -> bool:
        if name not in self._value:
            return omitted(field, UNSET)
        value = self._value[name]
        if value is None and field.omit_empty and field.type.startswith("*"):
            return schema.underlying(field.type[1:]) != "special"  # a pointer to the zero time
        return omitted(field, value)

    def _find(self, name: str) -> Any:
        found = schema.field_named(self._type, name)
        if found is None:
            return MISSING
        field, parents = found
        if parents:
            return self.field(parents[0].name).field(name)
        if field.inline:
            return StructView(field.type, self._value, pointer=False)
        return _maker(field.type)(self._value.get(field.json_name))


class ResourceList(Map):
    """A ``v1.ResourceList``, which has a method for each resource that all nodes have."""

    __slots__ = ()

    def method(self, name: str) -> Callable[..., Any] | None:
        """``Cpu``, ``Memory`` and so on: a pointer to the quantity, 0 where none is set."""
        resource = _RESOURCES.get(name)
        if resource is None:
            return None
        amount = self[resource].json_value() if resource in self else "0"
        return partial(view, amount, "*resource.Quantity")


_RESOURCES = {
    "Cpu": "cpu",
    "Memory": "memory",
    "Storage": "storage",
    "Pods": "pods",
    "StorageEphemeral": "ephemeral-storage",
}


@cache
def _maker(type_name: str) -> Maker:
    """The function that makes a Go value of the type from canonical JSON or from None."""
    underlying = schema.underlying(type_name)
    if underlying == "struct":
        return partial(StructView, type_name, pointer=False)
    if underlying == "special":
        return partial(SPECIAL_VIEWS[type_name], schema.go_type(type_name))
    if underlying.startswith("*"):
        return _pointer_maker(underlying[1:])
    if "[" in underlying:
        return _collection_maker(type_name, underlying)
    return _basic_maker(type_name, underlying)


def _collection_maker(type_name: str, underlying: str) -> Maker:
    if underlying == "[]uint8":
        return _make_bytes
    element, go_type = schema.element(underlying), schema.go_type(type_name)
    if underlying.startswith("["):
        return partial(_make_slice, go_type, _maker(element))
    if schema.underlying(element) == "special":
        return partial(
            _make_map, go_type, partial(_make_without_address, element), kind=ResourceList
        )
    return partial(_make_map, go_type, _maker(element))


def _pointer_maker(target: str) -> Maker:
    underlying = schema.underlying(target)
    if underlying == "struct":
        return partial(StructView, target, pointer=True)
    go_type = _go_type(target, pointer=True)
    if underlying == "special":
        return partial(SPECIAL_VIEWS[target], go_type)
    return partial(_make_pointer, go_type, _maker(target))


@cache
def _go_type(type_name: str, pointer: bool) -> str:  # noqa: FBT001 - cached by position
    return f"{'*' if pointer else ''}{schema.go_type(type_name)}"


def _basic_maker(type_name: str, underlying: str) -> Maker:
    base, zero = _BASIC[underlying]
    if type_name == underlying:
        return partial(_make_basic, base, zero)
    if base is str:
        base = String
    named: Any = type(type_name, (base,), {"__slots__": (), "go_type": schema.go_type(type_name)})
    return partial(_make_basic, named, named(zero))


_BASIC: dict[str, tuple[type, Any]] = {
    "string": (str, ""),
    "bool": (bool, False),
    "int32": (Int32, Int32()),
    "int64": (Int64, Int64()),
}


def _make_basic(make: Maker, zero: Any, value: Any) -> Any:
    return zero if value is None else make(value)


def _make_pointer(go_type: str, make: Maker, value: Any) -> Pointer:
    if value is None:
        return Pointer(go_type, is_nil=True)
    return Pointer(go_type, make(value))


def _make_slice(go_type: str, make: Maker, value: list[Any] | None) -> Slice:
    return Slice(go_type, map(make, value or ()), is_nil=value is None)


def _make_without_address(type_name: str, value: Any) -> SpecialView:
    """A value in a map, on which Go finds no method of the pointer."""
    return SPECIAL_VIEWS[type_name](schema.go_type(type_name), value, has_address=False)


def _make_bytes(value: str | None) -> Bytes:
    return Bytes(a2b_base64(value or ""))


def _make_map(
    go_type: str, make: Maker, value: dict[str, Any] | None, *, kind: type[Map] = Map
) -> Map:
    items = {key: make(item) for key, item in (value or {}).items()}
    return kind(go_type, items, zero=make(None), is_nil=value is None)
