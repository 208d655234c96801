"""The way of a command to a cluster: finding it, and waiting for its answers.

A cluster is asked by coroutines; commands are plain functions, which wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from pillion.cli.errors import UsageError
from pillion.cluster import kubeconfig

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine
    from types import TracebackType
    from typing import Any

    from pillion.cluster.kubeconfig import Access
    from pillion.cluster.protocol import Cluster

_T = TypeVar("_T")


class Waited:
    """A cluster, asked by code that waits for the answer, on an event loop of its own.

    ``asyncio.run`` would not do: it waits for the thread that looks a name up, though nobody waits
    for the name any more, and that may take a minute.
    """

    def __init__(self, cluster: Cluster) -> None:
        import asyncio

        self.name = cluster.name
        self._cluster = cluster
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, question: Callable[[Cluster], Coroutine[Any, Any, _T]]) -> _T:
        """What ``question`` comes to, asked of the cluster."""
        task = self._loop.create_task(question(self._cluster))
        try:
            return self._loop.run_until_complete(task)
        except BaseException:
            # an interruption leaves the task behind, which has connections to close
            _cancel(self._loop, task)
            raise

    def close(self) -> None:
        """Close the cluster, and the loop."""
        try:
            self.ask(_closed)
        finally:
            self._loop.close()


async def _closed(cluster: Cluster) -> None:
    await cluster.close()


def _cancel(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
    import asyncio

    if not task.done():
        task.cancel()
        loop.run_until_complete(asyncio.wait([task]))


def access(named: str | None, context: str | None) -> Access | None:
    """The access that a command line means; None where nothing names a cluster.

    ``named`` is the kubeconfig of ``--kubeconfig``, ``context`` that of ``--context``.

    Raises:
        ClusterError: The kubeconfig cannot be used.
    """
    found = kubeconfig.access(kubeconfig.find(named), context)
    return found or (None if named else kubeconfig.in_cluster())


def installed() -> bool:
    """Whether there is what asks clusters."""
    from importlib.util import find_spec

    return find_spec("lightkube") is not None


def opened(found: Access) -> Cluster:
    """The cluster of an access.

    Raises:
        ClusterError: The access says something that is not supported, or that is wrong.
    """
    from pillion.cluster.kube import KubeCluster

    return KubeCluster(found)


def required(named: str | None, context: str | None, wanted_by: str) -> Cluster:
    """The cluster that a command line means; ``wanted_by`` is what cannot be done without one.

    Raises:
        UsageError: There is no kubeconfig, or nothing installed that asks clusters.
        ClusterError: The kubeconfig cannot be used.
    """
    found = access(named, context)
    if found is None:
        raise UsageError(f"{wanted_by}: there is no kubeconfig that names a cluster")
    if not installed():
        raise UsageError(f"{wanted_by} needs pip install 'pillion[cluster]'")
    return opened(found)
