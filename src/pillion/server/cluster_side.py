"""Everything that the server does with its cluster, in one place: what it follows and writes."""

from __future__ import annotations

import asyncio
import logging
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from pillion.cluster.errors import ClusterError, NotFoundError
from pillion.cluster.informer import Informer
from pillion.cluster.lease import Leadership
from pillion.cluster.resources import (
    CONFIG_MAPS,
    NAMESPACES,
    NODES,
    PROXY_CONFIGS,
    WEBHOOK_CONFIGURATIONS,
)
from pillion.injection import openshift
from pillion.server import logs, watch
from pillion.server.certificate import read_authority
from pillion.server.certificate_secret import CertificateSecret
from pillion.server.errors import CertificateError
from pillion.server.events import About, Event, Events
from pillion.server.material import Facts
from pillion.server.registration_keeper import RegistrationKeeper

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping

    from pillion.cluster.protocol import Cluster, Object
    from pillion.cluster.resources import Resource
    from pillion.cluster.trouble import Tell
    from pillion.server.ca_bundle import Entry
    from pillion.server.metrics import Metrics
    from pillion.server.settings import ClusterSettings

    Reload = Callable[[], Awaitable[bool]]

_log = logs.logger("cluster")
_FIRST_LOOK = 10.0
"""Seconds that the start waits for a cluster which does not say yes or no."""

_SETTLING = 0.2
"""Seconds between a change and the reload for it: changes come in swarms."""

_AGAIN = 10.0
"""Seconds until what failed unexpectedly is begun again."""

_LOOK = 1.0
"""Seconds between two looks at a file."""

_CLUSTER_WIDE = "default"
"""The namespace of Events about what has none."""


