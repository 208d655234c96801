"""A worker process: it answers the API server, and is told everything else by the server.

It reads no file and asks no cluster. What it answers, and what it would log, it tells the server,
so that metrics, recent decisions and logs are those of all workers. It ends with the server.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

from pillion.server import logs, material
from pillion.server.certificate import Certificates, Pem, Pems
from pillion.server.channel import Channel, open_channel
from pillion.server.configuration import Active, Loaded, Refusal, activated, clear_away
from pillion.server.listener import Listener
from pillion.server.material import MemoryCache
from pillion.server.state import State
from pillion.server.webhook import Webhook

if TYPE_CHECKING:
    from pillion.server.decisions import Decision


class Worker:
    """Answers on ``listening``, as the messages of ``channel`` say; ``start`` is the first."""

    def __init__(self, channel: Channel, listening: socket.socket, start: dict[str, Any]) -> None:
        self._channel = channel
        self._pems = pems_of(start["certificate"])
        self._certificates = Certificates(lambda: self._pems)
        active = active_of(start["configuration"])
        self._state = State(active, _Reports(channel), shadow=start["shadow"])
        self._listener = Listener(
            Webhook(self._state),
            listening,
            finish=start["finish"],
            context=self._certificates.context,
        )

    async def run(self) -> None:
        """Answer until told to stop, or until the server is gone."""
        serving = asyncio.create_task(self._listener.serve())
        obeying = asyncio.create_task(self._obey())
        await asyncio.wait({serving, obeying}, return_when=asyncio.FIRST_COMPLETED)
        self._listener.stop()
        await serving
        if obeying.done():
            obeying.result()  # what could not be obeyed ends the process, and shows why
        obeying.cancel()
        await self._channel.close()

    async def _obey(self) -> None:
        await self._listener.accepting.wait()
        self._channel.send("serving")
        while message := await self._channel.receive():
            kind, value = message
            match kind:
                case "configuration":
                    self._state.active = await asyncio.to_thread(active_of, value)
                    clear_away()
                    self._channel.send("configured", value["sha256"])
                case "certificate":
                    self._pems = pems_of(value)
                    self._certificates.reload()
                    self._channel.send("certified")
                case "refused":
                    self._state.refused = Refusal(*value) if value else None
                case "levels":
                    logs.set_levels(value)
                case "draining":
                    self._state.draining = True
                case "stop":
                    self._listener.stop()
                case "abort":
                    self._listener.abort()
                case unknown:
                    raise AssertionError(unknown)


def configuration_message(active: Active) -> dict[str, Any]:
    """A configuration as workers are told of it."""
    return {
        "material": active.material.dump(),
        "compiled": {key: one.decode("latin-1") for key, one in active.compiled.items()},
        "sha256": active.sha256,
        "since": active.since,
    }


def active_of(message: dict[str, Any]) -> Active:
    """What :func:`configuration_message` told."""
    cache = MemoryCache()
    cache.fill({key: one.encode("latin-1") for key, one in message["compiled"].items()})
    found = material.load(message["material"])
    active = activated(Loaded(found.build(cache), found, cache))
    return active._replace(since=message["since"])


def certificate_message(pems: Pems) -> list[Any]:
    """A certificate as workers are told of it."""
    return [one and (one.text.decode("latin-1"), one.origin) for one in pems]


def pems_of(message: list[Any]) -> Pems:
    """What :func:`certificate_message` told."""
    return Pems(*(one and Pem(one[0].encode("latin-1"), one[1]) for one in message))


class _Reports:
    """Tells the server of every request; implements :class:`pillion.server.recorder.Recorder`."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def began(self) -> None:
        self._channel.send("began")

    def answered(self, decision: Decision) -> None:
        self._channel.send("answered", decision)

    def failed(self, status: int, message: str) -> None:
        self._channel.send("failed", (status, message))


class _Relay(logging.Handler):
    """Hands log records to the server, which writes them."""

    def __init__(self, channel: Channel, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._channel = channel
        self._loop = loop

    def emit(self, record: logging.LogRecord) -> None:
        told = logs.dump(record)
        self._loop.call_soon_threadsafe(self._channel.send, "log", told)


async def _run(channel_number: int, listening_number: int) -> None:
    channel = await open_channel(socket.socket(fileno=channel_number))
    message = await channel.receive()
    if message is None:
        return
    start = message[1]
    logs.send_to(_Relay(channel, asyncio.get_running_loop()), start["levels"])
    worker = Worker(channel, socket.socket(fileno=listening_number), start)
    gc.freeze()  # what was made so far lives as long as the process: no collection looks at it
    await worker.run()


def main() -> None:
    """Be the process; its arguments are the descriptors of the channel and of the port."""
    import uvloop

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # they are for the server, which tells its workers
    channel_number, listening_number = map(int, sys.argv[1:])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(channel_number, listening_number))


if __name__ == "__main__":
    main()
