"""A real server on real sockets, in a thread, for one test."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import ssl
import threading
import time
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

import trustme
import uvloop

from injection.small import SIDECAR, VALUES
from pillion.errors import PillionError
from pillion.injection.native_sidecars import Mode
from pillion.server.cluster_side import ClusterSide
from pillion.server.configuration import Loaded
from pillion.server.material import NO_FACTS, Material, MemoryCache, Text
from pillion.server.metrics import Metrics
from pillion.server.run import Server
from pillion.server.settings import CertificateFiles, Ports, Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from pillion.cluster.fake import FakeCluster
    from pillion.server.settings import ClusterSettings

_T = TypeVar("_T")
V1, V1BETA1 = "admission.k8s.io/v1", "admission.k8s.io/v1beta1"
JSON = {"Content-Type": "application/json"}
HOST = "localhost"
POLL = 0.02
LONG = 10.0


def config_text(policy: str = "enabled", template: str = SIDECAR) -> str:
    """A configuration of the current generation with one template."""
    lines = "".join(f"    {line}\n" for line in template.splitlines())
    return f"policy: {policy}\ntemplates:\n  sidecar: |\n{lines}"


class Authority:
    """A certificate authority; it writes what a server or a client needs."""

    def __init__(self, ends: datetime | None = None) -> None:
        self._authority = trustme.CA()
        self._ends = ends

    def issue(self, folder: Path, name: str = "tls", *hosts: str) -> CertificateFiles:
        """Write a certificate and its key."""
        made = self._authority.issue_cert(*(hosts or (HOST, "127.0.0.1")), not_after=self._ends)
        files = CertificateFiles(str(folder / f"{name}.crt"), str(folder / f"{name}.key"))
        made.private_key_pem.write_to_path(files.key)
        made.cert_chain_pems[0].write_to_path(files.chain)
        return files

    def write(self, path: Path) -> str:
        """Write the authority's own certificate."""
        self._authority.cert_pem.write_to_path(str(path))
        return str(path)

    def trust(self) -> ssl.SSLContext:
        """What a client trusts that trusts this authority alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._authority.configure_trust(context)
        return context


class Answer(NamedTuple):
    """An HTTP response."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body's value."""
        return json.loads(self.body)


