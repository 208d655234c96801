"""Messages as JSON, as the jsonpb package of golang/protobuf writes them."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Final

from pillion.golang import json
from pillion.golang.values import Record
from pillion.mesh.errors import MeshError
from pillion.mesh.message import JSON_VALUE, Message

if TYPE_CHECKING:
    from pillion.mesh.descriptors import Field

_MAX_SECONDS: Final = 315_576_000_000
_WIDE: Final = frozenset(("int64", "uint64"))
_NON_FINITE: Final = {inf: "Infinity", -inf: "-Infinity"}


def to_json(message: Message) -> str:
    """``message`` as one line of JSON, fields in the order of their declaration.

    Raises:
        MeshError: a duration is longer than protobuf allows.
    """
    return json.marshal(to_value(message))


def to_yaml(message: Message) -> str:
    """``message`` as YAML.

    Raises:
        MeshError: a duration is longer than protobuf allows.
    """
    from pillion.kubernetes import yaml_writer

    return yaml_writer.dump(to_value(message))


def to_value(message: Message) -> Any:
    """``message`` as a JSON value; what is not set is left out.

    Raises:
        MeshError: a duration is longer than protobuf allows.
    """
    name = message.type.name
    if name.startswith("google.protobuf."):
        return _well_known(message, name.rpartition(".")[2])
    return Record(
        (field.json_name, _field_value(field, message))
        for field in message.type.fields.values()
        if field.name in message.values
    )


def _field_value(field: Field, message: Message) -> Any:
    value = message.values[field.name]
    if field.key:
        return {key: _single(field, message, item) for key, item in value.items()}
    if field.repeated:
        return [_single(field, message, item) for item in value]
    return _single(field, message, value)


def _single(field: Field, message: Message, value: Any) -> Any:
    if field.message:
        return to_value(value)
    if field.enum:
        return message.type.api.enum(field.enum).by_number.get(value, value)
    return _scalar(field.type, value)


def _scalar(kind: str, value: Any) -> Any:
    if kind in _WIDE:
        return str(value)
    if isinstance(value, float) and not isfinite(value):
        return _NON_FINITE.get(value, "NaN")
    return value


def _well_known(message: Message, name: str) -> Any:
    if name == "Duration":
        return _duration(message.get("seconds"), message.get("nanos"))
    if JSON_VALUE in message.values:
        return message.values[JSON_VALUE]
    return _scalar(message.type.fields["value"].type, message.get("value"))


def _duration(seconds: int, nanos: int) -> str:
    """Seconds with 0, 3, 6 or 9 digits behind the point."""
    if abs(seconds) > _MAX_SECONDS:
        raise MeshError(f"seconds out of range {seconds}")
    sign = "-" if seconds < 0 or nanos < 0 else ""
    text = f"{sign}{abs(seconds)}.{abs(nanos):09}"
    return text.removesuffix("000").removesuffix("000").removesuffix(".000") + "s"
