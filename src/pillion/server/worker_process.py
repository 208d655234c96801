"""One worker process as the server sees it: its messages, its reports, its end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from typing import TYPE_CHECKING, Any

from pillion.injection.reasons import Reason
from pillion.server import logs
from pillion.server.channel import open_channel
from pillion.server.decisions import Decision, Result

if TYPE_CHECKING:
    from pillion.server.channel import Channel
    from pillion.server.ledger import Ledger

MODULE = "pillion.server.worker"
"""What a worker process runs."""

_PATIENCE = 30.0
"""Seconds for a worker to do as it was told before it is taken for dead."""


class WorkerProcess:
    """A process that :func:`start` made; what it reports goes to ``ledger``."""

    def __init__(
        self, process: asyncio.subprocess.Process, channel: Channel, ledger: Ledger
    ) -> None:
        self._process = process
        self._channel = channel
        self._ledger = ledger
        self._under_way = 0
        self._obeyed = {kind: asyncio.Semaphore(0) for kind in ("configured", "certified")}
        self.serving = asyncio.Event()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def tell(self, kind: str, value: Any = None) -> None:
        """Send it a message."""
        self._channel.send(kind, value)

    async def have(self, kind: str, value: Any, answer: str) -> None:
        """Send it a message and wait for its answer; a process that gives none is killed."""
        self.tell(kind, value)
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._obeyed[answer].acquire()
        except TimeoutError:
            self.kill()

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def run(self) -> int:
        """Take its reports until it ends; its exit status. It does not outlive this call."""
        try:
            while message := await self._channel.receive():
                self._hear(*message)
            return await self._process.wait()
        finally:
            self.kill()
            await self._channel.close()
            await self._process.wait()
            self._ledger.lost(self._under_way)
            for one in self._obeyed.values():
                one.release()  # nobody need wait for it any more

    def _hear(self, kind: str, value: Any) -> None:
        match kind:
            case "began":
                self._under_way += 1
                self._ledger.began()
            case "answered":
                self._under_way -= 1
                self._ledger.answered(_decision(value))
            case "failed":
                self._under_way -= 1
                self._ledger.failed(*value)
            case "log":
                logs.write(value)
            case "serving":
                self.serving.set()
            case _:
                self._obeyed[kind].release()


def _decision(fields: list[Any]) -> Decision:
    result, reason, *rest = fields
    return Decision(Result(result), Reason(reason), *rest)


async def start(listening: socket.socket, ledger: Ledger) -> WorkerProcess:
    """Start a process that will answer on ``listening`` once it is told ``start``."""
    ours, theirs = socket.socketpair()
    with theirs:
        numbers = (theirs.fileno(), listening.fileno())
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # the current folder is no place to import from
            "-m",
            MODULE,
            *map(str, numbers),
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=numbers,
        )
    return WorkerProcess(process, await open_channel(ours), ledger)
