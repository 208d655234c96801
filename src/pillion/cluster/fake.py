"""A cluster in memory, for tests.

It does what controllers rely on: versions, optimistic concurrency, conflicts, watches of several
watchers, JSON patches. It knows nothing of schemas, defaults, or who owns a field.
"""

from __future__ import annotations

import asyncio
import itertools
from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.cluster.errors import (
    ClusterError,
    ConflictError,
    ExpiredError,
    ForbiddenError,
    NotFoundError,
)
from pillion.cluster.protocol import Change, Listed
from pillion.cluster.resources import CONFIG_MAPS
from pillion.kubernetes import json_patch
from pillion.kubernetes.errors import PatchError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from pillion.cluster.protocol import Object, Patch
    from pillion.cluster.resources import Resource

_MADE = "2026-01-01T00:00:00Z"
_BY_NAME = "metadata.name="


class Asked(NamedTuple):
    """A call: its verb as RBAC names it (apply is ``patch``), and what it was for."""

    verb: str
    plural: str
    namespace: str
    name: str = ""


class _Event(NamedTuple):
    version: int
    resource: Resource
    change: Change


class _Watcher(NamedTuple):
    """What a watcher waits for; None ends its watch, an error breaks it."""

    resource: Resource
    owner: FakeCluster
    queue: asyncio.Queue[_Event | ClusterError | None]


class _Store:
    """The objects, shared by all clients of one cluster."""

    def __init__(self) -> None:
        self.objects: dict[tuple[Resource, str, str], Object] = {}
        self.numbers = itertools.count(1)
        self.version = 1
        self.oldest = 0
        self.history: list[_Event] = []
        self.watchers: list[_Watcher] = []

    def write(self, resource: Resource, found: Object) -> Object:
        """Keep ``found``, as a new version if it differs, and tell the watchers."""
        metadata = found["metadata"]
        key = resource, metadata.get("namespace", ""), metadata["name"]
        before = self.objects.get(key)
        if before is not None and _content(before) == _content(found):
            return before
        self._happened(resource, "MODIFIED" if before is not None else "ADDED", found)
        self.objects[key] = found
        return found

    def remove(self, key: tuple[Resource, str, str]) -> None:
        """Forget an object that is there."""
        self._happened(key[0], "DELETED", deepcopy(self.objects.pop(key)))

    def _happened(self, resource: Resource, kind: Any, found: Object) -> None:
        self.version += 1
        found["metadata"]["resourceVersion"] = str(self.version)
        event = _Event(self.version, resource, Change(kind, deepcopy(found)))
        self.history.append(event)
        self.tell(resource, event)

    def tell(self, resource: Resource | None, said: _Event | ClusterError | None) -> None:
        """Tell the watchers of a resource, or all."""
        for watcher in self.watchers:
            if resource in (None, watcher.resource):
                watcher.queue.put_nowait(said)


