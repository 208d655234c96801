from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pillion.cluster.fake import FakeCluster
from pillion.cluster.resources import NAMESPACES, WEBHOOK_CONFIGURATIONS
from pillion.kubernetes import yaml_reader
from server.registrations import configuration, registered

if TYPE_CHECKING:
    from cli.conftest import Run

SHOWN = """\
MutatingWebhookConfiguration here

  sidecar-injector.istio.io
    calls         https://here/inject
    about         CREATE pods
    namespaces    istio-injection=enabled
    pods          all
    conditions    by-hour (in CEL)
    failure       Fail
    timeout       20s
    reinvocation  Never
    side effects  None
    versions      v1
    caBundle      none
    WARNING       an injector that hangs holds up every pod for 20s
"""

DEACTIVATED = """\
    namespaces    istio.io/deactivated=never-match
    pods          istio.io/deactivated=never-match
"""

ASKED = """\
pod:        app=web,tier=front
namespace:  shop, istio-injection=enabled

MutatingWebhookConfiguration istio, revision canary

  rev.namespace.sidecar-injector.istio.io
    not called: the labels of the namespace do not meet !istio-injection,istio.io/rev in (canary)

  rev.object.sidecar-injector.istio.io
    not called: the labels of the namespace do not meet !istio-injection
    not called: the labels of the pod do not meet istio.io/rev in (canary)

"""


def holding(*configurations: dict[str, object]) -> FakeCluster:
    cluster = FakeCluster()
    for one in configurations:
        cluster.put(WEBHOOK_CONFIGURATIONS, one)
    cluster.put(
        NAMESPACES, {"metadata": {"name": "shop", "labels": {"istio-injection": "enabled"}}}
    )
    cluster.put(NAMESPACES, {"metadata": {"name": "bare"}})
    return cluster


def test_an_entry_is_shown_as_a_whole(run: Run, connected: list[FakeCluster]) -> None:
    condition = {"name": "by-hour", "expression": "true"}
    changes = {
        "namespaceSelector": {"matchLabels": {"istio-injection": "enabled"}},
        "timeoutSeconds": 20,
        "matchConditions": [condition],
    }
    connected.append(holding(configuration(**changes)))
    result = run("webhook", "show")
    assert (result.status, result.out, result.err) == (0, SHOWN, "")
    assert connected[0].closed


def test_what_istioctl_deactivated_is_no_second_injector(
    run: Run, connected: list[FakeCluster]
) -> None:
    never = {"matchLabels": {"istio.io/deactivated": "never-match"}}
    off = configuration("off", namespaceSelector=never, objectSelector=never)
    connected.append(holding(off, configuration("on")))
    shown = run("webhook", "show").out
    assert DEACTIVATED in shown
    assert "    note          istioctl has deactivated it: it is called for no pod\n" in shown
    assert "warning" not in shown


def test_two_injectors_of_the_same_pods_are_warned_about(
    run: Run, connected: list[FakeCluster]
) -> None:
    connected.append(holding(registered("a"), registered("b"), registered("c", "canary")))
    *_, last = run("webhook", "show").out.splitlines()
    assert last.startswith("warning: the same injector is asked twice about a pod with no labels")


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ((), ["a", "b", "c"]),
        (("--revision=canary",), ["b"]),
        (("--name=policies",), ["policies"]),
        (("--name=b", "--revision=canary"), ["b"]),
    ],
)
def test_which_configurations_are_shown(
    run: Run, connected: list[FakeCluster], flags: tuple[str, ...], wanted: list[str]
) -> None:
    cluster = holding(
        registered("c"),
        registered("b", "canary"),
        registered("a", "1-30"),
        configuration("policies", name="policy.example.com"),
    )
    connected.append(cluster)
    result = run("webhook", "show", "-o", "json", *flags)
    found = json.loads(result.out)
    assert found["kind"] == "List"
    assert [one["metadata"]["name"] for one in found["items"]] == wanted


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            (),
            (
                "the cluster of context fake has no MutatingWebhookConfiguration that injects "
                "sidecars"
            ),
        ),
        (
            ("--revision=x",),
            (
                "the cluster of context fake has no MutatingWebhookConfiguration of the revision x "
                "that injects sidecars"
            ),
        ),
        (("--name=x",), 'mutatingwebhookconfigurations "x" not found'),
    ],
)
def test_none_is_an_error(
    run: Run, connected: list[FakeCluster], flags: tuple[str, ...], message: str
) -> None:
    connected.append(holding())
    result = run("webhook", "show", *flags)
    assert (result.status, result.out, result.err) == (1, "", f"pillion: {message}\n")


