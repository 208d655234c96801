"""The little of HTTP that the three ports share, over raw ASGI."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

TEXT = "text/plain; charset=utf-8"
JSON = "application/json"
NO_HEADERS: dict[str, str] = {}


class RequestError(Exception):
    """A request that HTTP refuses; ``status`` and ``message`` are the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message


class DisconnectedError(Exception):
    """The client went away; nobody waits for an answer."""


def header(scope: Scope, wanted: bytes) -> str:
    """The value of a header, whose name is in lower case; empty where there is none."""
    for name, value in scope["headers"]:
        if name == wanted:
            return str(value, "latin-1")
    return ""


async def body_of(scope: Scope, receive: Receive, *, limit: int, seconds: float) -> bytes:
    """The body of a request.

    Raises:
        RequestError: When it has more than ``limit`` bytes, of which no more are read, or is not
            here within ``seconds``.
        DisconnectedError: When the client goes away first.
    """
    length = header(scope, b"content-length")
    if length.isdigit() and int(length) > limit:
        raise RequestError(413, f"Request entity too large: limit is {limit}")
    try:
        async with asyncio.timeout(seconds):
            return await _received(receive, limit)
    except TimeoutError as error:
        raise RequestError(408, "the body took too long") from error


async def _received(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        part: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(part)
        if size > limit:
            raise RequestError(413, f"Request entity too large: limit is {limit}")
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def reply(
    send: Send, status: int, body: bytes, kind: str = TEXT, headers: dict[str, str] = NO_HEADERS
) -> None:
    """Answer with ``body``."""
    given = {"content-type": kind, "content-length": str(len(body)), **headers}
    encoded = [(name.encode(), value.encode()) for name, value in given.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})


async def reply_text(
    send: Send, status: int, text: str, headers: dict[str, str] = NO_HEADERS
) -> None:
    """Answer with a line of text."""
    await reply(send, status, f"{text}\n".encode(), headers=headers)


async def reply_json(send: Send, status: int, value: Any) -> None:
    """Answer with ``value``, for people and programs."""
    text = json.dumps(value, indent=2, ensure_ascii=True)
    await reply(send, status, f"{text}\n".encode(), JSON)


async def allow(scope: Scope, send: Send, *methods: str) -> bool:
    """Tell whether the request's method is one of ``methods``; if it is not, answer so."""
    if scope["method"] in methods:
        return True
    await reply_text(send, 405, "method not allowed", {"allow": ", ".join(methods)})
    return False
