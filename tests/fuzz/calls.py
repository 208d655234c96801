"""Expressions: calls of Go's and sprig's functions over literals, variables and data.

``calls.txt`` lists each function with the sorts of its arguments and its result, so that most calls
go well and show what they compute; some are given what they do not take and show how they fail.

What cannot be compared is left out. ``keys`` and ``values`` give Go's random order of a map, and
stand only below ``sortAlpha``. ``now``, ``ago``, a date of what is neither a time nor a number, and
``durationRound`` of a time tell the time. ``rand*``, ``shuffle``, ``uuidv4``, ``bcrypt``,
``htpasswd``, ``encryptAES`` and ``gen*`` are random. ``env``, ``expandenv`` and ``getHostByName``
ask the machine. Counts stay small (``repeat``, ``until``, ``indent``): what they could allocate is
no question of rules.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fuzz import values
from fuzz.fragments import GENERATED
from fuzz.pools import pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from fuzz.source import Source


Call = tuple[str, tuple[str, ...], str]
"""The name of a function, the sorts of its arguments, the sort of its result."""


def _table() -> tuple[Call, ...]:
    """The table of ``calls.txt``; a star repeats the last sort of argument."""
    lines = Path(__file__).with_name("calls.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines)
    return tuple((name, tuple(sorts), result) for name, *sorts, result in rows)


CALLS = _table()
RESULTS = {result for _, _, result in CALLS}
GIVING = {result: tuple(call for call in CALLS if call[2] == result) for result in RESULTS}

LITERAL_NUMBERS = pool("numbers_in_templates")

DATA = {
    sort: pool(f"data_{sort}") for sort in ("s", "i", "small", "num", "list", "dict", "bool", "any")
}

_TEXTS = {
    "w": pool("separators"),
    "word": pool("numerals"),
    "k": pool("keys"),
    "path": pool("paths"),
    "re": pool("patterns"),
    "repl": pool("replacements"),
    "version": pool("versions"),
    "constraint": pool("constraints"),
    "layout": pool("layouts"),
    "stamp": pool("stamps"),
    "zone": pool("zones"),
    "dur": pool("durations"),
    "url": pool("urls"),
    "json": pool("json_texts"),
    "type": pool("types"),
    "kind": pool("kinds"),
    "b64": pool("encoded"),
}

_SORTS = ("s", "i", "num", "bool", "list", "dict", "any", "f")

SMALL = pool("small_numbers")

MOMENTS = pool("moments")


class Expressions:
    """Makes expressions; ``variables`` are those that stand in scope."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.variables: list[str] = []
        self._sorts: dict[str, Callable[[int], str]] = {
            "any": self._any,
            "s": self._string,
            "i": self._number_literal,
            "f": self._number_literal,
            "num": self._number_literal,
            "small": lambda _: self.source.pick(SMALL),
            "bool": lambda _: self.source.pick(("true", "false")),
            "list": self._list,
            "dict": self._dict,
            "format": self._format,
            "time": self._time,
            "when": self._when,
            "urldict": self._url_dict,
            "method": self._method,
            "field": self._field,
        }

    def pipeline(self, depth: int = 2) -> str:
        """An expression, sometimes with a pipe."""
        first = self.bare(self.source.pick(_SORTS), depth)
        for _ in range(self.source.below(3) if self.source.chance(25) else 0):
            first += " | " + self._stage(depth - 1)
        return first

    def bare(self, sort: str, depth: int) -> str:
        """An expression that stands for itself: a call has no parentheses."""
        calls = GIVING.get(sort, CALLS) if sort != "any" else CALLS
        if depth and self.source.chance(75):
            return self.call(self.source.pick(calls), depth)
        return self.operand(sort, 0)

    def operand(self, sort: str, depth: int) -> str:
        """An expression that can be an argument."""
        source = self.source
        if sort not in _NEVER_OTHER and source.chance(4):
            sort = "any"
        if sort in DATA and source.chance(35):
            return source.pick(DATA[sort])
        if self.variables and sort in _SORTS and source.chance(15):
            return source.pick(self.variables)
        if depth and sort in GIVING and source.chance(35):
            return f"({self.call(source.pick(GIVING[sort]), depth - 1)})"
        if sort in _TEXTS:
            return self._text_of(sort)
        return self._sorts[sort](depth)

    def call(self, call: Call, depth: int) -> str:
        name, sorts, _ = call
        arguments = self._arguments(sorts, depth - 1)
        if name == "sortedkeys":
            return f"sortAlpha (keys {' '.join(arguments)})"
        if name not in _KEEP_ARGUMENTS and self.source.chance(3):
            arguments = arguments[:-1]
        return " ".join((name, *arguments))

    def _arguments(self, sorts: tuple[str, ...], depth: int) -> list[str]:
        made: list[str] = []
        for sort in sorts:
            one = sort.removesuffix("*")
            count = self.source.below(4) if sort != one else 1
            made += [self.operand(one, depth) for _ in range(count)]
        return made

    def _stage(self, depth: int) -> str:
        """A call that takes its last argument from the pipe."""
        name, sorts, _ = self.source.pick(_PIPED)
        return " ".join((name, *self._arguments(sorts[:-1], max(depth, 0))))

    def _text_of(self, sort: str) -> str:
        if sort in GENERATED and self.source.chance(50):
            return quoted(GENERATED[sort](self.source))
        return quoted(self.source.pick(_TEXTS[sort]))

    def _string(self, _depth: int) -> str:
        return literal(self.source)

    def _number_literal(self, _depth: int) -> str:
        return self.source.pick(LITERAL_NUMBERS)

    def _any(self, depth: int) -> str:
        sort = self.source.pick(("s", "i", "bool", "nil", "list", "dict", "word", "version"))
        if sort == "nil":
            return "nil"
        return self.operand(sort, depth)

    def _list(self, depth: int) -> str:
        inner = max(depth - 1, 0)
        sort = self.source.pick(("any", "s", "i", "list"))
        return f"(list {' '.join(self.source.several(lambda: self.operand(sort, inner), 4))})"

    def _dict(self, depth: int) -> str:
        inner = max(depth - 1, 0)
        pairs = self.source.several(
            lambda: f"{self.operand('k', 0)} {self.operand('any', inner)}", 3
        )
        return f"(dict {' '.join(pairs)})"

    def _url_dict(self, depth: int) -> str:
        names = ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo", "hostname")
        pairs = self.source.several(
            lambda: f"{quoted(self.source.pick(names))} {self.operand('s', 0)}", 5
        )
        if self.source.chance(50):
            return f"(urlParse {self.operand('url', depth)})"
        return f"(dict {' '.join(pairs)})"

    def _method(self, depth: int) -> str:
        if self.source.chance(50):
            return f"({self._time(depth)}.{self.source.pick(_TIME_METHODS)})"
        version = self.operand("version", 0)
        method = self.source.pick(_VERSION_METHODS)
        if method in {"Compare", "Equal", "LessThan", "GreaterThan"}:
            return f"((semver {version}).{method} (semver {self.operand('version', 0)}))"
        return f"((semver {version}).{method})"

    def _field(self, depth: int) -> str:
        sort = self.source.pick(("dict", "list", "any", "s"))
        inner = self.operand(sort, max(depth - 1, 0))
        path = "".join(
            "." + self.source.pick(("a", "M", "x", "b", "missing", "A"))
            for _ in range(1 + self.source.below(3))
        )
        return f"({inner}){path}" if not inner.startswith((".", "$")) else inner.rstrip(".") + path

    def _time(self, _depth: int) -> str:
        if self.source.chance(20):
            return f"(dateModify {self.operand('dur', 0)} {self._time(0)})"
        layout, stamp = self.source.pick(_TIMES)
        return f"(toDate {quoted(layout)} {quoted(stamp)})"

    def _when(self, depth: int) -> str:
        if self.source.chance(50):
            return self._time(depth)
        return self.source.pick(MOMENTS)

    def _format(self, _depth: int) -> str:
        return quoted(printf_format(self.source, _SAFE_VERBS))


