"""What a cluster, or the way to it, fails with."""

from __future__ import annotations

from pillion.errors import PillionError


class ClusterError(PillionError):
    """A cluster cannot be asked, or does not answer; the message says which, and why."""


class NotFoundError(ClusterError):
    """There is no object of that name, or no such kind."""


class ForbiddenError(ClusterError):
    """Whoever asks may not do this."""


class ConflictError(ClusterError):
    """The object was changed, or made, by somebody else meanwhile."""


class ExpiredError(ClusterError):
    """A watch cannot go on from where it was: everything must be listed again."""