class Running:
    """A server over the files of a folder, from ``with`` to its end.

    Of ``cluster``, ``config_map`` has what the folder has not.
    """

    def __init__(  # noqa: PLR0913 - its files and its cluster, and the rest
        self,
        folder: Path,
        authority: Authority,
        cluster: FakeCluster | None = None,
        *,
        cluster_settings: ClusterSettings | None = None,
        config_map: str = "",
        native_sidecars: str = Mode.DISABLED.value,
        **settings: Any,
    ) -> None:
        self._config_map = config_map
        self._native_sidecars = native_sidecars
        self.folder = folder
        self.cluster = cluster
        self.authority = authority
        for name, text in (("config", config_text()), ("mesh", ""), ("values", VALUES)):
            if not config_map and not (folder / name).exists():
                (folder / name).write_text(text)
        given: dict[str, Any] = {"poll": POLL, "drain": 0.0, "finish": 2.0, "revision": "test"}
        given["cluster"] = cluster_settings
        given |= {"certificate": authority.issue(folder), "ports": Ports(0, 0, 0, "127.0.0.1")}
        paths = [str(folder / name) for name in ("config", "mesh", "values")]
        self._cache = MemoryCache()
        self._server: Server | None = None
        self._make = partial(Server, Settings(**given | settings), self.load, paths)
        if cluster is None:
            self._server = self._make()
        self.trust = authority.trust()
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def run_here(self) -> None:
        """Run the server in this thread, as a process of its own would."""
        self._run()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self.server.run() if self.cluster is None else self._with(self.cluster))

    async def _with(self, cluster: FakeCluster) -> None:
        settings: Settings = self._make.args[0]
        assert settings.cluster is not None
        side = ClusterSide(cluster, settings.cluster, Metrics("test"))
        followers: list[asyncio.Task[None]] = []
        self.side = side
        await side.begin(followers)
        self._server = self._make(cluster=side)
        await self._server.run()
        for one in followers:
            one.cancel()
        await asyncio.gather(*followers, return_exceptions=True)
        await side.close()

    @property
    def server(self) -> Server:
        """The server; one with a cluster begins by looking at that."""
        assert self._server is not None
        return self._server

    def do(self, work: Callable[[], object]) -> None:
        """Do something to the cluster, in the server's thread."""
        self._loop.call_soon_threadsafe(work)

    def see(self, look: Callable[[], _T]) -> _T:
        """Look at the cluster, in the server's thread."""
        seen: Future[_T] = Future()
        self.do(lambda: seen.set_result(look()))
        return seen.result(LONG)

    def load(self) -> Loaded:
        """Read the folder."""
        texts = {name: Text(self._text(name), name) for name in ("config", "mesh", "values")}
        facts = NO_FACTS if self.cluster is None else self.side.facts
        material = Material(texts, facts=facts, native_sidecars=self._native_sidecars)
        return Loaded(material.build(self._cache), material, self._cache)

    def _text(self, name: str) -> str:
        if self._config_map and not (self.folder / name).exists():
            return self.side.config_map(self._config_map)[name]
        try:
            return (self.folder / name).read_text()
        except OSError as failure:
            raise PillionError(f"{name}: {failure.strerror}") from failure

    def __enter__(self) -> Self:
        self._thread.start()
        wait_for(lambda: self._server and self._server.monitoring.started)
        wait_for(lambda: self.server.admin.started)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self.stop()
        self._thread.join(LONG)
        assert not self._thread.is_alive()

    def stop(self) -> None:
        """Ask the server to stop."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.server.stop)

    def wait(self) -> None:
        """Wait until it has stopped."""
        self._thread.join(LONG)

    @property
    def port(self) -> int:
        """The HTTPS port."""
        return self.server.front.port

    def connection(self, trust: ssl.SSLContext | None = None) -> http.client.HTTPSConnection:
        """A connection to the HTTPS port."""
        return http.client.HTTPSConnection(
            HOST, self.port, context=trust or self.trust, timeout=LONG
        )

    def ask(
        self,
        body: bytes | None = None,
        path: str = "/inject",
        method: str = "POST",
        headers: dict[str, str] = JSON,
    ) -> Answer:
        """One request on a connection of its own."""
        return exchange(self.connection(), method, path, body, headers)

    def monitoring(self, path: str, method: str = "GET") -> Answer:
        """One request to the monitoring port."""
        return self._plain(self.server.monitoring.port, method, path, None)

    def admin(self, path: str, method: str = "GET", body: bytes | None = None) -> Answer:
        """One request to the admin port."""
        return self._plain(self.server.admin.port, method, path, body)

    def _plain(self, port: int, method: str, path: str, body: bytes | None) -> Answer:
        return exchange(
            http.client.HTTPConnection("127.0.0.1", port, timeout=LONG), method, path, body, {}
        )

    def metric(self, series: str) -> float:
        """The value of one series; 0 where there is none."""
        for line in self.monitoring("/metrics").body.decode().splitlines():
            name, _, value = line.rpartition(" ")
            if name == series:
                return float(value)
        return 0.0

    def sha256(self) -> str:
        """The hash of what is active."""
        found: str = self.admin("/debug/inject").json["sha256"]
        return found


def exchange(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | None,
    headers: dict[str, str],
) -> Answer:
    """One request; the connection is closed."""
    try:
        connection.request(method, path, body, headers)
        return answer_of(connection.getresponse())
    finally:
        connection.close()


def answer_of(response: http.client.HTTPResponse) -> Answer:
    """The whole of a response."""
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


def pod(**metadata: Any) -> dict[str, Any]:
    """A pod as an API server sends it."""
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {"name": "web", **metadata},
        "spec": {"containers": [{"name": "app", "image": "i", "resources": {}}]},
    }


def review(value: Any = None, version: str = V1, **request: Any) -> bytes:
    """The body of a review of a pod."""
    asked = {
        "uid": "u-1",
        "namespace": "shop",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "object": pod() if value is None else value,
        **request,
    }
    whole = {"kind": "AdmissionReview", "apiVersion": version, "request": asked}
    return json.dumps(whole).encode()


def wait_for(condition: Callable[[], object], seconds: float = LONG) -> None:
    """Wait until ``condition`` holds, not longer than ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def replace(path: Path, text: str) -> None:
    """Put ``text`` in the place of a file, at once."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text)
    os.replace(beside, path)
