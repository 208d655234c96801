"""The webhook between a real API server and its pods, step by step as people meet it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from e2e.control_plane import FIELDS_OF_1_36
from e2e.processes import wait_until
from e2e.webhook_server import CURRENT, ENABLED, LEGACY, a_pod, is_injected

if TYPE_CHECKING:
    from e2e.kubectl import Object
    from e2e.webhook_server import Cluster, Injector

WORKLOADS = Path(__file__).parent / "manifests" / "workloads.yaml"
KINDS = (
    "pod",
    "replicationcontroller",
    "replicaset",
    "deployment",
    "statefulset",
    "daemonset",
    "job",
    "cronjob",
)
S2I_BUILDER = "openshift.io/build.name"
ANNOTATION = "sidecar.istio.io/inject"
BY_LABEL = "--namespace-selector=istio-injection=enabled"
EVERYWHERE = "--namespace-selector="


def deployment(name: str = "web") -> Object:
    labels = {"app": name}
    pod = {
        "metadata": {"labels": labels},
        "spec": {"containers": [{"name": "app", "image": "app"}]},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": labels}, "template": pod},
    }


def restart(cluster: Cluster, namespace: str) -> Object:
    """The new pod of the deployment ``web``."""
    before = {pod["metadata"]["uid"] for pod in cluster.pods(namespace)}
    cluster.kubectl("rollout", "restart", "deployment/web", "-n", namespace)

    def new() -> list[Object]:
        pods = cluster.pods(namespace)
        return [pod for pod in pods if pod["metadata"]["uid"] not in before]

    [pod] = wait_until(new, "a new pod of the deployment")
    return pod


def ready(cluster: Cluster, *flags: str, profile: str = CURRENT) -> tuple[Injector, str]:
    """An injector that the API server asks, and a namespace that is labelled for it."""
    injector = cluster.injector(profile)
    cluster.register(injector, *flags)
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    return injector, namespace


@pytest.mark.parametrize("profile", [CURRENT, LEGACY])
def test_every_kind_of_workload_gets_the_sidecar(cluster: Cluster, profile: str) -> None:
    injector, namespace = ready(cluster, profile=profile)
    cluster.kubectl("apply", "-n", namespace, "-f", str(WORKLOADS))
    cluster.kubectl("create", "job", "once", "--from=cronjob/cronjob", "-n", namespace)
    for kind in KINDS:
        [pod] = cluster.pods(namespace, selector=f"app={kind}")
        assert is_injected(pod), kind
    owners = {one.get("owner") for one in injector.decisions(namespace)}
    assert {"DaemonSet/daemonset", "Deployment/deployment", "StatefulSet/statefulset"} <= owners


def test_a_namespace_without_the_label_is_never_asked_about(cluster: Cluster) -> None:
    injector, _ = ready(cluster)
    other = cluster.namespace(stem="other")
    cluster.kubectl("create", "-n", other, "-f", "-", given=deployment())
    [pod] = cluster.pods(other)
    assert not is_injected(pod)
    assert injector.decisions(other) == []


def test_a_changed_label_counts_for_new_pods(cluster: Cluster) -> None:
    cluster.register(cluster.injector(), BY_LABEL)
    namespace = cluster.namespace()
    cluster.kubectl("create", "-n", namespace, "-f", "-", given=deployment())
    assert not is_injected(cluster.pods(namespace)[0])
    cluster.kubectl("label", "namespace", namespace, "istio-injection=enabled")
    cluster.until_injected(namespace)
    assert is_injected(restart(cluster, namespace))
    cluster.kubectl("label", "namespace", namespace, "istio-injection-")
    cluster.until_injected(namespace, wanted=False)
    assert not is_injected(restart(cluster, namespace))


def test_the_selectors_label_can_be_another_or_none(cluster: Cluster) -> None:
    name = cluster.register(cluster.injector(), "--namespace-selector=mesh=on")
    labelled, other = cluster.namespace({"mesh": "on"}), cluster.namespace(ENABLED, "other")
    cluster.until_injected(labelled)
    assert not is_injected(cluster.dry_run(other))
    path = "/webhooks/0/namespaceSelector/matchLabels"
    cluster.kubectl(
        *("patch", "mutatingwebhookconfiguration", name, "--type=json"),
        f'--patch=[{{"op": "remove", "path": "{path}"}}]',
    )
    cluster.until_injected(other)
    assert is_injected(cluster.dry_run(labelled))


@pytest.mark.parametrize("profile", [CURRENT, LEGACY])
def test_an_annotation_and_the_policy_decide(cluster: Cluster, profile: str) -> None:
    injector, namespace = ready(cluster, BY_LABEL, profile=profile)
    plain, no, yes = (
        a_pod(annotations=annotations)
        for annotations in ({}, {ANNOTATION: "false"}, {ANNOTATION: "true"})
    )

    def injected() -> list[bool]:
        return [is_injected(cluster.dry_run(namespace, pod)) for pod in (plain, no, yes)]

    assert injected() == [True, False, True]
    injector.until_active(lambda: injector.edit("policy: enabled", "policy: disabled"))
    assert injected() == [False, False, True]
    # as a chart writes a boolean where the policy belongs; Istio injects nothing then
    injector.until_active(lambda: injector.edit("policy: disabled", "policy: false"))
    assert injected()[:2] == [False, False]


@pytest.mark.parametrize("profile", [CURRENT, LEGACY])
def test_the_selectors_of_the_configuration_decide(cluster: Cluster, profile: str) -> None:
    injector, namespace = ready(cluster, BY_LABEL, profile=profile)
    builder = a_pod(labels={S2I_BUILDER: "shop-1"})
    assert is_injected(cluster.dry_run(namespace, builder))
    exists = f"[{{matchExpressions: [{{key: {S2I_BUILDER}, operator: Exists}}]}}]"
    never = f"neverInjectSelector: {exists}"
    injector.until_active(lambda: injector.edit("neverInjectSelector: []", never))
    assert not is_injected(cluster.dry_run(namespace, builder))
    assert is_injected(cluster.dry_run(namespace))

    def turn_round() -> None:
        text = injector.inject.read("config")
        text = text.replace("policy: enabled", "policy: disabled").replace(never, "")
        always = f"alwaysInjectSelector: {exists}"
        injector.inject.write({"config": text.replace("alwaysInjectSelector: []", always)})

    injector.until_active(turn_round)
    assert is_injected(cluster.dry_run(namespace, builder))
    assert not is_injected(cluster.dry_run(namespace))


def test_an_edit_counts_without_a_restart_and_a_broken_one_does_not(cluster: Cluster) -> None:
    injector, namespace = ready(cluster)
    edited = "injectedAnnotations: {edited: here}"
    injector.until_active(lambda: injector.edit("injectedAnnotations: {}", edited))
    assert cluster.dry_run(namespace)["metadata"]["annotations"]["edited"] == "here"
    active = injector.active()
    injector.edit("templates:", "templates: {sidecar: '{{ if'}\nleft:")
    wait_until(
        lambda: "the new configuration is refused" in injector.log_text(),
        "the refusal of a broken configuration",
        process=injector,
    )
    assert injector.active() == active
    assert cluster.dry_run(namespace)["metadata"]["annotations"]["edited"] == "here"


def test_the_generation_changes_in_place(cluster: Cluster) -> None:
    injector, namespace = ready(cluster)
    for profile, generation in ((LEGACY, "1.1"), (CURRENT, "1.30")):
        injector.configure(profile)
        wait_until(
            lambda wanted=generation: injector.debug("inject")["generation"] == wanted,  # type: ignore[misc]  # a default cannot be typed
            f"generation {generation}",
            process=injector,
        )
        assert is_injected(cluster.dry_run(namespace))


def test_logging_is_switched_while_running(cluster: Cluster) -> None:
    injector, namespace = ready(cluster)
    before = injector.debug("logging")
    injector.debug("logging", put="default:debug")
    assert injector.debug("logging") != before
    injector.debug("logging", put="default:info,admission:none")
    quiet = len(injector.log_text())
    cluster.dry_run(namespace)
    assert injector.log_text()[quiet:].count(namespace) == 0
    injector.debug("logging", put="default:info,admission:info")
    cluster.dry_run(namespace)
    wait_until(lambda: namespace in injector.log_text()[quiet:], "a decision in the log")


def test_a_revision_is_for_those_who_name_it(cluster: Cluster) -> None:
    canary = cluster.injector(CURRENT, "--revision=canary")
    default = cluster.injector()
    cluster.register(canary, "--revision=canary", stem="canary")
    cluster.register(default)
    asks, enabled = cluster.namespace({"istio.io/rev": "canary"}), cluster.namespace(ENABLED, "on")
    cluster.until_injected(asks)
    cluster.until_injected(enabled)
    pod = cluster.dry_run(asks)
    assert '"revision":"canary"' in pod["metadata"]["annotations"]["sidecar.istio.io/status"]
    assert '"revision":"default"' in status(cluster.dry_run(enabled))
    neither = cluster.namespace(stem="neither")
    assert not is_injected(cluster.dry_run(neither))
    assert '"revision":"canary"' in status(
        cluster.dry_run(neither, a_pod(labels={"istio.io/rev": "canary"}))
    )
    assert default.decisions(neither) == []


def status(pod: Object) -> str:
    text: str = pod["metadata"]["annotations"]["sidecar.istio.io/status"]
    return text


def test_new_fields_of_pods_are_kept(cluster: Cluster) -> None:
    _, namespace = ready(cluster)
    pod = a_pod()
    pod["spec"]["schedulingGroup"] = {"podGroupName": "workers"}
    made = cluster.dry_run(namespace, pod)
    assert is_injected(made)
    assert made["spec"]["schedulingGroup"] == {"podGroupName": "workers"}, FIELDS_OF_1_36


def test_a_pod_that_cannot_be_injected_is_refused_with_the_reason(cluster: Cluster) -> None:
    injector, namespace = ready(cluster)
    ports = "traffic.sidecar.istio.io/excludeInboundPorts"
    refused = cluster.kubectl.refused(
        *("create", "-n", namespace, "-f", "-"), given=a_pod(annotations={ports: "none"})
    )
    assert ports in refused
    [decision, *_] = injector.decisions(namespace)
    assert decision["result"] == "failed"
