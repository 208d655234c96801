"""What the command line prints is what an API server takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from e2e.webhook_server import CURRENT, LEGACY, is_injected, pillion
from pillion import profiles

if TYPE_CHECKING:
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
    namespace = cluster.namespace(stem="istio-system")
    found = profiles.load(profile)
    texts = {"config": found.config} | ({"values": found.values} if found.values else {})
    config_map = {"apiVersion": "v1", "kind": "ConfigMap", "data": texts}
    config_map["metadata"] = {"name": "istio-sidecar-injector"}
    cluster.kubectl("create", "-n", namespace, "-f", "-", given=config_map)
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
    namespace = cluster.namespace(stem="istio-system")
    found = profiles.load(profile)
    injector = {"config": found.config} | ({"values": found.values} if found.values else {})
    for name, data in (
        ("istio-sidecar-injector-canary", injector),
        ("istio", {"mesh": found.mesh}),
    ):
        config_map = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}
        given = {**config_map, "data": data}
        cluster.kubectl("create", "-n", namespace, "-f", "-", given=given)
    inject = ("kube-inject", "-f", str(WORKLOADS), "--revision=canary")
    asked = ("--kubeconfig", cluster.kubectl.environment["KUBECONFIG"], "-i", namespace)
    from_cluster = pillion(*inject, *asked, "--meshConfigMapName=istio")
    assert from_cluster == pillion(*inject, "--profile", profile)
