"""A whole server and its cluster: what it follows there, and what it writes."""

from __future__ import annotations

import asyncio
import base64
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from cluster import virtual_time
from injection.small import VALUES
from pillion.cluster.errors import ClusterError
from pillion.cluster.fake import FakeCluster
from pillion.cluster.resources import (
    CONFIG_MAPS,
    EVENTS,
    LEASES,
    NODES,
    PROXY_CONFIGS,
    SECRETS,
    WEBHOOK_CONFIGURATIONS,
)
from pillion.server import cluster_side
from pillion.server.ca_bundle import Own, encoded
from pillion.server.cluster_side import ClusterSide
from pillion.server.errors import CertificateError
from pillion.server.metrics import Metrics
from pillion.server.settings import ClusterSettings
from server.serving import Authority, Running, config_text, pod, replace, review, wait_for
from server.test_reload import ANOTHER, injected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pillion.cluster.protocol import Object

BASE = ClusterSettings("mesh", "injector-1", "lease", Own("injector", "mesh"))
SHOWING = """
metadata:
  annotations:
    native: "native-{{ .NativeSidecars }}"
    variables: "variables:{{ range $name, $_ := .ProxyConfig.ProxyMetadata }}{{ $name }}{{ end }}"
spec: {containers: [{name: istio-proxy, image: i}]}
"""
ACCEPTED = 'pillion_reloads_total{result="accepted",what="configuration"}'
REFUSED = "pillion_configuration_refused"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_side, "_SETTLING", 0.01)
    monkeypatch.setattr(cluster_side, "_LOOK", 0.02)


def config_map(config: str) -> Object:
    data = {"config": config, "mesh": "", "values": VALUES}
    return {"metadata": {"name": "injector", "namespace": "mesh"}, "data": data}


def hooks(**more: Any) -> Object:
    client = {"service": {"name": "injector", "namespace": "mesh"}}
    webhook = {"name": "sidecar-injector.istio.io", "clientConfig": client, **more}
    return {"metadata": {"name": "hooks"}, "webhooks": [webhook]}


def node(version: str) -> Object:
    return {"metadata": {"name": "n"}, "status": {"nodeInfo": {"kubeletVersion": version}}}


@contextmanager
def serving(
    folder: Path, authority: Authority, cluster: FakeCluster, **more: Any
) -> Iterator[Running]:
    """A server, with a cluster's settings among those of the server."""
    names = ClusterSettings._fields
    settings = BASE._replace(**{name: more.pop(name) for name in names if name in more})
    with Running(folder, authority, cluster, cluster_settings=settings, **more) as running:
        yield running


def answer(running: Running) -> str:
    return injected(running.ask(review()).body)


def bundle(running: Running, cluster: FakeCluster) -> str:
    [found] = running.see(lambda: cluster.held(WEBHOOK_CONFIGURATIONS))
    made: str = found["webhooks"][0]["clientConfig"].get("caBundle", "")
    return made


def reasons(running: Running, cluster: FakeCluster) -> list[str]:
    return [one["reason"] for one in running.see(lambda: cluster.held(EVENTS))]


def trouble(running: Running) -> dict[str, float]:
    lines = running.monitoring("/metrics").body.decode().splitlines()
    found = [one.rpartition(" ") for one in lines if one.startswith("pillion_cluster_trouble{")]
    return {name.split('"')[1]: float(value) for name, _, value in found if float(value)}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_config_map_is_followed(tmp_path: Path, authority: Authority, workers: int) -> None:
    cluster = FakeCluster()
    cluster.put(CONFIG_MAPS, config_map(config_text()))
    with serving(
        tmp_path,
        authority,
        cluster,
        config_map="injector",
        config_maps=("injector",),
        workers=workers,
    ) as running:
        before = running.sha256()
        assert "another" not in answer(running)
        running.do(lambda: cluster.put(CONFIG_MAPS, config_map(config_text(template=ANOTHER))))
        wait_for(lambda: running.sha256() != before)
        assert "another" in answer(running)
        running.do(lambda: cluster.delete(CONFIG_MAPS, "injector", "mesh"))
        wait_for(lambda: running.metric(REFUSED) == 1)
        refused = running.monitoring("/ready").json["configuration"]["refused"]["error"]
        assert refused == "there is no ConfigMap injector in mesh"
        assert "another" in answer(running)
        wait_for(lambda: reasons(running, cluster) == ["ConfigurationRefused"])
        [event] = running.see(lambda: cluster.held(EVENTS))
        assert event["involvedObject"]["name"] == "injector-1"
        assert event["message"].endswith(refused)
        running.do(lambda: cluster.put(CONFIG_MAPS, config_map(config_text())))
        wait_for(lambda: running.sha256() == before)
        assert running.metric(REFUSED) == 0
    assert cluster.closed


def test_a_config_map_that_nobody_may_read_stops_the_start(
    tmp_path: Path, authority: Authority
) -> None:
    cluster = FakeCluster(forbidden=["list configmaps"])
    settings = BASE._replace(config_maps=("injector",))
    running = Running(
        tmp_path, authority, cluster, config_map="injector", cluster_settings=settings
    )
    with pytest.raises(Exception, match="configmaps is forbidden: cannot list"):
        running.run_here()


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_cluster_says_counts_for_pods(
    tmp_path: Path, authority: Authority, workers: int
) -> None:
    cluster = FakeCluster()
    cluster.put(NODES, node("v1.32.0"))
    replace(tmp_path / "config", config_text(template=SHOWING))
    with serving(
        tmp_path, authority, cluster, nodes=True, native_sidecars="auto", workers=workers
    ) as running:
        assert "native-false" in answer(running)
        assert "variables:A" not in answer(running)
        running.do(lambda: cluster.put(NODES, node("v1.34.0")))
        wait_for(lambda: "native-true" in answer(running))
        metadata = {"name": "p", "namespace": "shop"}
        made = {"metadata": metadata, "spec": {"environmentVariables": {"A": "1"}}}
        running.do(lambda: cluster.put(PROXY_CONFIGS, made))
        wait_for(lambda: "variables:A" in answer(running))
        elsewhere = running.ask(review(namespace="elsewhere")).body
        assert "variables:A" not in injected(elsewhere)
        running.do(lambda: cluster.delete(PROXY_CONFIGS, "p", "shop"))
        wait_for(lambda: "variables:A" not in answer(running))


def test_heartbeats_of_nodes_reload_nothing(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[object] = []
    noticed = ClusterSide._noticed  # noqa: SLF001 - nothing outside tells that nothing is done

    async def notice(self: ClusterSide, objects: Any) -> None:
        await noticed(self, objects)
        reported.append(objects)

    monkeypatch.setattr(ClusterSide, "_noticed", notice)
    cluster = FakeCluster()
    cluster.put(NODES, node("v1.32.0"))
    with serving(tmp_path, authority, cluster, nodes=True) as running:
        running.do(lambda: cluster.put(NODES, node("v1.33.0")))
        wait_for(lambda: running.side.facts.nodes == [node("v1.33.0")])
        wait_for(lambda: {} in reported)  # there are no ProxyConfigs
        before = 0.0
        for number in range(5):
            beating = node("v1.33.0")
            beating["status"]["beat"] = number
            told = len(reported)
            running.do(partial(cluster.put, NODES, beating))
            wait_for(lambda told=told: len(reported) > told)  # type: ignore[misc]
            before = before or running.metric(ACCEPTED)
        assert running.metric(ACCEPTED) == before


def test_a_cluster_without_the_kind_is_no_trouble(
    tmp_path: Path, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    cluster = FakeCluster()
    cluster.unserved.add(PROXY_CONFIGS)
    with serving(tmp_path, authority, cluster) as running:
        assert "istio-proxy" in answer(running)
        assert trouble(running) == {}
    told = {one.message for one in caplog.records if one.levelname in ("WARNING", "ERROR")}
    assert told <= {"no webhook leads to this server yet"}


def test_what_is_forbidden_is_told_once(
    tmp_path: Path, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    cluster = FakeCluster(forbidden=["list nodes", "list proxyconfigs"])
    with serving(tmp_path, authority, cluster, nodes=True, native_sidecars="auto") as running:
        assert "istio-proxy" in answer(running)
        assert trouble(running) == {"nodes": 1, "proxyconfigs": 1}
    messages = sorted(one.message for one in caplog.records if one.levelname == "ERROR")
    assert messages == ["nodes cannot be followed", "proxyconfigs cannot be followed"]


def test_a_dead_cluster_keeps_nobody_from_serving(tmp_path: Path, authority: Authority) -> None:
    cluster = FakeCluster(failure="away")
    file = authority.write(tmp_path / "ca.crt")
    with serving(tmp_path, authority, cluster, nodes=True, authority_file=file) as running:
        assert "istio-proxy" in answer(running)
        wait_for(lambda: len(trouble(running)) == 4)
        running.do(lambda: cluster.put(WEBHOOK_CONFIGURATIONS, hooks()))
        running.do(lambda: setattr(cluster, "failure", ""))
        wait_for(lambda: bundle(running, cluster))
        wait_for(lambda: trouble(running) == {})


def test_a_refused_configuration_is_an_event_on_the_servers_pod(
    tmp_path: Path, authority: Authority
) -> None:
    cluster = FakeCluster()
    with serving(tmp_path, authority, cluster) as running:
        replace(tmp_path / "config", config_text(template="{{ nonsense }}"))
        wait_for(lambda: reasons(running, cluster))
        [found] = running.see(lambda: cluster.held(EVENTS))
        assert found["involvedObject"] == {
            "apiVersion": "v1",
            "kind": "Pod",
            "name": "injector-1",
            "namespace": "mesh",
        }
        assert (found["type"], found["reason"]) == ("Warning", "ConfigurationRefused")
        assert 'function "nonsense" not defined' in found["message"]


@pytest.mark.parametrize(
    ("side_effects", "wanted"), [("NoneOnDryRun", ["InjectionFailed"]), ("None", [])]
)
def test_a_failed_pod_is_an_event_where_the_registration_allows_one(
    tmp_path: Path, authority: Authority, side_effects: str, wanted: list[str]
) -> None:
    cluster = FakeCluster()
    cluster.put(WEBHOOK_CONFIGURATIONS, hooks(sideEffects=side_effects))
    file = authority.write(tmp_path / "ca.crt")
    with serving(tmp_path, authority, cluster, authority_file=file) as running:
        wait_for(lambda: bundle(running, cluster))
        failing = pod(annotations={"inject.istio.io/templates": "nonsense"})
        assert b'"allowed":false' in running.ask(review(failing)).body
        replace(tmp_path / "config", config_text(template="{{ nonsense }}"))
        wait_for(lambda: "ConfigurationRefused" in reasons(running, cluster))
        assert reasons(running, cluster) == [*wanted, "ConfigurationRefused"]


def test_a_new_authority_is_written_and_a_broken_one_is_not(
    tmp_path: Path, authority: Authority
) -> None:
    cluster = FakeCluster()
    cluster.put(WEBHOOK_CONFIGURATIONS, hooks())
    path = tmp_path / "ca.crt"
    file = authority.write(path)
    with serving(tmp_path, authority, cluster, authority_file=file) as running:
        wait_for(lambda: bundle(running, cluster) == encoded(path.read_bytes()))
        written = bundle(running, cluster)
        replace(path, "nonsense")
        wait_for(lambda: "AuthorityRefused" in reasons(running, cluster))
        assert bundle(running, cluster) == written
        Authority().write(tmp_path / "new.crt")
        replace(path, (tmp_path / "new.crt").read_text())
        wait_for(lambda: bundle(running, cluster) == encoded(path.read_bytes()))
        assert bundle(running, cluster) != written


def test_the_authority_of_a_start_has_to_be_one(tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "ca.crt").write_text("nonsense")
    settings = BASE._replace(authority_file=str(tmp_path / "ca.crt"))
    running = Running(tmp_path, authority, FakeCluster(), cluster_settings=settings)
    with pytest.raises(CertificateError, match=r"ca\.crt holds no certificate in PEM"):
        running.run_here()


@pytest.mark.parametrize("workers", [1, 2])
def test_the_certificate_of_a_secret(tmp_path: Path, authority: Authority, workers: int) -> None:
    cluster = FakeCluster()
    cluster.put(WEBHOOK_CONFIGURATIONS, hooks())
    with serving(
        tmp_path,
        authority,
        cluster,
        certificate=None,
        secret="certificate",  # noqa: S106 - the name of one
        hosts=("localhost",),
        workers=workers,
    ) as running:
        wait_for(lambda: bundle(running, cluster))
        running.trust.load_verify_locations(
            cadata=base64.b64decode(bundle(running, cluster)).decode()
        )
        assert "istio-proxy" in answer(running)
        [found] = running.see(lambda: cluster.held(SECRETS))
        assert found["data"]["ca.crt"] == bundle(running, cluster)
        broken = found | {"data": {"nothing": "eA=="}}
        running.do(lambda: cluster.put(SECRETS, broken))
        wait_for(lambda: "CertificateRefused" in reasons(running, cluster))
        assert bundle(running, cluster) == found["data"]["ca.crt"]
        assert "istio-proxy" in answer(running)


def test_who_keeps_another_bundle_there_is_told(tmp_path: Path, authority: Authority) -> None:
    cluster = FakeCluster()
    cluster.put(WEBHOOK_CONFIGURATIONS, hooks())
    file = authority.write(tmp_path / "ca.crt")
    with serving(tmp_path, authority, cluster, authority_file=file) as running:
        for _ in range(3):
            wait_for(lambda: bundle(running, cluster))
            running.do(lambda: cluster.put(WEBHOOK_CONFIGURATIONS, hooks()))
        wait_for(lambda: "CABundleContested" in reasons(running, cluster))
        [found] = running.see(lambda: cluster.held(EVENTS))
        assert found["metadata"]["namespace"] == "default"
        assert found["involvedObject"]["name"] == "hooks"


def test_the_end_releases_the_lease(tmp_path: Path, authority: Authority) -> None:
    cluster = FakeCluster()
    file = authority.write(tmp_path / "ca.crt")
    with serving(tmp_path, authority, cluster, authority_file=file) as running:
        wait_for(lambda: running.metric("pillion_leader") == 1)
        [lease] = running.see(lambda: cluster.held(LEASES))
        assert lease["spec"]["holderIdentity"].startswith("injector-1_")
    [lease] = cluster.held(LEASES)
    assert lease["spec"]["holderIdentity"] == ""
    assert cluster.watching == 0


def test_nobody_leads_without_anything_to_write(tmp_path: Path, authority: Authority) -> None:
    cluster = FakeCluster()
    cluster.put(WEBHOOK_CONFIGURATIONS, hooks(caBundle="kept"))
    file = authority.write(tmp_path / "ca.crt")
    with serving(tmp_path, authority, cluster, authority_file=file, reconcile=False) as running:
        assert "istio-proxy" in answer(running)
    assert cluster.held(LEASES) == []
    assert cluster.held(WEBHOOK_CONFIGURATIONS)[0]["webhooks"] == hooks(caBundle="kept")["webhooks"]


def test_what_fails_unexpectedly_is_logged_and_begun_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun: list[float] = []

    async def failing() -> None:
        begun.append(asyncio.get_running_loop().time())
        raise ValueError("nobody expected this")

    async def work() -> None:
        side = ClusterSide(FakeCluster(), BASE, Metrics("test"))
        side.events.run = failing  # type: ignore[method-assign]
        task = asyncio.ensure_future(side.run())
        await asyncio.sleep(25)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    virtual_time.run(work())
    assert begun == pytest.approx([0, 10, 20])
    found = [one for one in caplog.records if one.exc_info]
    assert [one.message for one in found] == [
        "work for the cluster failed unexpectedly, and is begun again"
    ] * 3
    assert "nobody expected this" in caplog.text


class _Hanging(FakeCluster):
    """A cluster that takes every question and answers none."""

    async def _hang(self, *_: Any, **__: Any) -> Any:
        await asyncio.sleep(10_000)

    get = list = patch = create = replace = _hang


def test_a_cluster_that_hangs_holds_up_neither_start_nor_end(tmp_path: Path) -> None:
    authority = Authority().write(tmp_path / "ca.crt")

    async def work() -> None:
        time = asyncio.get_running_loop().time
        settings = BASE._replace(nodes=True, config_maps=("injector",), authority_file=authority)
        side = ClusterSide(_Hanging(), settings, Metrics("test"))
        followers: list[asyncio.Task[None]] = []
        await side.begin(followers)
        assert time() == pytest.approx(10)
        with pytest.raises(ClusterError, match=r"^fake does not answer$"):
            side.config_map("injector")
        assert side.facts.nodes is None
        running = asyncio.ensure_future(side.run())
        await asyncio.sleep(100)
        for one in (running, *followers):
            one.cancel()
        await asyncio.wait([running, *followers])
        assert time() == pytest.approx(110)
        assert asyncio.all_tasks() == {asyncio.current_task()}, "nothing is left behind"

    virtual_time.run(work())
