"""Processes that the tests start, their logs, and waiting without fixed pauses."""

from __future__ import annotations

import secrets
import socket
import subprocess
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_T = TypeVar("_T")
_TAIL = 4000
_PAUSE = 0.05
LOOPBACK = "127.0.0.1"
_PORTS = range(10_000, 30_000)
_ANYWHERE = ("203.0.113.1", 9)


class Process:
    """A process that writes to a log and is ended by its own id."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.log = log
        self._command = command
        self.start()

    def start(self) -> None:
        """Start it, or start it again after its end."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self, patience: float = 15) -> None:
        self._process.terminate()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def tail(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-_TAIL:]


def wait_until(
    look: Callable[[], _T], what: str, seconds: float = 20, process: Process | None = None
) -> _T:
    """The first true answer of ``look``; an assertion that says ``what`` did not come otherwise.

    A ``process`` that ends meanwhile ends the wait with its log.
    """
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if process is not None and not process.running:
            raise AssertionError(f"{process.name} ended before {what}:\n{process.tail()}")
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}; last: {found!r}"
        time.sleep(_PAUSE)
    return found


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on at the moment.

    They are none that outgoing connections are given, so that none of these takes one before the
    process that it is for.
    """
    found: list[int] = []
    while len(found) < count:
        port = _PORTS.start + secrets.randbelow(len(_PORTS))
        if port not in found and _is_free(port):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    try:
        socket.create_server((LOOPBACK, port)).close()
    except OSError:
        return False
    return True


def own_address() -> str:
    """An address of this machine that is not loopback; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect(_ANYWHERE)
        found: str = one.getsockname()[0]
    assert not found.startswith("127."), "this machine has no address but loopback"
    return found
