"""The webhook as it is registered in a cluster: by a Service, in front of one or more injectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from e2e.processes import wait_until
from e2e.webhook_server import CURRENT, ENABLED, LEGACY, a_pod, is_injected

if TYPE_CHECKING:
    from e2e.webhook_server import Cluster

READ_ONE = {
    "apiGroups": [""],
    "resources": ["configmaps"],
    "resourceNames": ["mine"],
    "verbs": ["get"],
}
READ_NAMESPACES = {"apiGroups": [""], "resources": ["namespaces"], "verbs": ["list"]}


@pytest.mark.parametrize("profile", [CURRENT, LEGACY])
def test_pods_are_injected_through_a_service(cluster: Cluster, profile: str) -> None:
    service = cluster.service()
    injector = cluster.injector(profile, service=service)
    service.lead_to(injector)
    name = cluster.register(service)
    [webhook, *_] = cluster.kubectl.json("get", "mutatingwebhookconfiguration", name)["webhooks"]
    assert webhook["clientConfig"]["service"]["name"] == service.name
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    cluster.kubectl("create", "-n", namespace, "-f", "-", given=a_pod("web"))
    [pod] = cluster.pods(namespace)
    assert is_injected(pod)
    [decision, *_] = injector.decisions(namespace)
    assert (decision["pod"], decision["result"]) == ("web", "injected")


def test_a_service_leads_to_the_replica_that_is_left(cluster: Cluster) -> None:
    service = cluster.service()
    injectors = [cluster.injector(service=service) for _ in range(2)]
    service.lead_to(*injectors)
    cluster.register(service)
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    for left, gone in (injectors, reversed(injectors)):
        asked = len(left.decisions(namespace))
        gone.stop()
        service.lead_to(left)
        create = ("create", "--dry-run=server", "-n", namespace, "-f", "-")
        wait_until(
            lambda create=create: cluster.kubectl.run(*create, given=a_pod()).returncode == 0,  # type: ignore[misc]  # a default cannot be typed
            "an answer of the replica that is left",
        )
        assert len(left.decisions(namespace)) > asked
        gone.start()
        service.lead_to(*injectors)


def test_a_service_account_may_do_what_its_rules_say(cluster: Cluster) -> None:
    namespace = cluster.namespace()
    kubeconfig = cluster.account([READ_NAMESPACES], namespace=namespace, in_namespace=[READ_ONE])

    def may(*asked: str) -> bool:
        flags = (f"--kubeconfig={kubeconfig}", "-n", namespace)
        return cluster.kubectl.run("auth", "can-i", *asked, *flags).returncode == 0

    assert may("get", "configmap/mine")
    assert may("list", "namespaces")
    assert not may("get", "configmap/other")
    assert not may("list", "pods")
