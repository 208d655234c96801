"""YAML into the value that sigs.k8s.io/yaml makes of it.

The text is parsed by libyaml through PyYAML, which hands over a stream of events; what the events
mean follows go-yaml v2 (see :mod:`pillion.kubernetes.yaml_scalars`). Almost every document has no
anchors, tags or merge keys and is built here in one pass; the others, and every error, go through
:mod:`pillion.kubernetes.yaml_tree`.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from yaml.error import YAMLError as ParserFailure
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from pillion.kubernetes import yaml_tree
from pillion.kubernetes.yaml_events import READ_OTHERWISE, ends_there, events
from pillion.kubernetes.yaml_scalars import SPECIAL_STARTS, json_number, key_text, resolve

if TYPE_CHECKING:
    from collections.abc import Callable


def load(text: str | bytes) -> Any:
    """The JSON value of the first document of ``text``.

    It is what sigs.k8s.io/yaml's ``YAMLToJSON`` prints, read again by a JSON reader that keeps
    integers. Empty text is None.

    Raises:
        YAMLError: the text is not YAML, or has no JSON form; the message is Go's.
    """
    data = _utf8(text)
    try:
        return _build(data, _resolve_json)
    except (ParserFailure, _TreeNeeded):
        return yaml_tree.load(data)


def load_untyped(text: str | bytes, resolve: Callable[[str], Any] = resolve) -> Any:
    """The first document of ``text`` as go-yaml unmarshals it into ``interface{}``.

    It differs from :func:`load` in numbers: a float is a ``float`` even where JSON would print it
    without a point, and infinities and not-a-number are kept. Keys of maps are strings already.
    ``resolve`` says what an unquoted scalar stands for.

    Raises:
        YAMLError: the text is not YAML, or a key has no JSON form; the message is Go's.
    """
    data = _utf8(text)
    try:
        return _build(data, resolve)
    except (ParserFailure, _TreeNeeded):
        return yaml_tree.load_untyped(data, resolve)


def _utf8(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text


class _TreeNeeded(Exception):  # noqa: N818 - a way out of the loop, not an error
    """The document has an anchor, a tag, a merge key, or something that libyaml reads otherwise."""


_IN_LIST: Final = object()
_WANTS_KEY: Final = object()
_MAX_DEPTH = 9000


def _build(  # noqa: C901, PLR0912, PLR0915 - one loop, as a call for each event would double the time
    data: bytes, resolve: Callable[[str], Any]
) -> Any:
    """Build the value of the first document, where that needs no node tree.

    ``key`` is the key that waits for its value, or says that a key or another element comes next.
    """
    if READ_OTHERWISE.search(data):
        raise _TreeNeeded
    has_properties = b"&" in data or b"!" in data  # an anchor or a tag
    has_question_mark = b"?" in data
    next_event = events(data)
    container: Any = []
    key: Any = _IN_LIST
    outer: list[Any] = []
    flow_depth = 0  # counted where it matters: in a text with a question mark
    while True:
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent:
            if has_properties and (event.anchor is not None or event.tag is not None):
                raise _TreeNeeded
            value = event.value
            if flow_depth and "?" in value:
                raise _TreeNeeded
            if key is _WANTS_KEY:
                key = _plain_key(value) if event.implicit[0] else value
                continue
            if event.implicit[0] and (not value or value[0] in SPECIAL_STARTS):
                value = resolve(value)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            container = outer.pop()
            if flow_depth:
                flow_depth -= 1
            key = _IN_LIST if type(container) is list else _WANTS_KEY
            continue
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if key is _WANTS_KEY or len(outer) > _MAX_DEPTH:
                raise _TreeNeeded
            if has_properties and event.anchor is not None:
                raise _TreeNeeded
            if has_question_mark and event.flow_style:
                flow_depth += 1
            value = {} if kind is MappingStartEvent else []
        elif kind is DocumentEndEvent:
            if not ends_there(next_event):
                raise _TreeNeeded
            return container[0]
        elif kind is StreamEndEvent:
            return None
        elif kind is AliasEvent:
            raise _TreeNeeded
        else:
            continue
        if key is _IN_LIST:
            container.append(value)
        else:
            container[key] = value
            key = _WANTS_KEY
        if kind is not ScalarEvent:
            outer.append(container)
            container = value
            key = _WANTS_KEY if kind is MappingStartEvent else _IN_LIST


def _resolve_json(text: str) -> Any:
    value = resolve(text)
    if type(value) is not float:
        return value
    if not isfinite(value):
        raise _TreeNeeded
    return json_number(value)


@lru_cache(maxsize=4096)
def _plain_key(text: str) -> str:
    key = key_text(resolve(text))
    if key is None or text == "<<":
        raise _TreeNeeded
    return key
