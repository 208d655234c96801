"""The configuration that a cluster keeps in ConfigMaps, as istioctl reads it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from pillion.cli.configuration import CONFIG_KEY, MESH_KEY, VALUES_KEY, Text
from pillion.cli.errors import UsageError
from pillion.cluster import kubeconfig
from pillion.cluster.errors import ClusterError
from pillion.cluster.resources import CONFIG_MAPS

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine, Iterator, Mapping
    from typing import Any

    from pillion.cli.arguments import Options
    from pillion.cluster.protocol import Cluster

_T = TypeVar("_T")
CONFIG_MAP, MESH_MAP, NAMESPACE = "istio-sidecar-injector", "istio", "istio-system"
_NOT_INSTALLED = "the cluster of the kubeconfig is not asked, since that needs pillion[cluster]"
_OFFLINE = (
    "without it, name the files (--injectConfigFile, --meshConfigFile, --valuesFile) or an "
    "embedded configuration (--profile istio-1.30)"
)


class ClusterSource:
    """Finds texts by their keys in the ConfigMaps of a cluster, each of which is read once.

    ``connect`` is called when the first text is wanted, and gives None where there is no cluster.
    Whoever made a source closes it.
    """

    def __init__(
        self,
        connect: Callable[[], Cluster | None],
        options: Options,
        say: Callable[[str], None],
    ) -> None:
        self._connect = connect
        self._say = say
        self._namespace = options.istio_namespace or NAMESPACE
        self._names = config_map_names(options)
        self._cluster: _Waited | None = None
        self._connected = False
        self._read: dict[str, dict[str, str]] = {}

    def find(self, key: str) -> Text | None:
        """The text of ``key``; None where there is no cluster.

        Raises:
            ClusterError: The cluster does not answer, or has no such text; it names the ways to do
                without the cluster.
        """
        try:
            return self._find(key)
        except ClusterError as error:
            raise ClusterError(f"{error}; {_OFFLINE}") from error

    def _find(self, key: str) -> Text | None:
        if not self._connected:
            cluster, self._connected = self._connect(), True
            self._cluster = None if cluster is None else _Waited(cluster)
        if self._cluster is None:
            return None
        name = self._names[key]
        origin = f"ConfigMap {name} in {self._namespace} of context {self._cluster.name}"
        return text_of(self._data(self._cluster, name, origin), key, origin)

    def _data(self, cluster: _Waited, name: str, origin: str) -> dict[str, str]:
        if name not in self._read:
            self._read[name] = cluster.config_map(self._namespace, name)
            self._say(f"using the {origin}")
        return self._read[name]

    def close(self) -> None:
        """Give the connection back, if there is one."""
        cluster, self._cluster = self._cluster, None
        if cluster is not None:
            cluster.close()


def config_map_names(options: Options) -> dict[str, str]:
    """The ConfigMap of each part, as Istio names them for a revision unless a flag does."""
    suffix = f"-{options.revision}" if options.revision not in (None, "", "default") else ""
    inject = options.config_map or f"{CONFIG_MAP}{suffix}"
    mesh = options.mesh_map or f"{MESH_MAP}{suffix}"
    return {CONFIG_KEY: inject, VALUES_KEY: inject, MESH_KEY: mesh}


def text_of(data: Mapping[str, str], key: str, origin: str) -> Text:
    """The part ``key`` of a ConfigMap's data.

    Raises:
        ClusterError: There is none.
    """
    if key not in data:
        present = ", ".join(sorted(data)) or "nothing"
        raise ClusterError(f"{origin} has no key {key!r} in its data, which holds {present}")
    return Text(data[key], f"{origin}, data.{key}")


@contextmanager
def of(options: Options, say: Callable[[str], None]) -> Iterator[ClusterSource | None]:
    """The cluster that a command line means; None if it names a profile instead."""
    if options.profile is not None:
        yield None
        return
    source = ClusterSource(lambda: _connect(options, say), options, say)
    try:
        yield source
    finally:
        source.close()


class _Waited:
    """A cluster, asked by code that waits for the answer, on an event loop of its own.

    ``asyncio.run`` would not do: it waits for the thread that looks a name up, though nobody waits
    for the name any more, and that may take a minute.
    """

    def __init__(self, cluster: Cluster) -> None:
        import asyncio

        self.name = cluster.name
        self._cluster = cluster
        self._loop = asyncio.new_event_loop()

    def config_map(self, namespace: str, name: str) -> dict[str, str]:
        """The data of a ConfigMap."""
        found = self._wait(self._cluster.get(CONFIG_MAPS, name, namespace))
        return found.get("data") or {}

    def close(self) -> None:
        """Close the cluster, and the loop."""
        try:
            self._wait(self._cluster.close())
        finally:
            self._loop.close()

    def _wait(self, asked: Coroutine[Any, Any, _T]) -> _T:
        task = self._loop.create_task(asked)
        try:
            return self._loop.run_until_complete(task)
        except BaseException:
            # an interruption leaves the task behind, which has connections to close
            _cancel(self._loop, task)
            raise


def _cancel(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
    import asyncio

    if not task.done():
        task.cancel()
        loop.run_until_complete(asyncio.wait([task]))


def _connect(options: Options, say: Callable[[str], None]) -> Cluster | None:
    from importlib.util import find_spec

    access = kubeconfig.access(kubeconfig.find(options.kubeconfig), options.context)
    access = access or (None if options.kubeconfig else kubeconfig.in_cluster())
    wanted = _wanted(options)
    if access is None:
        if wanted:
            raise UsageError(f"{wanted}: there is no kubeconfig that names a cluster")
        return None
    if find_spec("lightkube") is None:
        if wanted:
            raise UsageError(f"{wanted} needs pip install 'pillion[cluster]'")
        say(_NOT_INSTALLED)
        return None
    from pillion.cluster.kube import KubeCluster

    return KubeCluster(access)


def _wanted(options: Options) -> str:
    """The flag by which a cluster is asked for in so many words."""
    flags = {
        "--kubeconfig": options.kubeconfig,
        "--context": options.context,
        "--istioNamespace": options.istio_namespace,
        "--injectConfigMapName": options.config_map,
        "--meshConfigMapName": options.mesh_map,
    }
    return next((flag for flag, value in flags.items() if value), "")
