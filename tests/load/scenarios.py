"""What is done to a server under load, and what came of it."""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import time
from typing import TYPE_CHECKING, NamedTuple, Self

import trustme

from e2e.processes import wait_until
from e2e.webhook_server import CURRENT, Injector
from load import hostile
from load.client import Load, Truth
from load.hostile import Target
from load.processes import children, memory, peers
from load.questions import EDITED, PLAIN, engines, questions, texts

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType

_FEW = 100
DAY = 86400.0
_HEALTH_SECONDS = 0.1
_FULL = "/dev/full"
_NO_SPACE = "the health file cannot be written: No space left on device"
_PERCENTS = (50, 99, 99.9)


class Figures(NamedTuple):
    """One scenario in numbers; ``notes`` are its own."""

    name: str
    rate: float
    latencies: tuple[float, ...]
    memory: tuple[float, float]
    wrong: list[str]
    dropped: list[str]
    notes: str

    def __str__(self) -> str:
        latencies = "  ".join(
            f"p{percent:g} {seconds * 1000:.1f} ms"
            for percent, seconds in zip(_PERCENTS, self.latencies, strict=True)
        )
        before, after = self.memory
        return (
            f"{self.name:14} {self.rate:5.0f} requests/s  {latencies}"
            f"  memory {before:.1f} MiB, then {after:.1f} MiB"
            f"  wrong {len(self.wrong)}  dropped {len(self.dropped)}  {self.notes}"
        ).rstrip()


class Stage:
    """A server with what its clients know: whom they trust, and what it is to answer."""

    def __init__(self, folder: Path, *arguments: str, connections: int = 50) -> None:
        self.connections = connections
        self._several = any(one.startswith("--workers=") for one in arguments)
        self.health = folder / "health"
        self.server = Injector(
            "under load",
            folder,
            CURRENT,
            f"--healthCheckFile={self.health}",
            f"--healthCheckInterval={_HEALTH_SECONDS}s",
            *arguments,
        )
        self._texts, self.engines = texts(CURRENT), engines(CURRENT)
        self.questions = questions(self.engines)
        self.trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.trust.load_verify_locations(self.server.authority)
        self.answers = Truth(PLAIN, several=self._several)
        self.certificate = Truth(self._certificate(), several=self._several)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.server.stop()

    @property
    def target(self) -> Target:
        """Where the server is."""
        return Target((self.server.address, self.server.port), self.trust)

    @property
    def memory(self) -> float:
        """What the server's processes have, in MiB."""
        return memory(self.server.pid)

    def load(self, turns: int = 0) -> Load:
        """Connections that ask; each is opened anew after ``turns`` requests, unless that is 0."""
        return Load(
            self.target.address,
            self.trust,
            self.questions,
            self.answers,
            certificate=self.certificate,
            connections=self.connections,
            turns=turns,
        )

    def configure(self, name: str) -> None:
        """Swap the mount for the configuration ``name``, and expect its answers."""
        self.answers.change(name)
        self.server.inject.write(self._texts[name])

    def rotate(self) -> None:
        """Swap the mount for a certificate of a new authority, and expect it."""
        signer = trustme.CA()
        signer.configure_trust(self.trust)
        self.server.rotate(signer)
        self.certificate.change(self._certificate())

    def _certificate(self) -> str:
        return ssl.PEM_cert_to_DER_cert(self.server.tls.read("tls.crt")).hex()


class _Watch:
    """Takes the figures of a load from its beginning to its end."""

    def __init__(self, name: str, stage: Stage, load: Load) -> None:
        self._name, self._stage, self._load = name, stage, load
        self.before = stage.memory

    def figures(self, notes: str = "", wrong: list[str] | None = None) -> Figures:
        load = self._load
        return Figures(
            self._name,
            load.rate,
            tuple(load.latency(percent) for percent in _PERCENTS),
            (self.before, self._stage.memory),
            [*load.wrong, *(wrong or [])],
            [f"{one.why} after {one.seconds:.1f} s" for one in load.dropped],
            notes,
        )


def steady(stage: Stage, enough: Callable[[Load], None], warm_up: int = 0) -> Figures:
    """Ask until ``enough``; memory is that after the first requests and that at the end."""
    with stage.load() as load:
        load.until_answered(max(warm_up, _FEW), patience=DAY)
        watch = _Watch("steady", stage, load)
        enough(load)
    return watch.figures(f"answered {load.answered}")


def reloads(stage: Stage, times: int, every: float = 0) -> Figures:
    """Swap the configuration so many times, not more often than ``every`` so many seconds."""
    with stage.load() as load:
        watch, began = _Watch("reloads", stage, load), time.monotonic()
        for number in range(times):
            stage.configure(PLAIN if number % 2 else EDITED)
            wait_until(lambda: stage.answers.seen, "the new configuration", 60, stage.server)
            _rest(began, (number + 1) * every)
        took = time.monotonic() - began
        if times % 2:
            stage.configure(PLAIN)
            wait_until(lambda: stage.answers.seen, "the old configuration", 60, stage.server)
        load.until_answered(_FEW)
    counted = ", ".join(f"{name} {load.seen[name]}" for name in (PLAIN, EDITED))
    return watch.figures(f"{times} reloads in {took:.1f} s; {counted}")


