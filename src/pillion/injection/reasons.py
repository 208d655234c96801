"""Why a pod is injected or not: the one enumeration that everything else refers to.

The webhook's log and metrics, ``pillion inject`` and ``pillion why`` name these codes; none of them
makes up its own.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A reason code; ``value`` is stable and machine-readable, ``text`` is for people."""

    HOST_NETWORK = "host-network"
    IGNORED_NAMESPACE = "ignored-namespace"
    LABEL_TRUE = "label-true"
    LABEL_FALSE = "label-false"
    ANNOTATION_TRUE = "annotation-true"
    ANNOTATION_FALSE = "annotation-false"
    NEVER_SELECTOR = "never-inject-selector"
    ALWAYS_SELECTOR = "always-inject-selector"
    POLICY_ENABLED = "policy-enabled"
    POLICY_DISABLED = "policy-disabled"
    POLICY_UNKNOWN = "policy-unknown"
    OTHER_KIND = "other-kind"
    BAD_REQUEST = "bad-request"
    BAD_POD = "bad-pod"
    BAD_ANNOTATION = "bad-annotation"
    UNKNOWN_TEMPLATE = "unknown-template"
    TEMPLATE_FAILED = "template-failed"
    MERGE_FAILED = "merge-failed"
    FAILED = "failed"

    @property
    def text(self) -> str:
        """What the code means, as a clause that follows "because"."""
        return _TEXTS[self]


_TEXTS = {
    Reason.HOST_NETWORK: "the pod uses the host's network",
    Reason.IGNORED_NAMESPACE: "its namespace belongs to the system and is never injected",
    Reason.LABEL_TRUE: "its label asks for it",
    Reason.LABEL_FALSE: "its label refuses it",
    Reason.ANNOTATION_TRUE: "its annotation asks for it",
    Reason.ANNOTATION_FALSE: "its annotation refuses it",
    Reason.NEVER_SELECTOR: "its labels match neverInjectSelector",
    Reason.ALWAYS_SELECTOR: "its labels match alwaysInjectSelector",
    Reason.POLICY_ENABLED: "the policy is enabled",
    Reason.POLICY_DISABLED: "the policy is disabled",
    Reason.POLICY_UNKNOWN: "the policy is neither enabled nor disabled",
    Reason.OTHER_KIND: "the object is not a pod",
    Reason.BAD_REQUEST: "the request is not an admission review",
    Reason.BAD_POD: "the pod cannot be read",
    Reason.BAD_ANNOTATION: "annotations have invalid values",
    Reason.UNKNOWN_TEMPLATE: "a template it asks for does not exist",
    Reason.TEMPLATE_FAILED: "a template failed",
    Reason.MERGE_FAILED: "what a template rendered does not fit the pod",
    Reason.FAILED: "injection failed",
}
