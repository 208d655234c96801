"""Values of flags that Go reads in a way of its own."""

from __future__ import annotations

from pillion.cli.errors import UsageError

_NANOSECONDS = 1e9
_HIGHEST_PORT = 65535


def port(name: str, text: str) -> int:
    """The number of a port; 0 stands for any that is free.

    Raises:
        UsageError: When it is none.
    """
    if text.isascii() and text.isdigit() and int(text) <= _HIGHEST_PORT:
        return int(text)
    raise UsageError(f"--{name} {text}: not a port")


def count(name: str, text: str) -> int:
    """A number of things, one at least.

    Raises:
        UsageError: When it is none.
    """
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise UsageError(f"--{name} {text}: not a number from 1 up")


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
