"""A real cluster, asked through lightkube (the extra ``pillion[cluster]``)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar

import httpx2
import msgspec
from lightkube import ApiError, Client, KubeConfig
from lightkube.core.exceptions import ConfigError
from lightkube.resources.core_v1 import ConfigMap

from pillion.cluster import exec_plugin
from pillion.cluster.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.cluster.kubeconfig import Access

SECONDS = 3.0
"""The longest time to wait for an answer."""

_UNSUPPORTED = (("cluster", "tls-server-name"), ("user", "as"), ("user", "auth-provider"))

_MALFORMED = (ConfigError, LookupError, ValueError, msgspec.MsgspecError)
"""What lightkube raises for a kubeconfig, or an answer, that is not as it should be."""

_T = TypeVar("_T")


class KubeCluster:
    """The cluster of an access.

    Raises:
        ClusterError: The access says something that is not supported, or its plugin fails.
    """

    def __init__(self, access: Access, seconds: float = SECONDS) -> None:
        for kind, key in _UNSUPPORTED:
            if getattr(access, kind).get(key):
                raise ClusterError(f"context {access.context}: {key} is not supported")
        self.name = access.context
        self._server = access.cluster.get("server", "")
        self._seconds = seconds
        self._client = self._connected(access)

    def _connected(self, access: Access) -> Client:
        user = exec_plugin.resolve(access.user)
        try:
            return Client(
                KubeConfig.from_dict(_one_context(access, user)),
                timeout=httpx2.Timeout(self._seconds),
                proxy=access.cluster.get("proxy-url"),
            )
        except (*_MALFORMED, OSError) as error:
            raise ClusterError(f"context {access.context}: {error}") from error

    def config_map(self, namespace: str, name: str) -> dict[str, str]:
        """As :class:`~pillion.cluster.protocol.Cluster` says."""
        found = self._ask(lambda: self._client.get(ConfigMap, name, namespace=namespace))
        return found.data or {}

    def _ask(self, call: Callable[[], _T]) -> _T:
        try:
            return _within(self._seconds, call)
        except ApiError as error:
            raise ClusterError(f"{self._title()}: {error.status.message}") from error
        except (httpx2.TimeoutException, TimeoutError) as error:
            problem = f"does not answer within {self._seconds:g} seconds"
            raise ClusterError(f"{self._title()} {problem}") from error
        except (*_MALFORMED, httpx2.HTTPError, OSError) as error:
            raise ClusterError(f"{self._title()} cannot be asked: {error}") from error

    def _title(self) -> str:
        return f"the cluster of context {self.name} ({self._server})"


def _one_context(access: Access, user: dict[str, Any]) -> dict[str, Any]:
    """A kubeconfig with nothing but the access; lightkube wants a user, though it be nobody."""
    name = access.context
    context = {"cluster": name, "user": name}
    return {
        "current-context": name,
        "contexts": [{"name": name, "context": context}],
        "clusters": [{"name": name, "cluster": access.cluster}],
        "users": [{"name": name, "user": user}],
    }


def _within(seconds: float, call: Callable[[], _T]) -> _T:
    """What ``call`` gives; a TimeoutError where it takes longer.

    The timeouts of HTTP begin after the server's name was looked up, which may hang for a minute.
    """
    results: list[_T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001 - it is raised in the thread that waits
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]
