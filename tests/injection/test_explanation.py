"""What an answer says about itself."""

from __future__ import annotations

from typing import Any

import pytest

from injection.small import injector
from pillion.injection import explanation
from pillion.injection.admission import answer, review
from pillion.injection.admission_review import AdmissionRequest
from pillion.injection.reasons import Reason

KEY = "sidecar.istio.io/inject"
HOST = {"hostNetwork": True}


def pod(spec: dict[str, Any] | None = None, **metadata: Any) -> dict[str, Any]:
    containers = {"containers": [{"name": "app", "image": "i"}]}
    return {"metadata": {"name": "web", **metadata}, "spec": {**containers, **(spec or {})}}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (pod(), {"reason": "policy-enabled", "rule": "policy", "template": "sidecar"}),
        (
            pod(annotations={"inject.istio.io/templates": "sidecar, both"}),
            {"reason": "policy-enabled", "rule": "policy", "template": "sidecar,sidecar,sidecar"},
        ),
        (pod(HOST), {"reason": "host-network", "rule": "hostNetwork"}),
        (
            pod(annotations={"inject.istio.io/templates": "none"}),
            {"reason": "unknown-template", "rule": "policy", "template": "none"},
        ),
        ("no pod", {"reason": "bad-pod"}),
    ],
)
def test_audit_annotations(given: Any, wanted: dict[str, str]) -> None:
    made = injector(rules="aliases: {both: [sidecar, sidecar]}")
    found = explanation.audit_annotations(made.config, review(made, given))
    assert found.pop("configuration") == made.config.sha256
    assert found == wanted


@pytest.mark.parametrize(
    ("given", "policy", "warning"),
    [
        (pod(), "enabled", None),
        (pod(labels={KEY: "true"}), "enabled", None),
        (pod(labels={KEY: "false"}), "enabled", None),
        (pod(HOST), "enabled", None),
        (pod(labels={KEY: "True"}), "enabled", f"metadata.labels[{KEY}]: 'True' has no effect: "),
        (pod(annotations={KEY: "x" * 999}), "enabled", f"metadata.annotations[{KEY}]: 'xxx"),
        (pod(HOST, labels={KEY: "true"}), "enabled", "the pod uses the host's network"),
        (pod(annotations={KEY: "true"}), "on", "the policy is neither enabled nor disabled"),
    ],
)
def test_warnings(given: Any, policy: str, warning: str | None) -> None:
    reviewed = review(injector(policy=policy), given)
    found = explanation.warnings(None, reviewed)
    if warning is None:
        assert not found
    else:
        assert any(warning in one for one in found)
        assert all(len(one) <= 256 for one in found)


def test_a_request_about_another_kind() -> None:
    request = AdmissionRequest("v1", "u", "", None, False, ("apps", "Deployment"))
    made = injector()
    body = (
        b'{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1",'
        b'"request":{"uid":"u","kind":{"group":"apps","version":"v1","kind":"Deployment"}}}'
    )
    found = answer(made, "/inject", {"content-type": "application/json"}, body)
    assert found.review is not None
    assert found.review.reason is Reason.OTHER_KIND
    assert explanation.warnings(request, found.review) == [
        "the sidecar injector was asked about a Deployment.apps; it injects only pods"
    ]


def test_shadow_tells_what_would_have_been_done() -> None:
    body = (
        b'{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1",'
        b'"request":{"uid":"u","object":{"metadata":{"name":"web"}}}}'
    )
    headers = {"content-type": "application/json"}
    found = answer(injector(), "/inject", headers, body, shadow=True)
    assert found.review is not None
    assert found.review.patch
    assert b'"patch"' not in found.response.body
    assert b'"shadow":"true"' in found.response.body
