"""Connections that ask without a pause, and look at every answer.

They run in a thread of their own, so that what disturbs the server is a plain function beside them.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import socket
import threading
import time
from array import array
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, Self

import uvloop

from e2e.processes import wait_until

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence
    from types import TracebackType

    from load.questions import Question

PATIENCE = 10.0
"""Seconds after which a request counts as dropped, as for the API server."""

_PAUSE = 0.02
_KEPT = 20


class Drop(NamedTuple):
    """A request without an answer, or a connection that was not to be had.

    ``seconds`` is how long after the load's beginning.
    """

    port: int
    why: str
    seconds: float


class Truth:
    """What the server may show while one thing takes the place of another.

    Both may be seen until the new one was seen for the first time. What began after that must show
    the new one, unless there are several processes, each of which notices in its own time.
    """

    def __init__(self, value: str, *, several: bool = False) -> None:
        self._several = several
        self._lock = threading.Lock()
        self._old = self._new = value
        self._seen = -math.inf

    def change(self, value: str) -> None:
        """Expect ``value`` from now on."""
        with self._lock:
            assert self._seen < math.inf, f"{self._new} was never seen"
            self._old, self._new, self._seen = self._new, value, math.inf

    @property
    def seen(self) -> bool:
        """Whether what is expected was seen."""
        return self._seen < math.inf

    def allows(self, value: str, since: float) -> bool:
        """Tell whether what began at ``since`` may show ``value``."""
        with self._lock:
            if value == self._new:
                self._seen = min(self._seen, time.monotonic())
                return True
            return value == self._old and (self._several or since <= self._seen)


class Answer(NamedTuple):
    """What the client looks at."""

    status: int
    body: bytes
    closes: bool


class Load:
    """``connections`` that ask from ``with`` to its end.

    A connection is opened anew after ``turns`` requests, if that is not 0. ``certificate`` holds
    the server's certificates to expect, by their DER in hexadecimal.
    """

    def __init__(  # noqa: PLR0913 - each is a fact of its own about the load
        self,
        address: tuple[str, int],
        trust: ssl.SSLContext,
        questions: Sequence[Question],
        answers: Truth,
        *,
        certificate: Truth | None = None,
        connections: int = 50,
        turns: int = 0,
    ) -> None:
        self._address, self._trust, self._questions = address, trust, questions
        self._answers, self._certificate = answers, certificate
        self._connections, self._turns = connections, turns or math.inf
        self._over = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="load")
        self._forgiven: Counter[int] = Counter()
        self._drops: list[Drop] = []
        self._began = self._ended = 0.0
        self.seconds = array("d")
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        self._ended = time.monotonic()
        if self._failure is not None and error is None:
            raise self._failure

    @property
    def answered(self) -> int:
        """How many requests were answered so far."""
        return len(self.seconds)

    @property
    def rate(self) -> float:
        """Answers per second of the whole run."""
        return self.answered / ((self._ended or time.monotonic()) - self._began)

    @property
    def lost(self) -> list[Drop]:
        """What was dropped and forgiven."""
        return [one for one in self._drops if one.port in self._forgiven]

    @property
    def dropped(self) -> list[Drop]:
        """What was dropped and should not have been.

        A connection is forgiven one request: its only one under way.
        """
        left = Counter(self._forgiven)
        return [one for one in self._drops if not _taken(left, one.port)]

    def forgive(self, ports: set[int]) -> None:
        """Allow the connections that come from these ports to break."""
        self._forgiven.update(ports)

    def until_answered(self, more: int, patience: float = 60) -> None:
        """Wait until so many more requests were answered."""
        wanted = self.answered + more
        wait_until(
            lambda: self.answered >= wanted or not self._thread.is_alive(),
            f"{more} more answers; {self.problems()}",
            patience,
        )

    def problems(self) -> str:
        """The first of what went wrong, in words."""
        parts = [f"dropped: {one.why}" for one in self.dropped[:_KEPT]]
        return "; ".join([*self.wrong[:_KEPT], *parts]) or "nothing went wrong"

    def latency(self, percent: float) -> float:
        """What so many percent of the answers took at most, in seconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._all())
        except BaseException as failure:  # noqa: BLE001 - raised where the load is ended
            self._failure = failure

    async def _all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(self._connections):
                group.create_task(self._keep_asking(number))

    async def _keep_asking(self, number: int) -> None:
        start = number * len(self._questions) // self._connections
        turns = itertools.islice(itertools.cycle(self._questions), start, None)
        while not self._over.is_set():
            with socket.socket() as plain:
                plain.setblocking(False)
                try:
                    await self._connect(plain, turns)
                except (OSError, EOFError) as failure:
                    self._drops.append(
                        Drop(_port(plain), repr(failure), time.monotonic() - self._began)
                    )
                    await asyncio.sleep(_PAUSE)

    async def _connect(self, plain: socket.socket, turns: itertools.islice[Question]) -> None:
        """Ask on one connection until it is over."""
        async with asyncio.timeout(PATIENCE):
            connection = await _Connection.open(plain, self._address, self._trust)
        try:
            await self._ask(connection, turns)
        finally:
            await connection.close()

    async def _ask(self, connection: _Connection, turns: itertools.islice[Question]) -> None:
        truth = self._certificate
        if truth is not None and not truth.allows(connection.certificate, connection.opened):
            self.wrong.append("a new connection shows an old certificate")
        asked = 0
        while not self._over.is_set() and asked < self._turns:
            asked += 1
            question = next(turns)
            begin = time.monotonic()
            async with asyncio.timeout(PATIENCE):
                answer = await connection.ask(question.request)
            self.seconds.append(time.monotonic() - begin)
            self._look(question, answer, begin)
            if answer.closes:
                return

    def _look(self, question: Question, answer: Answer, begin: float) -> None:
        names = [name for name, body in question.answers.items() if body == answer.body]
        if answer.status != HTTPStatus.OK or not names:
            self.wrong.append(f"answer {answer.status} {answer.body[:200]!r}")
        elif not any(self._answers.allows(name, begin) for name in names):
            self.wrong.append(f"an answer of the configuration {names[0]}")
        self.seen.update(names)


class _Connection:
    """A TLS connection with one request at a time."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, opened: float
    ) -> None:
        self._reader, self._writer = reader, writer
        self.opened = opened
        self.certificate: str = (
            writer.get_extra_info("ssl_object").getpeercert(binary_form=True).hex()
        )

    @classmethod
    async def open(
        cls, plain: socket.socket, address: tuple[str, int], trust: ssl.SSLContext
    ) -> Self:
        opened = time.monotonic()
        await asyncio.get_running_loop().sock_connect(plain, address)
        reader, writer = await asyncio.open_connection(
            sock=plain.dup(), ssl=trust, server_hostname=address[0]
        )
        return cls(reader, writer, opened)

    async def ask(self, request: bytes) -> Answer:
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        status = int(head.split(b" ", 2)[1])
        body = await self._reader.readexactly(length)
        return Answer(status, body, b"connection: close" in head)

    async def close(self) -> None:
        """Close it in order, unless the server is in no state to."""
        self._writer.close()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._writer.wait_closed()
        except OSError:
            self._writer.transport.abort()  # nothing was asked any more: nothing is lost


def _port(plain: socket.socket) -> int:
    """The port that a connection comes from."""
    port: int = plain.getsockname()[1]
    return port


def _taken(left: Counter[int], port: int) -> bool:
    if left[port] <= 0:
        return False
    left[port] -= 1
    return True
