"""The life of a server: start, serve, notice changes, drain, stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from typing import TYPE_CHECKING

from pillion.server import health, listener, logs, watch
from pillion.server.admin import Admin
from pillion.server.listener import Listener
from pillion.server.monitoring import Monitoring
from pillion.server.state import State, moment
from pillion.server.webhook import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable
    from socket import socket

    from pillion.server.configuration import Loaded
    from pillion.server.settings import Settings

_log = logs.logger(logs.DEFAULT)


class Server:
    """A server that is ready to run: its configuration loaded, its ports bound.

    ``load`` makes a configuration out of the files at ``paths``, which are watched.

    Raises:
        PillionError: When it cannot start.
    """

    def __init__(
        self, settings: Settings, load: Callable[[], Loaded], paths: Iterable[str]
    ) -> None:
        self._settings = settings
        self._paths = tuple(paths)
        self._seen = watch.signature(self._paths)
        self.state = State(settings, load)
        self._seen_certificate = watch.signature(self.state.certificates.paths)
        self._sockets: list[socket] = []
        self.webhook, self.monitoring, self.admin = self._listeners()
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()

    def _listeners(self) -> tuple[Listener, Listener, Listener]:
        ports, finish, state = self._settings.ports, self._settings.finish, self.state
        try:
            for port in (ports.webhook, ports.monitoring):
                self._sockets.append(listener.bind(port, ports.address))
            self._sockets.append(listener.bind_loopback(ports.admin))
        except Exception:
            self.close()
            raise
        webhook, monitoring, admin = self._sockets
        context = state.certificates.context
        return (
            Listener(Webhook(state), webhook, finish=finish, context=context),
            Listener(Monitoring(state), monitoring, finish=1),
            Listener(Admin(state), admin, finish=1),
        )

    def close(self) -> None:
        """Give the ports back."""
        for one in self._sockets:
            one.close()

    def stop(self) -> None:
        """Drain and stop; called again, stop at once."""
        if self._stop.is_set():
            self._hurry.set()
        self._stop.set()

    async def run(self) -> None:
        """Serve until :meth:`stop`."""
        watchers = [asyncio.create_task(one) for one in self._watchers()]
        side = [asyncio.create_task(one.serve()) for one in (self.monitoring, self.admin)]
        main = asyncio.create_task(self.webhook.serve())
        try:
            self._say_hello()
            await self._until_told([main, *side, *watchers])
            await self._drain(watchers)
            self.webhook.stop()
            await self._finish(main)
        finally:
            listeners = (self.webhook, self.monitoring, self.admin)
            for one in listeners:
                one.stop()
            await _cancelled(watchers)
            await asyncio.gather(main, *side)
            for one in listeners:
                one.abort()
            _log.info("stopped")

    async def _until_told(self, tasks: list[asyncio.Task[None]]) -> None:
        """Wait for :meth:`stop`, or for one of ``tasks``, none of which ends before by itself."""
        told = asyncio.create_task(self._stop.wait())
        await asyncio.wait({told, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()

    def _watchers(self) -> Iterable[Coroutine[None, None, None]]:
        settings, state = self._settings, self.state
        yield watch.watch(self._paths, self._seen, settings.poll, state.reload_configuration)
        paths, seen = state.certificates.paths, self._seen_certificate
        yield watch.watch(paths, seen, settings.poll, state.reload_certificate)
        if settings.health is not None:
            yield health.keep(settings.health)

    async def _drain(self, watchers: list[asyncio.Task[None]]) -> None:
        """Fail readiness first, and go on answering while the endpoints hear of it."""
        self.state.draining = True
        fields = {"seconds": self._settings.drain}
        logs.say(_log, logging.INFO, "stopping: not ready any more, still answering", fields)
        await _cancelled(watchers)
        try:
            async with asyncio.timeout(self._settings.drain):
                await self._hurry.wait()
        except TimeoutError:
            return

    async def _finish(self, main: asyncio.Task[None]) -> None:
        """Wait for the requests under way, unless told to hurry."""
        hurry = asyncio.create_task(self._hurry.wait())
        await asyncio.wait({main, hurry}, return_when=asyncio.FIRST_COMPLETED)
        if self._hurry.is_set():
            self.webhook.force_exit = True
            self.webhook.abort()
        hurry.cancel()

    def _say_hello(self) -> None:
        active, certificate = self.state.configuration.active, self.state.certificates.certificate
        fields = {
            "port": self.webhook.port,
            "monitoring": self.monitoring.port,
            "admin": self.admin.port,
            "configuration": active.sha256,
            "generation": active.injector.config.generation.value,
            "certificate_until": moment(certificate.not_after),
            "shadow": self.state.shadow,
        }
        logs.say(_log, logging.INFO, "serving", fields)


async def _cancelled(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel ``tasks`` and wait for their end; an error of theirs is logged."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            _log.error("a watcher failed", exc_info=outcome)


def run(settings: Settings, load: Callable[[], Loaded], paths: Iterable[str]) -> None:
    """Run a server in this process until it is told to stop by SIGTERM or SIGINT.

    Raises:
        PillionError: When it cannot start.
    """
    import uvloop

    server = Server(settings, load, paths)
    gc.freeze()  # what was made so far lives as long as the process: no collection looks at it
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_signalled(server))


async def _until_signalled(server: Server) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    await server.run()
