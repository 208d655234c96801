"""Values of flags that Go reads in a way of its own."""

from __future__ import annotations

from pillion.cli.errors import UsageError

_NANOSECONDS = 1e9


def duration(name: str, text: str) -> float:
    """The seconds of a duration as Go writes it: ``2s``, ``1m30s``.

    Raises:
        UsageError: When it is none, or is negative.
    """
    from pillion.golang.time import TimeError, parse_duration

    try:
        seconds = float(parse_duration(text)) / _NANOSECONDS
    except TimeError as error:
        raise UsageError(f"--{name}: {error}") from error
    if seconds < 0:
        raise UsageError(f"--{name} {text}: a duration cannot be negative")
    return seconds
