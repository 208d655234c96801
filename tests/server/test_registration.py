from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pillion.kubernetes import selector
from pillion.server import registration
from pillion.server.registration import Registration, Service

if TYPE_CHECKING:
    from collections.abc import Iterable

Labels = dict[str, str]

ENABLED: Labels = {"istio-injection": "enabled"}
DISABLED: Labels = {"istio-injection": "disabled"}
DEFAULT: Labels = {"istio.io/rev": "default"}
CANARY: Labels = {"istio.io/rev": "canary"}
YES: Labels = {"sidecar.istio.io/inject": "true"}
NO: Labels = {"sidecar.istio.io/inject": "false"}


def made(revision: str = "default", **changes: Any) -> Registration:
    return Registration(
        name="injector",
        webhook_name="sidecar-injector.istio.io",
        revision=revision,
        reached_at=Service("istiod", "istio-system", "/inject", 443),
        ca_bundle=b"",
        selections=registration.istio_selections(revision),
        left_out=("kube-system", "istio-system"),
        failure_policy="Fail",
        timeout_seconds=10,
        reinvocation_policy="Never",
        events=False,
    )._replace(**changes)


def asked(webhooks: Iterable[dict[str, Any]], namespace: Labels, pod: Labels) -> list[str]:
    """The webhooks that an API server would call for such a pod."""
    return [
        webhook["name"].removesuffix(".sidecar-injector.istio.io")
        for webhook in webhooks
        if selector.parse(webhook["namespaceSelector"]).matches(namespace)
        and selector.parse(webhook["objectSelector"]).matches(pod)
    ]


@pytest.mark.parametrize(
    ("revision", "namespace", "pod", "wanted"),
    [
        ("default", ENABLED, {}, ["namespace"]),
        ("default", ENABLED, YES, ["namespace"]),
        ("default", ENABLED, NO, []),
        ("default", ENABLED | CANARY, {}, ["namespace"]),
        ("default", {}, {}, []),
        ("default", {}, YES, ["object"]),
        ("default", {}, YES | DEFAULT, ["rev.object"]),
        ("default", {}, YES | CANARY, []),
        ("default", DISABLED, YES, []),
        ("default", DEFAULT, {}, ["rev.namespace"]),
        ("default", DEFAULT, NO, []),
        ("default", CANARY, YES, []),
        ("canary", CANARY, {}, ["rev.namespace"]),
        ("canary", CANARY, NO, []),
        ("canary", CANARY | ENABLED, {}, []),
        ("canary", {}, CANARY, ["rev.object"]),
        ("canary", {}, CANARY | NO, []),
        ("canary", {}, YES, []),
        ("canary", ENABLED, {}, []),
    ],
)
def test_who_is_asked_about_follows_istios_labels(
    revision: str, namespace: Labels, pod: Labels, wanted: list[str]
) -> None:
    webhooks = registration.render(made(revision))["webhooks"]
    assert asked(webhooks, namespace, pod) == wanted


@pytest.mark.parametrize("name", ["kube-system", "istio-system"])
def test_namespaces_left_out_are_never_asked_about(name: str) -> None:
    named = {"kubernetes.io/metadata.name": name}
    webhooks = registration.render(made())["webhooks"]
    assert asked(webhooks, ENABLED | named, YES) == []
    open_to_all = registration.render(made(left_out=()))["webhooks"]
    assert asked(open_to_all, ENABLED | named, YES) == ["namespace"]


def test_the_creation_of_pods_is_all_that_is_asked_about() -> None:
    for webhook in registration.render(made())["webhooks"]:
        assert webhook["rules"] == [
            {
                "operations": ["CREATE"],
                "apiGroups": [""],
                "apiVersions": ["v1"],
                "resources": ["pods"],
            }
        ]


def test_how_the_injector_is_reached() -> None:
    [by_service, *_] = registration.render(made(ca_bundle=b"PEM"))["webhooks"]
    assert by_service["clientConfig"] == {
        "service": {"name": "istiod", "namespace": "istio-system", "path": "/inject", "port": 443},
        "caBundle": "UEVN",
    }
    [by_url, *_] = registration.render(made(reached_at="https://here/inject"))["webhooks"]
    assert by_url["clientConfig"] == {"url": "https://here/inject"}


def test_events_are_side_effects_outside_of_dry_runs() -> None:
    for events, wanted in ((False, "None"), (True, "NoneOnDryRun")):
        [webhook, *_] = registration.render(made(events=events))["webhooks"]
        assert webhook["sideEffects"] == wanted
