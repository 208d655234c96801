"""Reading a JSON value into a Go type, and printing it, by every rule of encoding/json.

This is the complete way, for input that :mod:`pillion.kubernetes.fast_decode` does not take:
wrong types, keys in another case, keys that come twice, nulls where values stand. Like Go's it
remembers the first type error and reads on, stops at the first error of a type that reads
itself, and names the field in Go's words.

A Go value is held as a dict of the JSON fields that were set (a struct), a dict (a map), a list, a
scalar, or None (a nil pointer, slice or map). :data:`UNSET` is the zero value of any type.
"""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pillion.golang import base64
from pillion.kubernetes import schema, special_types
from pillion.kubernetes.errors import DecodeError
from pillion.kubernetes.special_types import KindMismatchError, SpecialError, describe

if TYPE_CHECKING:
    from pillion.kubernetes.schema import Field, JSONField


class _Unset:
    """The type of :data:`UNSET`."""


UNSET: Final = _Unset()
_NULL: Final = _Unset()
"""What a pointer to the zero time holds: it prints as null, and is no nil pointer."""

_KEEPS_AT_NULL = (
    special_types.RAW_EXTENSION,
    special_types.FIELDS_V1,
    special_types.INT_OR_STRING,
)
"""The types that read themselves and take null for no value at all; others take it for zero."""

_INTEGERS = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint8": (0, 2**8 - 1),
}


def decode(value: Any, type_name: str) -> Any:
    """What Go prints of ``value`` after reading it into the type ``type_name``.

    Raises:
        DecodeError: the value does not fit; the message is encoding/json's.
    """
    reader = _Reader()
    result = reader.read(type_name, UNSET, value)
    if reader.first_error is not None:
        raise reader.first_error
    return marshal(type_name, result)


class _Place(NamedTuple):
    """Where a value stands, in Go's words: the struct and the names that lead to it."""

    struct: str = ""
    names: tuple[str, ...] = ()


