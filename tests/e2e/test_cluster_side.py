"""What the server does with a real cluster, with the rights of examples/server/rbac.yaml alone."""

from __future__ import annotations

import base64
import json
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import yaml

from e2e.processes import own_address, wait_until
from e2e.webhook_server import CURRENT, ENABLED, LEGACY, Server, a_pod, is_injected
from load.client import Load, Truth
from load.questions import PLAIN, engines, questions
from pillion import profiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from e2e.kubectl import Object
    from e2e.webhook_server import Cluster, Service

RIGHTS = Path(__file__).parents[2] / "examples" / "server" / "rbac.yaml"
CERTIFICATE = "pillion-certificate"
OWN_CERTIFICATE = f"--certSecret={CERTIFICATE}"
BY_LABEL = "--namespace-selector=istio-injection=enabled"
INJECT = "istio-sidecar-injector"
KIND = "mutatingwebhookconfiguration"
PROXY_CONFIGS = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "proxyconfigs.networking.istio.io"},
    "spec": {
        "group": "networking.istio.io",
        "scope": "Namespaced",
        "names": {"kind": "ProxyConfig", "plural": "proxyconfigs", "singular": "proxyconfig"},
        "versions": [
            {
                "name": "v1beta1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "x-kubernetes-preserve-unknown-fields": True,
                    }
                },
            }
        ],
    },
}
RIGHTS_OF_1_1 = [
    {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]},
    {
        "apiGroups": ["admissionregistration.k8s.io"],
        "resources": ["mutatingwebhookconfigurations"],
        "verbs": ["get", "list", "watch", "patch"],
    },
]


class Followed(NamedTuple):
    """A server that has everything of the cluster, and a namespace whose pods it injects."""

    cluster: Cluster
    service: Service
    kubeconfig: Path
    server: Server
    registration: str
    namespace: str

    def injects(self, *, wanted: bool = True) -> None:
        self.cluster.until_injected(self.namespace, wanted=wanted)

    def edit(self, old: str, new: str, profile: str = CURRENT) -> None:
        """Change the configuration in its ConfigMap."""
        found = profiles.load(profile)
        assert old in found.config
        data = {"config": found.config.replace(old, new, 1)}
        if found.values:
            data["values"] = found.values
        self.cluster.configure_with(self.service.namespace, INJECT, data)

    def another(self) -> Server:
        """Another replica."""
        return self.cluster.follower(self.service, self.kubeconfig, OWN_CERTIFICATE)

    def webhooks(self) -> list[Object]:
        found: list[Object] = self.cluster.kubectl.json("get", KIND, self.registration)["webhooks"]
        return found

    def bundle(self) -> str:
        return str(self.webhooks()[0]["clientConfig"].get("caBundle", ""))

    def authority(self) -> str:
        """What the caBundle is to be."""
        secret = self.cluster.kubectl.json(
            *("get", "secret", CERTIFICATE, "-n", self.service.namespace)
        )
        return str(secret["data"]["ca.crt"])

    def put_bundle(self, value: str, manager: str) -> None:
        path = "/webhooks/0/clientConfig/caBundle"
        patch = [{"op": "replace", "path": path, "value": value}]
        self.cluster.kubectl(
            *("patch", KIND, self.registration, "--type=json", f"--field-manager={manager}"),
            f"--patch={json.dumps(patch)}",
        )

    def events(self, namespace: str) -> list[Object]:
        """The Events that the server wrote."""
        found = self.cluster.kubectl.json("get", "events", "-n", namespace)["items"]
        return [one for one in found if one["source"].get("component") == "pillion"]


def rights(kind: str) -> list[Object]:
    for document in yaml.safe_load_all(RIGHTS.read_text(encoding="utf-8")):
        if document["kind"] == kind:
            found: list[Object] = document["rules"]
            return found
    raise AssertionError(kind)


def account(cluster: Cluster, service: Service) -> Path:
    return cluster.account(
        rights("ClusterRole"), namespace=service.namespace, in_namespace=rights("Role")
    )


def follow(
    cluster: Cluster, *arguments: str, profile: str = CURRENT, flags: tuple[str, ...] = ()
) -> Followed:
    service = cluster.service()
    cluster.configure(service.namespace, profile)
    kubeconfig = account(cluster, service)
    registration = cluster.register(service, BY_LABEL, *flags, trusted=False)
    server = cluster.follower(service, kubeconfig, OWN_CERTIFICATE, *arguments)
    service.lead_to(server)
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    return Followed(cluster, service, kubeconfig, server, registration, namespace)


