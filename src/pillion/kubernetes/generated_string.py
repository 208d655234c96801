"""The ``String`` method that Kubernetes generates for its structs: ``&EnvVar{Name:a,Value:b,}``.

The method is the pointer's. It goes through the fields in the order of their protobuf numbers, and
prints structs of its own package by their method, those of others by ``fmt``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pillion.golang.fmt import sprint
from pillion.kubernetes import schema

if TYPE_CHECKING:
    from pillion.golang.values import Struct
    from pillion.kubernetes.schema import Field


@cache
def is_generated(type_name: str) -> bool:
    """Whether the struct ``type_name`` has the method: those that travel by protobuf."""
    return bool(_numbered(type_name)) or type_name == schema.TYPE_META


def generated_string(view: Struct, type_name: str) -> str:
    """What the method prints of a struct of the type ``type_name``, or of a pointer to it."""
    if view.is_nil:
        return "nil"
    package = _package(type_name)
    parts = (
        f"{field.name}:{_field(view.field(field.name), field.type, package)},"
        for field in _numbered(type_name)
    )
    return f"&{_bare(type_name)}{{{''.join(parts)}}}"


@cache
def _numbered(type_name: str) -> tuple[Field, ...]:
    numbered = [field for field in schema.fields(type_name) if field.number]
    return tuple(sorted(numbered, key=lambda field: field.number))


def _field(value: Any, type_name: str, package: str) -> str:
    underlying = schema.underlying(type_name)
    if underlying.startswith("*"):
        return _pointer(value, underlying[1:], package)
    if underlying == "struct" and _package(type_name) == package:
        return generated_string(value, type_name).removeprefix("&")
    if underlying.startswith("map["):
        entries = (f"{key}: {sprint(value[key])}," for key in sorted(value))
        return f"{_in_package(type_name, package)}{{{''.join(entries)}}}"
    if underlying.startswith("[]") and schema.underlying(underlying[2:]) == "struct":
        items = (f"{_field(item, underlying[2:], package)}," for item in value)
        return f"[]{_in_package(underlying[2:], package)}{{{''.join(items)}}}"
    return sprint(value)


def _pointer(value: Any, target: str, package: str) -> str:
    underlying = schema.underlying(target)
    if underlying == "special":
        return sprint(value)
    if underlying != "struct":
        return "nil" if value.is_nil else f"*{sprint(value.target)}"
    name = _bare(target)
    return generated_string(value, target).replace(name, _in_package(target, package), 1)


def _package(type_name: str) -> str:
    return type_name.rpartition(".")[0]


def _bare(type_name: str) -> str:
    return type_name.rpartition(".")[2]


def _in_package(type_name: str, package: str) -> str:
    """The type's name as source of ``package`` spells it."""
    return schema.go_type(type_name.replace(f"{package}.", ""))
