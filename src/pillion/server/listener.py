"""A port with an application behind it: uvicorn's server on a socket of ours.

The socket is bound before anything runs, so that a port that is taken is an error of the start.
Signals belong to the whole server, not to one of its ports.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

import uvicorn

from pillion.server.errors import ServerError
from pillion.server.protocol import BoundedProtocol

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from pillion.server.http import Application

KEEP_ALIVE = 120
"""Seconds that an idle connection stays open: longer than the API server keeps one (90), so that it
is never closed under a request that is on its way."""

HANDSHAKE_SECONDS = 10.0
_BACKLOG = 2048
_ACCEPTORS = 16
"""How many connections may be accepted in one round of the event loop. libuv accepts one for each
listening handle, and a round takes as long as all requests that wait: with one handle alone, new
connections would queue behind every request of the others."""
_LOOPBACK = "127.0.0.1"


def bind(port: int, address: str = "") -> socket.socket:
    """A listening socket; on every address of the machine where none is given.

    Raises:
        ServerError: When the port cannot be had.
    """
    every = not address
    try:
        if every and socket.has_dualstack_ipv6():
            return socket.create_server(
                ("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=_BACKLOG
            )
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return socket.create_server((address, port), family=family, backlog=_BACKLOG)
    except OSError as failure:
        place = f"{address or 'every address'}, port {port}"
        raise ServerError(f"cannot listen on {place}: {failure.strerror or failure}") from failure


def bind_loopback(port: int) -> socket.socket:
    """A listening socket that only this machine reaches.

    Raises:
        ServerError: When the port cannot be had.
    """
    return bind(port, _LOOPBACK)


class Listener(uvicorn.Server):
    """Serves ``application`` on ``listening`` until :meth:`stop`."""

    def __init__(
        self,
        application: Application,
        listening: socket.socket,
        *,
        finish: float,
        context: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                http=BoundedProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=max(1, round(finish)),
            )
        )
        self._listening = listening
        self._context = context
        self.accepting = asyncio.Event()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listening.getsockname()[1])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        del sockets
        await self.lifespan.startup()
        loop = asyncio.get_running_loop()
        self.servers: list[asyncio.base_events.Server] = [
            await loop.create_server(
                self._connection,
                sock=one,
                ssl=self._context,
                ssl_handshake_timeout=HANDSHAKE_SECONDS if self._context else None,
                backlog=_BACKLOG,
            )
            for one in self._handles()
        ]
        self.started = True
        self.accepting.set()

    def _handles(self) -> list[socket.socket]:
        """The listening socket, as often as it is listened on."""
        if self._context is None:
            return [self._listening]
        return [self._listening, *(self._listening.dup() for _ in range(_ACCEPTORS - 1))]

    def _connection(self) -> BoundedProtocol:
        return BoundedProtocol(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    def stop(self) -> None:
        """Accept no more connections, end those without a request, and finish the others."""
        self.should_exit = True

    def abort(self) -> None:
        """Drop every connection, and wait for nothing more."""
        self.force_exit = True
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever runs the listeners."""
        yield