@pytest.mark.parametrize("profile", [CURRENT, LEGACY])
def test_everything_comes_from_the_cluster(cluster: Cluster, profile: str) -> None:
    followed = follow(cluster, profile=profile)
    assert followed.bundle() == followed.authority()
    followed.edit("policy: enabled", "policy: disabled", profile)
    followed.injects(wanted=False)
    followed.cluster.kubectl("delete", "configmap", INJECT, "-n", followed.service.namespace)
    wait_until(
        lambda: "there is no ConfigMap" in followed.server.log_text(), "the refusal of nothing"
    )
    assert not is_injected(cluster.dry_run(followed.namespace)), "the old one stays"
    [event] = followed.events(followed.service.namespace)
    assert event["reason"] == "ConfigurationRefused"
    cluster.configure(followed.service.namespace, profile)
    followed.injects()
    assert "cannot be followed" not in followed.server.log_text().replace("proxyconfigs cannot", "")


def test_a_restarted_api_server_is_followed_on(cluster: Cluster) -> None:
    followed = follow(cluster)
    cluster.kubectl.control_plane.restart_apiserver()
    followed.edit("policy: enabled", "policy: disabled")
    followed.injects(wanted=False)
    followed.put_bundle(base64.b64encode(b"").decode(), "somebody")
    wait_until(lambda: followed.bundle() == followed.authority(), "the right caBundle again")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_answers_go_on_while_everything_in_the_cluster_changes(
    cluster: Cluster, workers: str
) -> None:
    followed = follow(cluster, f"--certHost={own_address()}", f"--workers={workers}")
    server, namespace = followed.server, followed.service.namespace
    trusted = base64.b64decode(followed.authority()).decode()
    plain = questions({PLAIN: engines(CURRENT)[PLAIN]})
    with Load(
        (server.address, server.port),
        ssl.create_default_context(cadata=trusted),
        plain,
        Truth(PLAIN),
        connections=4,
    ) as load:
        for _ in range(2):
            refused = server.log_text().count("there is no ConfigMap")
            cluster.kubectl("delete", "configmap", INJECT, "-n", namespace)
            wait_until(
                lambda before=refused: (  # type: ignore[misc]  # a default cannot be typed
                    server.log_text().count("there is no ConfigMap") > before
                ),
                "the refusal of nothing",
            )
            cluster.configure(namespace)
            wait_until(lambda: "refused" not in server.debug("inject"), "the ConfigMap again")
        cluster.kubectl.control_plane.restart_apiserver()
        cluster.kubectl("delete", "secret", CERTIFICATE, "-n", namespace)
        followed.injects()
        load.until_answered(100)
    assert (load.wrong, load.dropped) == ([], [])


def test_proxy_configs_count_for_the_pods_of_their_namespace(cluster: Cluster) -> None:
    cluster.keep("customresourcedefinition", "proxyconfigs.networking.istio.io")
    cluster.kubectl("apply", "-f", "-", given=PROXY_CONFIGS)
    cluster.kubectl("wait", "--for=condition=Established", "crd/proxyconfigs.networking.istio.io")
    followed = follow(cluster)
    made = {
        "apiVersion": "networking.istio.io/v1beta1",
        "kind": "ProxyConfig",
        "metadata": {"name": "verbose", "namespace": followed.namespace},
        "spec": {"environmentVariables": {"SAID_BY": "a resource"}},
    }
    cluster.kubectl("create", "-f", "-", given=made)

    def said() -> bool:
        return {"name": "SAID_BY", "value": "a resource"} in proxy(followed)["env"]

    wait_until(said, "what the resource says")
    cluster.kubectl("delete", "proxyconfig", "verbose", "-n", followed.namespace)
    wait_until(lambda: not said(), "the end of the resource")


def proxy(followed: Followed) -> Object:
    """The proxy's container of a pod that would be made."""
    spec = followed.cluster.dry_run(followed.namespace)["spec"]
    containers = [*spec["containers"], *spec["initContainers"]]
    [found] = [one for one in containers if one["name"] == "istio-proxy"]
    return dict(found)


def test_the_nodes_decide_where_the_proxy_stands(cluster: Cluster) -> None:
    followed = follow(cluster)

    def kubelet(version: str) -> None:
        status = {"status": {"nodeInfo": {"kubeletVersion": version}}}
        flags = ("--subresource=status", "--type=merge", f"--patch={json.dumps(status)}")
        cluster.kubectl("patch", "node", "node", *flags)

    for version, native in (("v1.33.1", True), ("v1.32.9", False)):
        kubelet(version)
        wait_until(
            lambda native=native: ("restartPolicy" in proxy(followed)) is native,  # type: ignore[misc]  # a default cannot be typed
            f"the proxy for kubelets {version}",
        )
    assert "is v1.32.9, older than 1.33" in followed.server.debug("inject")["nativeSidecars"]


