"""The MutatingWebhookConfiguration by which an API server asks the injector about new pods.

Which pods it asks about follows the webhooks that Istio installs: the labels ``istio-injection``
and ``istio.io/rev`` of the namespace, ``sidecar.istio.io/inject`` and ``istio.io/rev`` of the pod.
The API server evaluates them, so a pod that none selects never reaches the injector.
"""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

DEFAULT_REVISION = "default"
DEFAULT_NAME = "istio-sidecar-injector"
DEFAULT_WEBHOOK_NAME = "sidecar-injector.istio.io"
KUBE_SYSTEM = "kube-system"

_NAMESPACE = "istio-injection"
_REVISION = "istio.io/rev"
_POD = "sidecar.istio.io/inject"
_NAMESPACE_NAME = "kubernetes.io/metadata.name"

Selector = dict[str, Any]


class Service(NamedTuple):
    """The Service in front of the injector."""

    name: str
    namespace: str
    path: str
    port: int


class Selection(NamedTuple):
    """A webhook's name before its domain, and which pods of which namespaces it is called for."""

    prefix: str
    namespaces: Selector
    pods: Selector


class Registration(NamedTuple):
    """Everything that a webhook configuration says.

    ``reached_at`` is the Service or the URL of the injector. Each of the ``selections`` becomes a
    webhook. The namespaces ``left_out`` are never asked about, whatever their labels. ``events``
    says that the injector writes Events for what is no dry run.
    """

    name: str
    webhook_name: str
    revision: str
    reached_at: Service | str
    ca_bundle: bytes
    selections: tuple[Selection, ...]
    left_out: tuple[str, ...]
    failure_policy: str
    timeout_seconds: int
    reinvocation_policy: str
    events: bool


def default_name(revision: str) -> str:
    """The name that Istio gives the configuration of a revision."""
    return DEFAULT_NAME if revision == DEFAULT_REVISION else f"{DEFAULT_NAME}-{revision}"


def istio_selections(revision: str) -> tuple[Selection, ...]:
    """The pods that Istio asks a revision about.

    Those of namespaces that name the revision, and those that name it themselves where the
    namespace says nothing. The default revision also gets those that only ask for injection.
    """
    allowed = _expression(_POD, "NotIn", "false")
    of_revision = _expression(_REVISION, "In", revision)
    silent = (_expression(_REVISION, "DoesNotExist"), _expression(_NAMESPACE, "DoesNotExist"))
    named = (
        Selection(
            "rev.namespace.",
            _all(of_revision, _expression(_NAMESPACE, "DoesNotExist")),
            _all(allowed),
        ),
        Selection("rev.object.", _all(*silent), _all(allowed, of_revision)),
    )
    if revision != DEFAULT_REVISION:
        return named
    asked = _all(_expression(_POD, "In", "true"), _expression(_REVISION, "DoesNotExist"))
    return (
        *named,
        Selection("namespace.", _all(_expression(_NAMESPACE, "In", "enabled")), _all(allowed)),
        Selection("object.", _all(*silent), asked),
    )


def render(registration: Registration) -> dict[str, Any]:
    """The configuration as an ``admissionregistration.k8s.io/v1`` object."""
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {
            "name": registration.name,
            "labels": {"app": "sidecar-injector", _REVISION: registration.revision},
        },
        "webhooks": [_webhook(registration, selection) for selection in registration.selections],
    }


def _webhook(registration: Registration, selection: Selection) -> dict[str, Any]:
    return {
        "name": selection.prefix + registration.webhook_name,
        "clientConfig": _client_config(registration),
        "rules": [
            {
                "operations": ["CREATE"],
                "apiGroups": [""],
                "apiVersions": ["v1"],
                "resources": ["pods"],
            }
        ],
        "namespaceSelector": _without(selection.namespaces, registration.left_out),
        "objectSelector": selection.pods,
        "failurePolicy": registration.failure_policy,
        "reinvocationPolicy": registration.reinvocation_policy,
        "timeoutSeconds": registration.timeout_seconds,
        "sideEffects": "NoneOnDryRun" if registration.events else "None",
        "admissionReviewVersions": ["v1", "v1beta1"],
    }


def _client_config(registration: Registration) -> dict[str, Any]:
    at = registration.reached_at
    made: dict[str, Any] = {"url": at} if isinstance(at, str) else {"service": at._asdict()}
    if registration.ca_bundle:
        made["caBundle"] = base64.b64encode(registration.ca_bundle).decode("ascii")
    return made


def _without(namespaces: Selector, left_out: tuple[str, ...]) -> Selector:
    if not left_out:
        return namespaces
    expressions = namespaces.get("matchExpressions", [])
    exclusion = _expression(_NAMESPACE_NAME, "NotIn", *left_out)
    return {**namespaces, "matchExpressions": [*expressions, exclusion]}


def _all(*expressions: dict[str, Any]) -> Selector:
    return {"matchExpressions": list(expressions)}


def _expression(key: str, operator: str, *values: str) -> dict[str, Any]:
    made: dict[str, Any] = {"key": key, "operator": operator}
    if values:
        made["values"] = list(values)
    return made
