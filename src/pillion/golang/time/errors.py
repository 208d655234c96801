"""The error of a text that is no time or duration, and how ``time`` quotes in it."""

from __future__ import annotations

from pillion.errors import PillionError
from pillion.golang.strings import to_bytes


class TimeError(PillionError):
    """A text is no time, duration or zone; worded as Go words it."""


def quote(text: str) -> str:
    """``text`` in double quotes, with every byte escaped that is not printable ASCII."""
    pieces = []
    for char in text:
        if char in '"\\':
            pieces.append("\\" + char)
        elif " " <= char <= "\x7f":
            pieces.append(char)
        else:
            pieces += [f"\\x{byte:02x}" for byte in to_bytes(char)]
    return f'"{"".join(pieces)}"'
