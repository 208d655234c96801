from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from cluster import virtual_time
from pillion.cluster.errors import ClusterError, ForbiddenError, NotFoundError
from pillion.cluster.fake import FakeCluster
from pillion.cluster.informer import Informer
from pillion.cluster.resources import CONFIG_MAPS
from pillion.cluster.trouble import Backoff, Waits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from pillion.cluster.protocol import Object

State = dict[str, str]


def config_map(name: str, value: str, namespace: str = "mesh") -> Object:
    return {"metadata": {"name": name, "namespace": namespace}, "data": {"value": value}}


def state(objects: Mapping[tuple[str, str], Object]) -> State:
    return {name: one["data"]["value"] for (_, name), one in objects.items()}


class Followed:
    """A cluster with a ConfigMap ``a``, and what an informer said of it."""

    def __init__(self, **more: Any) -> None:
        self.cluster = FakeCluster()
        self.cluster.put(CONFIG_MAPS, config_map("a", "1"))
        self.states: list[State] = []
        self.trouble: list[ClusterError | None] = []
        self.failed: list[Exception] = []
        self.informer = Informer(
            self.cluster,
            CONFIG_MAPS,
            "mesh",
            trouble=self.trouble.append,
            failed=self.failed.append,
            **{"changed": lambda objects: self.states.append(state(objects)), **more},
        )

    def put(self, name: str, value: str) -> None:
        self.cluster.put(CONFIG_MAPS, config_map(name, value))

    def verbs(self) -> list[str]:
        return [one.verb for one in self.cluster.asked]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.ensure_future(self.informer.run())
        await asyncio.sleep(1)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()
            assert self.cluster.watching == 0


def test_what_is_there_and_what_changes() -> None:
    followed = Followed()

    async def work() -> None:
        async with followed.running():
            assert followed.informer.synced.is_set()
            followed.put("b", "2")
            followed.cluster.put(CONFIG_MAPS, config_map("other", "3", "elsewhere"))
            await asyncio.sleep(1)
            followed.cluster.delete(CONFIG_MAPS, "a", "mesh")
            await asyncio.sleep(1)

    virtual_time.run(work())
    assert followed.states == [{"a": "1"}, {"a": "1", "b": "2"}, {"b": "2"}]
    assert state(followed.informer.objects) == {"b": "2"}
    assert followed.verbs() == ["list", "watch"]
    assert followed.trouble == followed.failed == []


def test_only_objects_of_a_name() -> None:
    followed = Followed(fields="metadata.name=b")

    async def work() -> None:
        async with followed.running():
            followed.put("b", "2")
            await asyncio.sleep(1)

    virtual_time.run(work())
    assert followed.states == [{}, {"b": "2"}]


def test_a_watch_that_ends_goes_on_from_the_last_bookmark() -> None:
    followed = Followed()

    async def work() -> None:
        async with followed.running():
            followed.cluster.bookmark()
            await asyncio.sleep(10)
            followed.cluster.end_watches()
            followed.put("a", "2")
            await asyncio.sleep(1)

    virtual_time.run(work())
    assert followed.states == [{"a": "1"}, {"a": "2"}]
    assert followed.verbs() == ["list", "watch", "watch"]
    assert followed.trouble == []


def test_a_watch_that_ends_at_once_is_not_begun_again_at_once() -> None:
    followed = Followed()

    async def work() -> None:
        async with followed.running():
            for _ in range(100):
                followed.cluster.end_watches()
                await asyncio.sleep(0.01)

    virtual_time.run(work())
    assert len(followed.cluster.asked) < 10


def test_what_expired_is_listed_again_and_what_is_missing_then_was_deleted() -> None:
    followed = Followed()

    async def work() -> None:
        async with followed.running():
            followed.cluster.end_watches()
            await asyncio.sleep(0)
            followed.cluster.delete(CONFIG_MAPS, "a", "mesh")
            followed.put("b", "2")
            followed.cluster.expire()
            await asyncio.sleep(1)

    virtual_time.run(work())
    assert followed.states == [{"a": "1"}, {"b": "2"}]
    assert followed.verbs().count("list") == 2
    assert followed.trouble == []


def test_the_same_listed_again_is_no_change() -> None:
    followed = Followed()

    async def work() -> None:
        async with followed.running():
            followed.cluster.expire()
            await asyncio.sleep(1)

    virtual_time.run(work())
    assert followed.states == [{"a": "1"}]
    assert followed.verbs() == ["list", "watch", "list", "watch"]


