"""Where in a YAML text a value stands; asked only when an error has to be shown."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from yaml.error import YAMLError as ParserFailure
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from pillion.kubernetes.yaml_events import events


def locate(text: str | bytes, path: tuple[str | int, ...]) -> tuple[int | None, int | None]:
    """Line and column, from 1, of the value at ``path`` in the first document of ``text``.

    Where an alias or a merge key hides the value, those of the innermost value that is seen.
    """
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    walk = _Walk(path)
    with suppress(ParserFailure):  # libyaml stops at some texts that go-yaml reads
        for event in iter(events(data), None):
            if walk.at_end(event):
                break
    if walk.found is None:
        return None, None
    return walk.found.line + 1, walk.found.column + 1


class _Container:
    """A list or map that is being walked; ``matched`` is how much of the path leads to it."""

    __slots__ = ("index", "key", "matched", "waits_for_key")

    def __init__(self, matched: int | None, *, is_map: bool) -> None:
        self.matched = matched
        self.waits_for_key = is_map
        self.key: str | None = None
        self.index = None if is_map else 0


class _Walk:
    """A walk over the events of a document that follows one path."""

    def __init__(self, path: tuple[str | int, ...]) -> None:
        self.found: Any = None
        self._path = path
        self._containers: list[_Container] = []

    def at_end(self, event: Any) -> bool:
        """Take one event; whether the walk is over."""
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._containers.pop()
        elif isinstance(event, ScalarEvent | AliasEvent | MappingStartEvent | SequenceStartEvent):
            return self._node(event)
        return isinstance(event, DocumentEndEvent)

    def _node(self, event: Any) -> bool:
        matched = self._step(event) if self._containers else 0
        if matched is not None:
            self.found = event.start_mark
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            is_map = isinstance(event, MappingStartEvent)
            self._containers.append(_Container(matched, is_map=is_map))
        return matched == len(self._path)

    def _step(self, event: Any) -> int | None:
        """How much of the path leads to this node of the innermost container, if any does."""
        container = self._containers[-1]
        part: str | int | None
        if container.index is not None:
            part = container.index
            container.index += 1
        elif container.waits_for_key:
            container.key = event.value if isinstance(event, ScalarEvent) else None
            container.waits_for_key = False
            return None
        else:
            part = container.key
            container.waits_for_key = True
        matched = container.matched
        if matched is not None and part is not None and self._path[matched] == part:
            return matched + 1
        return None
