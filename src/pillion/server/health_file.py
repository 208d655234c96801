"""The file that shows an exec probe that the server lives, by its age.

Follows ``pkg/probe`` of Istio 1.1. The probe needs nothing else of the server, and so loads nothing
else.
"""

from __future__ import annotations

import os
import time

from pillion.server.errors import ServerError


def check(path: str, interval: float) -> None:
    """Make sure that the file at ``path`` is not older than ``interval`` seconds.

    Raises:
        ServerError: When it is, or is not there.
    """
    try:
        age = time.time() - os.stat(path).st_mtime
    except OSError as failure:
        reason = (failure.strerror or str(failure)).lower()
        raise ServerError(f"fail on inspecting path {path}: {reason}") from failure
    if age > interval:
        raise ServerError(
            f"fail on inspecting path {path}: it was written {age:.1f}s ago, "
            f"more than {interval:g}s"
        )


def write(path: str) -> str:
    """Write the file; what went wrong, or an empty text."""
    try:
        with open(path, "wb") as file:
            file.write(b"ok")
    except OSError as failure:
        return f"the health file cannot be written: {failure.strerror}"
    return ""
