"""The admin port and the metrics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pillion.injection.reasons import Reason
from pillion.server.decisions import Decision, Decisions, Result
from pillion.server.metrics import Metrics
from server.serving import Running, pod, review

if TYPE_CHECKING:
    import socket
    from pathlib import Path

OWNER = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "controller": True}
OWNED: dict[str, Any] = {
    "name": None,
    "generateName": "web-1-",
    "ownerReferences": [{**OWNER, "uid": "1"}],
    "labels": {"pod-template-hash": "1"},
}

DECISION = Decision(
    result=Result.SKIPPED,
    reason=Reason.HOST_NETWORK,
    rule="hostNetwork",
    template="",
    pod="web",
    namespace="shop",
    owner="Pod/web",
    uid="u-1",
    message="",
    configuration="",
    duration=0.001,
    time=0.0,
    dry_run=False,
    shadow=False,
)


def test_config_shows_the_process(running: Running) -> None:
    found = running.admin("/debug/config").json
    assert found["revision"] == "test"
    assert found["certificate"]["names"] == ["localhost", "127.0.0.1"]
    assert found["logging"]["default"] in {"warn", "info"}


def test_inject_shows_what_is_active(running: Running, tmp_path: Path) -> None:
    found = running.admin("/debug/inject").json
    assert found["generation"] == "1.30"
    assert found["policy"] == "enabled"
    assert found["since"].endswith("Z")
    assert found["parts"]["config"]["origin"] == "config"
    assert "istio-proxy" in found["templates"]["sidecar"]
    assert (tmp_path / "config").exists()


def test_decisions_are_found_by_namespace_and_owner(running: Running) -> None:
    running.ask(review(pod(**OWNED)))
    running.ask(review(pod(labels={"sidecar.istio.io/inject": "false"}), namespace="other"))
    running.ask(b"nonsense")

    def shown(query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = running.admin(f"/debug/decisions{query}").json["decisions"]
        return found

    assert [one["reason"] for one in shown("")] == ["bad-request", "label-false", "policy-enabled"]
    [found] = shown("?namespace=shop&owner=web")
    assert found["owner"] == "Deployment/web"
    assert found["pod"] == "web-1-"
    assert found["uid"] == "u-1"
    assert found["result"] == "injected"
    assert found["duration_ms"] > 0
    assert shown("?owner=Deployment/web") == [found]
    assert shown("?namespace=nowhere") == []
    assert [one["result"] for one in shown("?namespace=other")] == ["skipped"]


def test_decisions_are_bounded() -> None:
    decisions = Decisions(kept=2)
    for number in range(5):
        decisions.add(DECISION._replace(pod=str(number)))
    assert [one.pod for one in decisions.find()] == ["4", "3"]


def test_logging_is_read_and_changed(running: Running) -> None:
    assert running.admin("/debug/logging", "PUT", b"default:warn,http:debug").status == 200
    found = running.admin("/debug/logging").json
    assert (found["http"], found["admission"]) == ("debug", "warn")
    for wrong in (b"http:loud", b"nothing:debug", b"http:debug,nothing:info"):
        assert running.admin("/debug/logging", "PUT", wrong).status == 400
    assert running.admin("/debug/logging", "PUT", b"x" * 5000).status == 413
    assert running.admin("/debug/logging").json == found


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/", "GET", 404), ("/debug/config", "POST", 405), ("/debug/decisions", "PUT", 405)],
)
def test_other_pages(running: Running, path: str, method: str, status: int) -> None:
    assert running.admin(path, method).status == status


def test_the_admin_port_is_on_loopback_alone(running: Running) -> None:
    listening: socket.socket = running.server._sockets[2]  # noqa: SLF001 - nobody else needs it
    assert listening.getsockname()[0] == "127.0.0.1"


def test_metrics_count(running: Running) -> None:
    running.ask(review())
    running.ask(review(pod(annotations={"sidecar.istio.io/inject": "false"})))
    running.ask(review(pod(annotations={"status.sidecar.istio.io/port": "no"})))
    running.ask(b"")
    for name, wanted in (("requests", 4), ("success", 1), ("skip", 1), ("failure", 2)):
        assert running.metric(f"sidecar_injection_{name}_total") == wanted
    assert running.metric("sidecar_injection_time_seconds_count") == 3
    labels = 'namespace="shop",reason="annotation-false",result="skipped",revision="test"'
    assert running.metric(f"pillion_decisions_total{{{labels}}}") == 1
    assert running.metric('pillion_refused_requests_total{status="400"}') == 1
    assert running.metric("pillion_certificate_expiry") > 0
    assert running.monitoring("/metrics").headers["content-type"].startswith("text/plain")


def test_namespaces_do_not_fill_the_memory() -> None:
    metrics = Metrics("")
    names = {metrics._namespace(f"n{number}") for number in range(2000)}  # noqa: SLF001 - as above
    assert len(names) == 1001


def test_probes_on_both_ports(running: Running) -> None:
    for answer in (running.ask(None, "/ready", "GET"), running.monitoring("/ready")):
        assert answer.status == 200
        assert json.loads(answer.body)["ready"] is True
    assert running.monitoring("/live").body == b"ok\n"
    assert running.monitoring("/ready", "HEAD").body == b""
    assert running.monitoring("/other").status == 404
    assert running.monitoring("/metrics", "POST").status == 405
