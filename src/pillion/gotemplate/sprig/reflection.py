"""sprig's functions on types and kinds, and Go's deep equality."""

from __future__ import annotations

from typing import Any

from pillion.golang import values
from pillion.golang.values import Kind, Struct, is_nil, kind_of, type_of
from pillion.gotemplate.functions import Function
from pillion.gotemplate.sprig.signatures import ANY

_NUMBER_KINDS: dict[type, str] = {
    values.Int8: "int8",
    values.Int16: "int16",
    values.Int32: "int32",
    values.Int64: "int64",
    values.Uint8: "uint8",
    values.Uint16: "uint16",
    values.Uint32: "uint32",
    values.Uint64: "uint64",
    values.Uint: "uint",
    int: "int",
    values.Float32: "float32",
    float: "float64",
    complex: "complex128",
}


def kind_name(value: Any) -> str:
    """The kind of ``value`` as ``reflect.Kind`` prints it: ``int64``, ``ptr``, ``invalid``."""
    kind = kind_of(value)
    if kind in {Kind.INT, Kind.UINT, Kind.FLOAT, Kind.COMPLEX}:
        return next(_NUMBER_KINDS[base] for base in type(value).__mro__ if base in _NUMBER_KINDS)
    return str(kind.value)


def deep_equal(left: Any, right: Any) -> bool:
    """``reflect.DeepEqual``: equal types, then equal contents; a nil slice is not an empty one."""
    pending = [(left, right)]
    seen: set[tuple[int, int]] = set()
    while pending:
        one, other = pending.pop()
        if type_of(one) != type_of(other) or is_nil(one) != is_nil(other):
            return False
        if isinstance(one, (list, dict, Struct)):
            if one is other or (id(one), id(other)) in seen:
                continue
            seen.add((id(one), id(other)))
            if not _same_shape(one, other, pending):
                return False
        elif one != other or callable(one):
            return False
    return True


def _same_shape(one: Any, other: Any, pending: list[tuple[Any, Any]]) -> bool:
    """Whether two containers have the same keys; their items are left in ``pending``."""
    if isinstance(one, Struct):
        mine, theirs = dict(one.fields()), dict(other.fields())
    elif isinstance(one, dict):
        mine, theirs = one, other
    else:
        pending.extend(zip(one, other, strict=False))
        return len(one) == len(other)
    if mine.keys() != theirs.keys():
        return False
    pending.extend((item, theirs[key]) for key, item in mine.items())
    return True


def type_is(target: str, value: Any) -> bool:
    """Whether the value's type is called ``target``."""
    return type_of(value) == target


def type_is_like(target: str, value: Any) -> bool:
    """Whether the value's type is ``target`` or a pointer to it."""
    return type_of(value) in {target, f"*{target}"}


def kind_is(target: str, value: Any) -> bool:
    """Whether the value's kind is called ``target``."""
    return kind_name(value) == target


FUNCTIONS = {
    "typeOf": Function(type_of, (ANY,), result="string"),
    "typeIs": Function(type_is, ("string", ANY), result="bool"),
    "typeIsLike": Function(type_is_like, ("string", ANY), result="bool"),
    "kindOf": Function(kind_name, (ANY,), result="string"),
    "kindIs": Function(kind_is, ("string", ANY), result="bool"),
    "deepEqual": Function(deep_equal, (ANY, ANY), result="bool"),
}
