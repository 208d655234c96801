"""What the applications of the three ports share."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pillion.server import http, logs
from pillion.server.certificate import Certificates
from pillion.server.configuration import Configuration, Refusal
from pillion.server.decisions import Decisions
from pillion.server.errors import CertificateError
from pillion.server.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.server.configuration import Loaded
    from pillion.server.settings import Settings

_CLOSE = {"connection": "close"}
_configuration_log = logs.logger("configuration")
_certificate_log = logs.logger("certificate")


class State:
    """One server's configuration, certificate, metrics and decisions, and whether it is stopping.

    Raises:
        PillionError: When the configuration or the certificate cannot be used.
    """

    def __init__(self, settings: Settings, load: Callable[[], Loaded]) -> None:
        self.settings = settings
        self.shadow = settings.shadow
        self.configuration = Configuration(load)
        self.certificates = Certificates(settings.certificate)
        self.metrics = Metrics(settings.revision)
        self.decisions = Decisions()
        self.draining = False
        self._reloading = asyncio.Lock()
        active = self.configuration.active
        self.metrics.configured(active, active)
        self.metrics.certified(self.certificates.certificate, accepted=True)
        self._warn_of_certificate()

    async def reload_configuration(self) -> bool:
        """Load the configuration anew; tell whether it is taken.

        It happens in a thread: templates take long to compile.
        """
        async with self._reloading:
            before = self.configuration.active
            outcome = await asyncio.to_thread(self.configuration.reload)
            active = self.configuration.active
        self.metrics.configured(outcome, active)
        if isinstance(outcome, Refusal):
            message = "the new configuration is refused, the old one stays"
            fields = {"error": outcome.message, "active": active.sha256}
            logs.say(_configuration_log, logging.ERROR, message, fields)
        elif active is not before:
            fields = {"sha256": active.sha256, "before": before.sha256}
            logs.say(_configuration_log, logging.INFO, "a new configuration is active", fields)
        return outcome is active

    async def reload_certificate(self) -> bool:
        """Load the certificate anew; tell whether it is taken.

        Connections that are open keep the old one.
        """
        accepted, changed, problem = True, False, ""
        try:
            changed = self.certificates.reload()
        except CertificateError as error:
            accepted, problem = False, str(error)
        found = self.certificates.certificate
        self.metrics.certified(found, accepted=accepted)
        if not accepted:
            message = "the new certificate is refused, the old one stays"
            logs.say(_certificate_log, logging.ERROR, message, {"error": problem})
        elif changed:
            fields = {"subject": found.subject, "until": moment(found.not_after)}
            logs.say(_certificate_log, logging.INFO, "a new certificate is active", fields)
            self._warn_of_certificate()
        return accepted

    def _warn_of_certificate(self) -> None:
        found, now = self.certificates.certificate, time.time()
        if not found.not_before <= now <= found.not_after:
            fields = {"from": moment(found.not_before), "until": moment(found.not_after)}
            message = "the certificate is not valid now: the API server will refuse it"
            logs.say(_certificate_log, logging.WARNING, message, fields)

    def farewell(self) -> dict[str, str]:
        """The headers that send clients to another replica while this one stops."""
        return _CLOSE if self.draining else http.NO_HEADERS

    async def answer_probe(self, path: str, scope: http.Scope, send: http.Send) -> bool:
        """Answer ``/ready`` and ``/live``; tell whether ``path`` was one of them."""
        if path not in {"/ready", "/live"}:
            return False
        if await http.allow(scope, send, "GET", "HEAD"):
            if path == "/live":
                await http.reply_text(send, 200, "ok")
            else:
                await http.reply_json(send, 503 if self.draining else 200, self.readiness())
        return True

    def readiness(self) -> dict[str, Any]:
        """What ``/ready`` shows."""
        active, refused = self.configuration.active, self.configuration.refused
        found: dict[str, Any] = {"ready": not self.draining}
        found["configuration"] = {"sha256": active.sha256, "since": moment(active.since)}
        if refused is not None:
            told = {"error": refused.message, "since": moment(refused.since)}
            found["configuration"]["refused"] = told
        if self.draining:
            found["reason"] = "the server is stopping"
        return found


def moment(seconds: float) -> str:
    """A time in seconds since 1970 as people write it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
