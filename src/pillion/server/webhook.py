"""The HTTPS port: ``/inject`` for the API server, ``/ready`` and ``/live`` for the kubelet.

Pods are injected on the event loop itself. A review is a millisecond of Python, which holds the
interpreter's lock in whatever thread it runs; handing it over and back would only add to it. A
review that is much larger than a pod should be goes to a thread, so that the others are answered
meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pillion.injection import admission
from pillion.injection.generation import Generation
from pillion.server import http, logs
from pillion.server.decisions import decision_of

if TYPE_CHECKING:
    from pillion.injection.admission import Answer
    from pillion.server.configuration import Active
    from pillion.server.state import State

BODY_SECONDS = 10.0
"""The longest time a body may take; the API server itself gives up after 10 seconds by default."""

_LARGE = 128 * 1024
_CLIENT_IS_GONE, _UNEXPECTED = 499, 500
_log = logs.logger("admission")


class Webhook:
    """The application of the HTTPS port."""

    body_seconds = BODY_SECONDS

    def __init__(self, state: State) -> None:
        self._state = state
        self._large = ThreadPoolExecutor(1, thread_name_prefix="large-reviews")

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        if path == "/inject" or path.startswith("/inject/"):
            if await http.allow(scope, send, "POST"):
                await self._inject(scope, receive, send)
        elif not await self._state.answer_probe(path, scope, send):
            await http.reply_text(send, 404, "404 page not found")

    async def _inject(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        recorder = self._state.recorder
        recorder.began()
        try:
            body = await http.body_of(
                scope, receive, limit=admission.LARGEST_BODY, seconds=self.body_seconds
            )
            await self._answer(scope, body, send)
        except http.RequestError as error:
            await self._refuse(error, send)
        except http.DisconnectedError:
            recorder.failed(_CLIENT_IS_GONE, "the client went away")
        except asyncio.CancelledError:
            recorder.failed(_CLIENT_IS_GONE, "the request was given up")
            raise
        except Exception:
            recorder.failed(_UNEXPECTED, "the request could not be answered")
            raise  # uvicorn answers 500 and logs it; the API server's failurePolicy decides

    async def _answer(self, scope: http.Scope, body: bytes, send: http.Send) -> None:
        state = self._state
        started, shadow = time.perf_counter(), state.shadow
        answer = await self._answered(state.active, scope, body)
        duration = time.perf_counter() - started
        response = answer.response
        headers = {name.lower(): value for name, value in response.headers.items()}
        kind = headers.pop("content-type")
        headers |= state.farewell()
        await http.reply(send, response.status, response.body, kind, headers)
        decision = decision_of(answer, duration=duration, time=time.time(), shadow=shadow)
        if decision is None:
            text = response.body.decode().strip()
            state.recorder.failed(response.status, f"refused: {text}")
        else:
            state.recorder.answered(decision)
            if _log.isEnabledFor(logging.DEBUG):
                _tell_all(answer)

    async def _answered(self, active: Active, scope: http.Scope, body: bytes) -> Answer:
        path = scope["raw_path"].decode("latin-1")
        headers = {"content-type": http.header(scope, b"content-type")}
        shadow = self._state.shadow

        def answered() -> Answer:
            return admission.answer(active.injector, path, headers, body, shadow=shadow)

        if len(body) <= _LARGE:
            return answered()
        return await asyncio.get_running_loop().run_in_executor(self._large, answered)

    async def _refuse(self, error: http.RequestError, send: http.Send) -> None:
        """Answer what HTTP refuses, and close: the rest of the body is not worth reading."""
        status = error.status
        current = self._state.active.injector.config.generation is Generation.CURRENT
        if status == 413 and current:  # noqa: PLR2004 - Istio answers 400, and 1.1 knew no limit
            status = 400
        self._state.recorder.failed(status, f"refused: {error.message}")
        await http.reply_text(send, status, error.message, {"connection": "close"})


def _tell_all(answer: Answer) -> None:
    """Log every rule with what it saw, and the patch."""
    review, request = answer.review, answer.request
    if review is None or review.decision is None or request is None:
        return
    rules = "; ".join(
        f"{step.rule} {step.value!r}: {step.verdict.value}" for step in review.decision.trace
    )
    fields: dict[str, object] = {"uid": request.uid, "rules": rules}
    if review.patch is not None:
        fields["patch"] = json.dumps(review.patch)
    logs.say(_log, logging.DEBUG, "the rules and the patch", fields)
