"""The events of a YAML text, as libyaml finds them through PyYAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import DocumentStartEvent, StreamEndEvent

if TYPE_CHECKING:
    from collections.abc import Callable

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def events(data: bytes) -> Callable[[], Any]:
    """The function that returns the next event of ``data``; libyaml's where it is installed."""
    next_event: Callable[[], Any] = _Parser(data).get_event
    return next_event


def ends_there(next_event: Callable[[], Any]) -> bool:
    """Whether nothing follows a document that has ended, or another one with its marker.

    Of anything else go-yaml may read a part, to see whether the whole document is a key.
    """
    event = next_event()
    return isinstance(event, StreamEndEvent) or (
        isinstance(event, DocumentStartEvent) and bool(event.explicit)
    )


READ_OTHERWISE = re.compile(rb"\\/|%YAML|(?<!\A)\xef\xbb\xbf")
"""What libyaml does not read as go-yaml does, wherever it stands.

To go-yaml ``\\/`` is no escape, 1.1 the only version, and a byte order mark a character.
"""
