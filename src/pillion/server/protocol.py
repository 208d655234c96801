"""uvicorn's HTTP protocol with limits: on the time and the size of what comes before a body.

uvicorn bounds neither, so that a client could hold a connection for ever by sending nothing, or
fill the memory with headers. Nor does it bound how long an answer may stay unread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

LARGEST_HEAD = 64 * 1024
"""The most bytes before a body, with some room: the API server sends about 300."""

HEAD_SECONDS = 10.0
"""The longest time from a connection, or from a request's first byte, to the end of its headers."""

ANSWER_SECONDS = 10.0
"""The longest time in which a client takes nothing of the answers that wait for it."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    head_seconds = HEAD_SECONDS
    answer_seconds = ANSWER_SECONDS

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._head = 0
        self._in_head = True
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._stopping = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to wait for a first request."""
        super().connection_made(transport)
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_clock()
        self._stop_waiting()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """There is no more room for answers: wait, but not for ever."""
        super().pause_writing()
        self._stop_waiting()
        self._unread = self.loop.call_later(self.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has read."""
        self._stop_waiting()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Feed the parser, unless the headers grow too long."""
        if self._in_head:
            self._head += len(data)
        super().data_received(data)
        if self._in_head and self._deadline is None and not self._under_way():
            self._start_clock()  # bytes that begin no request must not keep a connection open
        if self._in_head and self._head > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse(431, b"the headers are too long")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head = True
        if self._deadline is None:
            self._start_clock()

    def on_headers_complete(self) -> None:
        """The headers are all here."""
        self._stop_clock()
        self._in_head = False
        self._head = 0
        super().on_headers_complete()
        # What follows an upgrade that nobody offered is not HTTP: it must not be read as a request.
        if self._stopping or self.parser.should_upgrade():
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """The whole request is here; what comes next begins another."""
        super().on_message_complete()
        self._in_head = True

    def shutdown(self) -> None:
        """Close the connection as soon as no request is under way, not even half of its headers."""
        self._stopping = True
        if self._head and not self._under_way():
            return  # the rest of the headers follows, or the clock ends the wait
        super().shutdown()

    def _under_way(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn hides the None it begins with
        return cycle is not None and not cycle.response_complete

    def _stop_waiting(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _start_clock(self) -> None:
        self._deadline = self.loop.call_later(self.head_seconds, self._give_up)

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self._head:
            self._refuse(408, b"the headers took too long")
        else:
            self.transport.close()

    def _refuse(self, status: int, text: bytes) -> None:
        length = b"%d" % len(text)
        self.transport.write(
            STATUS_LINE[status]
            + b"content-type: text/plain; charset=utf-8\r\ncontent-length: "
            + length
            + b"\r\nconnection: close\r\n\r\n"
            + text
        )
        self.transport.close()
