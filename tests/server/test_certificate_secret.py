"""The Secret of the server's certificate, shared by replicas in a cluster in memory."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cluster import virtual_time
from pillion.cluster.errors import ClusterError
from pillion.cluster.fake import FakeCluster
from pillion.cluster.lease import Leadership
from pillion.cluster.resources import SECRETS
from pillion.server import authority, certificate_secret
from pillion.server.authority import Keys, Lifetimes
from pillion.server.certificate_secret import CertificateSecret
from pillion.server.errors import CertificateError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pillion.cluster.protocol import Object

NAMES = ["injector.mesh.svc"]
STEP = 120.0
TIMES = Lifetimes(certificate=30 * STEP, authority=60 * STEP, overlap=2 * STEP)
START = datetime(2026, 1, 1, tzinfo=UTC)
ORIGIN = "Secret certificate in mesh"


@pytest.fixture(autouse=True)
def _virtual_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the date go with the virtual time."""
    monkeypatch.setattr(certificate_secret, "_now", now)


def now() -> datetime:
    return START + timedelta(seconds=asyncio.get_running_loop().time())


class Replica:
    """A replica with a client of its own, and what it was told."""

    def __init__(self, cluster: FakeCluster, identity: str = "one") -> None:
        self.cluster = cluster.another()
        self.told: list[Keys] = []
        self.failing = 0
        self.trouble: list[object] = []
        self.failed: list[str] = []
        self.refused: list[str] = []
        self.leadership = Leadership(
            self.cluster,
            "lease",
            "mesh",
            identity,
            trouble=self.trouble.append,
            unelected=self.trouble.append,
        )
        self.secret = CertificateSecret(self.cluster, "certificate", "mesh", NAMES, TIMES)

    async def _changed(self) -> None:
        if self.failing:
            self.failing -= 1
            raise OSError("no memory")
        self.told.append(self.keys)

    @property
    def keys(self) -> Keys:
        pems = self.secret.pems()
        return Keys(self.secret.bundle, b"", pems.chain.text, pems.key.text)

    @property
    def writes(self) -> int:
        return sum(one[:2] == ("update", "secrets") for one in self.cluster.asked)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        await self.secret.begin()
        secret = self.secret.run(
            self.leadership,
            self._changed,
            self.trouble.append,
            lambda error: self.failed.append(str(error)),
            lambda error: self.refused.append(str(error)),
        )
        tasks = [asyncio.ensure_future(one) for one in (self.leadership.run(), secret)]
        await asyncio.sleep(5)
        try:
            yield
        finally:
            for one in tasks:
                one.cancel()
            await asyncio.wait(tasks)
            assert all(one.cancelled() for one in tasks)


def made(data: dict[str, str] | None = None) -> Object:
    metadata = {"name": "certificate", "namespace": "mesh"}
    return {"metadata": metadata, "type": "Opaque"} | ({} if data is None else {"data": data})


def held(cluster: FakeCluster) -> Keys:
    [found] = cluster.held(SECRETS)
    return authority.read(found["data"])


def public(keys: Keys) -> Keys:
    return keys._replace(bundle_key=b"")


def test_it_is_made_where_there_is_none() -> None:
    cluster = FakeCluster()
    one = Replica(cluster)

    async def work() -> None:
        with pytest.raises(CertificateError, match=f"^{ORIGIN}: it is not read yet"):
            one.secret.pems()
        await one.secret.begin()
        assert authority.renewed(held(cluster), NAMES, now(), TIMES)[1] == ""

    virtual_time.run(work())
    assert one.keys == public(held(cluster))
    assert cluster.held(SECRETS)[0]["type"] == "kubernetes.io/tls"
    assert [pem.origin for pem in one.secret.pems() if pem] == [
        f"{ORIGIN}, tls.crt",
        f"{ORIGIN}, tls.key",
    ]


def test_it_is_found_where_there_is_one() -> None:
    cluster = FakeCluster()
    keys = authority.make(NAMES, START, TIMES)
    cluster.put(SECRETS, made(keys.data()))
    one = Replica(cluster)
    virtual_time.run(one.secret.begin())
    assert one.keys == public(keys)
    assert [asked.verb for asked in one.cluster.asked] == ["get"]


class _Late(FakeCluster):
    """A cluster that another replica is quicker to ask and to write to."""

    async def get(self, *asked: object) -> Object:
        await asyncio.sleep(0)
        try:
            return await super().get(*asked)  # type: ignore[arg-type]
        finally:
            await asyncio.sleep(1)


@pytest.mark.parametrize("empty", [False, True])
def test_two_replicas_that_start_at_once_have_the_same(*, empty: bool) -> None:
    cluster = _Late()
    if empty:
        cluster.put(SECRETS, made())

    async def work() -> None:
        replicas = [CertificateSecret(cluster, "certificate", "mesh", NAMES, TIMES) for _ in "12"]
        await asyncio.gather(*(one.begin() for one in replicas))
        assert replicas[0].pems() == replicas[1].pems()
        assert replicas[0].bundle == held(cluster).bundle

    virtual_time.run(work())


