"""Noticing that mounted files changed, by looking at them.

A ConfigMap or a Secret is mounted as links that lead through the link ``..data``; the kubelet
replaces that one link, and all files change at once. Looking at the files that the links lead to
works for this, for plain files, and on every file system, without a library; a look costs
microseconds.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from typing import TYPE_CHECKING

from pillion.server import logs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

_log = logs.logger("configuration")

RETRY = 60.0
"""Seconds until what was refused is tried again: what went wrong may not have been the files."""

Signature = tuple[tuple[object, ...], ...]
_FOUND = 4
"""How much there is to tell of a file that is there."""


def signature(paths: Iterable[str]) -> Signature:
    """What differs after any of the files was replaced, written, made or removed."""
    return tuple(map(_one, paths))


def _one(path: str) -> tuple[object, ...]:
    try:
        found = os.stat(path)
    except OSError as failure:
        return (path, failure.errno)
    return (os.path.realpath(path), found.st_ino, found.st_mtime_ns, found.st_size)


async def watch(
    paths: Iterable[str], seen: Signature, interval: float, changed: Callable[[], Awaitable[bool]]
) -> None:
    """Call ``changed`` after each change of the files since ``seen``, until cancelled.

    ``changed`` tells whether it took what it found; if not, it is called again after a while. Files
    must stand still for one ``interval`` first, so that one which is being written in place is not
    read half. An error that ``changed`` does not expect is logged, and the watch goes on.
    """
    names = tuple(paths)
    before, again = seen, math.inf
    while True:
        await asyncio.sleep(interval)
        now = signature(names)
        still = now == before or _led_elsewhere(before, now)
        if still and (now != seen or time.monotonic() >= again):
            seen = now  # taken before the files are read: a change meanwhile is seen next time
            again = math.inf if await _taken(changed) else time.monotonic() + RETRY
        before = now


def _led_elsewhere(before: Signature, now: Signature) -> bool:
    """Tell whether files changed in no other way than that links lead to others, as in a mount.

    What they lead to is written before they do. A mount that changes at every look would otherwise
    never stand still.
    """
    return all(
        one == other or (len(one) == len(other) == _FOUND and one[0] != other[0])
        for one, other in zip(before, now, strict=True)
    )


async def _taken(changed: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await changed()
    except Exception:  # noqa: BLE001 - it is logged; a watch that ended would not be missed
        _log.exception("what changed could not be looked at; the server goes on")
        return False
