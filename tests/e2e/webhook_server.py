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

from e2e.processes import LOOPBACK, Process, free_ports, own_address, wait_until
from pillion import profiles
from pillion.kubernetes import yaml_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

    from e2e.kubectl import Kubectl, Object

PILLION = (sys.executable, "-m", "pillion")
CURRENT, LEGACY = "istio-1.30", "istio-1.1"
ENABLED = {"istio-injection": "enabled"}
_TEST = "pillion.test/run"
_SERVICE_NAME = "kubernetes.io/service-name"
_RBAC = "rbac.authorization.k8s.io"


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


class Service:
    """A Service that leads to injectors of a test, and who signs their certificates.

    It has no selector: :meth:`lead_to` says where it leads.
    """

    def __init__(self, kubectl: Kubectl, namespace: str, name: str, folder: Path) -> None:
        self.namespace, self.name = namespace, name
        self.host = f"{name}.{namespace}.svc"
        self.signer = trustme.CA()
        self._authority = folder / f"{self.host}.crt"
        self.signer.cert_pem.write_to_path(str(self._authority))
        self._kubectl = kubectl
        self._apply("v1", "Service", name, {"spec": {"ports": [{"port": 443}]}})

    def lead_to(self, *injectors: Server) -> None:
        """Lead to these alone, each of which listens on a port of its own."""
        label = f"{_SERVICE_NAME}={self.name}"
        self._kubectl("delete", "endpointslice", "-n", self.namespace, "-l", label)
        for number, injector in enumerate(injectors):
            endpoint = {"addresses": [injector.address], "conditions": {"ready": True}}
            ports = [{"name": "", "port": injector.port, "protocol": "TCP"}]
            slice_ = {"addressType": "IPv4", "endpoints": [endpoint], "ports": ports}
            self._apply("discovery.k8s.io/v1", "EndpointSlice", f"{self.name}-{number}", slice_)

    def registration(self) -> tuple[str, ...]:
        """The flags that have the API server ask here."""
        return f"--service={self.name}", f"--istioNamespace={self.namespace}"

    @property
    def authority(self) -> Path:
        """The certificate of who signs."""
        return self._authority

    def _apply(self, version: str, kind: str, name: str, rest: Object) -> None:
        metadata = {"name": name, "labels": {_SERVICE_NAME: self.name}}
        made = {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}
        self._kubectl("apply", "-n", self.namespace, "-f", "-", given=made)


class Server(Process):
    """`pillion serve` on ports of its own."""

    def __init__(self, name: str, folder: Path, address: str, *arguments: str) -> None:
        self.port, self._monitoring_port, self._admin_port = free_ports(3)
        self.address = address
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            *PILLION,
            "serve",
            f"--address={address}",
            f"--port={self.port}",
            f"--monitoringPort={self._monitoring_port}",
            f"--adminPort={self._admin_port}",
            "--drainDuration=0s",
            *arguments,
        ]
        super().__init__(f"pillion serve ({name})", command, folder / "log")

    def start(self) -> None:
        """Start it, or start it again after its end, and wait until it is ready."""
        super().start()
        wait_until(self._ready, "the injector is ready", process=self)

    def debug(self, page: str, put: str | None = None) -> Any:
        """A page of the admin port; ``put`` changes it first."""
        method = "GET" if put is None else "PUT"
        status, body = _asked(LOOPBACK, self._admin_port, f"/debug/{page}", method, put)
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
            return _asked(self.address, self._monitoring_port, "/ready")[0] == HTTPStatus.OK
        except OSError:
            return False