def test_an_empty_one_is_filled() -> None:
    cluster = FakeCluster()
    cluster.put(SECRETS, made() | {"immutable": False})
    one = Replica(cluster)
    virtual_time.run(one.secret.begin())
    assert one.keys == public(held(cluster))
    [found] = cluster.held(SECRETS)
    assert (found["type"], found["immutable"]) == ("Opaque", False)


def test_one_of_something_else_is_left_alone_and_stops_the_start() -> None:
    cluster = FakeCluster()
    cluster.put(SECRETS, made({"password": "eA=="}))
    with pytest.raises(CertificateError, match=f"^{ORIGIN}: it has no ca.crt$"):
        virtual_time.run(Replica(cluster).secret.begin())
    assert cluster.held(SECRETS)[0]["data"] == {"password": "eA=="}


@pytest.mark.parametrize("verb", ["get", "create"])
def test_what_is_forbidden_stops_the_start(verb: str) -> None:
    one = Replica(FakeCluster())
    one.cluster.forbidden.add(verb)
    with pytest.raises(ClusterError, match=f"cannot {verb}"):
        virtual_time.run(one.secret.begin())


def test_the_leader_renews_it_and_the_others_see_it() -> None:
    cluster = FakeCluster()
    one, two = Replica(cluster, "one"), Replica(cluster, "two")

    async def work() -> None:
        async with one.running(), two.running():
            before = one.keys
            await asyncio.sleep(19.4 * STEP)
            assert one.told == two.told == []
            await asyncio.sleep(STEP)
            assert one.told == two.told == [one.keys]
            assert one.keys == public(held(cluster))
            assert one.keys.chain != before.chain
            assert one.keys.bundle == before.bundle
            assert (one.writes, two.writes) == (1, 0)

    virtual_time.run(work())
    assert one.failed == two.failed == one.refused == []


def test_the_authority_is_renewed_under_the_certificate() -> None:
    cluster = FakeCluster()
    one = Replica(cluster)

    async def work() -> None:
        async with one.running():
            await asyncio.sleep(100 * STEP)

    virtual_time.run(work())
    assert len({keys.bundle for keys in one.told}) > 2
    assert one.failed == one.refused == []


def test_one_that_was_deleted_is_made_again_with_the_same_keys(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cluster = FakeCluster()
    one, two = Replica(cluster, "one"), Replica(cluster, "two")

    async def work() -> None:
        async with one.running(), two.running():
            keys = held(cluster)
            cluster.delete(SECRETS, "certificate", "mesh")
            await asyncio.sleep(61)
            assert held(cluster) == keys
            await asyncio.sleep(20 * STEP)
            assert held(cluster) != keys
            assert one.told == two.told == [public(held(cluster))]

    virtual_time.run(work())
    assert [one.message for one in caplog.records if one.levelname == "WARNING"] == [
        "the Secret was gone, and is made again"
    ]


def broken() -> dict[str, dict[str, str]]:
    keys, other = (authority.make(NAMES, START, TIMES).data() for _ in "12")
    return {
        "something else": {"password": "eA=="},
        "another key": keys | {"tls.key": other["tls.key"]},
        "another authority": keys | {name: other[name] for name in ("ca.crt", "ca.key")},
    }


@pytest.mark.parametrize("what", ["something else", "another key", "another authority"])
def test_a_broken_one_is_refused_and_the_old_one_stays(
    what: str, caplog: pytest.LogCaptureFixture
) -> None:
    cluster = FakeCluster()
    one = Replica(cluster)

    async def work() -> None:
        async with one.running():
            before = one.keys
            good = cluster.held(SECRETS)[0]["data"]
            put = broken()[what]
            cluster.put(SECRETS, made(put))
            await asyncio.sleep(STEP)
            assert one.keys == before
            assert (one.told, one.failed) == ([], [])
            assert len(one.refused) == 1, "it is told once"
            assert not caplog.records
            await asyncio.sleep(20 * STEP)
            assert cluster.held(SECRETS)[0]["data"] == put, "it is left alone"
            assert "somebody has put something else there" in str(
                getattr(caplog.records[-1], "fields", None)
            )
            cluster.put(SECRETS, made(good))
            await asyncio.sleep(61)
            assert one.told[-1] == public(held(cluster)) == one.keys
            assert one.keys != before

    virtual_time.run(work())


def test_another_good_one_put_there_by_hand_is_taken() -> None:
    cluster = FakeCluster()
    one = Replica(cluster)
    one.failing = 1  # what fails at first is told again

    async def work() -> None:
        async with one.running():
            cluster.put(SECRETS, made(authority.make(NAMES, now(), TIMES).data()))
            await asyncio.sleep(1)
            assert one.told == [public(held(cluster))]

    virtual_time.run(work())
    assert one.failed == ["no memory"]


def test_a_renewal_that_fails_is_told_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    cluster = FakeCluster()
    one = Replica(cluster)

    async def work() -> None:
        async with one.running():
            one.cluster.forbidden.add("update secrets")
            await asyncio.sleep(20 * STEP + 100)
            assert one.told == []
            assert {record.message for record in caplog.records} == {"the Secret cannot be written"}
            one.cluster.forbidden.clear()
            await asyncio.sleep(61)
            assert len(one.told) == 1

    virtual_time.run(work())
