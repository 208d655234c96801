"""JSON values into messages, as the jsonpb packages read them.

Istio reads its configuration with golang/protobuf's jsonpb, which is more lenient than protobuf's
own JSON rules: durations are Go's, both spellings of a name are known, unknown names are ignored,
null leaves a field as it is, and quoted numbers are numbers. Istio 1.1 used gogo/protobuf's, which
differs in little; :class:`Dialect` holds the differences. The texts of errors are theirs, which are
mostly those of ``encoding/json``.

A field that the JSON names replaces what the message had; nothing is merged further down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pillion.errors import PillionError
from pillion.golang import json
from pillion.golang.strconv import quote
from pillion.golang.time import parse_duration
from pillion.kubernetes.json_tree import with_floats
from pillion.mesh import json_scalars
from pillion.mesh.errors import MeshError
from pillion.mesh.message import JSON_VALUE, Message, scalar_zero

if TYPE_CHECKING:
    from pillion.mesh.descriptors import EnumType, Field


class Dialect(NamedTuple):
    """What the two jsonpb packages do differently.

    ``quoted`` are the types of numbers that may stand in quotes. ``names_go_enums`` says that
    errors about enums name Go's type and the bare value. ``unquotes_durations`` says that a
    duration is unquoted as a Go string is, whose only error is ``invalid syntax``.
    """

    quoted: frozenset[str]
    names_go_enums: bool
    unquotes_durations: bool


CURRENT: Final = Dialect(
    quoted=frozenset(("int32", "int64", "uint32", "uint64", "float", "double")),
    names_go_enums=False,
    unquotes_durations=False,
)
GOGO: Final = Dialect(
    quoted=frozenset(("int64", "uint64")),
    names_go_enums=True,
    unquotes_durations=True,
)


def apply(message: Message, value: Any, dialect: Dialect = CURRENT) -> None:
    """Set the fields of ``message`` that the JSON object ``value`` names; null changes nothing.

    Raises:
        MeshError: a value does not fit its field. The message may have been changed in part.
    """
    if value is None:
        return
    try:
        _Decoder(dialect).fields(message, value)
    except RecursionError as error:
        raise MeshError(_TOO_DEEP) from error


class _Decoder:
    """Reads values of one dialect."""

    __slots__ = ("dialect",)

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def fields(self, message: Message, value: Any) -> None:
        names = json_scalars.typed(value, dict, _RAW_FIELDS)
        for field in message.type.fields.values():
            name = field.json_name if field.json_name in names else field.name
            if name not in names:
                continue
            raw = names[name]
            if raw is not None or self._reads_null(field):
                try:
                    message.set(field.name, self._value(message, field, raw))
                except MeshError as error:
                    error.path = (name, *error.path)
                    raise

    @staticmethod
    def _reads_null(field: Field) -> bool:
        return field.message in _READ_NULL and not field.repeated and not field.key

    def _value(self, parent: Message, field: Field, raw: Any) -> Any:
        if field.key:
            entries = json_scalars.typed(raw, dict, _RAW_FIELDS)
            return {key: self._single(parent, field, item) for key, item in entries.items()}
        if field.repeated:
            items = json_scalars.typed(raw, list, "[]json.RawMessage")
            return [self._single(parent, field, item) for item in items]
        return self._single(parent, field, raw)

    def _single(self, parent: Message, field: Field, raw: Any) -> Any:
        if field.message:
            return self._message(parent.new(field.name), raw)
        if field.enum:
            return self._enum(parent.type.api.enum(field.enum), raw)
        return self.scalar(field.type, raw)

    def _message(self, message: Message, raw: Any) -> Message:
        reader = _READERS.get(message.type.name)
        if reader is not None:
            if raw is not None or message.type.name in _READ_NULL:
                message.values = reader(self, raw)
        elif raw is not None:
            self.fields(message, raw)
        return message

    def _enum(self, enum: EnumType, raw: Any) -> int:
        if isinstance(raw, str):
            text = json.marshal(raw)
            number = enum.by_name.get(text[1:-1])
            if number is None:
                raise MeshError(self._unknown_enum(enum, text))
            return number
        kind = enum.go_type if self.dialect.names_go_enums else "protoreflect.EnumNumber"
        return 0 if raw is None else int(json_scalars.number(raw, "int32", kind))

    def _unknown_enum(self, enum: EnumType, text: str) -> str:
        if not self.dialect.names_go_enums:
            return f"unknown value {quote(text)} for enum {enum.name}"
        return f"unknown value {quote(text[1:-1])} for enum {enum.registered_name}"

    def scalar(self, kind: str, raw: Any) -> Any:
        """A string, a boolean or a number; null reads as zero."""
        if raw is None:
            return scalar_zero(kind)
        if kind == "string":
            return json_scalars.typed(raw, str, "string")
        if kind == "bool":
            return json_scalars.typed(raw, bool, "bool")
        if isinstance(raw, str) and kind in self.dialect.quoted:
            return json_scalars.quoted_number(raw, kind)
        return json_scalars.number(raw, kind)

    def wrapper(self, raw: Any, kind: str) -> dict[str, Any]:
        """The single field of a wrapper such as BoolValue."""
        value = self.scalar(kind, raw)
        return {"value": value} if value else {}


def _duration(decoder: _Decoder, raw: Any) -> dict[str, Any]:
    if decoder.dialect.unquotes_durations and not isinstance(raw, str):
        raise MeshError("invalid syntax")
    text = json_scalars.typed(raw, str, "string")
    try:
        total = int(parse_duration(text))
    except PillionError as error:
        raise MeshError(f"bad Duration: {error}") from error
    seconds, nanos = divmod(abs(total), 1_000_000_000)
    sign = -1 if total < 0 else 1
    fields = {"seconds": sign * seconds, "nanos": sign * nanos}
    return {name: number for name, number in fields.items() if number}


def _json(_decoder: _Decoder, raw: Any) -> dict[str, Any]:
    return {JSON_VALUE: with_floats(raw)}


def _struct(_decoder: _Decoder, raw: Any) -> dict[str, Any]:
    try:
        fields = json_scalars.typed(raw, dict, _RAW_FIELDS)
    except MeshError as error:
        raise MeshError(f"bad StructValue: {error}") from error
    return {JSON_VALUE: with_floats(fields)}


def _int_or_string(_decoder: _Decoder, raw: Any) -> dict[str, Any]:
    """The type of the chart's values that is either; it brings its own reader."""
    if isinstance(raw, str):
        return {"type": 1}
    if raw is not None:
        json_scalars.number(raw, "int32")
    return {}


_TOO_DEEP: Final = "exceeded max depth"
_RAW_FIELDS: Final = "map[string]json.RawMessage"
_WRAPPED: Final = {
    "BoolValue": "bool",
    "DoubleValue": "double",
    "FloatValue": "float",
    "Int32Value": "int32",
    "Int64Value": "int64",
    "StringValue": "string",
    "UInt32Value": "uint32",
    "UInt64Value": "uint64",
}


def _wrapper(kind: str) -> Any:
    return lambda decoder, raw: decoder.wrapper(raw, kind)


_READERS: Final[dict[str, Any]] = {
    "google.protobuf.Duration": _duration,
    "google.protobuf.Struct": _struct,
    "google.protobuf.Value": _json,
    "istio.operator.v1alpha1.IntOrString": _int_or_string,
    **{f"google.protobuf.{name}": _wrapper(kind) for name, kind in _WRAPPED.items()},
}
"""The messages that have a JSON form of their own."""

_READ_NULL: Final = frozenset(("google.protobuf.Value", "istio.operator.v1alpha1.IntOrString"))
"""The messages to which null is a value."""
