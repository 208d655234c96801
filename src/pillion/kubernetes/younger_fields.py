"""Leaving out what Kubernetes 1.11 did not have yet.

Istio 1.1 was built with the types of Kubernetes 1.11. Manifests, and what its templates render,
were read into those, and a field that they lack never had an effect: the template of its own charts
says ``restartPolicy: Always`` of an init container, which today would make a sidecar of it.
"""

from __future__ import annotations

import os.path
from functools import cache
from typing import Any, NamedTuple

from pillion.kubernetes import schema


def without(value: Any, type_name: str) -> Any:
    """The canonical ``value`` of the type ``type_name`` without younger fields, at any depth.

    Shares with ``value`` what does not change.
    """
    if not value:
        return value
    kind = schema.underlying(type_name)
    if kind.startswith("*"):
        return without(value, schema.element(type_name))
    if kind.startswith("[]"):
        element = schema.element(type_name)
        return [without(item, element) for item in value] if _matters(element) else value
    if kind == "struct" and _matters(type_name):
        fields = _fields(type_name)
        return {
            name: without(item, fields[name].type)
            for name, item in value.items()
            if not fields[name].younger
        }
    return value


class _Field(NamedTuple):
    type: str
    younger: bool


@cache
def _fields(struct: str) -> dict[str, _Field]:
    """The fields of a struct by JSON name, those of inline fields among them."""
    younger = _younger()
    found = {}
    for name, item in schema.json_fields(struct).items():
        owner = item.parents[-1].type if item.parents else struct
        found[name] = _Field(item.field.type, name in younger.get(owner, ()))
    return found


@cache
def _matters(type_name: str) -> bool:
    """Whether a younger field can stand in a value of this type, at any depth."""
    seen: set[str] = set()
    waiting = [type_name]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        kind = schema.underlying(name)
        if kind == "struct":
            fields = _fields(name).values()
            if any(field.younger for field in fields):
                return True
            waiting += [field.type for field in fields]
        elif kind.startswith(("*", "[]")):
            waiting.append(schema.element(name))
    return False


@cache
def _younger() -> dict[str, frozenset[str]]:
    path = os.path.join(os.path.dirname(__file__), "younger_fields.txt")
    with open(path, encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return {name: frozenset(fields) for name, *fields in lines}