class Injector(Server):
    """A server with its configuration and its certificate in mounted volumes.

    With a ``service`` it is made to stand behind that one: it listens on the machine's own address,
    since the API server follows no Service to loopback, and has a certificate of that name.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        profile: str,
        *arguments: str,
        service: Service | None = None,
    ) -> None:
        self._service = service
        self.address = LOOPBACK if service is None else own_address()
        self.inject, self.mesh, self.tls = (
            Mount(folder / volume) for volume in ("inject", "mesh", "tls")
        )
        self.rotate(None if service is None else service.signer)
        self.configure(profile)
        super().__init__(
            name,
            folder,
            self.address,
            f"--injectConfig={self.inject / 'config'}",
            f"--injectValues={self.inject / 'values'}",
            f"--meshConfig={self.mesh / 'mesh'}",
            f"--tlsCertFile={self.tls / 'tls.crt'}",
            f"--tlsKeyFile={self.tls / 'tls.key'}",
            *arguments,
        )

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

    def registration(self) -> tuple[str, ...]:
        """The flags that have the API server ask here."""
        return (f"--url=https://{self.address}:{self.port}/inject",)

    def rotate(self, signer: trustme.CA | None = None) -> None:
        """Use a new certificate, by default one of a new authority."""
        authority = signer or trustme.CA()
        names = [self.address] if self._service is None else [self.address, self._service.host]
        made = authority.issue_cert(*names)
        self.tls.write(
            {
                "ca.crt": authority.cert_pem.bytes().decode(),
                "tls.crt": "".join(one.bytes().decode() for one in made.cert_chain_pems),
                "tls.key": made.private_key_pem.bytes().decode(),
            }
        )


def _asked(
    address: str, port: int, path: str, method: str = "GET", body: str | None = None
) -> tuple[int, bytes]:
    connection = HTTPConnection(address, port, timeout=5)
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
            seconds=60,  # controllers take a while to come back to an API server that restarted
        )
        return name

    def service(self, stem: str = "injector") -> Service:
        """A Service in a namespace of its own, which leads nowhere yet."""
        return Service(self.kubectl, self.namespace(stem=stem), self.name(stem), self._folder)

    def injector(
        self, profile: str = CURRENT, *arguments: str, service: Service | None = None
    ) -> Injector:
        """A server that is ready; ``service`` is what it is to stand behind."""
        name = f"injector-{len(self.servers)}"
        made = Injector(name, self._folder / name, profile, *arguments, service=service)
        self.servers.append(made)
        return made

    def follower(self, service: Service, kubeconfig: Path, *arguments: str) -> Server:
        """A server that has everything of the cluster, behind ``service``."""
        name = f"follower-{len(self.servers)}"
        made = Server(
            name,
            self._folder / name,
            own_address(),
            f"--kubeconfig={kubeconfig}",
            f"--istioNamespace={service.namespace}",
            f"--service={service.name}",
            *arguments,
        )
        self.servers.append(made)
        return made

    def configure(self, namespace: str, profile: str = CURRENT) -> None:
        """Make the ConfigMaps of an embedded profile."""
        found = profiles.load(profile)
        texts = {"istio-sidecar-injector": {"config": found.config}, "istio": {"mesh": found.mesh}}
        if found.values:
            texts["istio-sidecar-injector"]["values"] = found.values
        for name, data in texts.items():
            self.configure_with(namespace, name, data)

    def configure_with(self, namespace: str, name: str, data: dict[str, str]) -> None:
        """Make or change a ConfigMap."""
        metadata = {"name": name, "namespace": namespace}
        made = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
        self.kubectl("apply", "--server-side", "-f", "-", given=made)

    def keep(self, kind: str, name: str) -> None:
        """Delete an object of the whole cluster at the end."""
        self._made.append((kind, name))

    def account(
        self,
        rules: Sequence[Object] = (),
        *,
        namespace: str = "",
        in_namespace: Sequence[Object] = (),
        stem: str = "account",
    ) -> Path:
        """The kubeconfig of a new service account, which may do nothing else.

        ``rules`` hold in the whole cluster, ``in_namespace`` in ``namespace`` alone, which is where
        the account is; without one it gets a new one.
        """
        name, namespace = self.name(stem), namespace or self.namespace(stem=stem)
        self.kubectl("create", "serviceaccount", name, "-n", namespace)
        if rules:
            self._made += [("clusterrole", name), ("clusterrolebinding", name)]
            self._bind("Cluster", name, namespace, rules)
        if in_namespace:
            self._bind("", name, namespace, in_namespace)
        token = self.kubectl("create", "token", name, "-n", namespace).strip()
        return self.kubectl.control_plane.write_kubeconfig(self._folder / name, name, token)

    def _bind(self, scope: str, name: str, namespace: str, rules: Sequence[Object]) -> None:
        """Allow ``rules`` to the account ``name`` by a role, or a cluster role, of that name."""
        version, kind = {"apiVersion": f"{_RBAC}/v1"}, f"{scope}Role"
        metadata = {"name": name} if scope else {"name": name, "namespace": namespace}
        role = {**version, "kind": kind, "metadata": metadata, "rules": list(rules)}
        binding = {
            **version,
            "kind": f"{kind}Binding",
            "metadata": metadata,
            "roleRef": {"apiGroup": _RBAC, "kind": kind, "name": name},
            "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
        }
        for one in (role, binding):
            self.kubectl("create", "-f", "-", given=one)

    def register(
        self,
        asked: Injector | Service,
        *flags: str,
        stem: str = "injector",
        trusted: bool = True,
    ) -> str:
        """Have the API server ask about this test's pods; the name of the configuration.

        Unless it is ``trusted`` the configuration has no ``caBundle`` yet.
        """
        name = self.name(stem)
        trust = (f"--caCertFile={asked.authority}",) if trusted else ()
        rendered = yaml_reader.load(
            pillion(
                "webhook",
                "render",
                f"--name={name}",
                *asked.registration(),
                *trust,
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
