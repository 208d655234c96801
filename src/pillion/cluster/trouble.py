"""Telling of trouble with a cluster once, however often it is met."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.cluster.errors import ClusterError

    Tell = Callable[[ClusterError | None], None]
    """Told of an error when trouble begins or becomes another, and of None when it is over."""


class Trouble:
    """The state of trouble; ``tell`` hears when it begins, becomes of another class, and ends."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._kind: type[ClusterError] | None = None

    def met(self, error: ClusterError) -> None:
        """There is trouble."""
        if type(error) is not self._kind:
            self._kind = type(error)
            self._tell(error)

    def over(self) -> None:
        """There is none, or no more."""
        if self._kind is not None:
            self._kind = None
            self._tell(None)


class Waits(NamedTuple):
    """Seconds: between tries, after what will not be otherwise soon, and until a watch counts.

    ``slow`` is the longest for kinds that are not served and for what is forbidden: an API server
    that has just started forbids everything until it knows its roles.
    """

    shortest: float = 0.1
    longest: float = 30.0
    slow: float = 60.0
    settled: float = 5.0


class Backoff:
    """Ever longer waits, partly by chance, so that many that failed do not come back at once."""

    def __init__(self, waits: Waits) -> None:
        self._waits = waits
        self._next = waits.shortest

    def next(self, longest: float | None = None) -> float:
        """How long to wait now; ``longest`` is the longest wait for what failed this time."""
        seconds = self._next
        self._next = min(seconds * 2, self._waits.longest if longest is None else longest)
        return jittered(seconds / 2, 1.0)

    def reset(self) -> None:
        """Something worked."""
        self._next = self._waits.shortest


def jittered(seconds: float, factor: float) -> float:
    """``seconds`` and up to ``factor`` times as many more, as ``wait.Jitter`` of apimachinery."""
    return seconds * (1 + random.random() * factor)  # noqa: S311 - no secret