class ClusterSide:
    """The server's cluster; :meth:`begin` looks at it, :meth:`run` follows it.

    ``reload_configuration`` and ``reload_certificate`` are called after a change of what they read.
    """

    def __init__(self, cluster: Cluster, settings: ClusterSettings, metrics: Metrics) -> None:
        self._cluster = cluster
        self._settings = settings
        self._authority: bytes | None = None
        self._authority_files = tuple(filter(None, (settings.authority_file,)))
        self._seen_authority = watch.signature(self._authority_files)
        self._metrics = metrics
        self._troubles: dict[str, ClusterError] = {}
        self._told: dict[str, asyncio.Event] = {}
        self._informers = dict(self._make_informers())
        self._loaded: object = None
        self._loading = asyncio.Lock()
        self._leadership = Leadership(
            cluster,
            settings.lease,
            settings.namespace,
            f"{settings.pod}_{uuid.uuid4()}",
            trouble=self._trouble("leases"),
            unelected=self._unelected,
        )
        self.secret = self._make_secret()
        self.registration = RegistrationKeeper(
            cluster,
            settings.own,
            self._bundle,
            leadership=self._leadership,
            metrics=metrics,
            contested=self._contested,
        )
        self.events = Events(
            cluster, metrics, settings.events, forbidden=lambda: self.registration.forbids_events
        )
        self.reload_configuration: Reload = _nothing_yet
        self.reload_certificate: Reload = _nothing_yet
        metrics.leading.set_function(lambda: self._leadership.leading)

    @property
    def metrics(self) -> Metrics:
        """Where what happens is counted."""
        return self._metrics

    @property
    def name(self) -> str:
        """The cluster's name."""
        return self._cluster.name

    @property
    def namespace(self) -> str:
        """The server's own namespace."""
        return self._settings.namespace

    def shown(self) -> dict[str, Any]:
        """What ``/debug/config`` shows."""
        return {
            "name": self.name,
            "namespace": self.namespace,
            "leading": self._leadership.leading,
            "webhooks": [f"{one.configuration}: {one.name}" for one in self.registration.entries],
            "trouble": {key: str(error) for key, error in self._troubles.items()},
        }

    @property
    def facts(self) -> Facts:
        """What pods are injected by, beside the configuration, as it is now."""
        nodes, namespaces = self._items(NODES), self._items(NAMESPACES)
        return Facts(
            None if nodes is None else sorted(map(_of_node, nodes), key=_name),
            sorted(map(_of_proxy_config, self._items(PROXY_CONFIGS) or ()), key=_name),
            openshift.annotations_by_name(namespaces or ()),
        )

    def config_map(self, name: str) -> Mapping[str, str]:
        """The data of a ConfigMap that is followed.

        Raises:
            ClusterError: It is not there, or the cluster does not tell.
        """
        key = _config_map_key(name)
        informer = self._informers[key]
        if not informer.synced.is_set():
            raise self._troubles.get(key) or ClusterError(f"{self.name} does not answer")
        for found in list(informer.objects.values()):  # they may change: this may be a thread
            data: Mapping[str, str] = found.get("data") or {}
            return data
        raise NotFoundError(f"there is no ConfigMap {name} in {self.namespace}")

    async def begin(self, tasks: list[asyncio.Task[None]]) -> None:
        """Begin to follow what pods are injected by, in ``tasks``, and wait until it is known.

        What the cluster refuses, or does not tell soon, is not waited for.

        Raises:
            ClusterError: The Secret of the certificate can be neither read nor made.
            CertificateError: The Secret holds something else.
        """
        tasks += [asyncio.create_task(one.run()) for one in self._informers.values()]
        waiting = [asyncio.create_task(self._until_told(key)) for key in self._informers]
        if waiting:
            await asyncio.wait(waiting, timeout=_FIRST_LOOK)
        for one in waiting:
            one.cancel()
        if self.secret is not None:
            await self.secret.begin()
        elif self._settings.authority_file:
            self._authority = read_authority(self._settings.authority_file)

    async def _until_told(self, key: str) -> None:
        both = [self._informers[key].synced.wait(), self._told[key].wait()]
        tasks = [asyncio.ensure_future(one) for one in both]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in tasks:
                one.cancel()

    async def run(self) -> None:
        """Do all that has to be done as long as the server runs, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for work in self._works():
                group.create_task(self._kept(work))

    def _works(self) -> Iterable[Callable[[], Coroutine[Any, Any, None]]]:
        yield self.events.run
        yield self._follow_registration().run
        bundle = self._settings.reconcile and self._bundle() is not None
        if bundle or self.secret is not None:
            yield self._leadership.run
        if bundle:
            yield self.registration.run
        if self._authority is not None:
            yield self._watch_authority
        if self.secret is not None:
            yield partial(
                self.secret.run,
                self._leadership,
                self._renewed,
                self._trouble("secrets"),
                self._failed,
                self._secret_refused,
            )

    async def _kept(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do ``work``, and again after an error that nobody expected: pods are injected anyway."""
        while True:
            try:
                await work()
            except Exception:  # noqa: BLE001 - it is logged
                _log.exception("work for the cluster failed unexpectedly, and is begun again")
            await asyncio.sleep(_AGAIN)

    async def close(self) -> None:
        """Give the connections back."""
        await self._cluster.close()

    def refused(self, what: str, why: str) -> None:
        """Tell by an Event that a new configuration or certificate is not taken."""
        settings = self._settings
        about = About("v1", "Pod", settings.pod, settings.namespace, settings.pod_uid)
        reason = f"{what.capitalize()}Refused"
        message = f"the new {what} is refused, the old one stays: {why}"
        self.events.tell(Event(about, "Warning", reason, message, self._settings.namespace))

    def _make_informers(self) -> Iterable[tuple[str, Informer]]:
        settings = self._settings
        for name in settings.config_maps:
            yield self._informer(CONFIG_MAPS, settings.namespace, name)
        yield self._informer(PROXY_CONFIGS)
        if settings.nodes:
            yield self._informer(NODES)
        if settings.namespaces:
            yield self._informer(NAMESPACES)

    def _informer(
        self, resource: Resource, namespace: str = "", name: str = ""
    ) -> tuple[str, Informer]:
        key = _config_map_key(name) if name else resource.plural
        self._told[key] = asyncio.Event()
        return key, Informer(
            self._cluster,
            resource,
            namespace,
            fields=f"metadata.name={name}" if name else "",
            changed=self._noticed,
            trouble=self._trouble(key),
            failed=self._failed,
        )

    async def _noticed(self, _: Mapping[tuple[str, str], Object]) -> None:
        """Have the configuration reloaded, where something counts that changed.

        Nodes and namespaces change all the time: their heartbeats are no reason to load anything.
        """
        await asyncio.sleep(_SETTLING)
        async with self._loading:  # what two kinds tell at once is loaded once
            counts = self._what_counts()
            if self.reload_configuration is _nothing_yet or counts == self._loaded:
                return
            await self.reload_configuration()
            self._loaded = counts

    def _what_counts(self) -> object:
        config_maps = [
            [(one["metadata"].get("uid"), one.get("data")) for one in informer.objects.values()]
            for key, informer in self._informers.items()
            if key in map(_config_map_key, self._settings.config_maps)
        ]
        return self.facts, config_maps

    def _follow_registration(self) -> Informer:
        name = self._settings.own.configuration

        def noticed(objects: Mapping[tuple[str, str], Object]) -> None:
            self.registration.noticed(objects.values())

        return Informer(
            self._cluster,
            WEBHOOK_CONFIGURATIONS,
            fields=f"metadata.name={name}" if name else "",
            changed=noticed,
            trouble=self._trouble(WEBHOOK_CONFIGURATIONS.plural),
            failed=self._failed,
        )

    async def _renewed(self) -> None:
        await self.reload_certificate()
        self.registration.wake()

    def _secret_refused(self, error: CertificateError) -> None:
        message = "the new certificate is refused, the old one stays"
        logs.say(_log, logging.ERROR, message, {"error": str(error)})
        self.refused("certificate", str(error))

    def _make_secret(self) -> CertificateSecret | None:
        settings = self._settings
        if not settings.secret:
            return None
        names, lifetimes = settings.hosts, settings.lifetimes
        return CertificateSecret(
            self._cluster, settings.secret, settings.namespace, names, lifetimes
        )

    def _watch_authority(self) -> Coroutine[Any, Any, None]:
        async def changed() -> bool:
            path = self._settings.authority_file
            try:
                self._authority = read_authority(path)
            except CertificateError as error:
                message = "the new authority is refused, the old one stays"
                logs.say(_log, logging.ERROR, message, {"error": str(error)})
                self.refused("authority", str(error))
                return False
            self.registration.wake()
            return True

        return watch.watch(self._authority_files, self._seen_authority, _LOOK, changed)

    def _bundle(self) -> bytes | None:
        return self.secret.bundle if self.secret is not None else self._authority

    def _items(self, resource: Resource) -> list[Object] | None:
        informer = self._informers.get(resource.plural)
        if informer is None or not informer.synced.is_set():
            return None
        return list(informer.objects.values())

    def _trouble(self, key: str) -> Tell:
        def tell(error: ClusterError | None) -> None:
            optional = key == PROXY_CONFIGS.plural and isinstance(error, NotFoundError)
            self._metrics.cluster_trouble.labels(key).set(error is not None and not optional)
            if key in self._told:
                self._told[key].set()
            if error is None:
                self._troubles.pop(key, None)
                logs.say(_log, logging.INFO, f"{key} can be followed again", {})
                return
            self._troubles[key] = error
            level = logging.INFO if optional else logging.ERROR  # a cluster need not have them
            logs.say(_log, level, f"{key} cannot be followed", {"error": str(error)})

        return tell

    def _failed(self, error: Exception) -> None:
        _log.error("what changed in the cluster is not taken: %s", error, exc_info=error)

    def _unelected(self, error: ClusterError) -> None:
        message = "no right to Leases: every replica leads, and writes the same"
        logs.say(_log, logging.WARNING, message, {"error": str(error)})

    def _contested(self, entry: Entry, message: str) -> None:
        kind = WEBHOOK_CONFIGURATIONS
        about = About(kind.api_version, kind.kind, entry.configuration)
        self.events.tell(Event(about, "Warning", "CABundleContested", message, _CLUSTER_WIDE))


async def _nothing_yet() -> bool:
    """What is reloaded before the server has anything: nothing."""
    return True


def _config_map_key(name: str) -> str:
    return f"configmaps/{name}"


def _of_node(node: Object) -> Object:
    """Of a node what decides about native sidecars; the rest changes all the time."""
    version = node.get("status", {}).get("nodeInfo", {}).get("kubeletVersion", "")
    name = {"name": node["metadata"]["name"]}
    return {"metadata": name, "status": {"nodeInfo": {"kubeletVersion": version}}}


def _of_proxy_config(found: Object) -> Object:
    kept = ("name", "namespace", "labels", "creationTimestamp")
    metadata = {name: one for name, one in found["metadata"].items() if name in kept}
    return {"metadata": metadata, "spec": found.get("spec")}


def _name(one: Object) -> tuple[str, str]:
    return one["metadata"].get("namespace", ""), one["metadata"]["name"]
