"""Protobuf's durations, measured and checked as Istio's validation package does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pillion.golang.time import format_duration

if TYPE_CHECKING:
    from pillion.mesh.message import Message

MILLISECOND: Final = 1_000_000
SECOND: Final = 1_000_000_000
HOUR: Final = 3600 * SECOND
_MAX: Final = 2**63 - 1


def nanoseconds(duration: Message | None) -> int:
    """The length of a duration, at most what Go's ``time.Duration`` can say; None is 0."""
    if duration is None:
        return 0
    total = duration.values.get("seconds", 0) * SECOND + duration.values.get("nanos", 0)
    return int(max(-_MAX - 1, min(_MAX, total)))


def precision_problem(duration: Message | None) -> str | None:
    """Why a duration is not one of whole milliseconds, at least one; or None."""
    length = nanoseconds(duration)
    if length < MILLISECOND:
        return "duration must be greater than 1ms"
    if length % MILLISECOND:
        return "only durations to ms precision are supported"
    return None


def connect_timeout_problem(duration: Message | None, longest: int) -> str | None:
    """Why a duration is not a timeout of at most ``longest`` nanoseconds, or None."""
    problem = precision_problem(duration)
    length = nanoseconds(duration)
    if problem is not None or length <= longest:
        return problem
    low, high = format_duration(MILLISECOND), format_duration(longest)
    return f"time {format_duration(length)} must be >{low} and <{high}"
