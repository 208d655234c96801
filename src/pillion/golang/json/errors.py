"""What reading and writing JSON fails with."""

from __future__ import annotations

from pillion.errors import PillionError


class JSONError(PillionError):
    """A text that is not JSON, or a value that JSON cannot carry, worded as Go words it.

    ``offset`` counts the bytes that were read when the error showed, the wrong one among them; it
    is None where no text was read.
    """

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message, offset)
        self.message = message
        self.offset = offset

    def __str__(self) -> str:
        return self.message
