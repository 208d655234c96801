"""The life of a server: start, serve, notice changes, drain, stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from typing import TYPE_CHECKING

from pillion.server import health, listener, logs, watch
from pillion.server.admin import Admin
from pillion.server.certificate import Certificates, read_files, read_pem
from pillion.server.cluster_side import ClusterSide
from pillion.server.configuration import activated
from pillion.server.errors import CertificateError
from pillion.server.front import OneProcess
from pillion.server.ledger import Ledger
from pillion.server.listener import Listener
from pillion.server.metrics import Metrics
from pillion.server.monitoring import Monitoring
from pillion.server.reload import Reloads
from pillion.server.state import State, moment
from pillion.server.webhook import Webhook
from pillion.server.workers import Manner, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable
    from socket import socket

    from pillion.cluster.protocol import Cluster
    from pillion.server.certificate import Pems
    from pillion.server.configuration import Loaded
    from pillion.server.front import Front
    from pillion.server.settings import Settings

_log = logs.logger(logs.DEFAULT)


class Server:
    """A server that is ready to run: its configuration loaded, its ports bound.

    ``load`` makes a configuration out of the files at ``paths``, which are watched.

    Raises:
        PillionError: When it cannot start.
    """

    def __init__(
        self,
        settings: Settings,
        load: Callable[[], Loaded],
        paths: Iterable[str],
        cluster: ClusterSide | None = None,
    ) -> None:
        self.settings = settings
        self._paths = tuple(paths)
        self._certificate_paths = tuple(
            filter(None, (*(settings.certificate or ()), settings.client_authority))
        )
        self._seen = watch.signature(self._paths)
        self._seen_certificate = watch.signature(self._certificate_paths)
        self.cluster = cluster
        active = activated(load())
        self.certificates = Certificates(self._pems)
        self.metrics = Metrics(settings.revision) if cluster is None else cluster.metrics
        self.ledger = Ledger(self.metrics)
        self.state = State(active, self.ledger, shadow=settings.shadow)
        self._sockets: list[socket] = []
        self.front, self.monitoring, self.admin = self._listeners()
        self.metrics.workers.set_function(lambda: len(self.front.pids))
        self.metrics.processes.others = lambda: self.front.pids
        self.reloads = Reloads(self.state, load, self.certificates, self.metrics, self.front)
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()
        if cluster is not None:
            self._join(cluster)

    def _pems(self) -> Pems:
        authority = self.settings.client_authority
        clients = read_pem(authority) if authority else None
        return self._own_pems()._replace(client_authority=clients)

    def _own_pems(self) -> Pems:
        if self.settings.certificate is not None:
            return read_files(self.settings.certificate)
        if self.cluster is None or self.cluster.secret is None:
            raise CertificateError("there is neither a certificate's file nor a Secret of one")
        return self.cluster.secret.pems()

    def _join(self, cluster: ClusterSide) -> None:
        self.ledger.listeners.append(cluster.events.decided)
        self.reloads.refusals.append(cluster.refused)
        cluster.reload_configuration = self.reloads.configuration
        cluster.reload_certificate = self.reloads.certificate

    def _listeners(self) -> tuple[Front, Listener, Listener]:
        ports = self.settings.ports
        try:
            for port in (ports.webhook, ports.monitoring):
                self._sockets.append(listener.bind(port, ports.address))
            self._sockets.append(listener.bind_loopback(ports.admin))
        except Exception:
            self.close()
            raise
        webhook, monitoring, admin = self._sockets
        return (
            self._front(webhook),
            Listener(Monitoring(self.state, self.metrics), monitoring, finish=1),
            Listener(Admin(self), admin, finish=1),
        )

    def _front(self, listening: socket) -> Front:
        settings = self.settings
        if settings.workers == 1:
            context = self.certificates.context
            application = Webhook(self.state)
            return OneProcess(application, listening, finish=settings.finish, context=context)
        manner = Manner(settings.workers, settings.finish, settings.shadow)
        active, pems = self.state.active, self.certificates.pems
        return Workers(manner, listening, active, pems, self.ledger)

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
        """Serve until :meth:`stop`.

        Raises:
            ServerError: It cannot begin to serve.
        """
        main = asyncio.create_task(self.front.serve())
        try:
            await self._until_started(main)
            if main.done():
                return await main
            await self._serve(main)
        finally:
            self.close()

    async def _serve(self, main: asyncio.Task[None]) -> None:
        """Do all the rest while ``main`` answers the API server, and end with it."""
        listeners = (self.front, self.monitoring, self.admin)
        side = [asyncio.create_task(one.serve()) for one in (self.monitoring, self.admin)]
        watchers = [asyncio.create_task(one) for one in self._watchers()]
        try:
            self._say_hello()
            await self._until_told([main, *side, *watchers])
            await self._drain(watchers)
            self.front.stop()
            await self._finish(main)
        finally:
            for one in listeners:
                one.stop()
            await _cancelled(watchers)
            await asyncio.gather(main, *side)
            for one in listeners:
                one.abort()
            _log.info("stopped")

    async def _until_started(self, main: asyncio.Task[None]) -> None:
        """Wait until somebody answers, or cannot, or is not to any more."""
        waiting = [asyncio.create_task(one.wait()) for one in (self.front.accepting, self._stop)]
        await asyncio.wait({main, *waiting}, return_when=asyncio.FIRST_COMPLETED)
        for one in waiting:
            one.cancel()

    async def _until_told(self, tasks: list[asyncio.Task[None]]) -> None:
        """Wait for :meth:`stop`, or for one of ``tasks``, none of which ends before by itself."""
        told = asyncio.create_task(self._stop.wait())
        await asyncio.wait({told, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()

    def _watchers(self) -> Iterable[Coroutine[None, None, None]]:
        settings, reloads = self.settings, self.reloads
        yield watch.watch(self._paths, self._seen, settings.poll, reloads.configuration)
        paths, seen = self._certificate_paths, self._seen_certificate
        yield watch.watch(paths, seen, settings.poll, reloads.certificate)
        if self.cluster is not None:
            yield self.cluster.run()
        if settings.health is not None:
            yield health.keep(settings.health)

    async def _drain(self, watchers: list[asyncio.Task[None]]) -> None:
        """Fail readiness first, and go on answering while the endpoints hear of it."""
        self.state.draining = True
        self.front.draining()
        fields = {"seconds": self.settings.drain}
        logs.say(_log, logging.INFO, "stopping: not ready any more, still answering", fields)
        await _cancelled(watchers)
        try:
            async with asyncio.timeout(self.settings.drain):
                await self._hurry.wait()
        except TimeoutError:
            return

    async def _finish(self, main: asyncio.Task[None]) -> None:
        """Wait for the requests under way, unless told to hurry."""
        hurry = asyncio.create_task(self._hurry.wait())
        await asyncio.wait({main, hurry}, return_when=asyncio.FIRST_COMPLETED)
        if self._hurry.is_set():
            self.front.abort()
        hurry.cancel()

    def _say_hello(self) -> None:
        active, certificate = self.state.active, self.certificates.certificate
        fields = {
            "port": self.front.port,
            "monitoring": self.monitoring.port,
            "admin": self.admin.port,
            "configuration": active.sha256,
            "generation": active.injector.config.generation.value,
            "certificate_until": moment(certificate.not_after),
            "shadow": self.settings.shadow,
        }
        if self.settings.workers > 1:
            fields["workers"] = self.settings.workers
        logs.say(_log, logging.INFO, "serving", fields)


async def _cancelled(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel ``tasks`` and wait for their end; an error of theirs is logged."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            _log.error("a watcher failed", exc_info=outcome)


def run(
    settings: Settings,
    load: Callable[[ClusterSide | None], Loaded],
    paths: Iterable[str],
    connect: Callable[[], Cluster] | None = None,
) -> None:
    """Run a server in this process until it is told to stop by SIGTERM or SIGINT.

    ``load`` makes a configuration out of the files at ``paths`` and of what the cluster says.
    ``connect`` is called for the cluster of ``settings``.

    Raises:
        PillionError: When it cannot start.
    """
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if settings.cluster is None or connect is None:
            server = Server(settings, lambda: load(None), paths)
            runner.run(_until_signalled(server))
        else:
            metrics = Metrics(settings.revision)
            side = ClusterSide(connect(), settings.cluster, metrics)
            runner.run(_with_cluster(settings, lambda: load(side), paths, side))


async def _with_cluster(
    settings: Settings, load: Callable[[], Loaded], paths: Iterable[str], cluster: ClusterSide
) -> None:
    followers: list[asyncio.Task[None]] = []
    try:
        await cluster.begin(followers)
        await _until_signalled(Server(settings, load, paths, cluster))
    finally:
        await _cancelled(followers)
        await cluster.close()


async def _until_signalled(server: Server) -> None:
    gc.freeze()  # what was made so far lives as long as the process: no collection looks at it
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    await server.run()
