"""How a new configuration or certificate takes the place of the old one.

The new one is loaded whole, templates and all, before anything changes. Where that fails the old
one stays, and what was refused is kept for whoever asks.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from pillion.errors import PillionError
from pillion.server import logs
from pillion.server.configuration import Refusal, activated, clear_away
from pillion.server.errors import CertificateError
from pillion.server.state import moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.server.certificate import Certificates
    from pillion.server.configuration import Active, Loaded
    from pillion.server.front import Front
    from pillion.server.metrics import Metrics
    from pillion.server.state import State

_configuration_log = logs.logger("configuration")
_certificate_log = logs.logger("certificate")


class Reloads:
    """Replaces what ``front`` answers with.

    ``refusals`` are told of each configuration or certificate that is not taken: what it is, and
    why.
    """

    def __init__(
        self,
        state: State,
        load: Callable[[], Loaded],
        certificates: Certificates,
        metrics: Metrics,
        front: Front,
    ) -> None:
        self._state = state
        self._load = load
        self._certificates = certificates
        self._metrics = metrics
        self._front = front
        self._under_way = asyncio.Lock()
        self.refusals: list[Callable[[str, str], None]] = []
        metrics.configured(state.active, accepted=True)
        metrics.certified(certificates.certificate, accepted=True)
        self._warn_of_certificate()

    async def configuration(self) -> bool:
        """Load the configuration anew; tell whether it is taken.

        It happens in a thread: templates take long to compile.
        """
        async with self._under_way:
            outcome = await asyncio.to_thread(self._loaded)
            if isinstance(outcome, Refusal):
                self._refuse(outcome)
            else:
                await self._take(outcome)
        return not isinstance(outcome, Refusal)

    def _loaded(self) -> Active | Refusal:
        try:
            return activated(self._load())
        except PillionError as error:
            return Refusal(str(error), time.time())

    def _refuse(self, refusal: Refusal) -> None:
        self._show(refusal)
        active = self._state.active
        self._metrics.configured(active, accepted=False)
        message = "the new configuration is refused, the old one stays"
        fields = {"error": refusal.message, "active": active.sha256}
        logs.say(_configuration_log, logging.ERROR, message, fields)
        self._tell("configuration", refusal.message)

    async def _take(self, found: Active) -> None:
        before = self._state.active.sha256
        if found.sha256 != before:
            await self._front.configured(found)
            self._state.active = found
            clear_away()
            fields = {"sha256": found.sha256, "before": before}
            logs.say(_configuration_log, logging.INFO, "a new configuration is active", fields)
        self._show(None)
        self._metrics.configured(self._state.active, accepted=True)

    def _show(self, refusal: Refusal | None) -> None:
        self._state.refused = refusal
        self._front.refused(refusal)

    def _tell(self, what: str, why: str) -> None:
        for one in self.refusals:
            one(what, why)

    async def certificate(self) -> bool:
        """Load the certificate anew; tell whether it is taken.

        Connections that are open keep the old one.
        """
        try:
            changed = self._certificates.reload()
        except CertificateError as error:
            self._metrics.certified(self._certificates.certificate, accepted=False)
            message = "the new certificate is refused, the old one stays"
            logs.say(_certificate_log, logging.ERROR, message, {"error": str(error)})
            self._tell("certificate", str(error))
            return False
        await self._front.certified(self._certificates.pems)
        found = self._certificates.certificate
        self._metrics.certified(found, accepted=True)
        if changed:
            fields = {"subject": found.subject, "until": moment(found.not_after)}
            logs.say(_certificate_log, logging.INFO, "a new certificate is active", fields)
            self._warn_of_certificate()
        return True

    def _warn_of_certificate(self) -> None:
        found, now = self._certificates.certificate, time.time()
        if not found.not_before <= now <= found.not_after:
            fields = {"from": moment(found.not_before), "until": moment(found.not_after)}
            message = "the certificate is not valid now: the API server will refuse it"
            logs.say(_certificate_log, logging.WARNING, message, fields)