class _Reader:
    """One call of Go's ``json.Unmarshal``."""

    def __init__(self) -> None:
        self.first_error: DecodeError | None = None
        self._place = _Place()
        self._path: list[str | int] = []

    def read(self, type_name: str, old: Any, value: Any) -> Any:
        """Read ``value`` into a variable of the type that holds ``old``; what it holds then."""
        underlying = schema.underlying(type_name)
        if underlying.startswith("*"):
            return None if value is None else self._read_pointed(underlying[1:], old, value)
        if underlying == "special":
            return self._read_special(type_name, old, value)
        if value is None:
            return None if underlying.startswith(("[]", "map[")) else old
        if isinstance(value, dict):
            return self._read_object(type_name, underlying, old, value)
        if isinstance(value, list):
            return self._read_array(type_name, underlying, old, value)
        return self._read_literal(type_name, underlying, old, value)

    def _read_pointed(self, type_name: str, old: Any, value: Any) -> Any:
        result = self.read(type_name, UNSET if old is None else old, value)
        if result is UNSET:
            result = zero(type_name)
        return _NULL if result is None else result

    def _read_special(self, type_name: str, old: Any, value: Any) -> Any:
        if value is None:
            return old if type_name in _KEEPS_AT_NULL else UNSET
        try:
            return special_types.read(type_name, value)
        except SpecialError as error:
            raise DecodeError(str(error), tuple(self._path)) from error
        except KindMismatchError as error:
            raise self._mismatch(error.found, error.wanted) from error

    def _read_object(self, type_name: str, underlying: str, old: Any, value: dict[str, Any]) -> Any:
        if underlying == "struct":
            return self._read_struct(type_name, old, value)
        if underlying.startswith("map["):
            return self._read_map(schema.element(underlying), old, value)
        return self._refuse(type_name, old, "object")

    def _read_struct(self, type_name: str, old: Any, value: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {} if old is UNSET else old
        outer = self._place
        for key, item in value.items():
            found = schema.field_for_key(type_name, key)
            if found is None:
                continue
            self._enter(type_name, found, key)
            name = found.field.json_name
            result[name] = self.read(found.field.type, result.get(name, UNSET), item)
            self._leave(outer)
        return result

    def _read_map(self, element: str, old: Any, value: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {} if old is UNSET or old is None else old
        for key, item in value.items():
            self._path.append(key)
            result[key] = self.read(element, UNSET, item)
            self._path.pop()
        return result

    def _read_array(self, type_name: str, underlying: str, old: Any, value: list[Any]) -> Any:
        if not underlying.startswith("[]"):
            return self._refuse(type_name, old, "array")
        element = underlying[2:]
        before = old if isinstance(old, list) else []
        result = []
        for index, item in enumerate(value):
            self._path.append(index)
            earlier = before[index] if index < len(before) else UNSET
            result.append(self.read(element, earlier, item))
            self._path.pop()
        return result

    def _read_literal(self, type_name: str, underlying: str, old: Any, value: Any) -> Any:
        if isinstance(value, str):
            if underlying == "[]uint8":
                return self._read_base64(old, value)
            return value if underlying == "string" else self._refuse(type_name, old, "string")
        if isinstance(value, bool):
            return value if underlying == "bool" else self._refuse(type_name, old, "bool")
        if underlying not in _INTEGERS:
            return self._refuse(type_name, old, "number")
        return self._read_integer(type_name, old, value)

    def _read_integer(self, type_name: str, old: Any, value: float) -> Any:
        integer = special_types.integer(value)
        lowest, highest = _INTEGERS[schema.underlying(type_name)]
        if integer is not None and lowest <= integer <= highest:
            return integer
        return self._refuse(type_name, old, describe(value, with_number=True))

    def _read_base64(self, old: Any, text: str) -> Any:
        try:
            return list(base64.decode(text))
        except base64.CorruptInputError as error:
            self._remember(DecodeError(str(error), tuple(self._path)))
            return old

    def _enter(self, type_name: str, found: JSONField, key: str) -> None:
        names = (*self._place.names, *(parent.name for parent in found.parents))
        struct = type_name.rpartition(".")[2]
        self._place = _Place(struct, (*names, found.field.json_name))
        self._path.append(key)

    def _leave(self, outer: _Place) -> None:
        self._place = outer
        self._path.pop()

    def _refuse(self, type_name: str, old: Any, found: str) -> Any:
        """Remember a type error; the variable keeps what it holds."""
        self._remember(self._mismatch(found, schema.go_type(type_name)))
        return old

    def _remember(self, error: DecodeError) -> None:
        if self.first_error is None:
            self.first_error = error

    def _mismatch(self, found: str, wanted: str) -> DecodeError:
        struct, names = self._place
        target = f"struct field {struct}.{'.'.join(names)}" if names else "value"
        message = f"json: cannot unmarshal {found} into Go {target} of type {wanted}"
        return DecodeError(message, tuple(self._path))


def zero(type_name: str) -> Any:
    """The zero value of a type, as this module holds Go values."""
    underlying = schema.underlying(type_name)
    if underlying == "struct":
        return {}
    if underlying == "special":
        return special_types.ZERO[type_name]
    return _ZEROS.get(underlying)


_ZEROS = {"string": "", "bool": False, **dict.fromkeys(_INTEGERS, 0)}


def marshal(type_name: str, value: Any) -> Any:
    """The JSON value that Go prints of ``value``, a Go value as this module holds it."""
    if value is UNSET:
        value = zero(type_name)
    if value is None or value is _NULL:
        return None
    underlying = schema.underlying(type_name)
    if underlying == "struct":
        return _marshal_struct(type_name, value)
    if underlying.startswith("*"):
        return marshal(underlying[1:], value)
    if isinstance(value, list) and underlying != "special":
        return _marshal_list(underlying[2:], value)
    if isinstance(value, dict) and underlying != "special":
        element = schema.element(underlying)
        return {key: marshal(element, item) for key, item in value.items()}
    return value


def _marshal_list(element: str, value: list[Any]) -> Any:
    items = [marshal(element, item) for item in value]
    if element == "uint8":
        return binascii.b2a_base64(bytes(items), newline=False).decode()
    return items


def _marshal_struct(type_name: str, value: dict[str, Any]) -> dict[str, Any]:
    result = {}
    for name, found in schema.json_fields(type_name).items():
        item = value.get(name, UNSET)
        if not omitted(found.field, item):
            result[name] = marshal(found.field.type, item)
    return result


def omitted(field: Field, value: Any) -> bool:
    """Whether Go leaves the field out when it prints a struct that holds ``value`` in it."""
    if value is UNSET:
        value = zero(field.type)
    if field.omit_zero and value is None:
        return True
    if not field.omit_empty:
        return False
    underlying = schema.underlying(field.type)
    if underlying.startswith("*"):
        return value is None
    return not value and underlying not in ("struct", "special")
