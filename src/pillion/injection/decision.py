"""Whether a pod is injected, and why: every rule in order, with what it saw.

Follows ``injectRequired`` of Istio's ``pkg/kube/inject``, in both generations. Their rules have the
same order; 1.1 knows no label, reads the annotation more loosely, and takes any value it does not
know for a refusal.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.injection.generation import Generation
from pillion.injection.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pillion.injection.config import InjectionConfig, PodSelector

INJECT_KEY = "sidecar.istio.io/inject"
"""The label of the current generation, and the annotation of both."""

_LABEL_FIELD = f"metadata.labels[{INJECT_KEY}]"
_ANNOTATION_FIELD = f"metadata.annotations[{INJECT_KEY}]"
_YES = frozenset({"y", "yes", "true", "on"})

IGNORED_NAMESPACES = {
    Generation.CURRENT: frozenset(
        {"kube-system", "kube-public", "kube-node-lease", "local-path-storage"}
    ),
    Generation.LEGACY: frozenset({"kube-system", "kube-public"}),
}
"""Namespaces whose pods are never injected."""


class Verdict(StrEnum):
    """What a rule says; a rule without a say leaves the matter to the next one."""

    INJECT = "inject"
    SKIP = "skip"
    NEXT = "no say"


class Step(NamedTuple):
    """One rule as it was applied: the value it saw, the field where that stands, its verdict.

    ``note`` says what is odd about the value, or is empty.
    """

    rule: str
    value: Any
    field: str
    verdict: Verdict
    reason: Reason | None = None
    note: str = ""


class Decision(NamedTuple):
    """Whether to inject, the reason code, and every rule up to the one that decided."""

    inject: bool
    reason: Reason
    trace: tuple[Step, ...]


def decide(config: InjectionConfig, pod: Mapping[str, Any], namespace: str = "") -> Decision:
    """Decide about ``pod``, a canonical object; ``namespace`` is used where the pod names none."""
    trace = []
    for step in _steps(config, pod, namespace):
        trace.append(step)
        if step.reason is not None:
            return Decision(step.verdict is Verdict.INJECT, step.reason, tuple(trace))
    raise AssertionError("the policy always decides")


def _steps(config: InjectionConfig, pod: Mapping[str, Any], namespace: str) -> Iterator[Step]:
    metadata = pod.get("metadata") or {}
    labels = metadata.get("labels") or {}
    yield _host_network((pod.get("spec") or {}).get("hostNetwork", False))
    yield _ignored(metadata.get("namespace") or namespace, config.generation)
    wish = _wish(config.generation, labels, metadata.get("annotations") or {})
    # A policy that is neither enabled nor disabled switches injection off whatever the rules before
    # it say, so it is named instead of a rule that asks for a sidecar.
    known = config.policy in _POLICIES
    for step in (wish, *_selectors(config, labels, asked=wish.reason is not None)):
        if step.verdict is Verdict.INJECT and not known:
            yield step._replace(reason=None, note="overruled by the policy")
            break
        yield step
    yield _policy(config.policy)


def _host_network(value: bool) -> Step:  # noqa: FBT001 - a field's value, not a switch
    if value:
        return Step("hostNetwork", True, "spec.hostNetwork", Verdict.SKIP, Reason.HOST_NETWORK)
    return Step("hostNetwork", False, "spec.hostNetwork", Verdict.NEXT)


def _ignored(namespace: str, generation: Generation) -> Step:
    if namespace in IGNORED_NAMESPACES[generation]:
        reason = Reason.IGNORED_NAMESPACE
        return Step("namespace", namespace, "metadata.namespace", Verdict.SKIP, reason)
    return Step("namespace", namespace, "metadata.namespace", Verdict.NEXT)


def _wish(
    generation: Generation, labels: Mapping[str, str], annotations: Mapping[str, str]
) -> Step:
    if generation is Generation.LEGACY:
        return _legacy_wish(annotations.get(INJECT_KEY))
    if INJECT_KEY in labels:
        return _current_wish("label", labels[INJECT_KEY], _LABEL_FIELD)
    return _current_wish("annotation", annotations.get(INJECT_KEY), _ANNOTATION_FIELD)


def _current_wish(rule: str, value: str | None, field: str) -> Step:
    if value == "true":
        reason = Reason.LABEL_TRUE if rule == "label" else Reason.ANNOTATION_TRUE
        return Step(rule, value, field, Verdict.INJECT, reason)
    if value == "false":
        reason = Reason.LABEL_FALSE if rule == "label" else Reason.ANNOTATION_FALSE
        return Step(rule, value, field, Verdict.SKIP, reason)
    note = "" if value in {None, ""} else 'only "true" and "false" count'
    return Step(rule, value, field, Verdict.NEXT, note=note)


def _legacy_wish(value: str | None) -> Step:
    if not value:
        return Step("annotation", value, _ANNOTATION_FIELD, Verdict.NEXT)
    if value.lower() in _YES:
        return Step("annotation", value, _ANNOTATION_FIELD, Verdict.INJECT, Reason.ANNOTATION_TRUE)
    return Step("annotation", value, _ANNOTATION_FIELD, Verdict.SKIP, Reason.ANNOTATION_FALSE)


def _selectors(
    config: InjectionConfig, labels: Mapping[str, str], *, asked: bool
) -> Iterator[Step]:
    if asked:
        return
    yield from _matches("neverInjectSelector", config.never, labels, Verdict.SKIP)
    yield from _matches("alwaysInjectSelector", config.always, labels, Verdict.INJECT)


def _matches(
    rule: str, selectors: tuple[PodSelector, ...], labels: Mapping[str, str], verdict: Verdict
) -> Iterator[Step]:
    reason = Reason.NEVER_SELECTOR if verdict is Verdict.SKIP else Reason.ALWAYS_SELECTOR
    for index, selector in enumerate(selectors):
        field = f"{rule}[{index}]"
        if selector.matches(labels):
            yield Step(rule, selector.source, field, verdict, reason)
            return
        yield Step(rule, selector.source, field, Verdict.NEXT, note=selector.note)


_POLICIES = {
    "enabled": (Verdict.INJECT, Reason.POLICY_ENABLED),
    "disabled": (Verdict.SKIP, Reason.POLICY_DISABLED),
}


def _policy(policy: str) -> Step:
    verdict, reason = _POLICIES.get(policy, (Verdict.SKIP, Reason.POLICY_UNKNOWN))
    return Step("policy", policy, "policy", verdict, reason)
