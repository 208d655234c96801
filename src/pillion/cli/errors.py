"""Errors of the command line itself."""

from __future__ import annotations

from pillion.errors import PillionError


class UsageError(PillionError):
    """The command was called wrongly; it ends with status 2."""


class InputError(PillionError):
    """An input or output file cannot be used; it ends with status 1.

    ``file`` is the name as the user gave it.
    """

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason
