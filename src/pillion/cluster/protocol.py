"""What pillion asks of a cluster."""

from __future__ import annotations

from typing import Protocol


class Cluster(Protocol):
    """A cluster; ``name`` is how people know it."""

    @property
    def name(self) -> str:
        """The context of the kubeconfig, say."""

    def config_map(self, namespace: str, name: str) -> dict[str, str]:
        """The data of a ConfigMap.

        Raises:
            ClusterError: The cluster has none of that name, refuses to say, or does not answer.
        """
