"""What became of every request, in one place: metrics, log, recent decisions, Events."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pillion.server import logs
from pillion.server.decisions import Decisions, Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.server.decisions import Decision
    from pillion.server.metrics import Metrics

_log = logs.logger("admission")


class Ledger:
    """Keeps the books of all requests, whichever process answered them.

    Implements :class:`pillion.server.recorder.Recorder`. ``listeners`` are told of each decision.
    """

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self.decisions = Decisions()
        self.listeners: list[Callable[[Decision], None]] = []

    def began(self) -> None:
        """Count a request."""
        self.metrics.requests.inc()
        self.metrics.under_way.inc()

    def answered(self, decision: Decision) -> None:
        """Count, remember and log a decision."""
        self.metrics.under_way.dec()
        self.metrics.answered(decision)
        self.decisions.add(decision)
        for one in self.listeners:
            one(decision)
        level = logging.ERROR if decision.result is Result.FAILED else logging.INFO
        if _log.isEnabledFor(level):
            fields = decision.shown()
            logs.say(_log, level, fields.pop("result"), fields)

    def failed(self, status: int, message: str) -> None:
        """Count and log a request that was no review."""
        self.metrics.under_way.dec()
        self.metrics.failed(status)
        logs.say(_log, logging.WARNING, message, {"status": status})

    def lost(self, count: int) -> None:
        """Count requests whose process ended before their answer."""
        for _ in range(count):
            self.failed(_LOST, "the process that was answering ended")


_LOST = 502
