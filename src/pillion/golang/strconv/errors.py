"""What the conversions of ``strconv`` fail with."""

from __future__ import annotations

from pillion.errors import PillionError
from pillion.golang.strconv.quoting import quote

SYNTAX = "invalid syntax"
RANGE = "value out of range"


class NumError(PillionError):
    """A text that is not the number it should be; ``str`` of it is Go's text.

    ``function`` is the Go function that failed, ``text`` what it was given, and ``reason`` why:
    :data:`SYNTAX`, :data:`RANGE`, or a base or bit size that does not exist. ``value`` is what the
    Go function returned beside the error: zero, or the limit that the number is beyond.
    """

    def __init__(self, function: str, text: str, reason: str, value: float = 0) -> None:
        super().__init__(function, text, reason, value)
        self.function = function
        self.text = text
        self.reason = reason
        self.value = value

    def __str__(self) -> str:
        return f"strconv.{self.function}: parsing {quote(self.text)}: {self.reason}"


class QuoteError(PillionError):
    """A text that is not a quoted Go string or character."""

    def __init__(self) -> None:
        super().__init__(SYNTAX)