def test_trouble_is_told_once_and_the_tries_become_rarer() -> None:
    followed = Followed()

    async def work() -> None:
        followed.cluster.failure = "away"
        async with followed.running():
            await asyncio.sleep(600)
            assert not followed.informer.synced.is_set()
            assert len(followed.cluster.asked) < 60
            followed.cluster.failure = ""
            await asyncio.sleep(60)
            assert followed.trouble[1:] == [None]
            followed.cluster.failure = "away again"
            followed.cluster.break_watches()
            await asyncio.sleep(60)
            followed.put("a", "2")
            followed.cluster.failure = ""
            await asyncio.sleep(60)

    virtual_time.run(work())
    assert list(map(str, followed.trouble)) == ["away", "None", "away again", "None"]
    assert followed.states == [{"a": "1"}, {"a": "2"}]
    assert followed.verbs().count("list") == followed.verbs().index("watch")
    assert followed.failed == []


@pytest.mark.parametrize(("kind", "synced"), [(NotFoundError, True), (ForbiddenError, False)])
def test_what_will_not_be_otherwise_soon_is_tried_slowly(
    kind: type[ClusterError], *, synced: bool
) -> None:
    followed = Followed()

    async def work() -> None:
        if kind is NotFoundError:
            followed.cluster.unserved.add(CONFIG_MAPS)
        else:
            followed.cluster.forbidden.add("list configmaps")
        async with followed.running():
            await asyncio.sleep(100)
            followed.cluster.asked.clear()
            await asyncio.sleep(600)
            assert followed.informer.synced.is_set() is synced
            assert len(followed.cluster.asked) <= 20
            followed.cluster.unserved.clear()
            followed.cluster.forbidden.clear()
            await asyncio.sleep(100)

    virtual_time.run(work())
    assert [type(one) for one in followed.trouble] == [kind, type(None)]
    assert followed.states == ([{}, {"a": "1"}] if synced else [{"a": "1"}])


def test_what_an_api_server_forbids_while_it_starts_is_followed_soon_after() -> None:
    followed = Followed()

    async def work() -> None:
        async with followed.running():
            followed.cluster.forbidden.add("watch configmaps")
            followed.cluster.end_watches()
            await asyncio.sleep(3)
            followed.cluster.forbidden.clear()
            followed.put("b", "1")
            await asyncio.sleep(5)

    virtual_time.run(work())
    assert followed.states[-1] == {"a": "1", "b": "1"}


def test_a_kind_that_is_removed_has_no_objects() -> None:
    followed = Followed()

    async def work() -> None:
        async with followed.running():
            followed.cluster.unserved.add(CONFIG_MAPS)
            followed.cluster.end_watches()
            await asyncio.sleep(5)

    virtual_time.run(work())
    assert followed.states == [{"a": "1"}, {}]


def test_a_slow_consumer_gets_the_newest_state_alone() -> None:
    states: list[State] = []

    async def slow(objects: Mapping[tuple[str, str], Object]) -> None:
        states.append(state(objects))
        await asyncio.sleep(10)

    followed = Followed(changed=slow)

    async def work() -> None:
        async with followed.running():
            for number in range(2, 9):
                followed.put("a", str(number))
                await asyncio.sleep(1)
            await asyncio.sleep(20)

    virtual_time.run(work())
    assert states == [{"a": "1"}, {"a": "8"}]


def test_a_consumer_that_fails_is_called_again() -> None:
    states: list[State] = []

    def failing(objects: Mapping[tuple[str, str], Object]) -> None:
        states.append(state(objects))
        if len(states) < 3:
            raise ValueError(len(states))

    followed = Followed(changed=failing)

    async def work() -> None:
        async with followed.running():
            await asyncio.sleep(10)

    virtual_time.run(work())
    assert states == [{"a": "1"}] * 3
    assert [str(error) for error in followed.failed] == ["1", "2"]


def test_what_nobody_expects_is_told_and_survived() -> None:
    followed = Followed()

    async def work() -> None:
        async with followed.running():
            followed.cluster.asked = None  # type: ignore[assignment] # so that the next call fails
            followed.cluster.end_watches()
            await asyncio.sleep(1)
            followed.cluster.asked = []
            followed.put("a", "2")
            await asyncio.sleep(10)

    virtual_time.run(work())
    assert {type(error) for error in followed.failed} == {AttributeError}
    assert followed.states == [{"a": "1"}, {"a": "2"}]


def test_waits_become_longer_until_something_works() -> None:
    backoff = Backoff(Waits(shortest=1, longest=4))
    for most in (1, 2, 4, 4):
        assert most / 2 <= backoff.next() <= most
    backoff.reset()
    assert backoff.next() <= 1
