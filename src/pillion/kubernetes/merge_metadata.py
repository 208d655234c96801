"""How strategic merge patch treats a field: what its type says of merging.

Follows the lookup of k8s.io/apimachinery's ``strategicpatch``, which reads the tags of Go structs
and finds a field by its JSON name, in any case where no case fits exactly.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pillion.golang import strconv
from pillion.kubernetes import schema
from pillion.kubernetes.errors import MergeError


class MergeMetadata(NamedTuple):
    """How a field merges: the type of its value (of its elements for a list), strategy, key.

    ``strategy`` is ``merge``, ``replace`` or empty; ``merge_key`` is empty where there is none.
    """

    type_name: str
    strategy: str
    merge_key: str


@cache
def of_object(type_name: str, key: str) -> MergeMetadata:
    """How the object under ``key`` of a ``type_name`` merges.

    Raises:
        MergeError: the type is no struct, or has no such field.
    """
    field = _field(type_name, key)
    return MergeMetadata(field.type, _strategy(field), field.merge_key)


@cache
def of_list(type_name: str, key: str) -> MergeMetadata:
    """How the list under ``key`` of a ``type_name`` merges.

    Raises:
        MergeError: the type is no struct, or has no such field, or the field is no list.
    """
    field = _field(type_name, key)
    return MergeMetadata(_element(field.type, type_name), _strategy(field), field.merge_key)


@cache
def kind(type_name: str) -> str:
    """What Go's reflection calls the kind of a type."""
    declared = schema.underlying(type_name)
    if declared == "special":
        return "struct"
    for start, name in (("*", "ptr"), ("[]", "slice"), ("map[", "map")):
        if declared.startswith(start):
            return name
    return declared


def _field(type_name: str, key: str) -> schema.Field:
    struct = schema.element(type_name) if kind(type_name) == "ptr" else type_name
    if kind(struct) != "struct":
        raise MergeError(
            f"merging an object in json but data type is not struct, instead is: {kind(struct)}"
        )
    # A struct that reads and prints itself has no field that JSON could name.
    found = schema.field_for_key(struct, key) if schema.underlying(struct) == "struct" else None
    if found is None:
        name = struct.rpartition(".")[2]
        raise MergeError(
            f"unable to find api field in struct {name} for the json field {strconv.quote(key)}"
        )
    return found.field


def _strategy(field: schema.Field) -> str:
    """The strategy but for retainKeys: that is obeyed where the patch itself asks for it."""
    return next((name for name in field.patch_strategy if name != "retainKeys"), "")


def _element(type_name: str, owner: str) -> str:
    if kind(type_name) == "ptr":
        pointed = schema.element(type_name)
        return schema.element(pointed) if kind(pointed) == "slice" else pointed
    if kind(type_name) != "slice":
        raise MergeError(f"expected slice or array type, but got: {kind(owner)}")
    element = schema.element(type_name)
    if kind(element) == "slice":
        raise MergeError("unexpected slice of slice")
    return element
