"""Reading YAML texts of which one is much like the other.

What a template renders for two pods differs in a few scalars: a name, a port. Reading such a text
again costs more than all else that is done with it. Here a text with as many lines as an earlier
one is compared with it line by line. Where only scalars differ, and none of them in a way that
could change the structure, the earlier value is taken with those scalars replaced. Any doubt ends
in reading the text as a whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.kubernetes import yaml_reader, yaml_scalars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    Load: TypeAlias = Callable[[str], Any]

Path = tuple[str | int, ...]

_MOST_TEXTS = 32
_MOST_CHANGES = 24

# Scalars that read the same in any place where a scalar of their style stands. Few runs of the
# command line read two such texts, so that these are compiled when they are first needed.
_SAFE = {
    "": r"[A-Za-z0-9](?:[A-Za-z0-9_./+$()-]|:(?=[A-Za-z0-9/]))*",
    '"': r'"[ !#-\[\]-~]*"',
    "'": r"'[ -&(-~]*'",
}
_CONTAINER = "{"
"""In place of the style of what is no scalar."""

_PRINTABLE = r"[ -~]*[!-~]"


class SimilarTexts:
    """Reads texts, and remembers the last one of each number of lines.

    ``load`` reads a text as a whole, and is as good for a scalar alone.
    """

    def __init__(self, load: Load | None = None) -> None:
        self._load = load or _load
        self._known: dict[int, _Text] = {}

    def load(self, text: str) -> Any:
        """The JSON value of the first document of ``text``; it must not be changed.

        Raises:
            YAMLError: the text is not YAML, or has no JSON form; the message is Go's.
        """
        lines = text.split("\n")
        known = self._known.get(len(lines))
        if known is not None:
            found = known.adapt(lines)
            if found is not _DIFFERENT:
                return found
        value = self._load(text)
        if len(self._known) >= _MOST_TEXTS:
            self._known.clear()
        self._known[len(lines)] = _Text(lines, value, self._load)
        return value


def _load(text: str) -> Any:
    return yaml_reader.load(text)


_DIFFERENT = object()
"""What is returned where a text must be read as a whole."""


class _Scalar(NamedTuple):
    """Where a scalar stands in a text: from ``line`` and ``column`` to ``end_line`` and ``end``."""

    path: Path
    style: str
    line: int
    column: int
    end_line: int
    end: int


class _Text:
    """A text that was read, and, from when they are first needed, the places of its scalars."""

    __slots__ = ("_lines", "_load", "_places", "_value")

    def __init__(self, lines: list[str], value: Any, load: Load) -> None:
        self._load = load
        self._lines = lines
        self._value = value
        self._places: dict[int, list[_Scalar]] | None = None

    def adapt(self, lines: list[str]) -> Any:
        """The value of the text of ``lines``, or :data:`_DIFFERENT`."""
        old = self._lines
        changed = [i for i, (a, b) in enumerate(zip(old, lines, strict=True)) if a != b]
        if len(changed) > _MOST_CHANGES:
            return _DIFFERENT
        if self._places is None:
            self._places = _places("\n".join(old))
        value = self._value
        for index in changed:
            value = self._with_line(value, index, lines[index])
            if value is _DIFFERENT:
                break
        return value

    def _with_line(self, value: Any, index: int, new: str) -> Any:
        """``value`` with line ``index`` being ``new``, or :data:`_DIFFERENT`."""
        for scalar in (self._places or {}).get(index, ()):
            if scalar.style == "|":
                found = self._with_literal(value, scalar, index, new)
                if found is not _DIFFERENT:
                    return found
                continue  # its range ends where the next scalar begins
            token = _token(scalar, self._lines[index], new)
            if token is not None:
                read = token[1:-1] if scalar.style else self._load(token)
                return _replaced(value, scalar.path, read)
        return _DIFFERENT

    def _with_literal(self, value: Any, scalar: _Scalar, index: int, new: str) -> Any:
        old = self._lines[index]
        indent = len(old) - len(old.lstrip(" "))
        content = _at(value, scalar.path).split("\n")
        place = index - scalar.line - 1
        kept = new[:indent] == old[:indent] and new[indent : indent + 1] not in {"", " "}
        if not kept or not re.fullmatch(_PRINTABLE, new) or place >= len(content):
            return _DIFFERENT
        outer = len(old) - len(content[place])
        if outer <= 0 or outer > indent or old[outer:] != content[place]:
            return _DIFFERENT
        content[place] = new[outer:]
        return _replaced(value, scalar.path, "\n".join(content))


def _token(scalar: _Scalar, old: str, new: str) -> str | None:
    """What stands in ``new`` in the place of ``scalar``, if nothing else changed and it is safe."""
    rest = len(old) - scalar.end
    if new[: scalar.column] != old[: scalar.column] or len(new) < scalar.column + rest:
        return None
    if new[len(new) - rest :] != old[scalar.end :]:
        return None
    token = new[scalar.column : len(new) - rest]
    return token if re.fullmatch(_SAFE[scalar.style], token) else None


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _replaced(value: Any, path: Path, new: Any) -> Any:
    """``value`` with ``new`` at ``path``; what is not on the way there is shared."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = _replaced(value[path[0]], path[1:], new)
    return copy


