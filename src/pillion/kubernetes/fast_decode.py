"""Reading plain JSON values into Go types: one prepared function for each type.

Nearly every object that arrives is plain: each key is spelled as the schema has it, and each
value is of the type of its field. A function of this module then yields the same as
:mod:`pillion.kubernetes.exact_decode`, many times faster; anything else makes it raise
:class:`NotPlainError`, and the caller goes the exact way. The functions are made when a field is
first seen, so that a run pays for the types of its own input only.
"""

from __future__ import annotations

from functools import cache, partial
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

from pillion.kubernetes import exact_decode, schema, special_types

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.kubernetes.schema import Field

    Reader: TypeAlias = Callable[[Any], Any]


class NotPlainError(Exception):
    """The value needs the exact way: it is wrong, or right in an unusual manner."""


class _OtherCaseError(Exception):
    """A key names a field in another case."""


class Known:
    """Stands in a value in the place of a struct whose canonical form is known."""

    __slots__ = ("canonical",)

    def __init__(self, canonical: dict[str, Any]) -> None:
        self.canonical = canonical


class _Omit:
    """The type of :data:`_OMIT`."""


_OMIT = _Omit()
"""What the reader of a field returns where Go omits the field."""

_MOST_UNKNOWN_KEYS = 1000


@cache
def reader(type_name: str) -> Reader:
    """The function that turns a JSON value, not null, into the canonical value of the type.

    It raises :class:`NotPlainError` for every value that is not plain.
    """
    underlying = schema.underlying(type_name)
    if underlying in _READERS:
        return _READERS[underlying]
    if underlying == "struct":
        return _struct_reader(type_name)
    if underlying == "special":
        return _SPECIAL.get(type_name) or partial(_read_special, type_name)
    read = reader(schema.element(underlying))
    if underlying.startswith("*"):
        return read
    return _map_reader(read) if underlying.startswith("map[") else _list_reader(read)


def _struct_reader(type_name: str) -> Reader:
    readers = _FieldReaders(type_name)
    always = list(exact_decode.marshal(type_name, exact_decode.UNSET).items())

    def read(value: Any) -> Any:
        if value.__class__ is not dict:
            if value.__class__ is Known:
                return value.canonical
            raise NotPlainError
        result = {}
        try:
            for key, item in value.items():
                field = readers[key]
                if item is None:
                    continue
                canonical = field(item)
                if canonical is not _OMIT:
                    result[key] = canonical
        except _OtherCaseError:
            return read(_exact_keys(type_name, value))
        for key, zero in always:
            if key not in result:
                result[key] = _copy(zero) if zero.__class__ is dict else zero
        return result

    return read


def _copy(zero: dict[str, Any]) -> dict[str, Any]:
    return {key: _copy(item) if item.__class__ is dict else item for key, item in zero.items()}


def _exact_keys(type_name: str, value: dict[str, Any]) -> dict[str, Any]:
    """The same object with the keys as the schema spells them."""
    result: dict[str, Any] = {}
    for key, item in value.items():
        found = schema.field_for_key(type_name, key) if key.__class__ is str else None
        name = key if found is None else found.field.json_name
        if name in result:  # Go reads the second value over the first
            raise NotPlainError
        result[name] = item
    return result


class _FieldReaders(dict[Any, "Reader"]):
    """By JSON key, the reader of a struct's field; filled as keys are met."""

    __slots__ = ("type_name", "unknown")

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name
        self.unknown = 0

    def __missing__(self, key: Any) -> Reader:
        if key.__class__ is not str:
            raise NotPlainError
        found = schema.json_fields(self.type_name).get(key)
        if found is not None:
            self[key] = _field_reader(found.field)
            return self[key]
        if schema.field_for_key(self.type_name, key) is not None:
            raise _OtherCaseError
        if self.unknown < _MOST_UNKNOWN_KEYS:
            self.unknown += 1
            self[key] = _ignore
        return _ignore


def _field_reader(field: Field) -> Reader:
    read = reader(field.type)
    underlying = schema.underlying(field.type)
    if field.omit_zero:
        return partial(_omit_null, read)
    if not field.omit_empty or underlying in ("struct", "special") or underlying.startswith("*"):
        return read
    if read is _read_string:
        return _read_string_or_omit
    return partial(_omit_empty, read)


def _omit_empty(read: Reader, value: Any) -> Any:
    return read(value) or _OMIT


def _omit_null(read: Reader, value: Any) -> Any:
    canonical = read(value)
    return _OMIT if canonical is None else canonical


def _read_string_or_omit(value: Any) -> Any:
    if value.__class__ is not str:
        raise NotPlainError
    return value or _OMIT


def _read_string(value: Any) -> Any:
    if value.__class__ is not str:
        raise NotPlainError
    return value


def _read_bool(value: Any) -> Any:
    if value.__class__ is not bool:
        raise NotPlainError
    return value


def _read_int32(value: Any) -> Any:
    if value.__class__ is not int or not -(2**31) <= value < 2**31:
        raise NotPlainError
    return value


def _read_int64(value: Any) -> Any:
    if value.__class__ is not int or not -(2**63) <= value < 2**63:
        raise NotPlainError
    return value


def _refuse(_value: Any) -> Any:
    raise NotPlainError


def _read_special(type_name: str, value: Any) -> Any:
    if value is None or (value.__class__ is float and not isfinite(value)):
        raise NotPlainError
    try:
        return special_types.read(type_name, value)
    except (special_types.SpecialError, special_types.KindMismatchError) as error:
        raise NotPlainError from error


def _read_int_or_string(value: Any) -> Any:
    return value if value.__class__ is str else _read_int32(value)


def _read_raw(value: Any) -> Any:
    _ignore(value)
    return value


_SPECIAL: dict[str, Reader] = {
    special_types.INT_OR_STRING: _read_int_or_string,
    special_types.RAW_EXTENSION: _read_raw,
    special_types.FIELDS_V1: _read_raw,
}


def _ignore(value: Any) -> Any:
    """Skip a value that Go does not look into; what only the YAML reader yields is not plain."""
    if value.__class__ is dict or value.__class__ is list or value.__class__ is float:
        _check_plain(value)
    return _OMIT


def _check_plain(value: Any) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if item.__class__ is dict:
            waiting.extend(item.values())
        elif item.__class__ is list:
            waiting.extend(item)
        elif item.__class__ is float:
            raise NotPlainError


def _read_string_map(value: Any) -> Any:
    if value.__class__ is not dict:
        raise NotPlainError
    for item in value.values():
        if item.__class__ is not str:
            raise NotPlainError
    return value.copy()


_READERS: dict[str, Reader] = {
    "string": _read_string,
    "bool": _read_bool,
    "int32": _read_int32,
    "int64": _read_int64,
    "[]uint8": _refuse,
    "map[string]string": _read_string_map,
}


def _map_reader(read: Reader) -> Reader:
    def read_map(value: Any) -> Any:
        if value.__class__ is not dict:
            raise NotPlainError
        return {key: read(item) for key, item in value.items()}

    return read_map


def _list_reader(read: Reader) -> Reader:
    def read_list(value: Any) -> Any:
        if value.__class__ is not list:
            raise NotPlainError
        return [read(item) for item in value]

    return read_list
