"""Keeping the health file young while the server runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from typing import TYPE_CHECKING

from pillion.server import health_file, logs

if TYPE_CHECKING:
    from pillion.server.settings import Health

_log = logs.logger("health")


async def keep(health: Health) -> None:
    """Write the file every interval until cancelled, and remove it then.

    A disk that is full or read-only makes the probe fail, and nothing else; the log says so once.
    """
    failing = False
    try:
        while True:
            problem = await asyncio.to_thread(health_file.write, health.file)
            if problem and not failing:
                logs.say(_log, logging.ERROR, problem, {"file": health.file})
            failing = bool(problem)
            await asyncio.sleep(health.interval)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(health.file)
