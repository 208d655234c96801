"""What the agent is told, and where the kubelet is sent instead."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pillion.injection.probes import ENVIRONMENT, rewrite

AGENT = 15020


def rewritten(
    container: dict[str, Any],
    annotations: dict[str, str] | None = None,
    env: list[dict[str, str]] | None = None,
    *,
    enabled: bool = True,
) -> tuple[dict[str, Any], str]:
    """The application's container afterwards, and what the agent is told."""
    proxy: dict[str, Any] = {"name": "istio-proxy", **({"env": env} if env else {})}
    pod = {
        "metadata": {"annotations": annotations or {}},
        "spec": {"containers": [{"name": "app", **container}, proxy]},
    }
    before = json.dumps(pod)
    spec = rewrite(pod, enabled=enabled, port=AGENT)["spec"]
    assert json.dumps(pod) == before
    app, proxy = spec["containers"]
    told = [one["value"] for one in proxy.get("env", []) if one["name"] == ENVIRONMENT]
    return app, told[0] if told else ""


def sent(end: str, **kept: Any) -> dict[str, Any]:
    return {"httpGet": {**kept, "path": f"/app-health/app/{end}", "port": AGENT}}


HTTP = {"httpGet": {"port": 80, "path": "/ok"}}
PORTS = [{"name": "web", "containerPort": 8080}, {"containerPort": 9}]

PROBES = [
    (
        {"readinessProbe": HTTP},
        {"readinessProbe": sent("readyz")},
        '{"/app-health/app/readyz":{"httpGet":{"path":"/ok","port":80}}}',
    ),
    (
        {"livenessProbe": {**HTTP, "timeoutSeconds": 3, "periodSeconds": 5}},
        {"livenessProbe": {**sent("livez"), "timeoutSeconds": 3, "periodSeconds": 5}},
        '{"/app-health/app/livez":{"httpGet":{"path":"/ok","port":80},"timeoutSeconds":3}}',
    ),
    (
        {"startupProbe": {"httpGet": {"port": 1, "scheme": "HTTPS", "host": "h"}}},
        {"startupProbe": sent("startupz", scheme="HTTP", host="h")},
        '{"/app-health/app/startupz":{"httpGet":{"port":1,"host":"h","scheme":"HTTPS"}}}',
    ),
    (
        {"livenessProbe": {"tcpSocket": {"port": "web"}}, "ports": PORTS},
        {"livenessProbe": sent("livez"), "ports": PORTS},
        '{"/app-health/app/livez":{"tcpSocket":{"port":8080}}}',
    ),
    (
        {"livenessProbe": {"grpc": {"port": 7, "service": None}}},
        {"livenessProbe": sent("livez")},
        '{"/app-health/app/livez":{"grpc":{"port":7,"service":null}}}',
    ),
    (  # a port without a number cannot be asked, but the probe is sent to the agent all the same
        {"livenessProbe": {"httpGet": {"port": "nope"}}},
        {"livenessProbe": sent("livez")},
        "",
    ),
    (  # sent there before
        {"livenessProbe": {"httpGet": {"port": AGENT, "path": "/app-health/app/livez"}}},
        {"livenessProbe": sent("livez")},
        "",
    ),
    (
        {"livenessProbe": {"exec": {"command": ["x"]}}},
        {"livenessProbe": {"exec": {"command": ["x"]}}},
        "",
    ),
]


@pytest.mark.parametrize(("container", "wanted", "told"), PROBES)
def test_probes(container: dict[str, Any], wanted: dict[str, Any], told: str) -> None:
    assert rewritten(container) == ({"name": "app", **wanted}, told)


def test_hooks() -> None:
    hooks = {
        "preStop": {"tcpSocket": {"port": 5}},
        "postStart": {"httpGet": {"port": 6}, "exec": {"command": ["y"]}},
        "stopSignal": "SIGTERM",
    }
    app, told = rewritten({"lifecycle": hooks})
    assert app["lifecycle"] == {
        "preStop": {"httpGet": {"path": "/app-lifecycle/app/prestopz", "port": AGENT}},
        "postStart": {
            "httpGet": {"path": "/app-lifecycle/app/poststartz", "port": AGENT},
            "exec": {"command": ["y"]},
        },
        "stopSignal": "SIGTERM",
    }
    assert told == (
        '{"/app-lifecycle/app/poststartz":{"httpGet":{"port":6}},'
        '"/app-lifecycle/app/prestopz":{"tcpSocket":{"port":5}}}'
    )


def test_a_hook_has_no_grpc() -> None:
    hooks = {"preStop": {"grpc": {"port": 5}}}
    assert rewritten({"lifecycle": hooks}) == ({"name": "app", "lifecycle": hooks}, "")


WISHES = [("true", False, True), ("f", True, False), ("maybe", True, True), ("", False, False)]


@pytest.mark.parametrize(("wish", "enabled", "done"), WISHES)
def test_the_annotation_goes_before_the_values(wish: str, enabled: bool, done: bool) -> None:
    annotations = {"sidecar.istio.io/rewriteAppHTTPProbers": wish}
    _, told = rewritten({"livenessProbe": HTTP}, annotations, enabled=enabled)
    assert bool(told) is done


def test_the_agents_port_may_be_annotated() -> None:
    app, _ = rewritten({"livenessProbe": HTTP}, {"status.sidecar.istio.io/port": "1234"})
    assert app["livenessProbe"]["httpGet"]["port"] == 1234


def test_a_pod_without_a_proxy_stays_as_it_is() -> None:
    pod = {"metadata": {}, "spec": {"containers": [{"name": "app", "livenessProbe": HTTP}]}}
    assert rewrite(pod, enabled=True, port=AGENT) is pod


INJECTED = {"sidecar.istio.io/status": "{}"}


def test_on_an_injected_pod_what_the_agent_knows_already_goes_before() -> None:
    known = '{"/app-health/app/livez":{"httpGet":{"port":1}},"/app-health/b/livez":null}'
    env = [{"name": ENVIRONMENT, "value": known}]
    _, told = rewritten({"livenessProbe": HTTP, "readinessProbe": HTTP}, INJECTED, env)
    assert told == (
        '{"/app-health/app/livez":{"httpGet":{"port":1}},'
        '"/app-health/app/readyz":{"httpGet":{"path":"/ok","port":80}},'
        '"/app-health/b/livez":null}'
    )


@pytest.mark.parametrize("known", ["", "nonsense", "[]", '{"a":5}', '{"a":{"timeoutSeconds":"x"}}'])
def test_what_cannot_be_read_stays(known: str) -> None:
    env = [{"name": ENVIRONMENT, "value": known}]
    assert rewritten({"livenessProbe": HTTP}, INJECTED, env)[1] == known
