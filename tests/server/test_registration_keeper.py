"""The caBundle of the server's webhooks, kept right in a cluster in memory."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cluster import virtual_time
from pillion.cluster.fake import FakeCluster
from pillion.cluster.informer import Informer
from pillion.cluster.lease import Leadership
from pillion.cluster.resources import WEBHOOK_CONFIGURATIONS
from pillion.server.ca_bundle import Own, encoded
from pillion.server.metrics import Metrics
from pillion.server.registration_keeper import RegistrationKeeper

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from pillion.cluster.protocol import Object
    from pillion.server.ca_bundle import Entry

NAME = "sidecar-injector.istio.io"
OLD, NEW = b"old", b"new"


def hooks(bundle: bytes = b"", name: str = "hooks", **more: Any) -> Object:
    client = {"service": {"name": "injector", "namespace": "mesh"}, "caBundle": encoded(bundle)}
    webhook = {"name": NAME, "clientConfig": client, **more}
    return {"metadata": {"name": name}, "webhooks": [webhook]}


class Keeping:
    """A replica that keeps the registration, and what it was told."""

    def __init__(self, cluster: FakeCluster, identity: str = "one", bundle: bytes = OLD) -> None:
        self.cluster = cluster.another()
        self.bundle: bytes | None = bundle
        self.metrics = Metrics("test")
        self.contested: list[tuple[Entry, str]] = []
        self.trouble: list[object] = []
        self.leadership = Leadership(
            self.cluster,
            "lease",
            "mesh",
            identity,
            trouble=self.trouble.append,
            unelected=self.trouble.append,
        )
        self.keeper = RegistrationKeeper(
            self.cluster,
            Own("injector", "mesh"),
            lambda: self.bundle,
            leadership=self.leadership,
            metrics=self.metrics,
            contested=lambda entry, message: self.contested.append((entry, message)),
        )
        self.informer = Informer(
            self.cluster,
            WEBHOOK_CONFIGURATIONS,
            changed=self._noticed,
            trouble=self.trouble.append,
            failed=self.trouble.append,
        )

    def _noticed(self, objects: Mapping[tuple[str, str], Object]) -> None:
        self.keeper.noticed(objects.values())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        works = (self.leadership.run(), self.informer.run(), self.keeper.run())
        tasks = [asyncio.ensure_future(one) for one in works]
        await asyncio.sleep(1)
        try:
            yield
        finally:
            for one in tasks:
                one.cancel()
            await asyncio.wait(tasks)
            assert all(one.cancelled() for one in tasks)

    @property
    def writes(self) -> int:
        return sum(one[:2] == ("patch", WEBHOOK_CONFIGURATIONS.plural) for one in self.asked)

    @property
    def asked(self) -> list[Any]:
        return self.cluster.asked

    def metric(self, name: str, **labels: str) -> float | None:
        for family in text_string_to_metric_families(self.metrics.text().decode()):
            for sample in family.samples:
                if sample.name == name and sample.labels == labels:
                    return sample.value
        return None


def bundle(cluster: FakeCluster, name: str = "hooks") -> str:
    [found] = [
        one for one in cluster.held(WEBHOOK_CONFIGURATIONS) if one["metadata"]["name"] == name
    ]
    made: str = found["webhooks"][0]["clientConfig"]["caBundle"]
    return made


def messages(caplog: pytest.LogCaptureFixture, *levels: str) -> list[str]:
    return [one.message for one in caplog.records if one.levelname in (levels or ("ERROR",))]


def test_a_wrong_bundle_is_corrected_at_the_start_and_later() -> None:
    cluster = FakeCluster()
    cluster.put(WEBHOOK_CONFIGURATIONS, hooks(b"wrong"))
    one = Keeping(cluster)

    async def work() -> None:
        async with one.running():
            assert bundle(cluster) == encoded(OLD)
            cluster.put(WEBHOOK_CONFIGURATIONS, hooks(b"wrong again"))
            await asyncio.sleep(0.01)
            assert bundle(cluster) == encoded(OLD)
            await asyncio.sleep(1000)

    virtual_time.run(work())
    assert one.writes == 2
    assert one.metric("pillion_ca_bundle_writes_total", result="written") == 2
    assert one.metric("pillion_ca_bundle_right", configuration="hooks", webhook=NAME) == 1
    assert one.contested == one.trouble == []


def test_a_configuration_is_written_once_for_all_its_entries() -> None:
    cluster = FakeCluster()
    made = hooks(b"wrong")
    made["webhooks"] += [
        one | {"name": f"{prefix}.{NAME}"}
        for prefix in ("object", "namespace")
        for one in hooks(b"wrong" if prefix == "object" else OLD)["webhooks"]
    ]
    cluster.put(WEBHOOK_CONFIGURATIONS, made)
    cluster.put(WEBHOOK_CONFIGURATIONS, hooks(b"wrong", "other"))
    one = Keeping(cluster)

    async def work() -> None:
        async with one.running():
            await asyncio.sleep(10)

    virtual_time.run(work())
    held = cluster.held(WEBHOOK_CONFIGURATIONS)
    bundles = {hook["clientConfig"]["caBundle"] for found in held for hook in found["webhooks"]}
    assert bundles == {encoded(OLD)}
    assert one.writes == 2


def test_what_is_right_is_left_alone() -> None:
    cluster = FakeCluster()
    cluster.put(WEBHOOK_CONFIGURATIONS, hooks(OLD))
    cluster.put(WEBHOOK_CONFIGURATIONS, {"metadata": {"name": "other"}, "webhooks": []})
    one = Keeping(cluster)

    async def work() -> None:
        async with one.running():
            await asyncio.sleep(1000)

    virtual_time.run(work())
    assert one.writes == 0


def test_nothing_is_written_without_a_bundle() -> None:
    cluster = FakeCluster()
    cluster.put(WEBHOOK_CONFIGURATIONS, hooks(b"wrong"))
    one = Keeping(cluster)
    one.bundle = None

    async def work() -> None:
        async with one.running():
            await asyncio.sleep(100)

    virtual_time.run(work())
    assert one.writes == 0


def test_a_new_bundle_is_written_when_the_keeper_is_woken() -> None:
    cluster = FakeCluster()
    cluster.put(WEBHOOK_CONFIGURATIONS, hooks(OLD))
    one = Keeping(cluster)

    async def work() -> None:
        async with one.running():
            one.bundle = NEW
            one.keeper.wake()
            await asyncio.sleep(0.01)
            assert bundle(cluster) == encoded(NEW)

    virtual_time.run(work())


def test_the_leader_alone_writes_and_another_takes_over() -> None:
    cluster = FakeCluster()
    one, two = Keeping(cluster, "one"), Keeping(cluster, "two")

    async def work() -> None:
        async with two.running():
            async with one.running():
                cluster.put(WEBHOOK_CONFIGURATIONS, hooks(b"wrong"))
                await asyncio.sleep(100)
                assert (two.writes, one.writes) == (1, 0)
                two.cluster.failure = "away"
                two.cluster.break_watches()
                cluster.put(WEBHOOK_CONFIGURATIONS, hooks(b"wrong again"))
                await asyncio.sleep(30)
                assert bundle(cluster) == encoded(OLD)
                assert one.writes == 1
            two.cluster.failure = ""
            await asyncio.sleep(100)

    virtual_time.run(work())
    labels = {"configuration": "hooks", "webhook": NAME}
    assert one.metric("pillion_ca_bundle_right", **labels) == 1
    assert two.metric("pillion_ca_bundle_right", **labels) == 1
    assert two.writes == 1


def test_without_leases_both_write_the_same() -> None:
    cluster = FakeCluster()
    replicas = [Keeping(cluster, name) for name in ("one", "two")]
    for one in replicas:
        one.cluster.forbidden.add("get leases")

    async def work() -> None:
        async with replicas[0].running(), replicas[1].running():
            for number in range(20):
                cluster.put(WEBHOOK_CONFIGURATIONS, hooks(b"%d" % number))
                await asyncio.sleep(301)
                assert bundle(cluster) == encoded(OLD)

    virtual_time.run(work())
    assert [one.contested for one in replicas] == [[], []]


@pytest.mark.parametrize("how", ["failure", "forbidden"])
def test_what_fails_is_told_and_tried_again(how: str, caplog: pytest.LogCaptureFixture) -> None:
    cluster = FakeCluster()
    one = Keeping(cluster)

    async def work() -> None:
        async with one.running():
            if how == "failure":
                one.cluster.failure = "away"
            else:
                one.cluster.forbidden.add("patch")
            cluster.put(WEBHOOK_CONFIGURATIONS, hooks(b"wrong"))
            await asyncio.sleep(7)
            assert one.metric("pillion_ca_bundle_writes_total", result="failed") == 2
            assert one.metric("pillion_ca_bundle_right", configuration="hooks", webhook=NAME) == 0
            one.cluster.failure = ""
            one.cluster.forbidden.clear()
            await asyncio.sleep(5)
            assert bundle(cluster) == encoded(OLD)

    virtual_time.run(work())
    assert messages(caplog) == ["the caBundle cannot be written"] * 2


def test_an_entry_that_moved_is_looked_at_again(caplog: pytest.LogCaptureFixture) -> None:
    cluster = FakeCluster()
    one = Keeping(cluster)
    moved = hooks(b"wrong")
    moved["webhooks"].insert(0, {"name": "another.io", "clientConfig": {"url": "https://x"}})

    async def work() -> None:
        async with one.running():
            await one.leadership.until(leading=True)
            cluster.put(WEBHOOK_CONFIGURATIONS, moved)
            told = cluster.put(WEBHOOK_CONFIGURATIONS, moved)
            told["webhooks"].reverse()
            one.keeper.noticed([told])  # as it was before
            await asyncio.sleep(6)

    virtual_time.run(work())
    [found] = cluster.held(WEBHOOK_CONFIGURATIONS)
    moved["webhooks"][1]["clientConfig"]["caBundle"] = encoded(OLD)
    assert found["webhooks"] == moved["webhooks"]
    assert messages(caplog) == []


def test_entries_that_appear_later(caplog: pytest.LogCaptureFixture) -> None:
    cluster = FakeCluster()
    cluster.put(WEBHOOK_CONFIGURATIONS, {"metadata": {"name": "other"}, "webhooks": []})
    one = Keeping(cluster)

    async def work() -> None:
        async with one.running():
            cluster.put(WEBHOOK_CONFIGURATIONS, {"metadata": {"name": "more"}, "webhooks": []})
            await asyncio.sleep(100)
            cluster.put(WEBHOOK_CONFIGURATIONS, hooks())
            cluster.put(WEBHOOK_CONFIGURATIONS, hooks(name="second"))
            await asyncio.sleep(1)
            assert bundle(cluster) == bundle(cluster, "second") == encoded(OLD)
            cluster.delete(WEBHOOK_CONFIGURATIONS, "hooks")
            await asyncio.sleep(1)
            cluster.put(WEBHOOK_CONFIGURATIONS, hooks())
            await asyncio.sleep(1)
            assert bundle(cluster) == encoded(OLD)

    virtual_time.run(work())
    [record] = [one for one in caplog.records if one.levelname == "WARNING"]
    assert record.message == "no webhook leads to this server yet"
    assert getattr(record, "fields", None) == {"of": "injector.mesh", "configurations": 1}


async def put_back(cluster: FakeCluster, every: float, times: int) -> None:
    """Be somebody who wants another bundle."""
    for _ in range(times):
        cluster.put(WEBHOOK_CONFIGURATIONS, hooks(b"theirs"))
        await asyncio.sleep(every)


@pytest.mark.parametrize("every", [0.5, 100])
def test_the_server_gives_in_to_another_owner(
    every: float, caplog: pytest.LogCaptureFixture
) -> None:
    cluster = FakeCluster()
    one = Keeping(cluster)
    labels = {"configuration": "hooks", "webhook": NAME}

    async def work() -> None:
        async with one.running():
            await put_back(cluster, every, 10 if every < 1 else 4)
            assert one.writes == 3
            assert bundle(cluster) == encoded(b"theirs")
            assert one.metric("pillion_ca_bundle_contested", **labels) == 1
            await asyncio.sleep(301)
            assert bundle(cluster) == encoded(OLD), "there was peace for a while"
            await asyncio.sleep(1)
            assert one.metric("pillion_ca_bundle_contested", **labels) == 0

    virtual_time.run(work())
    [(entry, message)] = one.contested
    assert entry.configuration == "hooks"
    assert messages(caplog) == [message]
    assert message == (
        f"somebody keeps putting another caBundle into {NAME}: it is left as it is, and API "
        "servers may not trust this server; have one of the two write it"
    )


def test_a_rotation_is_written_into_a_quarrel() -> None:
    cluster = FakeCluster()
    one = Keeping(cluster)

    async def work() -> None:
        async with one.running():
            await put_back(cluster, 1, 5)
            one.bundle = NEW
            one.keeper.wake()
            await asyncio.sleep(1)
            assert bundle(cluster) == encoded(NEW)

    virtual_time.run(work())


def test_what_the_watch_tells_late_is_no_quarrel() -> None:
    cluster = FakeCluster()
    one = Keeping(cluster)

    async def work() -> None:
        async with one.running():
            await one.leadership.until(leading=True)
            late = cluster.put(WEBHOOK_CONFIGURATIONS, hooks(b"wrong"))
            await asyncio.sleep(1)
            for _ in range(5):
                one.keeper.noticed([late])
                await asyncio.sleep(1)

    virtual_time.run(work())
    assert one.writes == 1
    assert one.contested == []


@pytest.mark.parametrize(
    ("known", "told", "wanted"),
    [
        (("u", "9"), ("u", "10"), 2),
        (("u", "10"), ("u", "9"), 1),
        (("u", "10"), ("v", "9"), 2),  # made anew
        (("u", "b"), ("u", "a"), 2),  # no API server has such versions; what it tells counts
    ],
)
def test_which_state_of_a_configuration_counts(
    known: tuple[str, str], told: tuple[str, str], wanted: int
) -> None:
    keeper = Keeping(FakeCluster()).keeper
    for number, (uid, version) in enumerate((known, told), 1):
        found = hooks(b"%d" % number)
        found["metadata"] |= {"uid": uid, "resourceVersion": version}
        keeper.noticed([found])
    assert [one.bundle for one in keeper.entries] == [encoded(b"%d" % wanted)]


@pytest.mark.parametrize(
    ("side_effects", "wanted"),
    [
        ("None", True),
        ("Unknown", True),
        ("NoneOnDryRun", False),
        ("Some", False),
        (None, False),
    ],
)
def test_whether_the_registration_forbids_events(side_effects: str | None, *, wanted: bool) -> None:
    cluster = FakeCluster()
    more = {} if side_effects is None else {"sideEffects": side_effects}
    keeper = Keeping(cluster).keeper
    assert not keeper.forbids_events
    keeper.noticed([cluster.put(WEBHOOK_CONFIGURATIONS, hooks(OLD, **more))])
    assert keeper.forbids_events is wanted
