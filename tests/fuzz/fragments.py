"""Small languages inside strings: patterns, versions, dates, durations, URLs, JSON.

Each has a pool of known texts in :mod:`fuzz.calls`; here they are put together anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fuzz import values
from fuzz.pools import pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from fuzz.source import Source

_PATTERN = pool("pattern_parts")

_LAYOUT = pool("layout_parts")

_STAMP = pool("stamp_parts")

_URL = pool("url_parts")

_CONSTRAINT = pool("constraint_parts")

_OPERATORS = pool("operators")

_JSON = pool("json_parts")

_NUMERAL = pool("numeral_parts")


def _joined(parts: tuple[str, ...], most: int) -> Callable[[Source], str]:
    return lambda source: "".join(source.several(lambda: source.pick(parts), most))


def version(source: Source) -> str:
    """A version, in part or with more than it needs."""
    numbers = [
        source.pick(("1", "2", "0", "3", "10", "x", "01")) for _ in range(1 + source.below(4))
    ]
    before = source.pick(("", "v", "", "", " ", "V"))
    pre = source.pick(
        ("", "-alpha", "-beta.2", "-1", "-0", "-rc.1.x", "-01", "-", "-a-b", "-a.-1", "--", "-é")
    )
    build = source.pick(("", "", "+build", "+b.1", "+", "+01", "+a+b"))
    return before + ".".join(numbers[:3]) + "".join(f".{one}" for one in numbers[3:]) + pre + build


def constraint(source: Source) -> str:
    """A constraint of versions."""
    text = ""
    for number in range(1 + source.below(3)):
        text += source.pick((" ", ", ", " || ", ",", "||", " - ", "  ")) if number else ""
        text += source.pick(_OPERATORS)
        text += source.pick(_CONSTRAINT) if source.chance(85) else version(source)
    return text


def duration(source: Source) -> str:
    """A duration of Go, or nearly one."""
    parts = source.several(
        lambda: (
            source.pick(("1", "90", "1.5", "0", "100", ".5", "5.", "26", "731", "9000", ""))
            + source.pick(("h", "m", "s", "ms", "us", "µs", "ns", "μs", "d", ""))
        ),
        3,
    )
    return source.pick(("", "-", "+", "")) + "".join(parts)


def base64(source: Source) -> str:
    """A text in base 64 or 32, or nearly one."""
    return "".join(source.several(lambda: source.pick("YQWI2MFRGG=/+-_ \nzé8"), 10))


GENERATED: dict[str, Callable[[Source], str]] = {
    "re": _joined(_PATTERN, 7),
    "layout": _joined(_LAYOUT, 6),
    "stamp": _joined(_STAMP, 8),
    "url": _joined(_URL, 9),
    "version": version,
    "constraint": constraint,
    "dur": duration,
    "json": _joined(_JSON, 8),
    "word": _joined(_NUMERAL, 4),
    "b64": base64,
    "path": _joined(("a", "/", ".", "..", "//", "b.c", "é", " ", "\\", "x"), 7),
    "repl": _joined(("$", "1", "{", "}", "n", "a", "$1", "${1}", "${n}", "\\", "_", "x"), 5),
    "w": values.text,
}
"""Generators by the sort of argument that they make."""
