"""Texts, numbers and JSON values that programs tend to read differently."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fuzz.pools import pool

if TYPE_CHECKING:
    from fuzz.source import Source

PLAIN = pool("plain_texts")

FRAGMENTS = pool("text_parts")

ODD_TEXTS = pool("odd_texts")

NUMBERS = pool("numbers")


def text(source: Source) -> str:
    """Any text."""
    kind = source.below(4)
    if kind == 0:
        return source.pick(PLAIN)
    if kind == 1:
        return source.pick(ODD_TEXTS)
    return "".join(source.several(lambda: source.pick(FRAGMENTS), 6))


def number(source: Source) -> str:
    """A JSON number, as it is written."""
    if not source.chance(40):
        return source.pick(NUMBERS)
    sign = "-" if source.chance(30) else ""
    digits = str(source.below(10 ** (1 + source.below(17))))
    fraction = f".{source.below(10 ** (1 + source.below(8)))}" if source.chance(50) else ""
    exponent = f"e{source.below(60) - 30}" if source.chance(30) else ""
    return f"{sign}{digits}{fraction}{exponent}"


class Number(str):
    """A number in a JSON value that keeps its spelling."""

    __slots__ = ()


def value(source: Source, depth: int = 2) -> Any:
    """A JSON value, its numbers as :class:`Number`."""
    kind = source.below(8 if depth else 6)
    if kind < 2:
        return text(source)
    if kind < 4:
        return Number(number(source))
    if kind == 4:
        return source.chance(50)
    if kind == 5:
        return None
    if kind == 6:
        return source.several(lambda: value(source, depth - 1), 3)
    return {key(source): value(source, depth - 1) for _ in range(source.below(4))}


def key(source: Source) -> str:
    """A key of a map."""
    return text(source) if source.chance(20) else source.pick("abcxyzAB")


def json_text(any_value: Any) -> str:
    """A value as JSON, with numbers in their own spelling."""
    if isinstance(any_value, Number):
        return str(any_value)
    if isinstance(any_value, dict):
        pairs = (f"{json.dumps(name)}: {json_text(one)}" for name, one in any_value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(any_value, list):
        return "[" + ", ".join(map(json_text, any_value)) + "]"
    return json.dumps(any_value)


def quoted(content: str) -> str:
    """A text in double quotes, as JSON, YAML and Go read it."""
    escaped = content.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