def test_a_certificate_of_its_own_is_renewed(cluster: Cluster) -> None:
    followed = follow(cluster, "--certLifetime=15s")
    seen = set()

    def renewed() -> bool:
        seen.add(ssl.get_server_certificate((followed.server.address, followed.server.port)))
        assert is_injected(cluster.dry_run(followed.namespace))
        return len(seen) >= 3

    wait_until(renewed, "two new certificates", seconds=60)


def test_replicas_share_the_certificate_and_agree_on_who_writes(cluster: Cluster) -> None:
    followed = follow(cluster)
    other = followed.another()
    first, second = (certificate(one) for one in (followed.server, other))
    assert first == second
    assert leads(followed.server)
    assert not leads(other)
    followed.service.lead_to(followed.server, other)
    followed.server.stop()
    wait_until(lambda: leads(other), "the other replica leads")
    followed.put_bundle(base64.b64encode(b"").decode(), "somebody")
    wait_until(lambda: followed.bundle() == followed.authority(), "the right caBundle")
    followed.service.lead_to(other)
    followed.injects()


def certificate(server: Server) -> str:
    return ssl.get_server_certificate((server.address, server.port))


def leads(server: Server) -> bool:
    return bool(server.debug("config")["cluster"]["leading"])


def test_another_owner_of_the_bundle_is_not_fought(cluster: Cluster) -> None:
    followed = follow(cluster)
    wrong = followed.authority()[:-8] + "AAAAAAA="

    def given_in() -> bool:
        if followed.bundle() == followed.authority():
            followed.put_bundle(wrong, "helm")
        return "helm keeps putting another caBundle" in followed.server.log_text()

    wait_until(given_in, "the end of a quarrel")
    found = cluster.kubectl.json("get", "events", "-n", "default")["items"]
    told = [one for one in found if one["involvedObject"]["name"] == followed.registration]
    assert [one["reason"] for one in told] == ["CABundleContested"]
    assert followed.bundle() == wrong


@pytest.mark.parametrize("side_effects", [True, False])
def test_events_stand_where_people_look(cluster: Cluster, side_effects: bool) -> None:
    followed = follow(cluster, flags=("--events",) if side_effects else ())
    annotations = {"sidecar.istio.io/proxyCPU": "much"}
    cluster.kubectl.refused(
        *("create", "--dry-run=server", "-n", followed.namespace, "-f", "-"),
        given=a_pod("dry", annotations=annotations),
    )
    labels = {"app": "web"}
    template = {
        "metadata": {"labels": labels, "annotations": annotations},
        "spec": a_pod()["spec"],
    }
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": labels}, "template": template},
    }
    cluster.kubectl("create", "-n", followed.namespace, "-f", "-", given=deployment)
    wait_until(
        lambda: [
            one for one in followed.server.decisions(followed.namespace) if "dry_run" not in one
        ],
        "a decision about a pod of the deployment",
    )
    if not side_effects:
        assert followed.events(followed.namespace) == []
        return
    [event, *_] = wait_until(lambda: followed.events(followed.namespace), "an Event")
    assert event["reason"] == "InjectionFailed"
    assert event["involvedObject"]["kind"] == "ReplicaSet"
    name = event["involvedObject"]["name"]
    described = cluster.kubectl("describe", "replicaset", name, "-n", followed.namespace)
    assert "invalid value 'much' for annotation 'sidecar.istio.io/proxyCPU'" in described
    assert all(
        "dry" not in one["involvedObject"]["name"] for one in followed.events(followed.namespace)
    )


def test_the_rights_and_the_flags_of_istio_1_1(cluster: Cluster) -> None:
    service = cluster.service()
    kubeconfig = cluster.account(RIGHTS_OF_1_1, namespace=service.namespace)
    name = cluster.register(service, BY_LABEL, trusted=False)
    injector = cluster.injector(
        LEGACY,
        f"--kubeconfig={kubeconfig}",
        f"--caCertFile={service.authority}",
        f"--webhookConfigName={name}",
        "--webhookName=sidecar-injector.istio.io",
        service=service,
    )
    service.lead_to(injector)
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    wait_until(lambda: "no right to Leases" in injector.log_text(), "a word about Leases")


def test_without_any_right_it_injects_and_says_what_it_lacks(cluster: Cluster) -> None:
    kubeconfig = cluster.account()
    injector = cluster.injector(CURRENT, f"--kubeconfig={kubeconfig}")
    cluster.register(injector)
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    shown: Callable[[], Object] = lambda: injector.debug("config")["cluster"]["trouble"]  # noqa: E731 - short
    wait_until(lambda: {"nodes", "mutatingwebhookconfigurations"} <= set(shown()), "what it lacks")