class FakeCluster:
    """A client of a cluster in memory; ``asked`` are its calls so far.

    With ``failure``, which may change at any time, every call raises a ClusterError of that text,
    and so do its watches when :meth:`break_watches` is called. ``forbidden`` are verbs that it may
    not use, alone or with what for (``list``, ``get leases``); ``unserved`` are kinds that the
    cluster does not know.
    """

    def __init__(
        self,
        config_maps: Mapping[tuple[str, str], Mapping[str, str]] | None = None,
        *,
        name: str = "fake",
        failure: str = "",
        forbidden: Iterable[str] = (),
    ) -> None:
        self.name = name
        self.failure = failure
        self.forbidden = set(forbidden)
        self.unserved: set[Resource] = set()
        self.asked: list[Asked] = []
        self.closed = False
        self._store = _Store()
        for (namespace, one), data in (config_maps or {}).items():
            metadata = {"name": one, "namespace": namespace}
            self.put(CONFIG_MAPS, {"metadata": metadata, "data": dict(data)})

    def another(self) -> FakeCluster:
        """Another client of the same cluster, with failures, rights and calls of its own."""
        made = FakeCluster(name=self.name)
        made._store = self._store
        return made

    def put(self, resource: Resource, found: Object) -> Object:
        """Make or replace an object as somebody else would, whatever this client may do."""
        made = self._complete(resource, deepcopy(found))
        key = resource, made["metadata"].get("namespace", ""), made["metadata"]["name"]
        before = self._store.objects.get(key)
        if before is None:
            return deepcopy(self._store.write(resource, made))
        made["metadata"].pop("resourceVersion", None)
        return self._replaced(resource, before, made)

    def delete(self, resource: Resource, name: str, namespace: str = "") -> None:
        """Delete an object as somebody else would.

        Raises:
            NotFoundError: There is none of that name.
        """
        self._store.remove(self._key(resource, namespace, name))

    def held(self, resource: Resource) -> list[Object]:
        """Every object of a kind, without a call."""
        return [deepcopy(one) for key, one in self._store.objects.items() if key[0] == resource]

    def bookmark(self) -> None:
        """Send a bookmark to every watcher, of a version that no object has."""
        self._store.version += 1
        metadata = {"resourceVersion": str(self._store.version)}
        for watcher in self._store.watchers:
            kind = {"apiVersion": watcher.resource.api_version, "kind": watcher.resource.kind}
            change = Change("BOOKMARK", kind | {"metadata": dict(metadata)})
            watcher.queue.put_nowait(_Event(self._store.version, watcher.resource, change))

    def end_watches(self, resource: Resource | None = None) -> None:
        """End the watches of a kind, or all, as an API server does after some minutes."""
        self._store.tell(resource, None)

    def expire(self, resource: Resource | None = None) -> None:
        """Forget the past: watches of a kind, or all, expire, and none starts before now."""
        self._store.version += 1
        self._store.oldest = self._store.version
        self._store.tell(resource, _expired())

    def break_watches(self, failure: str = "the connection broke") -> None:
        """Break the watches of this client."""
        for watcher in self._store.watchers:
            if watcher.owner is self:
                watcher.queue.put_nowait(ClusterError(self.failure or failure))

    @property
    def watching(self) -> int:
        """How many watches of this client are open."""
        return sum(watcher.owner is self for watcher in self._store.watchers)

    async def get(self, resource: Resource, name: str, namespace: str = "") -> Object:
        """As the protocol says."""
        self._called("get", resource, namespace, name)
        return deepcopy(self._store.objects[self._key(resource, namespace, name)])

    async def list(self, resource: Resource, namespace: str = "", *, fields: str = "") -> Listed:
        """As the protocol says; it knows no field but ``metadata.name``."""
        self._called("list", resource, namespace, _selected(fields))
        found = self._store.objects.values()
        items = [
            deepcopy(one)
            for (kind, _, _), one in zip(self._store.objects, found, strict=True)
            if kind == resource and _wanted(one, namespace, fields)
        ]
        return Listed(items, str(self._store.version))

    async def watch(
        self, resource: Resource, namespace: str = "", *, version: str, fields: str = ""
    ) -> AsyncIterator[Change]:
        """As the protocol says."""
        self._called("watch", resource, namespace, _selected(fields))
        if int(version) < self._store.oldest:
            raise _expired()
        watcher = _Watcher(resource, self, asyncio.Queue())
        for event in self._store.history:
            if event.resource == resource and event.version > int(version):
                watcher.queue.put_nowait(event)
        self._store.watchers.append(watcher)
        try:
            async for change in _changes(watcher.queue):
                if change.type == "BOOKMARK" or _wanted(change.object, namespace, fields):
                    yield change
        finally:
            # by identity: two watchers of one kind may be equal
            kept = [one for one in self._store.watchers if one.queue is not watcher.queue]
            self._store.watchers[:] = kept

    async def create(self, resource: Resource, made: Object) -> Object:
        """As the protocol says; ``generateName`` gets a number."""
        metadata = made["metadata"]
        self._called("create", resource, metadata.get("namespace", ""), metadata.get("name", ""))
        found = self._complete(resource, deepcopy(made))
        if metadata.get("resourceVersion"):
            raise ClusterError("resourceVersion should not be set on objects to be created")
        metadata = found["metadata"]
        key = resource, metadata.get("namespace", ""), metadata["name"]
        if key in self._store.objects:
            raise ConflictError(f'{resource.plural} "{key[2]}" already exists')
        return deepcopy(self._store.write(resource, found))

    async def replace(self, resource: Resource, changed: Object) -> Object:
        """As the protocol says; without a ``resourceVersion`` the newest is replaced."""
        metadata = changed["metadata"]
        namespace, name = metadata.get("namespace", ""), metadata["name"]
        self._called("update", resource, namespace, name)
        before = self._store.objects[self._key(resource, namespace, name)]
        return self._replaced(resource, before, deepcopy(changed))

    async def patch(
        self, resource: Resource, name: str, patch: Patch, namespace: str = ""
    ) -> Object:
        """As the protocol says."""
        self._called("patch", resource, namespace, name)
        before = self._store.objects[self._key(resource, namespace, name)]
        try:
            after = json_patch.apply(before, patch)
        except PatchError as error:
            raise ConflictError(str(error)) from error
        return self._replaced(resource, before, deepcopy(after))

    async def apply(
        self, resource: Resource, wanted: Object, *, force: bool = False, dry_run: bool = False
    ) -> Object:
        """Merge ``wanted`` into what is there; nobody owns a field, so nothing needs ``force``."""
        del force
        metadata = wanted["metadata"]
        key = resource, metadata.get("namespace", ""), metadata["name"]
        self._called("patch", *key)
        before = self._store.objects.get(key)
        after = wanted if before is None else _merged(before, wanted)
        if dry_run:
            return self._complete(resource, deepcopy(after))
        if before is None:
            return self.put(resource, after)
        return self._replaced(resource, before, deepcopy(after))

    async def close(self) -> None:
        """As the protocol says."""
        self.closed = True

    def _called(self, verb: str, resource: Resource, namespace: str, name: str) -> None:
        self.asked.append(Asked(verb, resource.plural, namespace, name))
        if self.failure:
            raise ClusterError(self.failure)
        if self.forbidden & {verb, f"{verb} {resource.plural}"}:
            raise ForbiddenError(f"{resource.plural} is forbidden: cannot {verb}")
        if resource in self.unserved:
            raise NotFoundError("the server could not find the requested resource")

    def _key(self, resource: Resource, namespace: str, name: str) -> tuple[Resource, str, str]:
        key = resource, namespace, name
        if key not in self._store.objects:
            raise NotFoundError(f'{resource.plural} "{name}" not found')
        return key

    def _complete(self, resource: Resource, found: Object) -> Object:
        """``found`` with what an API server adds to it."""
        number = next(self._store.numbers)
        metadata = found["metadata"]
        if resource.namespaced and not metadata.get("namespace"):
            raise ClusterError("an empty namespace may not be set during creation")
        if not metadata.get("name"):
            metadata["name"] = f"{metadata['generateName']}{number:05}"
        metadata.setdefault("uid", f"uid-{number}")
        metadata.setdefault("creationTimestamp", _MADE)
        return {"apiVersion": resource.api_version, "kind": resource.kind} | found

    def _replaced(self, resource: Resource, before: Object, after: Object) -> Object:
        """Write ``after``; identity and age stay those of ``before``."""
        old, new = before["metadata"], after["metadata"]
        if new.get("resourceVersion", old["resourceVersion"]) != old["resourceVersion"]:
            raise ConflictError(
                f'Operation cannot be fulfilled on {resource.plural} "{old["name"]}": the object '
                "has been modified; please apply your changes to the latest version and try again"
            )
        new |= {key: old[key] for key in ("uid", "creationTimestamp", "resourceVersion")}
        return deepcopy(self._store.write(resource, self._complete(resource, after)))


async def _changes(
    queue: asyncio.Queue[_Event | ClusterError | None],
) -> AsyncIterator[Change]:
    while (found := await queue.get()) is not None:
        if isinstance(found, ClusterError):
            raise found
        yield deepcopy(found.change)


def _expired() -> ExpiredError:
    return ExpiredError("too old resource version")


def _content(found: Object) -> Object:
    """An object without its version: writing the same again makes no new one."""
    metadata = {key: one for key, one in found["metadata"].items() if key != "resourceVersion"}
    return found | {"metadata": metadata}


def _selected(fields: str) -> str:
    """The name that a field selector asks for."""
    if fields and not fields.startswith(_BY_NAME):
        raise ClusterError(f"field label not supported: {fields}")
    return fields.removeprefix(_BY_NAME)


def _wanted(found: Object, namespace: str, fields: str) -> bool:
    metadata = found["metadata"]
    return namespace in ("", metadata.get("namespace", "")) and (
        _selected(fields) in ("", metadata["name"])
    )


def _merged(before: Any, wanted: Any) -> Any:
    if not isinstance(before, dict) or not isinstance(wanted, dict):
        return wanted
    return before | {key: _merged(before.get(key), value) for key, value in wanted.items()}
