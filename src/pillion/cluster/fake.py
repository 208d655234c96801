"""A cluster in memory, for tests."""

from __future__ import annotations

from pillion.cluster.errors import ClusterError


class FakeCluster:
    """Answers from ``config_maps``, by namespace and name; ``asked`` are the calls so far.

    With ``failure`` it answers nothing else.
    """

    def __init__(
        self,
        config_maps: dict[tuple[str, str], dict[str, str]] | None = None,
        *,
        name: str = "fake",
        failure: str = "",
    ) -> None:
        self.name = name
        self.config_maps = config_maps or {}
        self.failure = failure
        self.asked: list[tuple[str, str]] = []

    def config_map(self, namespace: str, name: str) -> dict[str, str]:
        """As :class:`~pillion.cluster.protocol.Cluster` says."""
        self.asked.append((namespace, name))
        if self.failure:
            raise ClusterError(self.failure)
        found = self.config_maps.get((namespace, name))
        if found is None:
            raise ClusterError(f'configmaps "{name}" not found')
        return found
