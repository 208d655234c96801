"""What answering a request needs, in whichever process it happens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pillion.server import http

if TYPE_CHECKING:
    from pillion.server.configuration import Active, Refusal
    from pillion.server.recorder import Recorder

_CLOSE = {"connection": "close"}


class State:
    """The active configuration, what was refused since, and whether the server is stopping.

    In ``shadow`` every pod is allowed unchanged.
    """

    def __init__(self, active: Active, recorder: Recorder, *, shadow: bool = False) -> None:
        self.active = active
        self.refused: Refusal | None = None
        self.recorder = recorder
        self.shadow = shadow
        self.draining = False

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
        found: dict[str, Any] = {"ready": not self.draining}
        found["configuration"] = {"sha256": self.active.sha256, "since": moment(self.active.since)}
        if self.refused is not None:
            told = {"error": self.refused.message, "since": moment(self.refused.since)}
            found["configuration"]["refused"] = told
        if self.draining:
            found["reason"] = "the server is stopping"
        return found


def moment(seconds: float) -> str:
    """A time in seconds since 1970 as people write it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
