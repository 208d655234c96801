"""The control plane of the run, a namespace for each test, and logs beside failures."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from e2e.control_plane import ControlPlane
from e2e.kubectl import Kubectl
from e2e.processes import wait_until
from e2e.webhook_server import Cluster

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

_BUILD = Path(__file__).parents[2] / "scripts" / "build-kube"
_control_planes = pytest.StashKey[list[ControlPlane]]()
_clusters = pytest.StashKey[Cluster]()


def _binary() -> Path:
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.skip("one control plane is enough: scripts/e2e runs these one after the other")
    where = subprocess.run([str(_BUILD), "--where"], capture_output=True, text=True, check=True)
    binary = Path(where.stdout.strip())
    if not binary.exists():
        message = f"there is no API server: {_BUILD} builds it, with Go, in some minutes"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return binary


@pytest.fixture(scope="session")
def control_plane(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ControlPlane]:
    made = ControlPlane(_binary(), tmp_path_factory.mktemp("control-plane"))
    request.config.stash[_control_planes] = [made]
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def kubectl(control_plane: ControlPlane) -> Kubectl:
    made = Kubectl(control_plane)
    # a DaemonSet makes a pod for each node
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node"}}
    made("create", "-f", "-", given=node)
    wait_until(
        lambda: made.run("get", "serviceaccount/default").returncode == 0,
        "the default service account",
    )
    return made


@pytest.fixture
def cluster(request: pytest.FixtureRequest, kubectl: Kubectl, tmp_path: Path) -> Iterator[Cluster]:
    """What a test does in the cluster: undone at its end."""
    with Cluster(kubectl, tmp_path) as made:
        request.node.stash[_clusters] = made
        yield made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the ends of the logs beside a failure."""
    report = yield
    if report.failed:
        processes = [*item.stash[_clusters].servers] if _clusters in item.stash else []
        for control_plane in item.config.stash.get(_control_planes, []):
            processes += control_plane.processes
        report.sections += [(f"log of {one.name}", one.tail()) for one in processes]
    return report
