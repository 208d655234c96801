"""What reading and writing JSON fails with."""

from __future__ import annotations

from typing import Any

from pillion.errors import PillionError


class JSONError(PillionError):
    """A text that is not JSON, or a value that JSON cannot carry, worded as Go words it.

    ``offset`` counts the bytes that were read when the error showed, the wrong one among them; it
    is None where no text was read. ``value`` is what Go's decoder leaves behind: None, or where
    only numbers are too large, all the rest.
    """

    def __init__(self, message: str, offset: int | None = None, value: Any = None) -> None:
        super().__init__(message, offset)
        self.message = message
        self.offset = offset
        self.value = value

    def __str__(self) -> str:
        return self.message
