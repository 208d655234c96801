"""A protobuf message as data."""

from __future__ import annotations

from math import copysign
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pillion.mesh.descriptors import Field, MessageType


class Message:
    """A message of a type: the fields that are set, by their protobuf names.

    A field that is not in ``values`` reads as its zero value, and a scalar that does not know
    whether it was set is never stored as zero, so that two messages are equal where protobuf says
    so. Enums are stored as numbers. The JSON types of protobuf (Struct, Value, ListValue) store
    the plain JSON value under :data:`JSON_VALUE`.
    """

    __slots__ = ("type", "values")

    def __init__(self, kind: MessageType, values: dict[str, Any] | None = None) -> None:
        self.type = kind
        self.values: dict[str, Any] = values if values is not None else {}

    def get(self, name: str) -> Any:
        """The value of the field ``name``, or its zero; None for a message that is not set."""
        if name in self.values:
            return self.values[name]
        return zero(self.type.fields[name])

    def set(self, name: str, value: Any) -> None:
        """Set the field ``name`` as protobuf does: zero clears it, a oneof clears its siblings."""
        field = self.type.fields[name]
        if field.oneof:
            for other in self.type.group(field.oneof):
                self.values.pop(other.name, None)
        if _is_stored(field, value):
            self.values[name] = value
        else:
            self.values.pop(name, None)

    def clear(self, name: str) -> None:
        """Make the field ``name`` unset."""
        self.values.pop(name, None)

    def copy(self) -> Message:
        """A message whose fields can be set without this one noticing; what they hold is shared."""
        return Message(self.type, self.values.copy())

    def new(self, name: str, values: dict[str, Any] | None = None) -> Message:
        """An empty message of the type of the field ``name``."""
        return Message(self.type.api.message(self.type.fields[name].message), values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return self.type is other.type and self.values == other.values

    __hash__ = None  # type: ignore[assignment]  # a message can change

    def __repr__(self) -> str:
        return f"Message({self.type.name}, {self.values!r})"


JSON_VALUE: Final = "json"
"""The key under which a Struct, Value or ListValue stores what it stands for."""


def zero(field: Field) -> Any:
    """What an unset field reads as."""
    if field.key:
        return {}
    if field.repeated:
        return []
    return None if field.message else scalar_zero(field.type)


def scalar_zero(kind: str) -> Any:
    """The zero of a scalar type or an enum."""
    return _ZEROS.get(kind, 0)


def _is_stored(field: Field, value: Any) -> bool:
    if value is None:
        return False
    if field.key or field.repeated:
        return bool(value)
    if field.presence or field.message or value:
        return True
    return isinstance(value, float) and copysign(1, value) < 0


_ZEROS: Final[dict[str, Any]] = {"string": "", "bool": False, "double": 0.0, "float": 0.0}
