"""Which of several replicas leads, agreed on by a Lease.

Follows client-go (``tools/leaderelection``). A candidate takes a Lease over when nobody holds it,
or when its record has not changed for as long as the record says it holds. The candidate measures
that by its own clock, from when it saw the record, since the clocks of machines differ.
"""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.cluster.errors import ClusterError, ConflictError, ForbiddenError, NotFoundError
from pillion.cluster.resources import LEASES
from pillion.cluster.trouble import Trouble, jittered

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.cluster.protocol import Cluster, Object
    from pillion.cluster.trouble import Tell

_JITTER = 1.2
"""A candidate waits up to so many times longer than it must; ``JitterFactor`` of client-go."""


class Times(NamedTuple):
    """Seconds: how long a Lease holds, how long its leader tries to renew it, between tries.

    ``unelected`` is between tries while Leases are forbidden.
    """

    duration: float = 15.0
    renew: float = 10.0
    retry: float = 2.0
    unelected: float = 60.0


class Leadership:
    """A candidate for the Lease ``name`` while :meth:`run` runs; no other has its ``identity``.

    ``trouble`` is told when the Lease cannot be had of the cluster, and when it can again. Where
    Leases are forbidden, as Istio 1.1's ClusterRole forbids them, this replica leads without being
    elected, as all others then do; ``unelected`` is told so once. What leaders do must bear that.
    """

    def __init__(  # noqa: PLR0913 - whom to ask, for what, as whom, and whom to tell
        self,
        cluster: Cluster,
        name: str,
        namespace: str,
        identity: str,
        *,
        trouble: Tell,
        unelected: Callable[[ForbiddenError], None],
        times: Times | None = None,
    ) -> None:
        self._cluster = cluster
        self._name = name
        self._namespace = namespace
        self._identity = identity
        self._trouble = Trouble(trouble)
        self._tell_unelected = unelected
        self._told_unelected = False
        self._times = times or Times()
        self._elected = False
        self._unelected = False
        self._allowed = False
        self._forbidden_since: float | None = None
        self._renewed = 0.0
        self._lease: Object | None = None
        self._observed_at = 0.0
        self._events = {True: asyncio.Event(), False: asyncio.Event()}
        self._events[False].set()

    @property
    def leading(self) -> bool:
        """Whether this replica leads now."""
        return self._elected or self._unelected

    async def until(self, *, leading: bool) -> None:
        """Wait until this replica leads, or until it does not."""
        await self._events[leading].wait()

    async def run(self) -> None:
        """Be a candidate, or the leader where it may, until cancelled; then release the Lease."""
        try:
            while True:
                seconds = await self._turn()
                await asyncio.sleep(seconds)
        finally:
            elected = self._elected
            self._become(elected=False)
            if elected:
                await self._release()

    async def _turn(self) -> float:
        """Try to get or to keep the Lease; the seconds until the next try."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        deadline = self._renewed + self._times.renew if self._elected else math.inf
        try:
            async with asyncio.timeout_at(None if deadline == math.inf else deadline):
                held = await self._held()
        except ForbiddenError as error:
            if self._is_forbidden_for_good(began):
                self._lead_unelected(error)
                return jittered(self._times.unelected, 0.1)
            self._trouble.met(error)
        except ConflictError:
            pass  # somebody was quicker, which the next look at the Lease shows
        except ClusterError as error:
            self._trouble.met(error)
        except TimeoutError as error:
            self._trouble.met(self._not_in_time("renewed", self._times.renew, error))
        else:
            self._trouble.over()
            self._allowed, self._forbidden_since = True, None
            self._renewed = began
            self._become(elected=held)
            return self._times.retry if held else jittered(self._times.retry, _JITTER)
        left = deadline - loop.time()
        if left <= 0:
            self._become(elected=False)
        if self._elected:
            return min(self._times.retry, left)
        return jittered(self._times.retry, _JITTER)

    async def _held(self) -> bool:
        """Renew the Lease, or get it if it can be had; whether it is this replica's."""
        if self._elected and self._lease is not None:
            try:
                await self._write(self._lease)
            except (ConflictError, NotFoundError):
                self._lease = None  # it is looked at below, as client-go does
            else:
                return True
        try:
            found = await self._cluster.get(LEASES, self._name, self._namespace)
        except NotFoundError:
            await self._create()
            return True
        self._observe(found)
        if self._is_anothers(found):
            return False
        await self._write(found)
        return True

    def _is_anothers(self, lease: Object) -> bool:
        """Whether another holds the Lease, and may still believe so."""
        spec = _spec(lease)
        seconds = spec.get("leaseDurationSeconds") or self._times.duration
        valid = asyncio.get_running_loop().time() < self._observed_at + seconds
        return valid and spec.get("holderIdentity", "") not in ("", self._identity)

    def _observe(self, lease: Object) -> None:
        if self._lease is None or _spec(lease) != _spec(self._lease):
            self._observed_at = asyncio.get_running_loop().time()
        self._lease = lease

    async def _create(self) -> None:
        metadata = {"name": self._name, "namespace": self._namespace}
        now = _now()
        spec = self._record(now) | {"acquireTime": now, "leaseTransitions": 0}
        self._observe(await self._cluster.create(LEASES, {"metadata": metadata, "spec": spec}))

    async def _write(self, lease: Object) -> None:
        now, spec = _now(), _spec(lease)
        record = self._record(now)
        if spec.get("holderIdentity") != self._identity:
            transitions = spec.get("leaseTransitions", 0) + 1
            record |= {"acquireTime": now, "leaseTransitions": transitions}
        changed = lease | {"spec": spec | record}
        self._observe(await self._cluster.replace(LEASES, changed))

    def _record(self, now: str) -> dict[str, Any]:
        return {
            "holderIdentity": self._identity,
            "leaseDurationSeconds": math.ceil(self._times.duration),
            "renewTime": now,
        }

    async def _release(self) -> None:
        """Let another take the Lease at once, as client-go does with ``ReleaseOnCancel``.

        Who stops does not wait long for it: the Lease runs out anyway.
        """
        if self._lease is None:
            return
        now = _now()
        record = {"holderIdentity": "", "leaseDurationSeconds": 1, "renewTime": now}
        spec = _spec(self._lease) | record | {"acquireTime": now}
        try:
            async with asyncio.timeout(self._times.retry):
                await self._cluster.replace(LEASES, self._lease | {"spec": spec})
        except ClusterError as error:
            self._trouble.met(error)
        except TimeoutError as error:
            self._trouble.met(self._not_in_time("released", self._times.retry, error))

    def _is_forbidden_for_good(self, now: float) -> bool:
        """Whether Leases are forbidden, and not only by an API server that has just started.

        Until such a one knows its roles it forbids what it allowed before.
        """
        if self._forbidden_since is None:
            self._forbidden_since = now
        return not self._allowed or now - self._forbidden_since >= self._times.duration

    def _lead_unelected(self, error: ForbiddenError) -> None:
        if not self._told_unelected:
            self._told_unelected = True
            self._tell_unelected(error)
        self._become(elected=False, unelected=True)

    def _not_in_time(self, done: str, seconds: float, error: TimeoutError) -> ClusterError:
        lease = f"the Lease {self._namespace}/{self._name}"
        problem = ClusterError(f"{lease} is not {done} within {seconds:g} seconds")
        problem.__cause__ = error
        return problem

    def _become(self, *, elected: bool, unelected: bool = False) -> None:
        self._elected, self._unelected = elected, unelected
        self._events[self.leading].set()
        self._events[not self.leading].clear()


def _spec(lease: Object) -> dict[str, Any]:
    return lease.get("spec") or {}


def _now() -> str:
    """The time as Kubernetes' MicroTime; people read it, no candidate does."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
