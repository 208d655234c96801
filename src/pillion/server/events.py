"""Kubernetes Events about what the server does: where people look who know nothing of the server.

They are written off a request's path, by one task, and only so many of them: one that says what an
earlier one said counts that one up, as client-go's recorder does, and beyond a rate they are left
out and counted.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import time
import uuid
from collections import OrderedDict
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pillion.cluster.errors import ClusterError, ForbiddenError, NotFoundError
from pillion.cluster.resources import EVENTS
from pillion.server import logs
from pillion.server.decisions import Result
from pillion.server.state import moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.cluster.protocol import Cluster, Object
    from pillion.server.decisions import Decision
    from pillion.server.metrics import Metrics

_log = logs.logger("events")
_WARNING, _NORMAL = "Warning", "Normal"
_COMPONENT = "pillion"
_LONGEST_MESSAGE = 1024
"""The most bytes that an API server takes."""

_LONGEST_NAME = 253
_RANDOM = 16
_LABEL = re.compile("[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")

_WAITING = 1000
_REMEMBERED = 4096
_ALIKE_FOR = 600.0
"""An Event is counted up for so many seconds, and then written anew."""


class About(NamedTuple):
    """The object that an Event is about; ``namespace`` is empty for one of the whole cluster."""

    api_version: str
    kind: str
    name: str
    namespace: str = ""
    uid: str = ""

    def reference(self) -> dict[str, str]:
        """The ``involvedObject``."""
        fields = {
            "apiVersion": self.api_version,
            "kind": self.kind,
            "name": self.name,
            "namespace": self.namespace,
            "uid": self.uid,
        }
        return {name: value for name, value in fields.items() if value}


class Event(NamedTuple):
    """What is to be told; ``namespace`` is where the Event stands."""

    about: About
    type: str
    reason: str
    message: str
    namespace: str


class Rate(NamedTuple):
    """So many Events at once, and so many a second in the long run."""

    burst: int = 50
    per_second: float = 1.0


USUAL_RATE = Rate()


class Wanted(StrEnum):
    """The decisions that Events are wanted about."""

    NONE = "none"
    FAILURES = "failures"
    ALL = "all"


class Written(NamedTuple):
    """An Event that was written: its name, how often it was told, and when it began, by clock."""

    name: str
    times: int
    began: float


def of_decision(decision: Decision, *, skips: bool) -> Event | None:
    """The Event about a failed pod, and with ``skips`` about one that was left alone; or None.

    A dry run has no Events, nor has a pod that was injected. Nor has one that was only judged, in
    shadow: what an Event would say has not happened to it.
    """
    if (
        decision.dry_run
        or decision.shadow
        or decision.result is Result.INJECTED
        or not decision.namespace
    ):
        return None
    if decision.result is Result.SKIPPED and not skips:
        return None
    about = _about(decision)
    if decision.result is Result.FAILED:
        return Event(about, _WARNING, "InjectionFailed", decision.message, decision.namespace)
    message = f"no sidecar was injected: {decision.reason.text} ({decision.rule})"
    return Event(about, _NORMAL, "InjectionSkipped", message, decision.namespace)


def _about(decision: Decision) -> About:
    if decision.controller is not None:
        api_version, kind, name, uid = decision.controller
        return About(api_version, kind, name, decision.namespace, uid)
    return About("v1", "Pod", decision.pod or "unknown", decision.namespace)


class Events:
    """Writes Events while :meth:`run` runs.

    ``wanted`` are the decisions to tell of. ``forbidden`` tells whether the
    webhook's registration leaves no room for those about pods: it may promise no side effects.
    """

    def __init__(  # noqa: PLR0913 - whom to tell, of what, and how much
        self,
        cluster: Cluster,
        metrics: Metrics,
        wanted: Wanted = Wanted.FAILURES,
        *,
        forbidden: Callable[[], bool] = lambda: False,
        rate: Rate = USUAL_RATE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cluster = cluster
        self._metrics = metrics
        self._wanted = wanted
        self._forbidden = forbidden
        self._rate = rate
        self._clock = clock
        self._left = float(rate.burst)
        self._counted_at = clock()
        self._waiting: asyncio.Queue[Event] = asyncio.Queue(_WAITING)
        self._written: OrderedDict[Event, Written] = OrderedDict()
        self._failing: type[ClusterError] | None = None

    def decided(self, decision: Decision) -> None:
        """Tell of a decision, where it is one to tell of."""
        if self._wanted is Wanted.NONE:
            return
        event = of_decision(decision, skips=self._wanted is Wanted.ALL)
        if event is not None and not self._forbidden():
            self.tell(event)

    def tell(self, event: Event) -> None:
        """Have an Event written soon; where too many wait it is left out."""
        try:
            self._waiting.put_nowait(event._replace(message=_cut(event.message)))
        except asyncio.QueueFull:
            self._metrics.events.labels("left out").inc()

    async def run(self) -> None:
        """Write what is told until cancelled."""
        while True:
            event = await self._waiting.get()
            if not self._may_write():
                self._metrics.events.labels("left out").inc()
                continue
            try:
                await self._write(event)
            except ClusterError as error:
                self._failed(error)
            else:
                self._metrics.events.labels("written").inc()
                self._failing = None

    def _may_write(self) -> bool:
        now = self._clock()
        passed, self._counted_at = now - self._counted_at, now
        self._left = min(self._rate.burst, self._left + passed * self._rate.per_second)
        if self._left < 1:
            return False
        self._left -= 1
        return True

    async def _write(self, event: Event) -> None:
        now = self._clock()
        before = self._written.get(event)
        if before is not None and now - before.began < _ALIKE_FOR:
            counted = before._replace(times=before.times + 1)
            try:
                await self._cluster.patch(EVENTS, counted.name, _again(counted), event.namespace)
            except NotFoundError:
                counted = await self._create(event, now)
        else:
            counted = await self._create(event, now)
        self._written[event] = counted
        self._written.move_to_end(event)
        if len(self._written) > _REMEMBERED:
            self._written.popitem(last=False)

    async def _create(self, event: Event, now: float) -> Written:
        made = _object(event)
        await self._cluster.create(EVENTS, made)
        return Written(made["metadata"]["name"], 1, now)

    def _failed(self, error: ClusterError) -> None:
        self._metrics.events.labels("failed").inc()
        if type(error) is not self._failing:  # once, and not for each of them
            self._failing = type(error)
            level = logging.WARNING if isinstance(error, ForbiddenError) else logging.ERROR
            logs.say(_log, level, "Events cannot be written", {"error": str(error)})


def _object(event: Event) -> Object:
    now = moment(time.time())
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": _object_name(event.about.name), "namespace": event.namespace},
        "involvedObject": event.about.reference(),
        "type": event.type,
        "reason": event.reason,
        "message": event.message,
        "source": {"component": _COMPONENT},
        "reportingComponent": _COMPONENT,
        "reportingInstance": socket.gethostname(),
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
    }


def _object_name(about: str) -> str:
    """A name of its own for an Event about ``about``.

    Nobody has looked yet at the name of a pod that is admitted; it may be the beginning of one,
    such as ``web-``. Of what would make no name of an object only the parts that do are left.
    """
    kept = _LONGEST_NAME - 1 - _RANDOM
    labels = _LABEL.findall(about.lower()[:kept])
    return ".".join([*labels, uuid.uuid4().hex[:_RANDOM]])


def _cut(message: str) -> str:
    """As much of ``message`` as an API server takes."""
    return message.encode()[:_LONGEST_MESSAGE].decode(errors="ignore")


def _again(written: Written) -> list[Object]:
    return [
        {"op": "replace", "path": "/count", "value": written.times},
        {"op": "replace", "path": "/lastTimestamp", "value": moment(time.time())},
    ]
