"""Events about what the server decides: which, about what, how often."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from cluster import virtual_time
from pillion.cluster.fake import FakeCluster
from pillion.cluster.resources import EVENTS
from pillion.injection.reasons import Reason
from pillion.server.decisions import Decision, Result
from pillion.server.events import About, Event, Events, Rate, Wanted
from pillion.server.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pillion.cluster.protocol import Object

DEPLOYMENT = ("apps/v1", "ReplicaSet", "web-5", "uid-5")
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")


def decision(result: Result = Result.FAILED, **more: Any) -> Decision:
    given = Decision(
        result=result,
        reason=Reason.LABEL_FALSE,
        rule="label",
        template="sidecar",
        pod="web",
        namespace="shop",
        owner="Deployment/web",
        uid="u-1",
        message="no image",
        configuration="c",
        duration=0.001,
        time=0.0,
        dry_run=False,
        shadow=False,
        controller=DEPLOYMENT,
    )
    return given._replace(**more)


def event(message: str = "m", name: str = "web") -> Event:
    return Event(About("v1", "Pod", name, "shop"), "Warning", "Failed", message, "shop")


class Telling:
    """What writes Events, by a clock of its own, and the cluster that gets them."""

    def __init__(self, wanted: Wanted = Wanted.FAILURES, **more: Any) -> None:
        self.cluster = FakeCluster()
        self.metrics = Metrics("test")
        self.now = 0.0
        self.events = Events(
            self.cluster, self.metrics, wanted, **{"clock": lambda: self.now, **more}
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.ensure_future(self.events.run())
        try:
            yield
            await asyncio.sleep(1)
        finally:
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()

    async def tell(self, *told: Event) -> None:
        for one in told:
            self.events.tell(one)
        await asyncio.sleep(1)

    def count(self, result: str) -> float:
        found = self.metrics.registry.get_sample_value("pillion_events_total", {"result": result})
        return found or 0

    @property
    def held(self) -> list[Object]:
        return self.cluster.held(EVENTS)


def written(*decisions: Decision, **more: Any) -> list[Object]:
    """The Events about decisions."""
    telling = Telling(**more)

    async def work() -> None:
        async with telling.running():
            for one in decisions:
                telling.events.decided(one)

    virtual_time.run(work())
    assert telling.count("written") == len(telling.held)
    return telling.held


@pytest.mark.parametrize(
    ("wanted", "given", "reasons"),
    [
        (Wanted.FAILURES, decision(), ["InjectionFailed"]),
        (Wanted.ALL, decision(), ["InjectionFailed"]),
        (Wanted.NONE, decision(), []),
        (Wanted.FAILURES, decision(Result.SKIPPED), []),
        (Wanted.ALL, decision(Result.SKIPPED), ["InjectionSkipped"]),
        (Wanted.NONE, decision(Result.SKIPPED), []),
        (Wanted.ALL, decision(Result.INJECTED), []),
        (Wanted.ALL, decision(dry_run=True), []),
        (Wanted.ALL, decision(shadow=True), []),
        (Wanted.ALL, decision(Result.SKIPPED, shadow=True), []),
        (Wanted.ALL, decision(namespace=""), []),
    ],
)
def test_which_decisions_are_told_of(wanted: Wanted, given: Decision, reasons: list[str]) -> None:
    assert [one["reason"] for one in written(given, wanted=wanted)] == reasons


def test_nothing_is_told_of_pods_behind_a_registration_without_side_effects() -> None:
    assert written(decision(), forbidden=lambda: True) == []


def test_an_event_about_a_failure() -> None:
    [found] = written(decision())
    name = found["metadata"].pop("name")
    assert re.fullmatch(r"web-5\.[0-9a-f]{16}", name)
    assert found["metadata"]["namespace"] == "shop"
    assert found["firstTimestamp"] == found["lastTimestamp"]
    kept = ("involvedObject", "type", "reason", "message", "count", "source")
    assert {key: found[key] for key in kept} == {
        "involvedObject": {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "name": "web-5",
            "namespace": "shop",
            "uid": "uid-5",
        },
        "type": "Warning",
        "reason": "InjectionFailed",
        "message": "no image",
        "count": 1,
        "source": {"component": "pillion"},
    }


def test_an_event_about_a_pod_that_was_left_alone() -> None:
    [found] = written(decision(Result.SKIPPED, controller=None), wanted=Wanted.ALL)
    assert found["type"] == "Normal"
    assert found["message"] == f"no sidecar was injected: {Reason.LABEL_FALSE.text} (label)"
    assert found["involvedObject"] == {
        "apiVersion": "v1",
        "kind": "Pod",
        "name": "web",
        "namespace": "shop",
    }


@pytest.mark.parametrize(
    ("pod", "wanted"),
    [
        ("web", "web"),
        ("web.a-b", "web.a-b"),
        ("web-", "web"),
        ("web.", "web"),
        ("", "unknown"),
        ("Web_1", "web.1"),
        ("a/../b%", "a.b"),
        ("---", ""),
        ("w" * 253, "w" * 236),
        ("w" * 235 + "-x", "w" * 235),
    ],
)
def test_an_event_has_a_name_that_an_api_server_takes(pod: str, wanted: str) -> None:
    [found] = written(decision(pod=pod, controller=None))
    name = found["metadata"]["name"]
    assert name.rpartition(".")[0] == wanted
    assert SUBDOMAIN.fullmatch(name)
    assert len(name) <= 253
    assert found["involvedObject"]["name"] == (pod or "unknown")


@pytest.mark.parametrize(("letter", "wanted"), [("x", 1024), ("é", 512), ("€", 341)])
def test_a_long_message_is_cut(letter: str, wanted: int) -> None:
    [found] = written(decision(message=letter * 5000))
    assert found["message"] == letter * wanted


def test_one_that_says_the_same_counts_the_first_up() -> None:
    telling = Telling()

    async def work() -> None:
        async with telling.running():
            await telling.tell(event(), event(), event("another"), event(name="db"), event())

    virtual_time.run(work())
    assert [one["count"] for one in telling.held] == [3, 1, 1]
    assert telling.count("written") == 5
    patched = [one for one in telling.cluster.asked if one.verb == "patch"]
    assert len(patched) == 2


def test_the_last_time_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    telling = Telling()
    moments = iter(("first", "second"))
    monkeypatch.setattr("pillion.server.events.moment", lambda _: next(moments))

    async def work() -> None:
        async with telling.running():
            await telling.tell(event(), event())

    virtual_time.run(work())
    [found] = telling.held
    assert (found["firstTimestamp"], found["lastTimestamp"]) == ("first", "second")


@pytest.mark.parametrize(("later", "counts"), [(599, [2]), (600, [1, 1])])
def test_after_a_while_it_is_written_anew(later: float, counts: list[int]) -> None:
    telling = Telling()

    async def work() -> None:
        async with telling.running():
            await telling.tell(event())
            telling.now = later
            await telling.tell(event())

    virtual_time.run(work())
    assert [one["count"] for one in telling.held] == counts


def test_one_that_was_deleted_is_written_anew() -> None:
    telling = Telling()

    async def work() -> None:
        async with telling.running():
            await telling.tell(event())
            telling.cluster.delete(EVENTS, telling.held[0]["metadata"]["name"], "shop")
            await telling.tell(event(), event())

    virtual_time.run(work())
    assert [one["count"] for one in telling.held] == [2]


def test_one_that_could_not_be_counted_up_is_counted_up_later() -> None:
    telling = Telling()

    async def work() -> None:
        async with telling.running():
            await telling.tell(event())
            telling.cluster.failure = "away"
            await telling.tell(event())
            telling.cluster.failure = ""
            await telling.tell(event())

    virtual_time.run(work())
    assert [one["count"] for one in telling.held] == [2]
    assert (telling.count("written"), telling.count("failed")) == (2, 1)


def test_more_than_the_rate_are_left_out_and_counted() -> None:
    telling = Telling(rate=Rate(burst=3, per_second=0.5))

    async def work() -> None:
        async with telling.running():
            await telling.tell(*(event(str(number)) for number in range(10)))
            assert (telling.count("written"), telling.count("left out")) == (3, 7)
            telling.now = 4
            await telling.tell(*(event(str(number)) for number in range(10, 20)))
            assert (telling.count("written"), telling.count("left out")) == (5, 15)
            telling.now = 1000
            await telling.tell(*(event(str(number)) for number in range(20, 30)))
            assert telling.count("written") == 8

    virtual_time.run(work())


def test_more_than_can_wait_are_left_out_and_counted() -> None:
    telling = Telling()
    for number in range(1010):
        telling.events.tell(event(str(number)))
    assert telling.count("left out") == 10


def test_what_is_remembered_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pillion.server.events._REMEMBERED", 2)
    telling = Telling()

    async def work() -> None:
        async with telling.running():
            await telling.tell(*map(event, "abacab"))

    virtual_time.run(work())
    found = sorted((one["message"], one["count"]) for one in telling.held)
    assert found == [("a", 3), ("b", 1), ("b", 1), ("c", 1)]


def test_what_is_forbidden_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    telling = Telling()
    telling.cluster.forbidden.add("create events")

    async def work() -> None:
        async with telling.running():
            await telling.tell(*map(event, "abc"))
            telling.cluster.failure = "away"
            await telling.tell(*map(event, "de"))
            telling.cluster.failure = ""
            telling.cluster.forbidden.clear()
            await telling.tell(event("f"))
            telling.cluster.failure = "away"
            await telling.tell(event("g"))

    virtual_time.run(work())
    assert telling.count("failed") == 6
    levels = [(one.levelname, one.message) for one in caplog.records]
    assert levels == [
        (level, "Events cannot be written") for level in ("WARNING", "ERROR", "ERROR")
    ]
