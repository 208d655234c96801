"""Webhook configurations as an API server holds them, for tests."""

from __future__ import annotations

from typing import Any

from pillion.server import registration
from pillion.server import registration_entries as reading
from pillion.server.registration import Registration, Service

POD_RULE = {
    "operations": ["CREATE"],
    "apiGroups": [""],
    "apiVersions": ["v1"],
    "resources": ["pods"],
    "scope": "*",
}


def registered(name: str, revision: str = "default", service: str = "istiod") -> dict[str, Any]:
    """What Istio would register for a revision."""
    return registration.render(
        Registration(
            name=name,
            webhook_name="sidecar-injector.istio.io",
            revision=revision,
            reached_at=Service(service, "istio-system", "/inject", 443),
            ca_bundle=b"",
            selections=registration.istio_selections(revision),
            left_out=("kube-system", "istio-system"),
            failure_policy="Fail",
            timeout_seconds=10,
            reinvocation_policy="Never",
            events=False,
        )
    )


def configuration(name: str = "here", /, **webhook: Any) -> dict[str, Any]:
    """One with one webhook, which is called for all pods unless it says otherwise."""
    said = {
        "name": "sidecar-injector.istio.io",
        "clientConfig": {"url": "https://here/inject"},
        "rules": [POD_RULE],
        "namespaceSelector": {},
        "objectSelector": {},
        "failurePolicy": "Fail",
        "reinvocationPolicy": "Never",
        "timeoutSeconds": 10,
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": name},
        "webhooks": [said | webhook],
    }


def entry(name: str = "here", /, **webhook: Any) -> reading.Entry:
    """The entry of such a configuration."""
    (found,) = reading.entries(configuration(name, **webhook))
    return found
