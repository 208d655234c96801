from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from pillion.cluster.errors import (
    ClusterError,
    ConflictError,
    ExpiredError,
    ForbiddenError,
    NotFoundError,
)
from pillion.cluster.fake import Asked, FakeCluster
from pillion.cluster.resources import CONFIG_MAPS, LEASES, NODES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pillion.cluster.protocol import Change, Cluster, Object

    Call = Callable[[FakeCluster], Awaitable[Any]]


def config_map(name: str = "a", **more: Any) -> Object:
    return {"metadata": {"name": name, "namespace": "mesh"}, **more}


def filled() -> FakeCluster:
    return FakeCluster({("mesh", "a"): {"x": "1"}})


def test_it_is_a_cluster() -> None:
    cluster: Cluster = filled()
    found = asyncio.run(cluster.get(CONFIG_MAPS, "a", "mesh"))
    assert (found["kind"], found["data"]) == ("ConfigMap", {"x": "1"})
    found["data"]["x"] = "changed"
    assert asyncio.run(cluster.get(CONFIG_MAPS, "a", "mesh"))["data"] == {"x": "1"}


STALE = {"metadata": {"name": "a", "namespace": "mesh", "resourceVersion": "1"}}


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda one: one.get(CONFIG_MAPS, "b", "mesh"), NotFoundError),
        (lambda one: one.get(CONFIG_MAPS, "a", "other"), NotFoundError),
        (lambda one: one.create(CONFIG_MAPS, config_map()), ConflictError),
        (lambda one: one.create(CONFIG_MAPS, {"metadata": {"name": "b"}}), ClusterError),
        (lambda one: one.create(CONFIG_MAPS, STALE), ClusterError),
        (lambda one: one.replace(CONFIG_MAPS, STALE), ConflictError),
        (lambda one: one.replace(CONFIG_MAPS, config_map("b")), NotFoundError),
        (lambda one: one.patch(CONFIG_MAPS, "b", [], "mesh"), NotFoundError),
        (
            lambda one: one.patch(
                CONFIG_MAPS, "a", [{"op": "test", "path": "/data/x", "value": "2"}], "mesh"
            ),
            ConflictError,
        ),
        (lambda one: one.list(CONFIG_MAPS, fields="spec.x=y"), ClusterError),
        (lambda one: anext(one.watch(CONFIG_MAPS, version="0", fields="x=y")), ClusterError),
    ],
)
def test_what_cannot_be_done(call: Call, kind: type[ClusterError]) -> None:
    with pytest.raises(ClusterError) as failure:
        asyncio.run(_awaited(call(filled())))
    assert type(failure.value) is kind


async def _awaited(work: Awaitable[Any]) -> Any:
    return await work


@pytest.mark.parametrize(
    ("call", "data"),
    [
        (lambda one: one.replace(CONFIG_MAPS, config_map(data={"y": "2"})), {"y": "2"}),
        (
            lambda one: one.patch(
                CONFIG_MAPS, "a", [{"op": "add", "path": "/data/y", "value": "2"}], "mesh"
            ),
            {"x": "1", "y": "2"},
        ),
        (lambda one: one.apply(CONFIG_MAPS, config_map(data={"y": "2"})), {"x": "1", "y": "2"}),
        (lambda one: one.apply(CONFIG_MAPS, config_map("b", data={"y": "2"})), {"y": "2"}),
    ],
)
def test_every_change_is_a_new_version(call: Call, data: dict[str, str]) -> None:
    cluster = filled()
    (before,) = cluster.held(CONFIG_MAPS)
    after = asyncio.run(_awaited(call(cluster)))
    assert after["data"] == data
    assert after in cluster.held(CONFIG_MAPS)
    assert int(after["metadata"]["resourceVersion"]) > int(before["metadata"]["resourceVersion"])
    same = after["metadata"]["uid"] == before["metadata"]["uid"]
    assert same is (after["metadata"]["name"] == "a")
    asyncio.run(cluster.replace(CONFIG_MAPS, after))
    assert after in cluster.held(CONFIG_MAPS)


@pytest.mark.parametrize("name", ["a", "b"])
def test_a_dry_run_changes_nothing(name: str) -> None:
    cluster = filled()
    before = cluster.held(CONFIG_MAPS)
    wanted = config_map(name, data={"y": "2"})
    after = asyncio.run(cluster.apply(CONFIG_MAPS, wanted, dry_run=True))
    assert after["data"]["y"] == "2"
    assert cluster.held(CONFIG_MAPS) == before


