from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from cluster import virtual_time
from pillion.cluster.fake import FakeCluster
from pillion.cluster.lease import Leadership
from pillion.cluster.resources import LEASES

if TYPE_CHECKING:
    from pillion.cluster.errors import ClusterError
    from pillion.cluster.protocol import Object


class Candidate:
    """A replica with a client of its own, and what it was told."""

    def __init__(self, cluster: FakeCluster, identity: str) -> None:
        self.cluster = cluster.another()
        self.trouble: list[ClusterError | None] = []
        self.unelected: list[ClusterError] = []
        self.leadership = Leadership(
            self.cluster,
            "pillion",
            "mesh",
            identity,
            trouble=self.trouble.append,
            unelected=self.unelected.append,
        )
        self.task: asyncio.Task[None] | None = None

    def start(self) -> Candidate:
        self.task = asyncio.ensure_future(self.leadership.run())
        return self

    async def stop(self) -> None:
        assert self.task is not None
        self.task.cancel()
        await asyncio.wait([self.task])
        assert self.task.cancelled()

    @property
    def leading(self) -> bool:
        return self.leadership.leading


def now() -> float:
    return asyncio.get_running_loop().time()


def spec(cluster: FakeCluster) -> Object:
    (lease,) = cluster.held(LEASES)
    found: Object = lease["spec"]
    return found


def lease(**more: Any) -> Object:
    return {"metadata": {"name": "pillion", "namespace": "mesh", "labels": {"x": "y"}}, **more}


async def stop(*candidates: Candidate) -> None:
    for candidate in candidates:
        await candidate.stop()


def test_the_first_leads_and_makes_the_lease() -> None:
    async def work() -> None:
        cluster = FakeCluster()
        one = Candidate(cluster, "one").start()
        await one.leadership.until(leading=True)
        found = spec(cluster)
        assert found["acquireTime"] == found["renewTime"]
        assert {key: found[key] for key in found if not key.endswith("Time")} == {
            "holderIdentity": "one",
            "leaseDurationSeconds": 15,
            "leaseTransitions": 0,
        }
        await asyncio.sleep(100)
        assert one.leading
        renewed = spec(cluster)
        assert renewed["acquireTime"] == found["acquireTime"] < renewed["renewTime"]
        assert [asked.verb for asked in one.cluster.asked[:4]] == [
            "get",
            "create",
            "update",
            "update",
        ]
        assert 50 <= len(one.cluster.asked) <= 53
        await one.stop()
        assert not one.leading
        assert (spec(cluster)["holderIdentity"], spec(cluster)["leaseDurationSeconds"]) == ("", 1)
        assert one.trouble == one.unelected == []

    virtual_time.run(work())


def test_there_are_never_two_leaders() -> None:
    async def work() -> None:
        cluster = FakeCluster()
        candidates = [Candidate(cluster, str(number)).start() for number in range(4)]
        led = set()
        for moment in range(3000):
            leaders = [number for number, one in enumerate(candidates) if one.leading]
            assert len(leaders) <= 1
            led.update(leaders)
            if moment % 500 == 100:
                candidates[leaders[0]].cluster.failure = "away"
            elif moment % 500 == 400:
                for one in candidates:
                    one.cluster.failure = ""
            await asyncio.sleep(0.1)
        assert len(led) > 1
        await stop(*candidates)

    virtual_time.run(work())


def test_the_lease_of_a_dead_leader_is_taken_over_when_it_has_run_out() -> None:
    async def work() -> None:
        cluster = FakeCluster()
        one = Candidate(cluster, "one").start()
        await one.leadership.until(leading=True)
        two = Candidate(cluster, "two").start()
        await asyncio.sleep(20)
        assert (one.leading, two.leading) == (True, False)
        died = now()
        one.cluster.failure = "away"
        await one.leadership.until(leading=False)
        assert 8 <= now() - died <= 10
        await two.leadership.until(leading=True)
        assert 13 <= now() - died <= 15 + 4 * 2.2
        assert spec(cluster)["leaseTransitions"] == 1
        assert list(map(str, one.trouble)) == ["away"]
        one.cluster.failure = ""
        await asyncio.sleep(20)
        assert (one.leading, two.leading) == (False, True)
        assert one.trouble[1:] == [None]
        await stop(one, two)

    virtual_time.run(work())


def test_a_lease_that_is_released_is_taken_soon() -> None:
    async def work() -> None:
        cluster = FakeCluster()
        one = Candidate(cluster, "one").start()
        await one.leadership.until(leading=True)
        two = Candidate(cluster, "two").start()
        await asyncio.sleep(1)
        await one.stop()
        released = now()
        await two.leadership.until(leading=True)
        assert now() - released <= 2 * 2.2
        await two.stop()

    virtual_time.run(work())


