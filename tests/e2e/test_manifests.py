"""What the command line prints is what an API server takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from e2e.webhook_server import CURRENT, LEGACY, is_injected, pillion
from pillion import profiles

if TYPE_CHECKING:
    from e2e.control_plane import ControlPlane
    from e2e.kubectl import Kubectl
    from e2e.webhook_server import Cluster

EXAMPLES = Path(__file__).parents[2] / "examples"
WORKLOADS = Path(__file__).parent / "manifests" / "workloads.yaml"
CONFIG = "{.data.config}"


@pytest.mark.parametrize("profile", [CURRENT, LEGACY])
@pytest.mark.parametrize("command", ["kube-inject", "inject"])
@pytest.mark.parametrize(
    "manifest",
    [WORKLOADS, EXAMPLES / "bookinfo.yaml", EXAMPLES / "busybox.yaml"],
    ids=lambda path: path.stem,
)
def test_the_server_takes_every_field(
    kubectl: Kubectl, command: str, profile: str, manifest: Path
) -> None:
    injected = pillion(command, "-f", str(manifest), "--profile", profile)
    assert "istio-proxy" in injected
    kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-", given=injected)


@pytest.mark.parametrize("profile", [CURRENT, LEGACY])
def test_a_shell_pipes_it_into_kubectl(cluster: Cluster, profile: str) -> None:
    namespace = cluster.namespace()
    line = f"kubectl apply -n {namespace} -f <({sys.executable} -m pillion kube-inject"
    subprocess.run(
        ["/bin/bash", "-ec", f"{line} --profile {profile} -f {EXAMPLES / 'bookinfo.yaml'})"],
        env=cluster.kubectl.environment,
        check=True,
        capture_output=True,
    )
    assert all(map(is_injected, cluster.pods(namespace, 6)))


@pytest.mark.parametrize("profile", [CURRENT, LEGACY])
def test_the_configuration_of_a_cluster_is_read_back(
    cluster: Cluster, tmp_path: Path, profile: str
) -> None:
    namespace = istio_namespace(cluster, profile)
    read = ("-n", namespace, "get", "configmap", "istio-sidecar-injector")
    saved, whole = tmp_path / "inject-config.yaml", tmp_path / "configmap.yaml"
    saved.write_text(cluster.kubectl(*read, f"-o=jsonpath={CONFIG}"), encoding="utf-8")
    whole.write_text(cluster.kubectl(*read, "-o=yaml"), encoding="utf-8")
    inject = ("kube-inject", "-f", str(WORKLOADS))
    wanted = pillion(*inject, "--profile", profile)
    assert pillion(*inject, "--injectConfigFile", str(saved)) == wanted
    assert pillion(*inject, "--injectConfigFile", str(whole)) == wanted


@pytest.mark.parametrize("profile", [CURRENT, LEGACY])
def test_the_configuration_is_read_from_the_cluster(cluster: Cluster, profile: str) -> None:
    namespace = istio_namespace(cluster, profile, "-canary")
    inject = ("kube-inject", "-f", str(WORKLOADS), "--revision=canary")
    asked = ("--kubeconfig", cluster.kubectl.environment["KUBECONFIG"], "-i", namespace)
    assert pillion(*inject, *asked) == pillion(*inject, "--profile", profile)


def test_a_plugins_client_certificate_opens_the_cluster(
    cluster: Cluster, control_plane: ControlPlane, tmp_path: Path
) -> None:
    namespace = istio_namespace(cluster, CURRENT)
    certificate = control_plane.administrator()
    status = {
        "clientCertificateData": certificate.cert_chain_pems[0].bytes().decode(),
        "clientKeyData": certificate.private_key_pem.bytes().decode(),
    }
    program = f"import json; print(json.dumps({{'status': {status!r}}}))"
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": sys.executable,
        "args": ["-c", program],
        "interactiveMode": "Never",
    }
    kubeconfig = json.loads(control_plane.kubeconfig.read_text(encoding="utf-8"))
    kubeconfig["users"] = [{"name": "admin", "user": {"exec": plugin}}]
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(kubeconfig), encoding="utf-8")
    inject = ("kube-inject", "-f", str(WORKLOADS))
    from_cluster = pillion(*inject, "--kubeconfig", str(file), "-i", namespace)
    assert from_cluster == pillion(*inject, "--profile", CURRENT)


def istio_namespace(cluster: Cluster, profile: str, suffix: str = "") -> str:
    """A namespace with the ConfigMaps of an Istio."""
    namespace = cluster.namespace(stem="istio-system")
    found = profiles.load(profile)
    injector = {"config": found.config} | ({"values": found.values} if found.values else {})
    for name, data in (("istio-sidecar-injector", injector), ("istio", {"mesh": found.mesh})):
        metadata = {"name": f"{name}{suffix}"}
        given = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
        cluster.kubectl("create", "-n", namespace, "-f", "-", given=given)
    return namespace