def test_names_are_made() -> None:
    cluster = FakeCluster()
    for _ in range(2):
        made = {"metadata": {"generateName": "x-", "namespace": "mesh"}}
        asyncio.run(cluster.create(CONFIG_MAPS, made))
    first, second = (one["metadata"]["name"] for one in cluster.held(CONFIG_MAPS))
    assert first.startswith("x-")
    assert first != second


def test_what_is_listed() -> None:
    cluster = filled()
    cluster.put(CONFIG_MAPS, config_map("b"))
    cluster.put(CONFIG_MAPS, {"metadata": {"name": "a", "namespace": "other"}})
    cluster.put(NODES, {"metadata": {"name": "a"}})

    def names(namespace: str, fields: str = "") -> list[str]:
        found = asyncio.run(cluster.list(CONFIG_MAPS, namespace, fields=fields))
        return [one["metadata"]["name"] for one in found.items]

    assert names("") == ["a", "b", "a"]
    assert names("mesh") == ["a", "b"]
    assert names("mesh", "metadata.name=b") == ["b"]


def test_what_fails_on_demand() -> None:
    cluster = filled()
    cluster.forbidden = {"list", "get leases"}

    async def work() -> None:
        with pytest.raises(ForbiddenError):
            await cluster.list(CONFIG_MAPS)
        with pytest.raises(ForbiddenError):
            await cluster.get(LEASES, "a", "mesh")
        await cluster.another().list(CONFIG_MAPS)
        await cluster.get(CONFIG_MAPS, "a", "mesh")
        cluster.unserved.add(CONFIG_MAPS)
        with pytest.raises(NotFoundError):
            await cluster.get(CONFIG_MAPS, "a", "mesh")
        cluster.failure = "away"
        with pytest.raises(ClusterError, match=r"^away$"):
            await cluster.apply(CONFIG_MAPS, config_map())

    asyncio.run(work())
    assert cluster.asked[1:3] == [Asked("get", "leases", "mesh", "a"), cluster.asked[2]]
    assert cluster.asked[-1] == ("patch", "configmaps", "mesh", "a")


def test_watchers_see_what_they_asked_for_until_the_watch_ends() -> None:
    async def work() -> None:
        cluster = filled()
        version = (await cluster.list(CONFIG_MAPS)).version
        cluster.put(CONFIG_MAPS, config_map(data={"x": "2"}))
        mesh = asyncio.ensure_future(_seen(cluster, "mesh", version))
        other = asyncio.ensure_future(_seen(cluster.another(), "other", version))
        await asyncio.sleep(0)
        cluster.put(CONFIG_MAPS, config_map("b"))
        cluster.put(NODES, {"metadata": {"name": "a"}})
        cluster.delete(CONFIG_MAPS, "a", "mesh")
        assert cluster.watching == 1
        cluster.bookmark()
        cluster.end_watches(NODES)
        cluster.end_watches()
        changes = [(one.type, one.object["metadata"].get("name")) for one in await mesh]
        assert changes == [("MODIFIED", "a"), ("ADDED", "b"), ("DELETED", "a"), ("BOOKMARK", None)]
        assert [one.type for one in await other] == ["BOOKMARK"]
        assert cluster.watching == 0

    asyncio.run(work())


@pytest.mark.parametrize(
    ("end", "kind", "message"),
    [
        (FakeCluster.expire, ExpiredError, "too old resource version"),
        (FakeCluster.break_watches, ClusterError, "the connection broke"),
    ],
)
def test_watches_that_fail(
    end: Callable[[FakeCluster], None], kind: type[ClusterError], message: str
) -> None:
    async def work() -> None:
        cluster = filled()
        watch = asyncio.ensure_future(_seen(cluster, "mesh", "2"))
        await asyncio.sleep(0)
        end(cluster)
        with pytest.raises(ClusterError, match=f"^{message}$") as failure:
            await watch
        assert type(failure.value) is kind
        if kind is ExpiredError:
            with pytest.raises(ExpiredError):
                await _seen(cluster, "mesh", "2")

    asyncio.run(work())


async def _seen(cluster: FakeCluster, namespace: str, version: str) -> list[Change]:
    return [one async for one in cluster.watch(CONFIG_MAPS, namespace, version=version)]
