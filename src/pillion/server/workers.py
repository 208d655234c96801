"""Several worker processes behind one port, which the server starts, tells, and starts again.

All of them accept from the same socket, which the server keeps open: a connection that no worker
has taken yet waits for another one when a worker is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.server import logs, worker_process
from pillion.server.errors import ServerError
from pillion.server.worker import certificate_message, configuration_message

if TYPE_CHECKING:
    import socket

    from pillion.server.certificate import Pems
    from pillion.server.configuration import Active, Refusal
    from pillion.server.ledger import Ledger
    from pillion.server.worker_process import WorkerProcess

_log = logs.logger("workers")

_GRACE = 5.0
"""Seconds, beside those for its requests, until a worker that was told to stop is killed."""

_LONG_LIFE = 10.0
"""A worker that lived for so many seconds is started again at once."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0


class Manner(NamedTuple):
    """How workers answer: ``finish`` is how many seconds one that stops waits for its requests."""

    processes: int
    finish: float
    shadow: bool


class Workers:
    """Processes that answer on ``listening``.

    Implements :class:`pillion.server.front.Front`.
    """

    def __init__(
        self,
        manner: Manner,
        listening: socket.socket,
        active: Active,
        pems: Pems,
        ledger: Ledger,
    ) -> None:
        self._manner = manner
        self._listening = listening
        self._active = active
        self._pems = pems
        self._refused: Refusal | None = None
        self._ledger = ledger
        self._is_draining = False
        self._stopping = asyncio.Event()
        self._living: set[WorkerProcess] = set()
        self._have_served = 0
        self.accepting = asyncio.Event()

    @property
    def port(self) -> int:
        """The port that they share."""
        return int(self._listening.getsockname()[1])

    @property
    def pids(self) -> list[int]:
        """The processes that answer now."""
        return sorted(one.pid for one in self._living if one.serving.is_set())

    async def serve(self) -> None:
        """Keep the workers alive until :meth:`stop`, and wait for their end then.

        Raises:
            ServerError: One of them ends before it ever served.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._manner.processes):
                    group.create_task(self._keep_one())
        except ExceptionGroup as several:
            raise several.exceptions[0] from several

    async def _keep_one(self) -> None:
        """Run a worker, and another one after its end, until told to stop."""
        status, has_served = await self._life(counts=True)
        if not has_served and not self._stopping.is_set():
            raise ServerError(f"a worker process ended before it served, with status {status}")
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            self._ledger.metrics.worker_restarts.inc()
            logs.say(_log, logging.ERROR, "a worker ended; another one starts", {"status": status})
            began = time.monotonic()
            status, has_served = await self._life()
            if has_served and time.monotonic() - began >= _LONG_LIFE:
                pause = _FIRST_PAUSE
            else:
                await self._wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _life(self, *, counts: bool = False) -> tuple[int, bool]:
        """Run one process; its exit status, and whether it served."""
        process = await worker_process.start(self._listening, self._ledger)
        self._introduce(process)
        self._living.add(process)
        watching = [asyncio.create_task(self._end(process))]
        if counts:
            watching.append(asyncio.create_task(self._count(process)))
        try:
            return await process.run(), process.serving.is_set()
        finally:
            self._living.discard(process)
            for one in watching:
                one.cancel()

    def _introduce(self, process: WorkerProcess) -> None:
        process.tell(
            "start",
            {
                "configuration": configuration_message(self._active),
                "certificate": certificate_message(self._pems),
                "finish": self._manner.finish,
                "shadow": self._manner.shadow,
                "levels": logs.levels_text(),
            },
        )
        process.tell("refused", self._refused)
        if self._is_draining:
            process.tell("draining")

    async def _count(self, process: WorkerProcess) -> None:
        await process.serving.wait()
        self._have_served += 1
        if self._have_served == self._manner.processes:
            self.accepting.set()

    async def _end(self, process: WorkerProcess) -> None:
        """Once all are to stop, see that ``process`` does."""
        await self._stopping.wait()
        process.tell("stop")
        await asyncio.sleep(self._manner.finish + _GRACE)
        logs.say(_log, logging.ERROR, "a worker does not stop; it is killed", {"pid": process.pid})
        process.kill()

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    def stop(self) -> None:
        """Have every worker finish what has begun, and end."""
        self._stopping.set()

    def abort(self) -> None:
        """Drop every connection, and end every worker."""
        self._stopping.set()
        self._tell("abort")

    async def configured(self, active: Active) -> None:
        """Use ``active`` in every worker."""
        self._active = active
        await self._have("configuration", configuration_message(active), "configured")

    async def certified(self, pems: Pems) -> None:
        """Use ``pems`` in every worker."""
        self._pems = pems
        await self._have("certificate", certificate_message(pems), "certified")

    def refused(self, refusal: Refusal | None) -> None:
        """Show in every worker's ``/ready`` what was refused."""
        self._refused = refusal
        self._tell("refused", refusal)

    def levelled(self, levels: str) -> None:
        """Log at other levels in every worker."""
        self._tell("levels", levels)

    def draining(self) -> None:
        """Fail every worker's readiness, and send its clients away."""
        self._is_draining = True
        self._tell("draining")

    def _tell(self, kind: str, value: Any = None) -> None:
        for one in self._living:
            one.tell(kind, value)

    async def _have(self, kind: str, value: Any, answer: str) -> None:
        await asyncio.gather(*(one.have(kind, value, answer) for one in self._living))
