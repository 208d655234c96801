"""The HTTPS port, through real sockets."""

from __future__ import annotations

import base64
import json
import ssl
from typing import TYPE_CHECKING, Any

import pytest

from pillion.injection.admission import LARGEST_BODY, respond
from server.serving import JSON, V1, V1BETA1, Running, answer_of, pod, review

if TYPE_CHECKING:
    from pathlib import Path

    from server.serving import Authority


def response(running: Running, body: bytes, path: str = "/inject") -> dict[str, Any]:
    answer = running.ask(body, path)
    assert answer.status == 200
    found: dict[str, Any] = answer.json["response"]
    return found


@pytest.mark.parametrize("version", [V1, V1BETA1])
@pytest.mark.parametrize("path", ["/inject", "/inject/", "/inject?timeout=10s", "/inject/net/n1"])
def test_a_pod_is_injected(shared: Running, version: str, path: str) -> None:
    answer = shared.ask(review(version=version), path)
    assert answer.json["apiVersion"] == version
    assert answer.headers["content-type"] == "application/json"
    patch = json.loads(base64.b64decode(answer.json["response"]["patch"]))
    assert any(one["path"].startswith("/spec/containers") for one in patch)


def test_the_answer_is_that_of_the_pure_function(shared: Running) -> None:
    body, given = review(), shared.server.state.active.injector
    assert shared.ask(body).body == respond(given, "/inject", JSON, body).body


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 404),
        ("/other", "POST", 404),
        ("/injection", "POST", 404),
        ("/debug/config", "GET", 404),
        ("/metrics", "GET", 404),
        ("/inject", "GET", 405),
        ("/inject", "PUT", 405),
        ("/ready", "POST", 405),
        ("/ready", "GET", 200),
        ("/live", "GET", 200),
    ],
)
def test_paths_and_methods(shared: Running, path: str, method: str, status: int) -> None:
    answer = shared.ask(None, path, method)
    assert answer.status == status
    assert ("allow" in answer.headers) == (status == 405)


def test_audit_annotations_say_why(shared: Running) -> None:
    found = response(shared, review(pod(labels={"sidecar.istio.io/inject": "false"})))
    sha256 = shared.server.state.active.injector.config.sha256
    wanted = {"reason": "label-false", "rule": "label", "configuration": sha256}
    assert found["auditAnnotations"] == wanted
    found = response(shared, review())
    assert found["auditAnnotations"]["template"] == "sidecar"
    assert "warnings" not in found


def test_what_is_refused_is_plain_text(shared: Running) -> None:
    answer = shared.ask(b"{}", headers={"Content-Type": "text/html"})
    assert answer.status == 415
    assert answer.body == b"invalid Content-Type, want `application/json`\n"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("value", "request_fields", "warning"),
    [
        (pod(labels={"sidecar.istio.io/inject": "yes"}), {}, "'yes' has no effect"),
        (
            pod(annotations={"sidecar.istio.io/inject": "true"}),
            {"namespace": "kube-system"},
            "its namespace belongs to the system",
        ),
    ],
)
def test_warnings_say_what_to_do(
    shared: Running, value: Any, request_fields: dict[str, Any], warning: str
) -> None:
    [found] = response(shared, review(value, **request_fields))["warnings"]
    assert warning in found


def test_another_kind_is_allowed_with_a_warning(shared: Running) -> None:
    kind = {"group": "apps", "version": "v1", "kind": "Deployment"}
    found = response(shared, review({"kind": "Deployment"}, kind=kind))
    assert found["allowed"] is True
    assert "patch" not in found
    assert found["warnings"] == [
        "the sidecar injector was asked about a Deployment.apps; it injects only pods"
    ]


def test_a_review_without_a_request_is_answered(shared: Running) -> None:
    body = json.dumps({"kind": "AdmissionReview", "apiVersion": V1, "request": None}).encode()
    found = response(shared, body)
    assert found["allowed"] is False
    assert found["status"]["message"] == "the review holds no request"


def test_a_body_that_is_too_large_is_refused_before_it_is_read(shared: Running) -> None:
    connection = shared.connection()
    connection.putrequest("POST", "/inject")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(LARGEST_BODY + 1))
    connection.endheaders()
    answer = answer_of(connection.getresponse())
    connection.close()
    assert answer.status == 400
    assert answer.body == b"Request entity too large: limit is 6291456\n"
    assert answer.headers["connection"] == "close"


def test_a_body_of_unknown_length_is_not_read_past_the_limit(running: Running) -> None:
    connection = running.connection()
    chunks = (b" " * (1 << 20) for _ in range(7))
    try:
        connection.request("POST", "/inject", chunks, JSON, encode_chunked=True)
    except (ConnectionError, ssl.SSLError):
        pass  # the server answered and closed before it was all sent
    else:
        assert connection.getresponse().status == 400
    connection.close()
    assert running.metric('pillion_refused_requests_total{status="400"}') == 1


def test_the_largest_body_is_answered(shared: Running) -> None:
    body = review()
    assert response(shared, body + b" " * (LARGEST_BODY - len(body)))["allowed"] is True


def test_1_1_answers_413(tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "config").write_text("policy: enabled\ntemplate: |\n  containers: []\n")
    with Running(tmp_path, authority) as running:
        assert running.ask(b" " * (LARGEST_BODY + 1)).status == 413
        assert response(running, review())["allowed"] is True


def test_connections_stay_open(shared: Running) -> None:
    connection = shared.connection()
    for _ in range(3):
        connection.request("POST", "/inject", review(), JSON)
        assert answer_of(connection.getresponse()).status == 200
        assert connection.sock is not None
    connection.close()


def test_old_tls_is_refused(shared: Running) -> None:
    trust = shared.authority.trust()
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        trust.minimum_version = trust.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shared.connection(trust).connect()


def test_shadow_allows_and_records(tmp_path: Path, authority: Authority) -> None:
    with Running(tmp_path, authority, shadow=True) as running:
        bad = pod(annotations={"status.sidecar.istio.io/port": "no"})
        for body in (review(), review(bad)):
            found = response(running, body)
            assert found["allowed"] is True
            assert "patch" not in found
            assert found["auditAnnotations"]["shadow"] == "true"
        shown = running.admin("/debug/decisions").json["decisions"]
    assert [one["result"] for one in shown] == ["failed", "injected"]
    assert all(one["shadow"] for one in shown)


def test_a_client_certificate_can_be_required(tmp_path: Path, authority: Authority) -> None:
    clients = authority.write(tmp_path / "ca.crt")
    client = authority.issue(tmp_path, "client", "kube-apiserver")
    with Running(tmp_path, authority, client_authority=clients) as running:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            running.ask(review())
        trust = authority.trust()
        trust.load_cert_chain(client.chain, client.key)
        connection = running.connection(trust)
        connection.request("POST", "/inject", review(), JSON)
        assert answer_of(connection.getresponse()).status == 200
        connection.close()
        assert running.monitoring("/ready").status == 200