@pytest.mark.parametrize(
    ("found", "earliest", "transitions"),
    [
        # the holder's clock says nothing: a record counts from when it is seen
        ({"holderIdentity": "x", "leaseDurationSeconds": 40, "renewTime": "1999"}, 40, 1),
        ({"holderIdentity": "x", "leaseTransitions": 4}, 15, 5),
        ({"holderIdentity": "", "leaseDurationSeconds": 40}, 0, 1),
        ({"holderIdentity": "me", "leaseDurationSeconds": 40, "leaseTransitions": 4}, 0, 4),
        ({}, 0, 1),
    ],
)
def test_a_lease_that_is_found(found: Object, earliest: float, transitions: int) -> None:
    async def work() -> None:
        cluster = FakeCluster()
        cluster.put(LEASES, lease(spec={**found, "strategy": "kept"}))
        one = Candidate(cluster, "me").start()
        await one.leadership.until(leading=True)
        assert earliest <= now() <= earliest + 2 * 2.2
        assert spec(cluster)["leaseTransitions"] == transitions
        assert spec(cluster)["strategy"] == "kept"
        await one.stop()

    virtual_time.run(work())


def test_a_leader_whose_lease_another_took_leads_no_more() -> None:
    async def work() -> None:
        cluster = FakeCluster()
        one = Candidate(cluster, "one").start()
        await one.leadership.until(leading=True)
        cluster.put(LEASES, lease(spec={"holderIdentity": "thief"}))
        await one.leadership.until(leading=False)
        assert now() <= 2
        await one.stop()
        assert spec(cluster)["holderIdentity"] == "thief"
        assert one.trouble == []

    virtual_time.run(work())


def test_a_leader_whose_lease_was_deleted_makes_another() -> None:
    async def work() -> None:
        cluster = FakeCluster()
        one = Candidate(cluster, "one").start()
        await one.leadership.until(leading=True)
        cluster.delete(LEASES, "pillion", "mesh")
        await asyncio.sleep(3)
        assert one.leading
        assert spec(cluster)["holderIdentity"] == "one"
        await one.stop()

    virtual_time.run(work())


def test_a_cluster_that_never_answers_ends_the_leadership_in_time() -> None:
    async def hang(*_: Any) -> Object:
        await asyncio.sleep(1000)
        raise AssertionError

    async def work() -> None:
        one = Candidate(FakeCluster(), "one").start()
        await one.leadership.until(leading=True)
        one.cluster.replace = hang  # type: ignore[method-assign, assignment]
        await one.leadership.until(leading=False)
        assert now() == pytest.approx(10)
        assert list(map(str, one.trouble)) == [
            "the Lease mesh/pillion is not renewed within 10 seconds"
        ]
        await one.stop()

    virtual_time.run(work())


def test_where_leases_are_forbidden_everybody_leads() -> None:
    async def work() -> None:
        cluster = FakeCluster()
        candidates = [Candidate(cluster, name) for name in ("one", "two")]
        for candidate in candidates:
            candidate.cluster.forbidden.update({"get leases", "create leases"})
            candidate.start()
            await candidate.leadership.until(leading=True)
        await asyncio.sleep(200)
        for candidate in candidates:
            assert candidate.leading
            assert len(candidate.unelected) == 1
            assert len(candidate.cluster.asked) <= 4
            candidate.cluster.forbidden.clear()
        await asyncio.sleep(100)
        assert sorted(candidate.leading for candidate in candidates) == [False, True]
        await stop(*candidates)

    virtual_time.run(work())


def test_an_api_server_that_starts_makes_nobody_lead_unelected() -> None:
    async def work() -> None:
        cluster = FakeCluster()
        one, two = (Candidate(cluster, name).start() for name in ("one", "two"))
        await asyncio.sleep(5)
        assert [one.leading, two.leading] == [True, False]
        for candidate in (one, two):
            candidate.cluster.forbidden.update({"get leases", "update leases"})
        await asyncio.sleep(6)
        assert [one.leading, two.leading] == [True, False]
        for candidate in (one, two):
            candidate.cluster.forbidden.clear()
        await asyncio.sleep(60)
        assert [one.leading, two.leading] == [True, False]
        assert one.unelected == two.unelected == []
        await stop(one, two)

    virtual_time.run(work())


def test_a_release_that_fails_is_told() -> None:
    async def work() -> None:
        one = Candidate(FakeCluster(), "one").start()
        await one.leadership.until(leading=True)
        one.cluster.failure = "away"
        await one.stop()
        assert list(map(str, one.trouble)) == ["away"]

    virtual_time.run(work())


def test_a_cluster_that_never_answers_does_not_hold_up_the_end() -> None:
    async def hang(*_: Any) -> Object:
        await asyncio.sleep(1000)
        raise AssertionError

    async def work() -> None:
        one = Candidate(FakeCluster(), "one").start()
        await one.leadership.until(leading=True)
        one.cluster.replace = hang  # type: ignore[method-assign, assignment]
        began = now()
        await one.stop()
        assert now() - began == pytest.approx(2)
        assert list(map(str, one.trouble)) == [
            "the Lease mesh/pillion is not released within 2 seconds"
        ]

    virtual_time.run(work())
