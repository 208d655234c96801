"""The monitoring port: metrics, and the probes again for kubelets without a client certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.server import http
from pillion.server.metrics import CONTENT_TYPE

if TYPE_CHECKING:
    from pillion.server.metrics import Metrics
    from pillion.server.state import State


class Monitoring:
    """The application of the monitoring port."""

    def __init__(self, state: State, metrics: Metrics) -> None:
        self._state = state
        self._metrics = metrics

    async def __call__(self, scope: http.Scope, _: http.Receive, send: http.Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        if path == "/metrics":
            if await http.allow(scope, send, "GET", "HEAD"):
                await http.reply(send, 200, self._metrics.text(), CONTENT_TYPE)
        elif not await self._state.answer_probe(path, scope, send):
            await http.reply_text(send, 404, "404 page not found")
