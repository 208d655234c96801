"""The cluster and the network a pod belongs to, from the URL path, the values and its own label.

Follows ``extractClusterAndNetwork``, ``overwriteClusterInfo`` and ``applyMetadata`` of Istio's
``pkg/kube/inject``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.injection.containers import (
    PROXY,
    change,
    env_var,
    labels_of,
    with_env,
    with_metadata,
)
from pillion.injection.url_path import CLUSTER_ID, NETWORK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.containers import Container
    from pillion.injection.generation import JSON

NETWORK_LABEL = "topology.istio.io/network"


def proxy_environment(
    from_path: Mapping[str, str], labels: Mapping[str, str], *, cluster: str, network: str
) -> dict[str, str]:
    """What is set in the proxy's environment: ``from_path`` with the cluster and network settled.

    ``cluster`` and ``network`` are those of the values. The path goes before them, and the pod's
    own label before the path's network.
    """
    found = dict(from_path)
    cluster = found.get(CLUSTER_ID) or cluster
    network = labels.get(NETWORK_LABEL, found.get(NETWORK) or network)
    if cluster:
        found[CLUSTER_ID] = cluster
    if network:
        found[NETWORK] = network
    return found


def set_environment(pod: JSON, variables: Mapping[str, str]) -> JSON:
    """``pod`` with ``variables`` in the proxy's environment, in place of those of the same name."""

    def edit(proxy: Container) -> Container:
        kept = [one for one in proxy.get("env") or () if one["name"] not in variables]
        added = [env_var(name, variables[name]) for name in sorted(variables)]
        return with_env(proxy, kept + added)

    return change(pod, PROXY, edit) if variables else pod


def set_network(pod: JSON, variables: Mapping[str, str]) -> JSON:
    """``pod`` with the label that says its network, where that is known."""
    network = variables.get(NETWORK)
    if network is None:
        return pod
    return with_metadata(pod, labels={**labels_of(pod), NETWORK_LABEL: network})
