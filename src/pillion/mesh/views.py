"""Messages as templates see them: Go structs with fields, getters and the methods of protobuf.

A message field that is not set is a nil pointer that still knows its type, so that getters can be
chained (``.ProxyConfig.GetTracing.GetZipkin.GetAddress``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from pillion.golang.values import MISSING, Int32, Int64, Map, Slice, Struct, Uint32, Uint64
from pillion.mesh import encoding
from pillion.mesh.durations import nanoseconds
from pillion.mesh.message import JSON_VALUE, Message, zero

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pillion.mesh.descriptors import EnumType, Field, MessageType


def view(message: Message) -> Struct:
    """The pointer to ``message`` that a template gets."""
    return MessageView(message.type, message)


class MessageView(Struct):
    """A pointer to a message; nil where ``message`` is None.

    What a field reads as is kept: a mesh's view serves every pod, and its messages do not change.
    """

    __slots__ = ("_known", "go_type", "is_nil", "message", "type")
    go_interfaces = frozenset(("protoreflect.ProtoMessage",))

    def __init__(self, kind: MessageType, message: Message | None) -> None:
        self.type = kind
        self.message = message
        self.go_type = kind.go_type
        self.is_nil = message is None
        self._known: dict[str, Any] = {}

    def field(self, name: str) -> Any:
        """The field of Go's name, or :data:`~pillion.golang.values.MISSING`."""
        found = self.type.by_go_name.get(name)
        if found is not None and not found.oneof:
            return self._read(found)
        oneof = self.type.oneofs.get(name)
        return MISSING if oneof is None else self._chosen(oneof)

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The fields in Go's order; a oneof stands where its first member is declared."""
        seen: set[str] = set()
        for field in self.type.fields.values():
            if not field.oneof:
                yield field.go_name, self._read(field)
            elif field.oneof not in seen:
                seen.add(field.oneof)
                name = next(go for go, oneof in self.type.oneofs.items() if oneof == field.oneof)
                yield name, self._chosen(field.oneof)

    def method(self, name: str) -> Callable[..., Any] | None:
        """The method of Go's name, bound; getters work on nil too."""
        if name.startswith("Get"):
            getter = self._getter(name.removeprefix("Get"))
            if getter is not None:
                return getter
        if name == "String":
            return self.string
        return self._special_method(name)

    def string(self) -> str:
        """The message as protobuf's text format, on one line."""
        if self.message is None:
            return "<nil>"
        return text_of(self.message)

    def json_value(self) -> Any:
        """What ``encoding/json`` makes of it: the generated ``MarshalJSON`` calls jsonpb."""
        return None if self.message is None else encoding.to_value(self.message)

    def _getter(self, name: str) -> Callable[[], Any] | None:
        found = self.type.by_go_name.get(name)
        if found is not None:
            return lambda: self._read(found)
        oneof = self.type.oneofs.get(name)
        return None if oneof is None else lambda: self._chosen(oneof)

    def _special_method(self, name: str) -> Callable[..., Any] | None:
        kind = self.type.name
        if kind == "google.protobuf.Duration" and name == "AsDuration":
            return lambda: as_duration(self)
        if kind == "google.protobuf.Struct" and name == "AsMap":
            return lambda: {} if self.message is None else self.message.values.get(JSON_VALUE, {})
        return None

    def _read(self, field: Field) -> Any:
        if field.name not in self._known:
            values = self.message.values if self.message is not None else {}
            self._known[field.name] = _field_value(self.type, field, values.get(field.name))
        return self._known[field.name]

    def _chosen(self, oneof: str) -> Any:
        if self.message is not None:
            for field in self.type.group(oneof):
                if field.name in self.message.values:
                    return OneofView(self.type, field, self._read(field))
        return None


