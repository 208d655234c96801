"""The configuration that a cluster keeps in ConfigMaps, as istioctl reads it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pillion.cli import connection
from pillion.cli.configuration import CONFIG_KEY, MESH_KEY, VALUES_KEY, Text
from pillion.cli.connection import Waited
from pillion.cluster.errors import ClusterError
from pillion.cluster.resources import CONFIG_MAPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pillion.cli.arguments import Options
    from pillion.cluster.protocol import Cluster

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
        self._cluster: Waited | None = None
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
            self._cluster = None if cluster is None else Waited(cluster)
        if self._cluster is None:
            return None
        name = self._names[key]
        origin = f"ConfigMap {name} in {self._namespace} of context {self._cluster.name}"
        return text_of(self._data(self._cluster, name, origin), key, origin)

    def _data(self, cluster: Waited, name: str, origin: str) -> dict[str, str]:
        if name not in self._read:
            found = cluster.ask(lambda one: one.get(CONFIG_MAPS, name, self._namespace))
            self._read[name] = found.get("data") or {}
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


def _connect(options: Options, say: Callable[[str], None]) -> Cluster | None:
    wanted = _wanted(options)
    if wanted:
        return connection.required(options.kubeconfig, options.context, wanted)
    access = connection.access(options.kubeconfig, options.context)
    if access is None:
        return None
    if not connection.installed():
        say(_NOT_INSTALLED)
        return None
    return connection.opened(access)


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
