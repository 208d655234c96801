"""`pillion serve` beside the API server, and what a test does in the cluster with it."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from http import HTTPStatus
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, Self

import trustme

from e2e.processes import Process, free_ports, wait_until
from pillion import profiles
from pillion.kubernetes import yaml_reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from e2e.kubectl import Kubectl, Object

PILLION = (sys.executable, "-m", "pillion")
CURRENT, LEGACY = "istio-1.30", "istio-1.1"
ENABLED = {"istio-injection": "enabled"}
_TEST = "pillion.test/run"


def pillion(*arguments: str, given: str = "") -> str:
    """The output of the tool; a failure fails the test with its words."""
    ended = subprocess.run(
        [*PILLION, *arguments], input=given, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, f"pillion {' '.join(arguments)}: {ended.stderr}"
    return ended.stdout


class Mount:
    """A volume as the kubelet mounts it: its files lead through ``..data``, which moves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._texts: dict[str, str] = {}
        folder.mkdir(parents=True)

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def read(self, name: str) -> str:
        return self._texts[name]

    def write(self, texts: dict[str, str]) -> None:
        """Change files, all at once."""
        self._texts |= texts
        target = self.folder / f"..{secrets.token_hex(4)}"
        target.mkdir()
        for name, text in self._texts.items():
            (target / name).write_text(text, encoding="utf-8")
        link = self.folder / "..data_tmp"
        link.symlink_to(target.name)
        link.replace(self.folder / "..data")
        for name in self._texts:
            if not (self.folder / name).is_symlink():
                (self.folder / name).symlink_to(f"..data/{name}")


