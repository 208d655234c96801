"""What an answer to the API server says about itself: audit annotations and warnings.

Audit annotations are for machines and for whoever reads the audit log: the reason code, the rule
that decided, the templates, the configuration's hash. Warnings are what kubectl prints, so they say
only what the person who asked can change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.injection.decision import INJECT_KEY
from pillion.injection.generation import Generation
from pillion.injection.reasons import Reason

if TYPE_CHECKING:
    from pillion.injection.admission import Review
    from pillion.injection.admission_review import AdmissionRequest
    from pillion.injection.config import InjectionConfig

POD_KINDS = frozenset({("", "Pod"), ("", "")})
"""Group and kind of what is injected; a review that does not say is taken to be about a pod."""

_LONGEST_WARNING = 256
"""Where the API server may cut a warning off."""

_ABOVE_WISHES = frozenset({Reason.HOST_NETWORK, Reason.IGNORED_NAMESPACE, Reason.POLICY_UNKNOWN})
_WISH_RULES = frozenset({"label", "annotation"})


def audit_annotations(config: InjectionConfig, review: Review) -> dict[str, str]:
    """The audit annotations of the answer ``review``; the API server puts the webhook in front."""
    found = {"configuration": config.sha256, "reason": review.reason.value}
    if review.decision is not None:
        found["rule"] = review.decision.trace[-1].rule
    if review.pod is not None and review.decision is not None and review.decision.inject:
        found["template"] = ",".join(templates(config, review))
    return found


def templates(config: InjectionConfig, review: Review) -> tuple[str, ...]:
    """The names of the templates that are for the pod of ``review``."""
    if config.generation is Generation.LEGACY or review.pod is None:
        return config.default_templates
    from pillion.injection import rendering

    return tuple(rendering.chosen(review.pod, config.default_templates, config.aliases))


def warnings(request: AdmissionRequest | None, review: Review) -> list[str]:
    """What the person who made the pod should know."""
    if review.reason is Reason.OTHER_KIND and request is not None:
        kind = ".".join(part for part in reversed(request.kind) if part)
        return [_short(f"the sidecar injector was asked about a {kind}; it injects only pods")]
    if review.decision is None:
        return []
    found = [
        _short(f"{step.field}: {step.value!r} has no effect: {step.note}")
        for step in review.decision.trace
        if step.rule in _WISH_RULES and step.note and step.value is not None
    ]
    if review.reason in _ABOVE_WISHES and _wishes(review):
        found.append(_short(f"no sidecar was injected, as {INJECT_KEY} asks: {review.reason.text}"))
    return found


def _wishes(review: Review) -> bool:
    metadata = (review.pod or {}).get("metadata") or {}
    return any(
        (metadata.get(place) or {}).get(INJECT_KEY) == "true" for place in ("labels", "annotations")
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_WARNING else f"{text[: _LONGEST_WARNING - 3]}..."
