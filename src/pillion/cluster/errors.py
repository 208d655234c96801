"""What a cluster, or the way to it, fails with."""

from __future__ import annotations

from pillion.errors import PillionError


class ClusterError(PillionError):
    """A cluster cannot be asked, or does not answer; the message says which, and why."""