def _places(text: str) -> dict[int, list[_Scalar]]:
    """The scalars of ``text`` that may be replaced, by the lines they stand on.

    Empty where the text holds what needs more than replacing: anchors, tags, merge keys, a key that
    comes twice, carriage returns, or characters other than ASCII, whose columns may be counted in
    another way.
    """
    found: dict[int, list[_Scalar]] = {}
    seen: set[Path] = set()
    if not text.isascii() or "\r" in text:
        return found
    for scalar in _scalars(text):
        if scalar is None or scalar.path in seen:
            return {}
        seen.add(scalar.path)
        if scalar.style == "|":
            for line in range(scalar.line + 1, scalar.end_line + 1):
                found.setdefault(line, []).append(scalar)
        elif (
            scalar.style in _SAFE and scalar.line == scalar.end_line and scalar.column < scalar.end
        ):
            found.setdefault(scalar.line, []).append(scalar)
    return found


class _Open(NamedTuple):
    """A container that is being read, and its key in the one around it."""

    is_map: bool
    path: Path


def _scalars(text: str) -> Iterator[_Scalar | None]:
    """What stands in the first document and is no key, or None for what cannot be followed."""
    from yaml import events as kinds

    from pillion.kubernetes.yaml_events import events

    stack: list[_Open] = []
    keys: list[Any] = []  # of each open container: the key that waits for its value, or the index
    next_event = events(text.encode())
    while True:
        event = next_event()
        if isinstance(event, kinds.DocumentEndEvent | kinds.StreamEndEvent | None):
            return
        if isinstance(event, kinds.StreamStartEvent | kinds.DocumentStartEvent):
            continue
        if isinstance(event, kinds.MappingEndEvent | kinds.SequenceEndEvent):
            stack.pop()
            keys.pop()
            continue
        if isinstance(event, kinds.AliasEvent) or event.anchor or event.tag:
            yield None
            return
        is_scalar = isinstance(event, kinds.ScalarEvent)
        if stack and stack[-1].is_map and keys[-1] is None:
            if not is_scalar or not _is_plain_key(event):
                yield None
                return
            keys[-1] = event.value
            continue
        path = _path(stack, keys)
        start, end = event.start_mark, event.end_mark
        style = event.style or "" if is_scalar else _CONTAINER
        yield _Scalar(path, style, start.line, start.column, end.line, end.column)
        if not is_scalar:
            is_map = isinstance(event, kinds.MappingStartEvent)
            stack.append(_Open(is_map, path))
            keys.append(None if is_map else 0)


def _is_plain_key(event: Any) -> bool:
    """Whether a key is the text that it is written as."""
    if event.style:
        return True
    return event.value != "<<" and isinstance(yaml_scalars.resolve(event.value), str)


def _path(stack: list[_Open], keys: list[Any]) -> Path:
    """The path of the value that comes next, which the innermost container counts."""
    if not stack:
        return ()
    path = (*stack[-1].path, keys[-1])
    keys[-1] = None if stack[-1].is_map else keys[-1] + 1
    return path
