"""The ways in which an API server asks: dry runs, server-side apply, asking again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from e2e.other_webhook import CONTAINER, OtherWebhook
from e2e.processes import wait_until
from e2e.webhook_server import CURRENT, ENABLED, LEGACY, a_pod, is_injected

if TYPE_CHECKING:
    from e2e.control_plane import ControlPlane
    from e2e.kubectl import Object
    from e2e.webhook_server import Cluster


def names(pod: Object) -> list[str]:
    spec = pod["spec"]
    return [one["name"] for one in (*spec.get("initContainers", []), *spec["containers"])]


@pytest.fixture(params=[CURRENT, LEGACY])
def profile(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def test_a_dry_run_shows_the_sidecar_and_keeps_nothing(cluster: Cluster, profile: str) -> None:
    injector = cluster.injector(profile)
    cluster.register(injector)
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    assert cluster.kubectl.json("get", "pods", "-n", namespace)["items"] == []
    assert {one.get("dry_run") for one in injector.decisions(namespace)} == {True}


def test_server_side_apply_is_stable(cluster: Cluster, profile: str) -> None:
    cluster.register(cluster.injector(profile))
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    apply = ("apply", "--server-side", "--show-managed-fields", "-n", namespace, "-f", "-")
    first = cluster.kubectl.json(*apply, given=a_pod())
    assert is_injected(first)
    again = cluster.kubectl.json(*apply, given=a_pod(labels={"later": "here"}))
    assert again["metadata"]["labels"]["later"] == "here"
    assert again["spec"] == first["spec"]
    owners = {one["manager"] for one in again["metadata"]["managedFields"]}
    assert owners == {"kubectl"}


@pytest.mark.parametrize("policy", ["IfNeeded", "Never"])
def test_asked_again_after_another_webhook(cluster: Cluster, profile: str, policy: str) -> None:
    injector = cluster.injector(profile)
    with OtherWebhook() as other:
        cluster.register(injector, f"--reinvocation-policy={policy}", stem="a")
        cluster.register_as_it_is(other.configuration(cluster.name("b")))
        namespace = cluster.namespace(ENABLED)

        def made() -> Object:
            found = cluster.dry_run(namespace)
            return found if is_injected(found) and CONTAINER["name"] in names(found) else {}

        pod = wait_until(made, "both webhooks are asked")
        before = len(injector.decisions(namespace))
        assert names(cluster.dry_run(namespace)) == names(pod)
        asked = len(injector.decisions(namespace)) - before
        assert asked == (2 if policy == "IfNeeded" else 1)
        assert len(names(pod)) == len(set(names(pod)))


def test_kubectl_and_the_audit_log_tell_why(
    cluster: Cluster, control_plane: ControlPlane, profile: str
) -> None:
    cluster.register(cluster.injector(profile))
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    pod = a_pod("on-the-host", annotations={"sidecar.istio.io/inject": "true"})
    pod["spec"]["hostNetwork"] = True
    ended = cluster.kubectl.run("create", "-n", namespace, "-f", "-", given=pod)
    assert ended.returncode == 0
    assert "Warning: no sidecar was injected, as sidecar.istio.io/inject asks" in ended.stderr

    def annotations() -> dict[str, str]:
        for line in control_plane.audit_log.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            found = event["objectRef"]
            if (found.get("namespace"), found.get("name")) == (namespace, "on-the-host"):
                noted: dict[str, str] = event["annotations"]
                return noted
        return {}

    noted = wait_until(annotations, "the pod in the audit log")
    assert noted["namespace.sidecar-injector.istio.io/reason"] == "host-network"
