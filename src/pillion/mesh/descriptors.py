"""What the messages of Istio's API look like: their fields, and their names in Go.

The facts come from the protobuf descriptors of istio.io/api, one text file for each generation
(``tools/schema`` writes them). A file is split into messages when it is first asked for anything,
and a message into fields when it is first used, because most runs touch a few of the hundred
messages.
"""

from __future__ import annotations

import os.path
import re
from functools import cache, cached_property
from typing import Final, NamedTuple


class Field(NamedTuple):
    """A field of a message.

    ``type`` is a protobuf scalar (``string``), the full name of a message after a dot, or of an
    enum after a hash. For a map it is the type of the values and ``key`` that of the keys.
    ``oneof`` names the group of which only one field can be set; ``presence`` says that a scalar
    knows whether it was set.
    """

    name: str
    json_name: str
    type: str
    repeated: bool
    key: str
    oneof: str
    presence: bool

    @property
    def go_name(self) -> str:
        """The name of the field in Go."""
        return camel_case(self.name)

    @property
    def message(self) -> str:
        """The full name of the message that a single value is, or nothing."""
        return self.type[1:] if self.type[0] == "." else ""

    @property
    def enum(self) -> str:
        """The full name of the enum that a single value is of, or nothing."""
        return self.type[1:] if self.type[0] == "#" else ""


class MessageType:
    """A message: its fields in the order of their declaration."""

    def __init__(self, api: Api, name: str, lines: list[str]) -> None:
        self.api = api
        self.name = name
        self.fields = {field.name: field for field in map(_field, lines)}

    @cached_property
    def go_type(self) -> str:
        """The type's name in Go, as ``%T`` prints it."""
        return "*" + self.api.go_type(self.name)

    @cached_property
    def by_go_name(self) -> dict[str, Field]:
        """The fields by their names in Go."""
        return {field.go_name: field for field in self.fields.values()}

    @cached_property
    def oneofs(self) -> dict[str, str]:
        """The protobuf names of the oneofs by their names in Go."""
        groups = dict.fromkeys(field.oneof for field in self.fields.values() if field.oneof)
        return {camel_case(group): group for group in groups}

    def group(self, oneof: str) -> list[Field]:
        """The fields of a oneof."""
        return [field for field in self.fields.values() if field.oneof == oneof]

    def wrapper_type(self, field: Field) -> str:
        """The Go type that holds ``field`` inside its oneof.

        The generator appends an underscore where a nested message or enum has the plain name.
        """
        taken = self.api.knows(f"{self.name}.{field.go_name}")
        return f"{self.go_type}_{field.go_name}{'_' if taken else ''}"


class EnumType:
    """An enum: its values by name and by number; of two names for one number the first counts."""

    __slots__ = ("by_name", "by_number", "go_type", "name")

    def __init__(self, api: Api, name: str, lines: list[str]) -> None:
        self.name = name
        self.go_type = api.go_type(name)
        self.by_name: dict[str, int] = {}
        self.by_number: dict[int, str] = {}
        for line in lines:
            value, number = line.split()
            self.by_name[value] = int(number)
            self.by_number.setdefault(int(number), value)

    @property
    def registered_name(self) -> str:
        """The name the library of 2019 knows an enum by: nested names joined by underscores."""
        package, nested = _split(self.name)
        return ".".join((*package, "_".join(nested)))


class Api:
    """The messages of one generation of Istio's API.

    ``well_known`` are the Go packages of protobuf's own messages, which differ between the
    library of 2019 and today's.
    """

    __slots__ = ("_enums", "_lines", "_messages", "well_known")

    def __init__(self, text: str, well_known: dict[str, str]) -> None:
        self._lines = _blocks(text)
        self._messages: dict[str, MessageType] = {}
        self._enums: dict[str, EnumType] = {}
        self.well_known = well_known

    def knows(self, name: str) -> bool:
        """Whether a message or enum has the full name ``name``."""
        return name in self._lines

    def message(self, name: str) -> MessageType:
        """The message of the full name ``name``."""
        found = self._messages.get(name)
        if found is None:
            found = self._messages[name] = MessageType(self, name, self._lines[name])
        return found

    def enum(self, name: str) -> EnumType:
        """The enum of the full name ``name``."""
        found = self._enums.get(name)
        if found is None:
            found = self._enums[name] = EnumType(self, name, self._lines[name])
        return found

    def go_type(self, name: str) -> str:
        """The Go type of a message (without its pointer) or enum, as ``%T`` prints it."""
        package, nested = _split(name)
        if package == ["google", "protobuf"]:
            return f"{self.well_known.get(nested[0], 'structpb')}.{nested[0]}"
        return f"{package[-1]}.{'_'.join(map(camel_case, nested))}"


@cache
def current_api() -> Api:
    """The messages of Istio 1.30."""
    return Api(_data("messages_1_30.txt"), _TODAY)


@cache
def legacy_api() -> Api:
    """The messages of Istio 1.1, as gogo/protobuf knows them."""
    return Api(_data("messages_1_1.txt"), _GOGO)


@cache
def values_api() -> Api:
    """The messages of the chart values of Istio 1.30."""
    return Api(_data("messages_values.txt"), _TODAY)


@cache
def camel_case(name: str) -> str:
    """The Go name of a protobuf name, by the rules of protoc-gen-go."""
    named = re.sub(r"_(?=[a-z])|([A-Za-z])([a-z]*)", _word, name.removeprefix("_"))
    return "X" + named if name.startswith("_") else named


def _word(match: re.Match[str]) -> str:
    return match[1].upper() + match[2] if match[1] else ""


def _split(name: str) -> tuple[list[str], list[str]]:
    """A full name as the words of its package and those of the types that nest."""
    words = name.split(".")
    capitals = (at for at, word in enumerate(words) if word[0].isupper())
    first = next(capitals, len(words) - 1)  # the values have an enum in small letters
    return words[:first], words[first:]


def _json_name(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)


def _field(line: str) -> Field:
    name, kind, *marks = line.split()
    extra = dict(mark.split("=") for mark in marks if "=" in mark)
    return Field(
        name=name,
        json_name=extra.get("json") or _json_name(name),
        type=kind,
        repeated="repeated" in marks,
        key=extra.get("map", ""),
        oneof=extra.get("oneof", ""),
        presence="optional" in marks or "oneof" in extra,
    )


def _blocks(text: str) -> dict[str, list[str]]:
    """The lines of each message and enum, by its full name."""
    blocks: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(" "):
            lines.append(line)
        else:
            lines = blocks[line.split()[1]] = []
    return blocks


def _data(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="ascii") as file:
        return file.read()


_WRAPPERS: Final = (
    "BoolValue",
    "BytesValue",
    "DoubleValue",
    "FloatValue",
    "Int32Value",
    "Int64Value",
    "StringValue",
    "UInt32Value",
    "UInt64Value",
)
_TODAY: Final = {
    "Any": "anypb",
    "Duration": "durationpb",
    "Timestamp": "timestamppb",
    **dict.fromkeys(_WRAPPERS, "wrapperspb"),
}
_GOGO: Final = dict.fromkeys(
    ("Any", "Duration", "Struct", "Timestamp", "Value", *_WRAPPERS), "types"
)
