"""A real Kubernetes API server, with etcd and the controller manager, on loopback.

There is no scheduler and no kubelet: pods stay pending. What is tested is what the API server lets
in, and what the controllers make.
"""

from __future__ import annotations

import json
import secrets
import ssl
from http import HTTPStatus
from http.client import HTTPSConnection
from typing import TYPE_CHECKING

import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from e2e.processes import Process, free_ports, wait_until

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FIELDS_OF_1_36 = "GenericWorkload"
"""The feature that lets in ``spec.schedulingGroup``, which pods have since Kubernetes 1.36."""

_NAMES = (
    "127.0.0.1",
    "10.0.0.1",
    "localhost",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
)

_AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "rules": [
        {"level": "Metadata", "resources": [{"group": "", "resources": ["pods"]}]},
        {"level": "None"},
    ],
}


class ControlPlane:
    """The processes, in ``folder``; ``kubeconfig`` is the administrator's."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary = binary
        self.folder = folder
        self.kubeconfig = folder / "kubeconfig"
        self.audit_log = folder / "audit.log"
        self._etcd_port, self._peer_port, self._port, self._controllers_port = free_ports(4)
        self._address = f"https://127.0.0.1:{self._port}"
        self._authority = trustme.CA(organization_name="Kubernetes of the tests")
        self._trust = ssl.create_default_context()
        self._authority.configure_trust(self._trust)
        self._processes: list[Process] = []

    @property
    def processes(self) -> Sequence[Process]:
        return self._processes

    def start(self) -> None:
        folder = self.folder
        folder.chmod(0o700)
        self._write_certificates()
        self._write_account_keys()
        self._make_administrator()
        (folder / "audit-policy.json").write_text(json.dumps(_AUDIT_POLICY), encoding="utf-8")
        self._start_etcd()
        self._apiserver = self._start_apiserver()
        self._wait_for_apiserver()
        self._start_controllers()

    def restart_apiserver(self) -> None:
        """End the API server and start it again; its port and its data stay."""
        self._apiserver.stop(patience=1)
        self._apiserver.start()
        self._wait_for_apiserver()

    def write_kubeconfig(self, path: Path, user: str, token: str) -> Path:
        """Write the kubeconfig of a ``user`` who has a ``token``."""
        cluster = {
            "server": self._address,
            "certificate-authority": str(self.folder / "ca.pem"),
        }
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "e2e", "cluster": cluster}],
            "users": [{"name": user, "user": {"token": token}}],
            "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": user}}],
            "current-context": "e2e",
        }
        path.write_text(json.dumps(config), encoding="utf-8")
        return path

    def administrator(self) -> trustme.LeafCert:
        """A client certificate of somebody who may do everything."""
        return self._authority.issue_cert(
            "admin", common_name="admin", organization_name="system:masters"
        )

    def stop(self) -> None:
        """End what was started, etcd last: the API server needs it until its own end.

        The data is thrown away, so nobody waits for a graceful end of the API server.
        """
        for process in reversed(self._processes):
            process.stop(patience=1)
        self._processes.clear()

    def _start(self, name: str, *arguments: str) -> Process:
        command = [str(self.binary), name, *arguments]
        process = Process(name, command, self.folder / f"{name}.log")
        self._processes.append(process)
        return process

    def _start_etcd(self) -> None:
        client, peer = (f"http://127.0.0.1:{port}" for port in (self._etcd_port, self._peer_port))
        self._start(
            "etcd",
            f"--data-dir={self.folder / 'etcd'}",
            "--unsafe-no-fsync",
            "--log-level=warn",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
        )

    def _start_apiserver(self) -> Process:
        folder = self.folder
        return self._start(
            "kube-apiserver",
            f"--etcd-servers=http://127.0.0.1:{self._etcd_port}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            f"--secure-port={self._port}",
            f"--tls-cert-file={folder / 'server.pem'}",
            f"--tls-private-key-file={folder / 'server.key'}",
            f"--client-ca-file={folder / 'ca.pem'}",
            f"--token-auth-file={folder / 'tokens.csv'}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={folder / 'accounts.pub'}",
            f"--service-account-signing-key-file={folder / 'accounts.key'}",
            "--endpoint-reconciler-type=none",
            "--enable-aggregator-routing=true",  # a Service leads to its endpoints, without a proxy
            "--profiling=false",
            f"--audit-policy-file={folder / 'audit-policy.json'}",
            f"--audit-log-path={self.audit_log}",
            f"--feature-gates={FIELDS_OF_1_36}=true",
            "--runtime-config=scheduling.k8s.io/v1alpha2=true",
        )

    def _start_controllers(self) -> None:
        folder = self.folder
        self._start(
            "kube-controller-manager",
            f"--kubeconfig={self.kubeconfig}",
            "--leader-elect=false",
            "--bind-address=127.0.0.1",
            f"--secure-port={self._controllers_port}",
            f"--cert-dir={folder / 'controllers'}",
            f"--service-account-private-key-file={folder / 'accounts.key'}",
            f"--root-ca-file={folder / 'ca.pem'}",
            "--use-service-account-credentials=true",
        )

    def _wait_for_apiserver(self) -> None:
        wait_until(self._ready, "the API server is ready", seconds=90, process=self._apiserver)

    def _write_certificates(self) -> None:
        authority = self._authority
        authority.cert_pem.write_to_path(str(self.folder / "ca.pem"))
        server = authority.issue_cert(*_NAMES)
        server.private_key_pem.write_to_path(str(self.folder / "server.key"))
        for blob in server.cert_chain_pems:
            blob.write_to_path(str(self.folder / "server.pem"), append=True)

    def _write_account_keys(self) -> None:
        """Write what tokens of service accounts are signed with."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        (self.folder / "accounts.key").write_bytes(private)
        (self.folder / "accounts.pub").write_bytes(public)

    def _make_administrator(self) -> None:
        token = secrets.token_hex(16)
        (self.folder / "tokens.csv").write_text(
            f'{token},admin,admin,"system:masters"\n', encoding="utf-8"
        )
        self.write_kubeconfig(self.kubeconfig, "admin", token)

    def _ready(self) -> bool:
        connection = HTTPSConnection("127.0.0.1", self._port, context=self._trust, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()