class Injector(Process):
    """A server with its configuration and its certificate in mounted volumes."""

    def __init__(self, name: str, folder: Path, profile: str, *arguments: str) -> None:
        self.port, self._monitoring_port, self._admin_port = free_ports(3)
        self.url = f"https://127.0.0.1:{self.port}/inject"
        self.inject, self.mesh, self.tls = (
            Mount(folder / volume) for volume in ("inject", "mesh", "tls")
        )
        self.rotate()
        self.configure(profile)
        command = [
            *PILLION,
            "serve",
            "--address=127.0.0.1",
            f"--port={self.port}",
            f"--monitoringPort={self._monitoring_port}",
            f"--adminPort={self._admin_port}",
            f"--injectConfig={self.inject / 'config'}",
            f"--injectValues={self.inject / 'values'}",
            f"--meshConfig={self.mesh / 'mesh'}",
            f"--tlsCertFile={self.tls / 'tls.crt'}",
            f"--tlsKeyFile={self.tls / 'tls.key'}",
            "--drainDuration=0s",
            *arguments,
        ]
        super().__init__(f"pillion serve ({name})", command, folder / "log")

    def start(self) -> None:
        """Start it, or start it again after its end, and wait until it is ready."""
        super().start()
        wait_until(self._ready, "the injector is ready", process=self)

    @property
    def authority(self) -> Path:
        """The certificate of who signed the server's."""
        return self.tls / "ca.crt"

    def configure(self, profile: str) -> None:
        """Use an embedded profile."""
        found = profiles.load(profile)
        self.mesh.write({"mesh": found.mesh})
        self.inject.write({"config": found.config, "values": found.values or "{}"})

    def edit(self, old: str, new: str) -> None:
        """Change the configuration."""
        text = self.inject.read("config")
        assert old in text
        self.inject.write({"config": text.replace(old, new, 1)})

    def rotate(self) -> None:
        """Use a certificate of a new authority."""
        authority = trustme.CA()
        made = authority.issue_cert("127.0.0.1")
        self.tls.write(
            {
                "ca.crt": authority.cert_pem.bytes().decode(),
                "tls.crt": "".join(one.bytes().decode() for one in made.cert_chain_pems),
                "tls.key": made.private_key_pem.bytes().decode(),
            }
        )

    def debug(self, page: str, put: str | None = None) -> Any:
        """A page of the admin port; ``put`` changes it first."""
        method = "GET" if put is None else "PUT"
        status, body = _asked(self._admin_port, f"/debug/{page}", method, put)
        assert status == HTTPStatus.OK, body
        return json.loads(body)

    def decisions(self, namespace: str) -> list[Object]:
        """What was decided about pods of a namespace."""
        found: list[Object] = self.debug(f"decisions?namespace={namespace}")["decisions"]
        return found

    def active(self) -> str:
        """The sha256 of the configuration in use."""
        found: str = self.debug("inject")["sha256"]
        return found

    def until_active(self, change: Callable[[], None]) -> None:
        """Make a change, and wait until it is what the server uses."""
        before = self.active()
        change()
        wait_until(lambda: self.active() != before, "the new configuration", process=self)

    def log_text(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def _ready(self) -> bool:
        try:
            return _asked(self._monitoring_port, "/ready")[0] == HTTPStatus.OK
        except OSError:
            return False


def _asked(port: int, path: str, method: str = "GET", body: str | None = None) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Cluster:
    """What one test does; everything is its own, and undone at the end."""

    def __init__(self, kubectl: Kubectl, folder: Path) -> None:
        self.kubectl = kubectl
        self.servers: list[Process] = []
        self._folder = folder
        self._id = secrets.token_hex(4)
        self._made: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for one in reversed(self._made):
            self.kubectl.run("delete", *one, "--wait=false")
        for server in self.servers:
            server.kill()

    def name(self, stem: str) -> str:
        return f"{stem}-{self._id}"

    def namespace(self, labels: dict[str, str] | None = None, stem: str = "shop") -> str:
        """A new namespace of this test."""
        name = self.name(stem)
        metadata = {"name": name, "labels": {_TEST: self._id, **(labels or {})}}
        self._made.append(("namespace", name))
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
        self.kubectl("create", "-f", "-", given=namespace)
        wait_until(
            lambda: self.kubectl.run("get", "serviceaccount/default", "-n", name).returncode == 0,
            "the service account of a new namespace",
        )
        return name

    def injector(self, profile: str = CURRENT, *arguments: str) -> Injector:
        name = f"injector-{len(self.servers)}"
        made = Injector(name, self._folder / name, profile, *arguments)
        self.servers.append(made)
        return made

    def register(self, injector: Injector, *flags: str, stem: str = "injector") -> str:
        """Have the API server ask about this test's pods; the name of the configuration."""
        name = self.name(stem)
        rendered = yaml_reader.load(
            pillion(
                "webhook",
                "render",
                f"--name={name}",
                f"--url={injector.url}",
                f"--caCertFile={injector.authority}",
                *flags,
            )
        )
        self.register_as_it_is(rendered)
        return name

    def register_as_it_is(self, configuration: Object) -> None:
        """Apply a webhook configuration, for the namespaces of this test alone."""
        for webhook in configuration["webhooks"]:
            expressions = webhook["namespaceSelector"].setdefault("matchExpressions", [])
            expressions.append({"key": _TEST, "operator": "In", "values": [self._id]})
        self._made.append(("mutatingwebhookconfiguration", configuration["metadata"]["name"]))
        self.kubectl("apply", "-f", "-", given=configuration)

    def dry_run(self, namespace: str, pod: Object | None = None) -> Object:
        """The pod that the API server would make of ``pod``."""
        return self.kubectl.json(
            "create", "-f", "-", "-n", namespace, "--dry-run=server", given=pod or a_pod()
        )

    def until_injected(self, namespace: str, *, wanted: bool = True) -> None:
        """Wait until the API server has heard of a change."""
        wait_until(
            lambda: is_injected(self.dry_run(namespace)) is wanted,
            f"pods of {namespace} are {'' if wanted else 'not '}injected",
        )

    def pods(self, namespace: str, count: int = 1, selector: str = "") -> list[Object]:
        """The pods of a namespace, once there are as many."""

        def look() -> list[Object]:
            found = self.kubectl.json("get", "pods", "-n", namespace, "-l", selector)["items"]
            return found if len(found) >= count else []

        return wait_until(look, f"{count} pods {selector} in {namespace}")


def a_pod(name: str = "probe", **metadata: Any) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, **metadata},
        "spec": {"containers": [{"name": "app", "image": "app"}]},
    }


def is_injected(pod: Object) -> bool:
    spec = pod["spec"]
    containers = [*spec["containers"], *spec.get("initContainers", [])]
    return any(one["name"] == "istio-proxy" for one in containers)
