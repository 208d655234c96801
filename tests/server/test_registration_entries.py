from __future__ import annotations

from typing import Any

import pytest

from pillion.server import registration_entries as reading
from server.registrations import POD_RULE, configuration, entry, registered

SERVICE = {"name": "istiod", "namespace": "istio-system"}


@pytest.mark.parametrize(
    ("client", "place"),
    [
        ({"url": "https://here/inject"}, "https://here/inject"),
        ({"service": SERVICE}, "istio-system/istiod:443/"),
        (
            {"service": SERVICE | {"port": 8443, "path": "/inject"}},
            "istio-system/istiod:8443/inject",
        ),
    ],
)
def test_where_an_entry_leads(client: dict[str, Any], place: str) -> None:
    assert entry(clientConfig=client).place == place


@pytest.mark.parametrize(
    ("changes", "wanted", "shown"),
    [
        ({}, True, "CREATE pods"),
        ({"operations": ["*"]}, True, "* pods"),
        ({"operations": ["UPDATE"]}, False, "UPDATE pods"),
        ({"operations": ["CREATE", "UPDATE"]}, True, "CREATE,UPDATE pods"),
        ({"apiGroups": ["*"], "resources": ["*"]}, True, "CREATE */*"),
        ({"resources": ["*/*"]}, True, "CREATE */*"),
        ({"resources": ["pods/exec"]}, False, "CREATE pods/exec"),
        ({"apiGroups": ["apps"], "resources": ["deployments"]}, False, "CREATE apps/deployments"),
        ({"apiVersions": ["v2"]}, False, "CREATE pods"),
        ({"scope": "Namespaced"}, True, "CREATE pods"),
        ({"scope": "Cluster"}, False, "CREATE pods"),
    ],
)
def test_which_rules_are_about_the_creation_of_pods(
    changes: dict[str, Any], wanted: bool, shown: str
) -> None:
    rule = POD_RULE | changes
    assert entry(rules=[rule]).creates_pods is wanted
    assert reading.written(rule) == shown


def test_an_entry_without_rules_is_about_nothing() -> None:
    assert not entry(rules=None).creates_pods


def named(webhook: str, service: str = "", **metadata: Any) -> dict[str, Any]:
    client = {"service": SERVICE | {"name": service}} if service else {"url": "https://x/inject"}
    said = {"name": webhook, "clientConfig": client}
    return {"metadata": {"name": "x", **metadata}, "webhooks": [said]}


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (named("object.sidecar-injector.istio.io"), True),
        (named("policy.example.com"), False),
        (named("policy.example.com", service="istiod"), True),
        (named("policy.example.com", service="istiod-canary"), True),
        (named("policy.example.com", service="istio-sidecar-injector"), True),
        (named("policy.example.com", service="istiodish"), False),
        (named("policy.example.com", labels={"app": "sidecar-injector"}), True),
        ({"metadata": {"name": "x"}, "webhooks": None}, False),
    ],
)
def test_which_configurations_inject(found: dict[str, Any], wanted: bool) -> None:
    assert reading.injecting([found]) == ([found] if wanted else [])


def test_they_come_in_the_order_of_calls() -> None:
    found = reading.injecting([registered("b"), registered("a", "canary")])
    assert [reading.name_of(one) for one in found] == ["a", "b"]
    assert [reading.revision_of(one) for one in found] == ["canary", "default"]
    assert reading.revision_of(configuration()) == ""


def test_what_istioctl_deactivates_is_known() -> None:
    never = {"matchLabels": {"istio.io/deactivated": "never-match"}}
    assert entry(namespaceSelector=never, objectSelector=never).deactivated
    assert not entry().deactivated
