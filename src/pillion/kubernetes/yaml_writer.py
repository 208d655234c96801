"""JSON values into YAML, letter for letter as sigs.k8s.io/yaml's ``Marshal`` prints them.

That library prints JSON, reads it back as YAML and emits the result with go-yaml v2: block style,
lists at the column of their key, keys in natural order, lines folded once they pass column 80. How
a single string is written is decided in :mod:`pillion.kubernetes.yaml_strings`.
"""

from __future__ import annotations

from functools import cmp_to_key, lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from pillion.golang.strconv import format_float
from pillion.kubernetes.errors import YAMLError
from pillion.kubernetes.yaml_scalars import json_number
from pillion.kubernetes.yaml_strings import Refused, as_key, as_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MAX_DEPTH = 10_000
_MIN_INT64 = -(2**63)
_MAX_UINT64 = 2**64 - 1


def dump(value: Any) -> str:
    """``value`` as a YAML document that ends with a line break.

    Raises:
        YAMLError: the value has no YAML form in Go: an infinity, a control character, a key of more
            than a thousand characters, too many levels. The message is Go's.
    """
    try:
        if not isinstance(value, dict | list) or not value:
            return _scalar(value, 0, 2)
        pieces: list[str] = []
        _write_block(value, pieces.append)
        return "".join(pieces)
    except Refused:
        raise _refusal(value) from None


def _refusal(value: Any) -> YAMLError:
    """What go-yaml says when it reads the JSON of ``value``."""
    from pillion.golang import json  # for errors alone
    from pillion.kubernetes import yaml_tree  # for errors alone

    try:
        yaml_tree.load_untyped(json.marshal(value).encode("utf-8", "replace"))
    except YAMLError as error:
        return error
    return YAMLError("yaml: the value cannot be read back")


def _write_block(root: Any, write: Callable[[str], object]) -> None:
    """Write a map or list that is not empty, without using Python's stack for its depth.

    ``lead`` is what stands before the next entry: a space where the entry continues the line of a
    dash or colon, else the spaces up to ``indent``.
    """
    outer: list[tuple[Iterator[Any], bool, int]] = []
    entries, in_map, indent = _entries(root), isinstance(root, dict), 0
    lead = pad = ""
    while True:
        for entry in entries:
            if in_map:
                key, item = entry
                name = as_key(key)
                label = name or f"? {as_value(key, indent + 2, indent + 2)}{pad}"
                write(f"{lead}{label}:")
            else:
                item, name = entry, None
                write(f"{lead}-")
            lead = pad
            column = indent + 2 + len(name or "")
            if not item or not isinstance(item, dict | list):
                write(f" {_scalar(item, column, indent + 2)}")
                continue
            outer.append((entries, in_map, indent))
            entries, in_map = _entries(item), isinstance(item, dict)
            if name is None or in_map:
                indent += 2
            pad = " " * indent
            lead = " " if name is None else f"\n{pad}"
            break
        else:
            if not outer:
                return
            entries, in_map, indent = outer.pop()
            lead = pad = " " * indent
        if len(outer) >= _MAX_DEPTH:
            raise Refused


def _entries(value: Any) -> Iterator[Any]:
    """The elements of a list, or the entries of a map in the order in which they are written."""
    if isinstance(value, list):
        return iter(value)
    keys = tuple(value)
    return iter([(key, value[key]) for key in (keys if len(keys) == 1 else _in_order(keys))])


def _scalar(value: Any, column: int, indent: int) -> str:
    """A string, number, boolean, null or empty collection, with its line break."""
    if isinstance(value, str):
        return as_value(value, column, indent)
    if value is None:
        return "null\n"
    if isinstance(value, bool):
        return "true\n" if value else "false\n"
    if isinstance(value, int | float):
        return f"{_number(value)}\n"
    return "{}\n" if isinstance(value, dict) else "[]\n"


def _number(value: float) -> str:
    """A number as go-yaml prints what it reads from the JSON."""
    if not isfinite(value):
        raise YAMLError(f"json: unsupported value: {format_float(value)}")
    if isinstance(value, float):
        value = json_number(value)
    if isinstance(value, int) and _MIN_INT64 <= value <= _MAX_UINT64:
        return str(int(value))
    return format_float(float(value)) if value else "0"


@lru_cache(maxsize=2048)
def _in_order(keys: tuple[str, ...]) -> tuple[str, ...]:
    """``keys`` in go-yaml's natural order."""
    if "".join(keys).isalpha():
        return tuple(sorted(keys))
    return tuple(sorted(keys, key=_natural))


def _compare(first: str, second: str) -> int:
    """Which of two keys comes first: letters after everything else, numbers by their value."""
    for position, (a, b) in enumerate(zip(first, second, strict=False)):
        if a != b:
            return -1 if _is_less(first, second, position) else 1
    return len(first) - len(second)


_natural = cmp_to_key(_compare)


def _is_less(first: str, second: str, position: int) -> bool:
    """Whether ``first`` comes before ``second``, from which it differs at ``position``."""
    a, b = first[position], second[position]
    if a.isalpha() and b.isalpha():
        return a < b
    if a.isalpha() or b.isalpha():
        return b.isalpha()
    after_digits = "0" in (a, b) and _follows_digits(first, position)
    a_number, a_end = _number_at(first, position, after_digits=after_digits)
    b_number, b_end = _number_at(second, position, after_digits=after_digits)
    if a_number != b_number:
        return a_number < b_number
    return a_end < b_end if a_end != b_end else a < b


def _follows_digits(text: str, position: int) -> bool:
    """Whether a number other than zero runs up to ``position``, so that a zero there counts."""
    for character in reversed(text[:position]):
        if not character.isdecimal():
            return False
        if character != "0":
            return True
    return False


def _number_at(text: str, position: int, *, after_digits: bool) -> tuple[int, int]:
    """The number whose digits stand at ``position``, in 64 bits as in Go, and where it ends."""
    number = int(after_digits)
    while position < len(text) and text[position].isdecimal():
        number = (number * 10 + ord(text[position]) - ord("0") + 2**63) % 2**64 - 2**63
        position += 1
    return number, position