def rotations(stage: Stage, times: int, every: float = 0) -> Figures:
    """Use a certificate of a new authority so many times; new connections come all the time."""
    with stage.load(turns=20) as load:
        watch, began, slowest = _Watch("rotations", stage, load), time.monotonic(), 0.0
        for number in range(times):
            swapped = time.monotonic()
            stage.rotate()
            wait_until(lambda: stage.certificate.seen, "the new certificate", 60, stage.server)
            slowest = max(slowest, time.monotonic() - swapped)
            _rest(began, (number + 1) * every)
        load.until_answered(_FEW)
    return watch.figures(f"{times} certificates, each seen within {slowest:.1f} s")


def full_disk(stage: Stage) -> Figures:
    """Have no room for the health file for a while.

    The file is made a link to the device on which every write fails as on a full disk. The server
    is to say so, to answer on, and to write the file once there is room again.
    """
    health, said = stage.health, stage.server.log.stat().st_size
    with stage.load() as load:
        watch = _Watch("full disk", stage, load)
        wait_until(health.is_file, "the health file", process=stage.server)
        link = health.with_name("link")
        link.symlink_to(_FULL)
        link.replace(health)
        wait_until(
            lambda: _NO_SPACE in _log_since(stage.server, said),
            "a word about the full disk",
            process=stage.server,
        )
        load.until_answered(_FEW)
        health.unlink()
        wait_until(lambda: _is_written(health), "the health file again", process=stage.server)
        load.until_answered(_FEW)
    told = _log_since(stage.server, said).count(_NO_SPACE)
    return watch.figures(f"told {told} times")


def hostile_clients(stage: Stage, each: int, count: int, seed: int = 1) -> Figures:
    """Every attack ``each`` times, all at once, and ``count`` random bodies beside them."""
    with stage.load() as load:
        load.until_answered(stage.connections)
        watch = _Watch("hostile", stage, load)
        random_bodies = hostile.bodies(count, seed)
        ends, wrong = asyncio.run(_hostile(stage, each, random_bodies))
        load.until_answered(_FEW)
    wrong += [
        f"{name}: {one}" for name, found in ends.items() for one in found if one == hostile.HELD
    ]
    told = "; ".join(f"{name} {_counts(found)}" for name, found in ends.items())
    return watch.figures(f"{count} bodies; {told}", wrong)


async def _hostile(
    stage: Stage, each: int, bodies: Iterator[bytes]
) -> tuple[dict[str, Counter[str]], list[str]]:
    connections = await hostile.connect(stage.target)
    return await asyncio.gather(
        hostile.attack(stage.target, each),
        hostile.answers_differ(connections, stage.engines[PLAIN], bodies),
    )


def killed_workers(stage: Stage, times: int) -> Figures:
    """Kill one of the server's workers so many times, each at once as the kernel does.

    The connections of the killed process may break, with the one request that each has under way;
    no other may, and another process must take its place.
    """
    server = stage.server
    with stage.load(turns=20) as load:
        watch, slowest = _Watch("killed workers", stage, load), 0.0
        load.until_answered(_FEW)
        for _ in range(times):
            before = _serving(server)
            assert before, "the server has no workers"
            victim = min(before)
            os.kill(victim, signal.SIGSTOP)  # whose connections are whose must not change now
            load.forgive(peers(victim, server.port))
            killed = time.monotonic()
            os.kill(victim, signal.SIGKILL)
            wait_until(
                lambda before=before: _serving(server) - before,  # type: ignore[misc]  # a default cannot be typed
                "a new worker that serves",
                60,
                server,
            )
            slowest = max(slowest, time.monotonic() - killed)
            load.until_answered(_FEW)
    return watch.figures(
        f"{times} killed, {len(load.lost)} requests lost with them, replaced within {slowest:.1f} s"
    )


def _serving(server: Injector) -> set[int]:
    """The workers that hold connections."""
    found = set()
    for pid in children(server.pid):
        try:
            if peers(pid, server.port):
                found.add(pid)
        except OSError:
            continue  # it ended meanwhile
    return found


def _counts(found: Counter[str]) -> str:
    return "/".join(f"{end} {count}" for end, count in sorted(found.items()))


def _rest(began: float, until: float) -> None:
    time.sleep(max(0.0, began + until - time.monotonic()))


def _log_since(server: Injector, offset: int) -> str:
    with server.log.open("rb") as file:
        file.seek(offset)
        return file.read().decode("utf-8", "replace")


def _is_written(health: Path) -> bool:
    return health.is_file() and not health.is_symlink() and health.read_bytes() == b"ok"