class OneofView(Struct):
    """The Go struct that holds the chosen field of a oneof."""

    __slots__ = ("_field", "_value", "go_type")

    def __init__(self, kind: MessageType, field: Field, value: Any) -> None:
        self.go_type = kind.wrapper_type(field)
        self._field = field
        self._value = value

    def field(self, name: str) -> Any:
        """The chosen field, or :data:`~pillion.golang.values.MISSING`."""
        return self._value if name == self._field.go_name else MISSING

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The chosen field."""
        yield self._field.go_name, self._value


class Enum(Int32):
    """A value of an enum: a number of a named type that prints as its name."""

    __slots__ = ()
    enum: ClassVar[EnumType]

    def string(self) -> str:
        """The name of the value, or the number where it has none."""
        return self.enum.by_number.get(int(self), str(int(self)))

    def method(self, name: str) -> Callable[..., Any] | None:
        """The methods of a generated enum that a template can use."""
        if name == "String":
            return self.string
        return (lambda: Int32(self)) if name == "Number" else None


def as_duration(value: Struct) -> Any:
    """The ``time.Duration`` of a protobuf duration.

    Raises:
        TypeError: ``value`` is no view of a message.
    """
    from pillion.golang.time import Duration

    if not isinstance(value, MessageView):
        raise TypeError(value)
    return Duration(nanoseconds(value.message))


def text_of(message: Message) -> str:
    """A message in protobuf's text format, with one space between fields.

    Go puts one or two spaces there, at random by build, so that nobody relies on it.
    """
    parts: list[str] = []
    for field in message.type.fields.values():
        if field.name in message.values:
            parts.extend(_text_of_field(message, field))
    return " ".join(parts)


def _text_of_field(message: Message, field: Field) -> Iterator[str]:
    value = message.values[field.name]
    if field.key:
        for key in sorted(value):
            item = _text_of_single(message, field, value[key])
            yield f"{field.name}:{{key:{_quoted(key)} value:{item}}}"
    elif field.repeated:
        for item in value:
            yield f"{field.name}:{_text_of_single(message, field, item)}"
    else:
        yield f"{field.name}:{_text_of_single(message, field, value)}"


def _text_of_single(message: Message, field: Field, value: Any) -> str:
    if isinstance(value, Message):
        return f"{{{text_of(value)}}}"
    if field.enum:
        return message.type.api.enum(field.enum).by_number.get(value, str(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    from pillion.golang.strconv import quote

    return quote(text)


def _field_value(kind: MessageType, field: Field, value: Any) -> Any:
    go_type = _go_type(kind, field)
    if field.key:
        items = {key: _single_value(kind, field, item) for key, item in (value or {}).items()}
        missing = _single_value(kind, field, zero(field._replace(key="")))
        return Map(f"map[{field.key}]{go_type}", items, zero=missing, is_nil=value is None)
    if field.repeated:
        items_of = [_single_value(kind, field, item) for item in value or ()]
        return Slice(f"[]{go_type}", items_of, is_nil=value is None)
    if value is None:
        value = zero(field)
    return _single_value(kind, field, value)


def _single_value(kind: MessageType, field: Field, value: Any) -> Any:
    if field.message:
        return MessageView(kind.api.message(field.message), value)
    if field.enum:
        return _enum_class(kind.api.enum(field.enum))(value)
    number = _NUMBERS.get(field.type)
    return value if number is None else number(value)


def _go_type(kind: MessageType, field: Field) -> str:
    if field.message:
        return "*" + kind.api.go_type(field.message)
    if field.enum:
        return kind.api.go_type(field.enum)
    return _SCALARS.get(field.type, field.type)


def _enum_class(enum: EnumType) -> type[Enum]:
    found = _ENUMS.get(enum)
    if found is None:
        names = {"__slots__": (), "go_type": enum.go_type, "enum": enum}
        found = _ENUMS[enum] = type("Enum", (Enum,), names)
    return found


_ENUMS: dict[EnumType, type[Enum]] = {}
_SCALARS: Final = {"double": "float64", "float": "float32"}
_NUMBERS: Final[dict[str, type]] = {
    "int32": Int32,
    "int64": Int64,
    "uint32": Uint32,
    "uint64": Uint64,
}
