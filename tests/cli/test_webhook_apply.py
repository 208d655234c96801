from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from pillion.cluster.errors import ConflictError, OwnedField
from pillion.cluster.fake import FakeCluster
from pillion.cluster.resources import WEBHOOK_CONFIGURATIONS
from server.registrations import configuration, registered

if TYPE_CHECKING:
    from cli.conftest import Run
    from pillion.cluster.protocol import Object
    from pillion.cluster.resources import Resource

NAME = "istio-sidecar-injector"
DONE = f"MutatingWebhookConfiguration {NAME}"
NO_BUNDLE = "pillion: warning: without a caBundle the API server does not trust the injector\n"
PORT = '.webhooks[name="a"].clientConfig.service.port'


class Owned(FakeCluster):
    """A cluster in which fields of every configuration are owned."""

    def __init__(self, *owned: OwnedField, reason: str = "Apply failed") -> None:
        super().__init__()
        self.owned = owned
        self.reason = reason
        self.forced: list[bool] = []

    async def apply(
        self, resource: Resource, wanted: Object, *, force: bool = False, dry_run: bool = False
    ) -> Object:
        self.forced.append(force)
        if not force:
            raise ConflictError(self.reason, self.owned)
        return await super().apply(resource, wanted, force=force, dry_run=dry_run)


def webhooks(cluster: FakeCluster) -> list[dict[str, Any]]:
    (found,) = cluster.held(WEBHOOK_CONFIGURATIONS)
    made: list[dict[str, Any]] = found["webhooks"]
    return made


def test_it_says_what_it_did(run: Run, connected: list[FakeCluster]) -> None:
    cluster = FakeCluster()
    connected.append(cluster)
    for flags, wanted in (
        ((), "created"),
        ((), "unchanged"),
        (("--failure-policy=Ignore",), "changed"),
        (("--failure-policy=Ignore",), "unchanged"),
    ):
        result = run("webhook", "apply", *flags)
        assert (result.status, result.err) == (0, NO_BUNDLE)
        assert result.out == f"{DONE} {wanted} in the cluster of context fake\n"
    assert {one["failurePolicy"] for one in webhooks(cluster)} == {"Ignore"}
    assert "caBundle" not in webhooks(cluster)[0]["clientConfig"]
    assert cluster.closed


def test_a_dry_run_keeps_nothing(run: Run, connected: list[FakeCluster]) -> None:
    connected.append(FakeCluster())
    result = run("webhook", "apply", "--dry-run", "--context", "fake")
    assert result.out == f"{DONE} created in the cluster of context fake (dry run)\n"
    assert connected[0].held(WEBHOOK_CONFIGURATIONS) == []


def test_what_others_own_is_not_taken(run: Run, connected: list[FakeCluster]) -> None:
    owned = [
        *(OwnedField("helm", f".a{number}") for number in range(5)),
        OwnedField("pillion", PORT),
        OwnedField("kubectl-patch", PORT),
    ]
    cluster = Owned(*owned)
    connected.append(cluster)
    result = run("webhook", "apply")
    assert (result.status, result.out) == (1, "")
    assert result.err == (
        f"pillion: {DONE}: helm owns .a0, .a1, .a2 and 2 more fields; kubectl-patch owns {PORT}: "
        "pass --force to take that over\n"
    )
    assert cluster.forced == [False]
    assert run("webhook", "apply", "--force").status == 0
    assert cluster.forced == [False, True]


def test_what_pillions_server_wrote_is_taken(run: Run, connected: list[FakeCluster]) -> None:
    cluster = Owned(OwnedField("pillion", '.webhooks[name="a"].clientConfig.caBundle'))
    connected.append(cluster)
    assert run("webhook", "apply").status == 0
    assert cluster.forced == [False, True]


def test_any_other_conflict_is_told_as_it_is(run: Run, connected: list[FakeCluster]) -> None:
    connected.append(Owned(reason="the object has been modified"))
    result = run("webhook", "apply")
    assert (result.status, result.err) == (1, "pillion: the object has been modified\n")


