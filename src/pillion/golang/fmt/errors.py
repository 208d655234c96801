"""What printing a value fails with."""

from __future__ import annotations

from pillion.errors import PillionError


class FormatError(PillionError):
    """A value that cannot be printed: it contains itself, or is far too large.

    Go's program ends there; nothing else makes ``fmt`` fail.
    """
