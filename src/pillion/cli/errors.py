"""Errors of the command line itself."""

from __future__ import annotations

from typing import NamedTuple

from pillion.errors import PillionError


class UsageError(PillionError):
    """The command was called wrongly; it ends with status 2."""


class Place(NamedTuple):
    """Where in a file something stands, as far as that is known; all counts are from 1."""

    document: int | None = None
    line: int | None = None
    field: str = ""

    def __str__(self) -> str:
        """The place in words: ``document 2, line 18, field spec.replicas``."""
        named = (("document", self.document), ("line", self.line), ("field", self.field))
        return ", ".join(f"{name} {value}" for name, value in named if value)


class InputError(PillionError):
    """An input or output file cannot be used; it ends with status 1.

    ``file`` is the name as the user gave it.
    """

    def __init__(self, file: str, reason: str, place: Place = Place()) -> None:  # noqa: B008 - immutable
        super().__init__(file, reason, place)
        self.file = file
        self.reason = reason
        self.place = place

    def __str__(self) -> str:
        """The file, the place in it and the reason."""
        return ": ".join(filter(None, (self.file, str(self.place), self.reason)))