_TIME_METHODS = pool("time_methods")

_VERSION_METHODS = pool("version_methods")

_PIPED = tuple(
    call
    for call in CALLS
    if call[1]
    and call[1][-1] in {"s", "any", "num", "list", "dict", "any*", "num*", "bool"}
    and call[0] != "sortedkeys"
)
# Date functions take the present time for what is no time; counts would grow without bound.
_NEVER_OTHER = {"when", "small", "time", "dur"}
_KEEP_ARGUMENTS = {"sortedkeys"}

_TIMES = (
    ("2006-01-02", "2017-12-31"),
    ("2006-01-02T15:04:05Z07:00", "2020-02-29T12:30:45Z"),
    ("2006-01-02T15:04:05Z07:00", "2021-06-01T00:00:00.123456789+02:00"),
    ("2006-01-02 15:04:05 -0700 MST", "2017-12-31 23:59:59 +0200 CEST"),
    ("2006", "x"),
)

_ESCAPES = pool("escapes_in_go")

VERBS = "vdsqxXobeEfFgGtcUTwOz!"  # not p: an address of memory
# Of a time or a version, the other verbs print addresses of memory.
_SAFE_VERBS = "vsqTxX"
FLAGS = ("", "+", "-", "#", " ", "0", "+v"[:1], "+#", "-0", "0-", " #", "+ ", "#+", "# ")


def printf_format(source: Source, verbs: str = VERBS) -> str:
    """A format for ``printf``."""
    return "".join(source.several(lambda: _directive(source, verbs), 3))


def _directive(source: Source, verbs: str) -> str:
    if source.chance(10):
        return source.pick(
            ("%%", "%", "x", "é", "% ", "%!", "%[", "%[]d", "%[x]d", "%.", "%-", "100%")
        )
    index = source.pick(("[1]", "[2]", "[3]", "[0]", "[9]", "[-1]")) if source.chance(10) else ""
    width = (
        source.pick(("5", "1", "10", "0", "20", "*", "[1]*", "[2]*", "03"))
        if source.chance(35)
        else ""
    )
    precision = (
        source.pick((".2", ".", ".0", ".5", ".10", ".*", ".[1]*", ".1", ".20"))
        if source.chance(30)
        else ""
    )
    flags = source.pick(FLAGS) if source.chance(50) else ""
    return f"%{flags}{width}{precision}{index}{source.pick(verbs)}"


def literal(source: Source) -> str:
    """A string literal of any text."""
    content = values.text(source)
    if source.chance(10) and "`" not in content and "\r" not in content:
        return f"`{content}`"
    if source.chance(10):
        content_literal = quoted(content)[:-1]
        return content_literal + source.pick(_ESCAPES) + '"'
    return quoted(content)


def quoted(content: str) -> str:
    """A text as an interpreted string of Go."""
    escaped = content.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
