"""The types of Kubernetes, as its Go source declares them.

The data stands in ``schema.txt``, which ``tools/schema`` writes from the Go types; its head
explains the format. A type is named as Go prints it, but with its API group, since Go calls the
package of every group ``v1``: ``core/v1.Pod``, ``[]core/v1.Container``, ``map[string]string``,
``*int64``. Each type is read when it is first asked for.
"""

from __future__ import annotations

import os.path
import re
from functools import cache
from typing import NamedTuple

POD = "core/v1.Pod"
POD_SPEC = "core/v1.PodSpec"
OBJECT_META = "meta/v1.ObjectMeta"
TYPE_META = "meta/v1.TypeMeta"


class Field(NamedTuple):
    """One field of a struct.

    ``embedded`` is Go's anonymous field, whose own fields are promoted in Go code; ``inline`` says
    that they are promoted in JSON as well, so that the field has no JSON name. ``number`` is the
    field's in protobuf, or 0.
    """

    name: str
    json_name: str
    type: str
    embedded: bool = False
    omit_empty: bool = False
    omit_zero: bool = False
    patch_strategy: tuple[str, ...] = ()
    merge_key: str = ""
    number: int = 0

    @property
    def inline(self) -> bool:
        """Whether the JSON object of the struct holds the fields of this field directly."""
        return not self.json_name


class JSONField(NamedTuple):
    """A field as JSON sees it: under which embedded fields it stands, outermost first."""

    field: Field
    parents: tuple[Field, ...] = ()


class UnknownTypeError(LookupError):
    """No such type is in the schema; a mistake of the caller, never of the input."""


def fields(name: str) -> tuple[Field, ...]:
    """The fields of the struct ``name``, in the order of their declaration.

    Raises:
        UnknownTypeError: there is no such struct.
    """
    found = _fields(name)
    if found is None:
        raise UnknownTypeError(name)
    return found


@cache
def json_fields(name: str) -> dict[str, JSONField]:
    """The fields of the struct ``name`` by JSON name, those of inline fields among them.

    Where a name stands at two depths the outer one counts, as in encoding/json.
    """
    found: dict[str, JSONField] = {}
    depths: dict[str, int] = {}
    for item in _flatten(name, ()):
        key, depth = item.field.json_name, len(item.parents)
        if key not in found or depth < depths[key]:
            found[key] = item
            depths[key] = depth
    return found


def field_for_key(type_name: str, key: str) -> JSONField | None:
    """The field that encoding/json reads ``key`` into: by exact name, else by name in any case."""
    exact = json_fields(type_name).get(key)
    return exact or _folded_fields(type_name).get(_fold(key))


def _fold(key: str) -> str:
    """``key`` as encoding/json compares it; names in the schema are ASCII."""
    return key.replace("\u017f", "s").replace("\u212a", "k").lower()


@cache
def _folded_fields(type_name: str) -> dict[str, JSONField]:
    found = json_fields(type_name).items()
    return {_fold(name): field for name, field in reversed(found)}


@cache
def field_named(name: str, go_name: str) -> JSONField | None:
    """The field or promoted field of the struct ``name`` with the Go name ``go_name``."""
    level: list[tuple[str, tuple[Field, ...]]] = [(name, ())]
    while level:
        deeper: list[tuple[str, tuple[Field, ...]]] = []
        for struct, parents in level:
            for field in fields(struct):
                if field.name == go_name:
                    return JSONField(field, parents)
                if field.embedded:
                    deeper.append((field.type, (*parents, field)))
        level = deeper
    return None


@cache
def underlying(name: str) -> str:
    """What a type is declared as: a type literal, a basic type, ``struct`` or ``special``.

    A special type reads and prints itself in Go, as a quantity or a time does.
    """
    if "[" in name or name.startswith("*"):
        return name
    if name in _BASIC:
        return name
    head = _block(name).partition("\n")[0]
    return head.removeprefix("= ")


@cache
def go_type(name: str) -> str:
    """The name of a type as Go's ``%T`` prints it: ``v1.Pod``, ``[]v1.Container``."""
    return _GROUP.sub("", name)


@cache
def element(name: str) -> str:
    """The element type of a pointer, slice or map type (or of a type declared as one)."""
    literal = underlying(name)
    if literal.startswith("*"):
        return literal[1:]
    return literal.partition("]")[2]


def known(name: str) -> bool:
    """Whether ``name`` is a named type of the schema."""
    return name in _blocks()


_BASIC = frozenset(
    ("bool", "string", "int32", "int64", "int", "uint8", "uint32", "uint64", "float64", "float32")
)
_GROUP = re.compile(r"[\w.]+/")


@cache
def _fields(name: str) -> tuple[Field, ...] | None:
    head, *lines = _block(name).split("\n")
    return tuple(map(_field, lines)) if head == "struct" else None


def _field(line: str) -> Field:
    name, json, type_name, number, strategy, *_ = (*line.split(" "), "")
    json_name, *options = json.split(",")
    strategies, _, merge_key = strategy.partition(":")
    return Field(
        name=name.removeprefix("@"),
        json_name="" if json_name == "." else json_name,
        type=type_name,
        embedded=name.startswith("@"),
        omit_empty="omitempty" in options,
        omit_zero="omitzero" in options,
        patch_strategy=tuple(strategies.split(",")) if strategies else (),
        merge_key=merge_key,
        number=int(number),
    )


def _flatten(name: str, parents: tuple[Field, ...]) -> list[JSONField]:
    found: list[JSONField] = []
    for field in fields(name):
        if field.inline:
            found += _flatten(field.type, (*parents, field))
        else:
            found.append(JSONField(field, parents))
    return found


def _block(name: str) -> str:
    try:
        return _blocks()[name]
    except KeyError:
        raise UnknownTypeError(name) from None


@cache
def _blocks() -> dict[str, str]:
    """By type name, what the file says of the type."""
    path = os.path.join(os.path.dirname(__file__), "schema.txt")
    with open(path, encoding="utf-8") as file:
        _head, *blocks = file.read().rstrip("\n").split("\n\n")
    pairs = (block.partition(" ") for block in blocks)
    return {name: rest for name, _, rest in pairs}
