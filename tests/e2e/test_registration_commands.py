"""The registration by pillion's own commands, and what the API server makes of it."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from e2e.webhook_server import ENABLED, PILLION, a_pod, is_injected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from e2e.kubectl import Object
    from e2e.webhook_server import Cluster, Injector

KIND = "mutatingwebhookconfiguration"
TITLE = "MutatingWebhookConfiguration"
NO_PODS = ("--namespace-selector=pillion.test/none=at-all", "--url=https://127.0.0.1:1/inject")
SELECTED = "kubernetes.io/metadata.name notin (istio-system,kube-system),pillion.test/none=at-all"
BUNDLE = {"op": "add", "path": "/webhooks/0/clientConfig/caBundle", "value": "QUFB"}


class Ended(NamedTuple):
    """What a command came to."""

    status: int
    out: str
    err: str


class Commands:
    """``pillion webhook`` as the administrator of the cluster, for one configuration."""

    def __init__(self, cluster: Cluster) -> None:
        self.name = cluster.name("registered")
        self._cluster = cluster

    def run(self, command: str, *flags: str) -> Ended:
        # registrations count for all tests of this cluster, so each must have its own name
        named = f"--name={self.name}"
        arguments = [*PILLION, "webhook", command, named, *flags]
        environment = os.environ | {"KUBECONFIG": self._cluster.kubectl.environment["KUBECONFIG"]}
        ended = subprocess.run(
            arguments, capture_output=True, text=True, check=False, env=environment
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def apply(self, *flags: str) -> str:
        """Apply it; the word that says what happened."""
        ended = self.run("apply", *flags)
        assert ended.status == 0, ended.err
        assert ended.out.startswith(f"{TITLE} {self.name} "), ended.out
        return ended.out.removeprefix(f"{TITLE} {self.name} ").partition(" ")[0]

    def show(self, *flags: str) -> str:
        ended = self.run("show", *flags)
        assert ended.status == 0, ended.err
        return ended.out

    def found(self) -> Object:
        return self._cluster.kubectl.json("get", KIND, self.name, "--show-managed-fields")

    def webhooks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.found()["webhooks"]
        return found

    def patch(self, manager: str, *patch: Object) -> None:
        """Change it as another field manager."""
        flags = ("--type=json", f"--field-manager={manager}", "-p", json.dumps(patch))
        self._cluster.kubectl("patch", KIND, self.name, *flags)


@pytest.fixture
def commands(cluster: Cluster) -> Iterator[Commands]:
    made = Commands(cluster)
    yield made
    cluster.kubectl("delete", KIND, made.name, "--ignore-not-found")


def test_applying_says_what_it_changed(commands: Commands) -> None:
    assert commands.apply(*NO_PODS, "--dry-run") == "created"
    assert commands.run("show").status == 1
    assert commands.apply(*NO_PODS) == "created"
    assert commands.apply(*NO_PODS) == "unchanged"
    assert commands.apply(*NO_PODS, "--timeout=7s", "--dry-run") == "changed"
    assert commands.webhooks()[0]["timeoutSeconds"] == 10
    assert commands.apply(*NO_PODS, "--timeout=7s", "--reinvocation-policy=IfNeeded") == "changed"
    (webhook,) = commands.webhooks()
    assert (webhook["timeoutSeconds"], webhook["reinvocationPolicy"]) == (7, "IfNeeded")
    owners = {
        (one["manager"], one["operation"]) for one in commands.found()["metadata"]["managedFields"]
    }
    assert owners == {("pillion", "Apply")}


def test_what_another_manager_owns_takes_force(commands: Commands) -> None:
    commands.apply(*NO_PODS)
    commands.patch("helm", {"op": "replace", "path": "/webhooks/0/timeoutSeconds", "value": 3})
    ended = commands.run("apply", *NO_PODS)
    assert ended.status == 1
    field = '.webhooks[name="sidecar-injector.istio.io"].timeoutSeconds'
    wanted = f"{TITLE} {commands.name}: helm owns {field}: pass --force to take that over"
    assert ended.err == f"pillion: {wanted}\n"
    assert commands.webhooks()[0]["timeoutSeconds"] == 3
    assert commands.apply(*NO_PODS, "--force") == "changed"
    assert commands.webhooks()[0]["timeoutSeconds"] == 10


def test_a_bundle_that_a_server_wrote_stays_until_another_is_named(
    commands: Commands, cluster: Cluster
) -> None:
    authority = cluster.injector().authority
    commands.apply(*NO_PODS)
    commands.patch("pillion", BUNDLE)
    assert commands.apply(*NO_PODS, "--timeout=5s") == "changed"
    (webhook,) = commands.webhooks()
    assert (webhook["timeoutSeconds"], webhook["clientConfig"]["caBundle"]) == (5, "QUFB")
    assert commands.apply(*NO_PODS, "--timeout=5s", f"--caCertFile={authority}") == "changed"
    assert commands.webhooks()[0]["clientConfig"]["caBundle"] != "QUFB"
    ended = commands.run("apply", *NO_PODS, "--timeout=5s")
    assert "caBundle" not in commands.webhooks()[0]["clientConfig"]
    taken = "the caBundle of an earlier apply is taken away: pass --caCertFile to keep it"
    assert f"pillion: warning: {taken}\n" in ended.err


def test_webhooks_that_are_not_rendered_any_more_go(commands: Commands) -> None:
    url = "--url=https://127.0.0.1:1/inject"
    revision = "--revision=never-used"
    commands.apply(revision, url)
    assert len(commands.webhooks()) == 2
    # what a server wrote into a webhook does not keep it
    commands.patch("pillion", BUNDLE)
    assert commands.apply(*NO_PODS, revision) == "changed"
    (webhook,) = commands.webhooks()
    assert webhook["name"] == "sidecar-injector.istio.io"


def test_webhooks_of_others_stay_and_are_told(commands: Commands, cluster: Cluster) -> None:
    rendered = commands.run("render", "--webhook-name=theirs.example.com", *NO_PODS).out
    cluster.kubectl("create", "-f", "-", given=rendered)
    ended = commands.run("apply", *NO_PODS)
    assert ended.status == 0
    told = "warning: the webhook theirs.example.com stays, since others own it"
    assert f"pillion: {told}\n" in ended.err
    assert len(commands.webhooks()) == 2


def test_showing_tells_what_was_applied(commands: Commands, cluster: Cluster) -> None:
    authority = cluster.injector().authority
    commands.apply(*NO_PODS, "--timeout=20s", f"--caCertFile={authority}")
    lines = [" ".join(line.split()) for line in commands.show().splitlines()]
    assert lines[0] == f"{TITLE} {commands.name}, revision default"
    for wanted in (
        "sidecar-injector.istio.io",
        "calls https://127.0.0.1:1/inject",
        "about CREATE pods",
        f"namespaces {SELECTED}",
        "pods all",
        "timeout 20s",
        "WARNING an injector that hangs holds up every pod for 20s",
    ):
        assert wanted in lines
    (bundle,) = [line for line in lines if line.startswith("caBundle ")]
    assert "until " in bundle
    assert "EXPIRED" not in bundle
    assert "managedFields" not in commands.show("-o", "yaml")


REVISION = {"istio.io/rev": "default"}
OFF = {"istio-injection": "disabled"}
YES = {"sidecar.istio.io/inject": "true"}
NO = {"sidecar.istio.io/inject": "false"}
CANARY = {"istio.io/rev": "canary"}


class Asked:
    """An injector that API servers ask by Istio's labels, and what ``show`` says of a pod."""

    def __init__(self, cluster: Cluster, commands: Commands, injector: Injector) -> None:
        self._cluster = cluster
        self._commands = commands
        self._injector = injector

    def agree(self, namespace: str, labels: dict[str, str]) -> bool:
        """Whether a pod is injected; what is shown must say so too."""
        before = len(self._injector.decisions(namespace))
        pod = self._cluster.dry_run(namespace, a_pod(labels=labels))
        asked = len(self._injector.decisions(namespace)) - before
        assert asked == (1 if is_injected(pod) else 0)
        given = ",".join(f"{key}={value}" for key, value in labels.items())
        shown = self._commands.show(f"--namespace={namespace}", f"--pod-labels={given}")
        [flag] = self._injector.registration()
        assert shown.count(f"    called: {flag.removeprefix('--url=')}\n") == asked, shown
        return is_injected(pod)


def test_showing_agrees_with_the_api_server(commands: Commands, cluster: Cluster) -> None:
    injector = cluster.injector()
    # Istio's selectors are about pods of later tests too, until the API server hears of the end
    policy = "--failure-policy=Ignore"
    commands.apply(*injector.registration(), f"--caCertFile={injector.authority}", policy)
    asked = Asked(cluster, commands, injector)
    enabled = cluster.namespace(ENABLED, stem="enabled")
    cluster.until_injected(enabled)
    table: list[tuple[dict[str, str], list[tuple[dict[str, str], bool]]]] = [
        ({}, [({}, False), (YES, True), (REVISION, True), (CANARY, False), (YES | CANARY, False)]),
        (OFF, [({}, False), (YES, False)]),
        (REVISION, [({}, True), (NO, False)]),
    ]
    assert asked.agree(enabled, {})
    assert not asked.agree(enabled, NO)
    for number, (labels, pods) in enumerate(table):
        namespace = cluster.namespace(labels, stem=f"shop-{number}")
        for pod, injected in pods:
            assert asked.agree(namespace, pod) is injected, f"{pod} in {labels}"
