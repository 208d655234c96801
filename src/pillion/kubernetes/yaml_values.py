"""Values of go-yaml: maps whose keys have types, and what JSON makes of them."""

from __future__ import annotations

import re
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

from pillion.golang.strconv import format_float, quote
from pillion.kubernetes import yaml_scalars
from pillion.kubernetes.errors import YAMLError
from pillion.trampoline import run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pillion.trampoline import Steps


class Key:
    """A key of a Go map: 1, true and 1.0 are three keys there, and one in Python."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Key) or type(other.value) is not type(self.value):
            return False
        return bool(other.value == self.value)

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


def each(steps: Iterable[Steps[Any]]) -> Steps[list[Any]]:
    """The values of ``steps``, as one step."""
    values = []
    for step in steps:
        values.append((yield step))  # noqa: PERF401 - a comprehension cannot yield
    return values


def with_text_keys(value: Any) -> Any:
    """``value`` with the keys of its maps as sigs.k8s.io/yaml spells them in JSON."""
    return run(_text_keys(value))


def _text_keys(value: Any) -> Steps[Any]:
    if isinstance(value, list):
        return (yield each(_text_keys(item) for item in value))
    if not isinstance(value, dict):
        return value
    fields = {}
    for key, item in value.items():
        text = yaml_scalars.key_text(key.value)
        if text is None:
            kind = "%!s(<nil>)" if key.value is None else "uint64"
            raise YAMLError(
                f"unsupported map key of type: {kind}, key: {_argument(key.value)}, "
                f"value: {_argument(item)}"
            )
        fields[text] = yield _text_keys(item)
    return fields


def to_json(value: Any) -> Any:
    """``value``, of :func:`load_untyped`, as a JSON reader sees what encoding/json prints of it."""
    return run(_json(value, 0))


def _json(value: Any, depth: int) -> Steps[Any]:
    if isinstance(value, str):
        return _json_text(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise YAMLError(f"json: unsupported value: {format_float(value)}")
        return yaml_scalars.json_number(value)
    if isinstance(value, list):
        return (yield each(_json(item, depth + 1) for item in value))
    if isinstance(value, dict):
        fields = {}
        for key, item in value.items():
            fields[_json_text(key)] = yield _json(item, depth + 1)
        return fields
    return value


def _json_text(text: str) -> str:
    """``text`` with each byte that is not UTF-8 replaced, as encoding/json replaces them."""
    return _LONE_BYTE.sub("\ufffd", text)


_LONE_BYTE = re.compile("[\udc80-\udcff]")


def _argument(value: Any) -> str:
    """``value`` as ``%#v`` prints an argument: nil has no type there."""
    return "<nil>" if value is None else go_syntax(value)


def go_syntax(value: Any) -> str:
    """``value`` as Go's ``%#v`` prints it."""
    return run(_syntax(value))


def _syntax(value: Any) -> Steps[str]:
    if isinstance(value, list):
        items = yield each(map(_syntax, value))
        return "[]interface {}{" + ", ".join(items) + "}"
    if isinstance(value, dict):
        entries = []
        for key, item in sorted(value.items(), key=_order):
            entries.append((yield _syntax(key.value)) + ":" + (yield _syntax(item)))
        return "map[interface {}]interface {}{" + ", ".join(entries) + "}"
    if value is None:
        return "interface {}(nil)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value < 2**63 else hex(value)
    return quote(value) if isinstance(value, str) else format_float(value)


def _order(entry: tuple[Key, Any]) -> tuple[int, Any]:
    """What Go's ``internal/fmtsort`` sorts the entry of a map by.

    Nil comes first. Types come as their descriptions lie in memory, which is for the linker to say;
    not-a-number comes before the numbers.
    """
    key = entry[0].value
    if key is None:
        return 0, 0
    if isinstance(key, str):
        return 1, key
    if isinstance(key, bool):
        return 5, key
    if isinstance(key, float):
        return 4, (not isnan(key), key)
    return (2 if key >= 2**63 else 3), key
