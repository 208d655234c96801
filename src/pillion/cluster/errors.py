"""What a cluster, or the way to it, fails with."""

from __future__ import annotations

from typing import NamedTuple

from pillion.errors import PillionError


class ClusterError(PillionError):
    """A cluster cannot be asked, or does not answer; the message says which, and why."""


class NotFoundError(ClusterError):
    """There is no object of that name, or no such kind."""


class ForbiddenError(ClusterError):
    """Whoever asks may not do this."""


class OwnedField(NamedTuple):
    """A field that a server-side apply would change, and the manager that owns it."""

    manager: str
    path: str


class ConflictError(ClusterError):
    """The object was changed, or made, by somebody else meanwhile.

    ``owned`` are the fields for which a server-side apply is refused.
    """

    def __init__(self, message: str, owned: tuple[OwnedField, ...] = ()) -> None:
        super().__init__(message)
        self.owned = owned


class ExpiredError(ClusterError):
    """A watch cannot go on from where it was: everything must be listed again."""
