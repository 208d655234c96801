"""The server's registration, watched: its ``caBundle`` is kept right while this replica leads."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from pillion.cluster.errors import ClusterError, ConflictError, NotFoundError
from pillion.cluster.resources import WEBHOOK_CONFIGURATIONS
from pillion.server import ca_bundle, logs
from pillion.server.ca_bundle import Quarrels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pillion.cluster.lease import Leadership
    from pillion.cluster.protocol import Cluster, Object
    from pillion.server.ca_bundle import Entry, Own
    from pillion.server.metrics import Metrics

_log = logs.logger("registration")
_RETRY = 5.0
"""Seconds until what failed is tried again."""

_WITHOUT_SIDE_EFFECTS = frozenset({"None", "Unknown"})


class RegistrationKeeper:
    """Writes ``bundle()`` into the server's entries, unless it is None, and tells of quarrels.

    ``contested`` is told of the entry of each quarrel, once, and of who has it otherwise.
    """

    def __init__(  # noqa: PLR0913 - whom to ask, for what, and whom to tell
        self,
        cluster: Cluster,
        own: Own,
        bundle: Callable[[], bytes | None],
        *,
        leadership: Leadership,
        metrics: Metrics,
        contested: Callable[[Entry, str], None],
        quarrels: Quarrels | None = None,
        retry: float = _RETRY,
    ) -> None:
        self._cluster = cluster
        self._own = own
        self._bundle = bundle
        self._leadership = leadership
        self._metrics = metrics
        self._contested = contested
        self._quarrels = quarrels or Quarrels()
        self._retry = retry
        self._objects: dict[str, Object] = {}
        self._given_in: set[tuple[str, str]] = set()
        self._is_known = False
        self._wake = asyncio.Event()

    @property
    def entries(self) -> list[Entry]:
        """The server's entries as they are now."""
        return ca_bundle.entries(self._objects.values(), self._own)

    @property
    def forbids_events(self) -> bool:
        """Whether an entry promises that its webhook has no side effects, such as Events."""
        return any(entry.side_effects in _WITHOUT_SIDE_EFFECTS for entry in self.entries)

    def noticed(self, configurations: Iterable[Object]) -> None:
        """These are the configurations of now.

        A watch may be behind: what an own write brought is newer, and is not forgotten for it.
        """
        found = {one["metadata"]["name"]: one for one in configurations}
        self._objects = {name: _newer(one, self._objects.get(name)) for name, one in found.items()}
        if not self._is_known and not self.entries:
            wanted = self._own.configuration or f"{self._own.service}.{self._own.namespace}"
            fields = {"of": wanted, "configurations": len(self._objects)}
            logs.say(_log, logging.WARNING, "no webhook leads to this server yet", fields)
        self._is_known = True
        self.wake()

    def wake(self) -> None:
        """Look again: the bundle may be another."""
        self._wake.set()

    async def run(self) -> None:
        """Keep the entries right until cancelled."""
        watching = asyncio.create_task(self._wake_with_leadership())
        seconds: float | None = None
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await self._wake.wait()
                self._wake.clear()
                seconds = await self._settle()
        finally:
            watching.cancel()

    async def _wake_with_leadership(self) -> None:
        while True:
            await self._leadership.until(leading=True)
            self.wake()
            await self._leadership.until(leading=False)

    async def _settle(self) -> float | None:
        """Make right what is wrong; the seconds until the next try, or None where none is due."""
        bundle = self._bundle()
        if bundle is None:
            return None
        wrong = [one for one in self.entries if one.bundle != ca_bundle.encoded(bundle)]
        self._forget_quarrels(wrong)
        self._quarrels.forget(asyncio.get_running_loop().time())
        self._metrics.registered(self.entries, wrong)
        if not self._leadership.leading:
            return None
        return min(filter(None, await self._correct_all(wrong, bundle)), default=None)

    async def _correct_all(self, wrong: list[Entry], bundle: bytes) -> list[float]:
        """Write the bundle where nobody quarrels about it; the seconds until other tries are due.

        A configuration is written once, however many of its entries are wrong.
        """
        now, value = asyncio.get_running_loop().time(), ca_bundle.encoded(bundle)
        waits: list[float] = []
        plain: dict[str, list[Entry]] = {}
        for entry in wrong:
            if self._quarrels.given_in(entry, value, now):
                self._give_in(entry)
                waits.append(self._quarrels.until(entry) - now)
            else:
                plain.setdefault(entry.configuration, []).append(entry)
        for name, entries in plain.items():
            waits.append(await self._correct(name, entries, bundle))
        return waits

    def _forget_quarrels(self, wrong: list[Entry]) -> None:
        for key in self._given_in - {one.key for one in wrong}:
            self._given_in.discard(key)
            self._metrics.contested.labels(*key).set(0)

    async def _correct(self, name: str, entries: list[Entry], bundle: bytes) -> float:
        """Write the bundle into ``entries``; the seconds until another try is due, or 0."""
        now, value = asyncio.get_running_loop().time(), ca_bundle.encoded(bundle)
        patch = [step for one in entries for step in ca_bundle.patch(one, bundle)]
        try:
            made = await self._cluster.patch(WEBHOOK_CONFIGURATIONS, name, patch)
        except (ConflictError, NotFoundError):
            return self._retry  # the watch is about to bring what is there instead
        except ClusterError as error:
            self._metrics.bundle_writes.labels("failed").inc()
            fields = {"configuration": name, "error": str(error)}
            logs.say(_log, logging.ERROR, "the caBundle cannot be written", fields)
            return self._retry
        for one in entries:
            self._quarrels.wrote(one, value, now)
        self._objects[name] = made
        self._metrics.bundle_writes.labels("written").inc()
        fields = {"configuration": name, "webhooks": ",".join(one.name for one in entries)}
        logs.say(_log, logging.INFO, "the caBundle was wrong, and is written", fields)
        return 0

    def _give_in(self, entry: Entry) -> None:
        if entry.key in self._given_in:
            return
        self._given_in.add(entry.key)
        self._metrics.contested.labels(*entry.key).set(1)
        other = entry.manager or "somebody"
        message = (
            f"{other} keeps putting another caBundle into {entry.name}: it is left as it is, and "
            "API servers may not trust this server; have one of the two write it"
        )
        fields = {"configuration": entry.configuration, "webhook": entry.name, "manager": other}
        logs.say(_log, logging.ERROR, message, fields)
        self._contested(entry, message)


def _newer(told: Object, known: Object | None) -> Object:
    """The newer of two states of an object; where nobody can tell, what was told now."""
    if known is None:
        return told
    one, other = told["metadata"], known["metadata"]
    versions = one["resourceVersion"], other["resourceVersion"]
    if one.get("uid") != other.get("uid") or not all(map(str.isdecimal, versions)):
        return told
    return known if int(versions[1]) > int(versions[0]) else told
