"""The objects of a kind, kept as they are in the cluster: listed once, then watched.

Follows the reflector of client-go (``tools/cache/reflector.go``): a watch that ends goes on from
the last version that was seen, and only when that is too old is everything listed again.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pillion.cluster.errors import ClusterError, ExpiredError, ForbiddenError, NotFoundError
from pillion.cluster.trouble import Backoff, Trouble, Waits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from pillion.cluster.protocol import Change, Cluster, Object
    from pillion.cluster.resources import Resource
    from pillion.cluster.trouble import Tell

    Key = tuple[str, str]
    """Namespace and name."""

    Changed = Callable[[Mapping[Key, Object]], Awaitable[None] | None]

_SHORT_WATCH = 1.0
"""A watch that ends sooner, and brought nothing, is not begun again at once; as in client-go."""


class Informer:
    """Follows the objects of a kind while :meth:`run` runs.

    ``objects`` are those of now, and ``synced`` is set once they are known; a kind that the cluster
    does not serve has none. ``changed`` is called with all objects once they are known, and again
    after changes: with the newest state, however many changes there were since the last call, and
    never before that call is over. Where it fails it is called again after a while.

    ``trouble`` is told when the cluster cannot be followed, and when it can again. ``failed`` is
    told of each error of ``changed``, and of each that nobody expected.
    """

    def __init__(  # noqa: PLR0913 - what to follow where, and whom to tell
        self,
        cluster: Cluster,
        resource: Resource,
        namespace: str = "",
        *,
        trouble: Tell,
        failed: Callable[[Exception], None],
        fields: str = "",
        changed: Changed | None = None,
        waits: Waits | None = None,
    ) -> None:
        self.objects: dict[Key, Object] = {}
        self.synced = asyncio.Event()
        self._cluster = cluster
        self._resource = resource
        self._namespace = namespace
        self._fields = fields
        self._changed = changed
        self._waits = waits or Waits()
        self._trouble = Trouble(trouble)
        self._failed = failed
        self._backoff = Backoff(self._waits)
        self._version = ""
        self._touched = asyncio.Event()

    async def run(self) -> None:
        """Follow the objects until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow())
            if self._changed is not None:
                group.create_task(self._tell(self._changed))

    async def _follow(self) -> None:
        while True:
            seconds = await self._turn()
            await asyncio.sleep(seconds)

    async def _turn(self) -> float:
        """List if need be, and watch until the watch ends; the seconds to wait before the next."""
        try:
            if not self._version:
                await self._list()
            return await self._watch()
        except ExpiredError:
            self._version = ""  # part of a watch's life, and no trouble
            return self._backoff.next()
        except ClusterError as error:
            return self._met(error)
        except Exception as error:  # noqa: BLE001 - it is told; who follows must not stop unnoticed
            self._version = ""
            self._failed(error)
            return self._backoff.next()

    def _met(self, error: ClusterError) -> float:
        self._trouble.met(error)
        if isinstance(error, NotFoundError):
            self._version = ""
            self._replace({})
        if isinstance(error, NotFoundError | ForbiddenError):
            return self._backoff.next(self._waits.slow)
        return self._backoff.next()

    async def _list(self) -> None:
        found = await self._cluster.list(self._resource, self._namespace, fields=self._fields)
        self._replace({_key(item): item for item in found.items})
        self._version = found.version

    async def _watch(self) -> float:
        loop = asyncio.get_running_loop()
        began, brought = loop.time(), False
        settled = loop.call_later(self._waits.settled, self._worked)
        try:
            async for change in self._cluster.watch(
                self._resource, self._namespace, version=self._version, fields=self._fields
            ):
                brought = True
                self._take(change)
                self._worked()
        finally:
            settled.cancel()
        if not brought and loop.time() - began < _SHORT_WATCH:
            return self._backoff.next()
        self._worked()
        return 0

    def _worked(self) -> None:
        self._backoff.reset()
        self._trouble.over()

    def _take(self, change: Change) -> None:
        self._version = change.object["metadata"]["resourceVersion"]
        if change.type == "BOOKMARK":
            return
        if change.type == "DELETED":
            self.objects.pop(_key(change.object), None)
        else:
            self.objects[_key(change.object)] = change.object
        self._touched.set()

    def _replace(self, objects: dict[Key, Object]) -> None:
        if not self.synced.is_set() or _versions(objects) != _versions(self.objects):
            self._touched.set()
        self.objects = objects
        self.synced.set()

    async def _tell(self, changed: Changed) -> None:
        backoff = Backoff(self._waits)
        while True:
            await self._touched.wait()
            self._touched.clear()
            try:
                done = changed(dict(self.objects))
                if done is not None:
                    await done
                backoff.reset()
            except Exception as error:  # noqa: BLE001 - it is told, and tried again
                self._failed(error)
                self._touched.set()
                await asyncio.sleep(backoff.next())


def _key(found: Object) -> Key:
    return found["metadata"].get("namespace", ""), found["metadata"]["name"]


def _versions(objects: Mapping[Key, Object]) -> dict[Key, tuple[str, str]]:
    """Who the objects are and how new: one that was made anew may have its predecessor's name."""
    metadata = {key: one["metadata"] for key, one in objects.items()}
    return {key: (one.get("uid", ""), one["resourceVersion"]) for key, one in metadata.items()}
