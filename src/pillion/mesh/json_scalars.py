"""JSON scalars into those of protobuf, as ``encoding/json`` reads them into Go's types.

The texts of errors are those of ``encoding/json``.
"""

from __future__ import annotations

import re
from typing import Any, Final, NoReturn

from pillion.golang import json
from pillion.golang.strconv import round_to_float32
from pillion.mesh.errors import MeshError


def typed(raw: Any, wanted: type, go_type: str) -> Any:
    """``raw`` where it is of the Python type ``wanted``.

    Raises:
        MeshError: it is not; the message says that Go wants ``go_type``.
    """
    if not isinstance(raw, wanted):
        _refuse(_kind(raw), go_type)
    return raw


def quoted_number(raw: str, kind: str) -> Any:
    """A number in quotes: what stands between them is read as JSON, escapes and all.

    Raises:
        MeshError: that is not a number of protobuf's type ``kind``.
    """
    text = json.marshal(raw)[1:-1]
    if text in _NON_FINITE and kind in ("double", "float"):
        return _NON_FINITE[text]
    if _NUMBER.fullmatch(text.strip(" ")):
        return _number_of(text.strip(" "), kind, _GO_TYPES[kind])
    try:
        value = json.unmarshal(text)
    except json.JSONError as error:
        raise MeshError(error.message) from error
    if value is not None:
        _refuse(_kind(value), _GO_TYPES[kind])
    return 0


def number(raw: Any, kind: str, go_type: str = "") -> Any:
    """The number of protobuf's type ``kind`` that a JSON number is.

    ``go_type`` is the type that errors name, where that is not the number's own.

    Raises:
        MeshError: ``raw`` is no number, or not one of that type.
    """
    go_type = go_type or _GO_TYPES[kind]
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        _refuse(_kind(raw), go_type)
    return _number_of(json.marshal(raw), kind, go_type)


def _number_of(text: str, kind: str, go_type: str) -> Any:
    """The number that a JSON literal is for a type; Go parses the literal itself."""
    bounds = _BOUNDS.get(kind)
    if bounds is None:
        value = float(text)
        value = round_to_float32(value) if kind == "float" else value
        if abs(value) == float("inf"):
            _refuse(f"number {text}", go_type)
        return value
    signed = bounds[0] < 0 or text[0] != "-"
    if not signed or not _DIGITS.fullmatch(text) or not bounds[0] <= int(text) <= bounds[1]:
        _refuse(f"number {text}", go_type)
    return int(text)


def _refuse(kind: str, go_type: str) -> NoReturn:
    raise MeshError(f"json: cannot unmarshal {kind} into Go value of type {go_type}")


def _kind(raw: Any) -> str:
    return _KINDS.get(type(raw), "number")


_KINDS: Final[dict[type, str]] = {
    str: "string",
    bool: "bool",
    dict: "object",
    list: "array",
}
_GO_TYPES: Final = {
    "int32": "int32",
    "int64": "int64",
    "uint32": "uint32",
    "uint64": "uint64",
    "float": "float32",
    "double": "float64",
}
_BOUNDS: Final = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
}
_NON_FINITE: Final = {
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_DIGITS: Final = re.compile(r"-?[0-9]{1,20}")