def test_objects_are_shown_as_they_are_but_for_their_managers(
    run: Run, connected: list[FakeCluster]
) -> None:
    made = registered("a")
    made["metadata"]["managedFields"] = [{"manager": "helm"}]
    connected.append(holding(made, registered("b")))
    first, second = run("webhook", "show", "--output=yaml").out.split("---\n")
    found = yaml_reader.load(first)
    assert found["webhooks"] == made["webhooks"]
    assert "managedFields" not in found["metadata"]
    assert yaml_reader.load(second)["metadata"]["name"] == "b"


def test_why_nobody_is_asked_about_a_pod(run: Run, connected: list[FakeCluster]) -> None:
    connected.append(holding(registered("istio", "canary")))
    result = run("webhook", "show", "-n", "shop", "--pod-labels=tier=front", "--pod-labels=app=web")
    assert result.status == 0
    assert result.out == f"{ASKED}None of these webhooks is called for the pod.\n"


@pytest.mark.parametrize(
    ("namespace", "labels", "called"),
    [
        ("shop", "", ["namespace"]),
        ("shop", "sidecar.istio.io/inject=false", []),
        ("bare", "", []),
        ("bare", "sidecar.istio.io/inject=true", ["object"]),
        ("bare", "istio.io/rev=default,", ["rev.object"]),
    ],
)
def test_who_is_asked_about_a_pod(
    run: Run, connected: list[FakeCluster], namespace: str, labels: str, called: list[str]
) -> None:
    connected.append(holding(registered("istio")))
    lines = run("webhook", "show", "-n", namespace, f"--pod-labels={labels}").out.splitlines()
    place = "istio-system/istiod:443/inject"
    found = [lines[at - 1] for at, line in enumerate(lines) if line == f"    called: {place}"]
    assert found == [f"  {name}.sidecar-injector.istio.io" for name in called]
    if called:
        assert lines[-1] == f"The API server asks {place}, which decides."


def test_conditions_may_still_say_no(run: Run, connected: list[FakeCluster]) -> None:
    condition = {"name": "by-hour", "expression": "true"}
    connected.append(holding(configuration(matchConditions=[condition]), configuration("too")))
    shown = run("webhook", "show", "--namespace=bare").out
    assert "    called if its conditions in CEL hold: https://here/inject\n" in shown
    assert shown.endswith("The API server asks 2 times: https://here/inject.\n")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--output=xml",), "--output xml: there are yaml and json"),
        (
            ("-n", "shop", "-o", "json"),
            "--namespace answers in words, which --output does not change",
        ),
        (("--pod-labels=app=web",), "--pod-labels: name the pod's --namespace too"),
        (
            ("-n", "shop", "--pod-labels=app"),
            "--pod-labels: app is no label: it has no value",
        ),
        (
            ("-n", "shop", "--pod-labels=a b=c"),
            "--pod-labels: a b=c is no label: name part must consist of alphanumeric characters",
        ),
    ],
)
def test_a_wrong_call_asks_nobody(
    run: Run, connected: list[FakeCluster], flags: tuple[str, ...], message: str
) -> None:
    connected.append(holding(registered("istio")))
    result = run("webhook", "show", *flags)
    assert result.status == 2
    assert result.err.startswith(f"pillion: {message}")
    assert connected[0].asked == []


def test_a_namespace_must_be_there(run: Run, connected: list[FakeCluster]) -> None:
    connected.append(holding(registered("istio")))
    result = run("webhook", "show", "-n", "gone")
    assert (result.status, result.err) == (1, 'pillion: namespaces "gone" not found\n')


@pytest.mark.parametrize("command", ["render", "apply", "show"])
def test_every_command_has_help_with_examples(run: Run, command: str) -> None:
    assert f"\n  {command} " in run("webhook", "--help").out
    result = run("webhook", command, "--help")
    assert f"usage: pillion webhook {command} [flags]" in result.out
    assert "examples:\n" in result.out
