from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from pillion import profiles
from pillion.cli import cluster_source, configuration
from pillion.cli.arguments import Options
from pillion.cli.cluster_source import ClusterSource
from pillion.cluster.errors import ClusterError
from pillion.cluster.fake import FakeCluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.conftest import Run

PROFILE = profiles.load("istio-1.30")
INJECT = {"config": PROFILE.config, "values": PROFILE.values or ""}
MESH = {"mesh": PROFILE.mesh}
DEFAULTS = {
    ("istio-system", "istio-sidecar-injector"): INJECT,
    ("istio-system", "istio"): MESH,
}


@contextmanager
def source(cluster: FakeCluster, options: Options, said: list[str]) -> Iterator[ClusterSource]:
    made = ClusterSource(lambda: cluster, options, said.append)
    try:
        yield made
    finally:
        made.close()
        assert cluster.closed


def asked(cluster: FakeCluster) -> list[tuple[str, str]]:
    """Namespaces and names of the ConfigMaps that were asked for."""
    assert {one[:2] for one in cluster.asked} == {("get", "configmaps")}
    return [(one.namespace, one.name) for one in cluster.asked]


def origins(cluster: FakeCluster, options: Options) -> tuple[dict[str, str], list[str]]:
    """Where each part came from, and what was said."""
    said: list[str] = []
    with source(cluster, options, said) as found:
        texts = configuration.load_parts(options, said.append, found).texts
    return {key: text.origin for key, text in texts.items()}, said


@pytest.mark.parametrize(
    ("options", "inject", "mesh"),
    [
        (Options(), "istio-system/istio-sidecar-injector", "istio-system/istio"),
        (Options(revision="default"), "istio-system/istio-sidecar-injector", "istio-system/istio"),
        (
            Options(revision="canary"),
            "istio-system/istio-sidecar-injector-canary",
            "istio-system/istio-canary",
        ),
        (
            Options(istio_namespace="mesh", config_map="mine", revision="canary"),
            "mesh/mine",
            "mesh/istio-canary",
        ),
        (Options(mesh_map="m"), "istio-system/istio-sidecar-injector", "istio-system/m"),
    ],
)
def test_the_config_maps_by_namespace_name_and_revision(
    options: Options, inject: str, mesh: str
) -> None:
    def key(path: str) -> tuple[str, str]:
        namespace, _, name = path.partition("/")
        return namespace, name

    cluster = FakeCluster({key(inject): INJECT, key(mesh): MESH})
    _, said = origins(cluster, options)
    assert asked(cluster) == [key(inject), key(mesh)]
    namespace, name = key(inject)
    assert said[0] == f"using the ConfigMap {name} in {namespace} of context fake"


def test_files_come_first(tmp_path: Path) -> None:
    file = tmp_path / "mesh.yaml"
    file.write_text(PROFILE.mesh, encoding="utf-8")
    cluster = FakeCluster(DEFAULTS)
    found, _ = origins(cluster, Options(mesh_file=str(file)))
    where = "ConfigMap istio-sidecar-injector in istio-system of context fake"
    assert found == {
        "config": f"{where}, data.config",
        "mesh": str(file),
        "values": f"{where}, data.values",
    }
    assert asked(cluster) == [("istio-system", "istio-sidecar-injector")]


def test_a_profile_comes_before_a_cluster() -> None:
    said: list[str] = []
    with cluster_source.of(Options(profile="istio-1.1"), said.append) as found:
        assert found is None


def test_a_cluster_that_is_never_asked_is_not_connected_to() -> None:
    connected: list[FakeCluster] = []
    made = ClusterSource(lambda: connected.append(FakeCluster()), Options(), print)
    made.close()
    assert connected == []


@pytest.mark.parametrize(
    ("cluster", "message"),
    [
        (FakeCluster(failure="nobody answers"), "nobody answers"),
        (FakeCluster(), 'configmaps "istio-sidecar-injector" not found'),
        (
            FakeCluster({("istio-system", "istio-sidecar-injector"): {"policy": ""}}),
            (
                "ConfigMap istio-sidecar-injector in istio-system of context fake has no key "
                "'config' in its data, which holds policy"
            ),
        ),
    ],
)
def test_an_error_names_the_ways_without_a_cluster(cluster: FakeCluster, message: str) -> None:
    with source(cluster, Options(), []) as found, pytest.raises(ClusterError) as failure:
        found.find("config")
    assert str(failure.value) == (
        f"{message}; without it, name the files (--injectConfigFile, --meshConfigFile, "
        "--valuesFile) or an embedded configuration (--profile istio-1.30)"
    )


def test_a_cluster_that_was_asked_for_must_be_there(run: Run) -> None:
    result = run("kube-inject", "-f", "app.yaml", "--context", "prod")
    assert result.status == 2
    assert result.err == "pillion: --context: there is no kubeconfig that names a cluster\n"
    result = run("kube-inject", "-f", "app.yaml", "--kubeconfig", "gone")
    assert result.status == 1
    assert result.err.startswith("pillion: there is no kubeconfig gone; without it, name the files")