def test_a_second_injector_is_warned_about(run: Run, connected: list[FakeCluster]) -> None:
    cluster = FakeCluster()
    connected.append(cluster)
    cluster.put(WEBHOOK_CONFIGURATIONS, registered("istio-canary", "canary"))
    cluster.put(WEBHOOK_CONFIGURATIONS, registered("theirs", service="another"))
    cluster.put(WEBHOOK_CONFIGURATIONS, configuration("policies", name="policy.example.com"))
    result = run("webhook", "apply")
    assert result.status == 0
    assert result.err == (
        f"{NO_BUNDLE}pillion: warning: two injectors are asked about a pod with no labels in a "
        "namespace with istio.io/rev=default: by rev.namespace.sidecar-injector.istio.io of "
        f"{NAME} and rev.namespace.sidecar-injector.istio.io of theirs\n"
    )


def test_an_entry_that_stays_is_warned_about(run: Run, connected: list[FakeCluster]) -> None:
    class Kept(FakeCluster):
        async def apply(self, resource: Resource, wanted: Object, **flags: bool) -> Object:
            kept = configuration(NAME, name="mine.example.com", rules=[])["webhooks"]
            return await super().apply(
                resource, wanted | {"webhooks": wanted["webhooks"] + kept}, **flags
            )

    connected.append(Kept())
    result = run("webhook", "apply", "--url=https://injector/inject")
    assert result.err.splitlines()[0] == (
        "pillion: warning: the webhook mine.example.com stays, since others own it"
    )


def test_a_bundle_that_is_not_named_again_is_warned_about(
    run: Run, connected: list[FakeCluster]
) -> None:
    cluster = FakeCluster()
    connected.append(cluster)
    made = registered(NAME)
    for webhook in made["webhooks"]:
        webhook["clientConfig"]["caBundle"] = "QUFB"
    cluster.put(WEBHOOK_CONFIGURATIONS, made)
    result = run("webhook", "apply", "--dry-run")
    assert result.err == (
        "pillion: warning: the caBundle of an earlier apply is taken away: pass --caCertFile to "
        f"keep it\n{NO_BUNDLE}"
    )


def test_a_cluster_that_fails_is_told(run: Run, connected: list[FakeCluster]) -> None:
    connected.append(FakeCluster(failure="nobody answers"))
    result = run("webhook", "apply")
    assert (result.status, result.err) == (1, "pillion: nobody answers\n")
    assert connected[0].closed


def test_nothing_is_written_by_who_may_not_look(run: Run, connected: list[FakeCluster]) -> None:
    cluster = FakeCluster(forbidden=["list"])
    connected.append(cluster)
    assert run("webhook", "apply").status == 1
    assert [one.verb for one in cluster.asked] == ["list"]


@pytest.mark.parametrize("command", ["apply", "show"])
def test_there_must_be_a_cluster(run: Run, command: str) -> None:
    result = run("webhook", command)
    assert result.status == 2
    wanted = f"pillion webhook {command}: there is no kubeconfig that names a cluster"
    assert result.err == f"pillion: {wanted}\n"
    result = run("webhook", command, "--kubeconfig", "gone")
    assert (result.status, result.err) == (1, "pillion: there is no kubeconfig gone\n")


def test_a_wrong_flag_asks_nobody(run: Run, connected: list[FakeCluster]) -> None:
    connected.append(FakeCluster())
    assert run("webhook", "apply", "--timeout=31s").status == 2
    assert connected[0].asked == []


def test_what_it_applies_is_what_render_prints(run: Run, connected: list[FakeCluster]) -> None:
    from pillion.kubernetes import yaml_reader

    cluster = FakeCluster()
    connected.append(cluster)
    flags = ("--service=istiod", "--revision=canary", "--timeout=3s", "--events")
    assert run("webhook", "apply", *flags).status == 0
    rendered = yaml_reader.load(run("webhook", "render", *flags).out)
    found = asyncio.run(cluster.get(WEBHOOK_CONFIGURATIONS, f"{NAME}-canary"))
    assert found["webhooks"] == rendered["webhooks"]
    assert found["metadata"]["labels"] == rendered["metadata"]["labels"]
