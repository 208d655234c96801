"""Every rule of the decision, in both generations, alone and against the ones after it."""

from __future__ import annotations

from typing import Any

import pytest

from pillion.injection.config import InjectionConfig, load_config
from pillion.injection.decision import INJECT_KEY, Verdict, decide
from pillion.injection.generation import Generation
from pillion.injection.reasons import Reason

CURRENT, LEGACY = Generation.CURRENT, Generation.LEGACY


def config(generation: Generation, text: str) -> InjectionConfig:
    return load_config(text, generation=generation)


def pod(
    labels: dict[str, str] | None = None,
    inject: str | None = None,
    namespace: str = "",
    **spec: Any,
) -> dict[str, Any]:
    metadata: dict[str, Any] = {"labels": labels or {}}
    if inject is not None:
        metadata["annotations"] = {INJECT_KEY: inject}
    if namespace:
        metadata["namespace"] = namespace
    return {"metadata": metadata, "spec": {"containers": [], **spec}}


ENABLED, DISABLED = "policy: enabled", "policy: disabled"
NEVER = "\nneverInjectSelector: [{matchLabels: {app: web}}]"
ALWAYS = "\nalwaysInjectSelector: [{matchExpressions: [{key: app, operator: Exists}]}]"
WEB = {"app": "web"}

CASES = [
    (
        "host network first of all",
        CURRENT,
        ENABLED,
        pod({INJECT_KEY: "true"}, hostNetwork=True),
        Reason.HOST_NETWORK,
    ),
    (
        "host network in 1.1",
        LEGACY,
        ENABLED,
        pod(inject="true", hostNetwork=True),
        Reason.HOST_NETWORK,
    ),
    ("no host network", CURRENT, ENABLED, pod(hostNetwork=False), Reason.POLICY_ENABLED),
    (
        "a namespace of the system",
        CURRENT,
        ENABLED,
        pod(inject="true", namespace="kube-system"),
        Reason.IGNORED_NAMESPACE,
    ),
    (
        "the namespace of node leases",
        CURRENT,
        ENABLED,
        pod(namespace="kube-node-lease"),
        Reason.IGNORED_NAMESPACE,
    ),
    (
        "the namespace of local paths",
        CURRENT,
        ENABLED,
        pod(namespace="local-path-storage"),
        Reason.IGNORED_NAMESPACE,
    ),
    (
        "1.1 knows fewer of them",
        LEGACY,
        ENABLED,
        pod(namespace="kube-node-lease"),
        Reason.POLICY_ENABLED,
    ),
    (
        "1.1's public namespace",
        LEGACY,
        ENABLED,
        pod(namespace="kube-public"),
        Reason.IGNORED_NAMESPACE,
    ),
    ("label true", CURRENT, DISABLED, pod({INJECT_KEY: "true"}), Reason.LABEL_TRUE),
    ("label false", CURRENT, ENABLED, pod({INJECT_KEY: "false"}), Reason.LABEL_FALSE),
    (
        "label beats annotation",
        CURRENT,
        ENABLED,
        pod({INJECT_KEY: "false"}, "true"),
        Reason.LABEL_FALSE,
    ),
    (
        "an empty label beats it too",
        CURRENT,
        ENABLED,
        pod({INJECT_KEY: ""}, "false"),
        Reason.POLICY_ENABLED,
    ),
    (
        "an invalid label falls through",
        CURRENT,
        ENABLED,
        pod({INJECT_KEY: "no"}, "false"),
        Reason.POLICY_ENABLED,
    ),
    ("annotation true", CURRENT, DISABLED, pod(inject="true"), Reason.ANNOTATION_TRUE),
    ("annotation false", CURRENT, ENABLED, pod(inject="false"), Reason.ANNOTATION_FALSE),
    (
        "annotation in capitals is none",
        CURRENT,
        DISABLED,
        pod(inject="True"),
        Reason.POLICY_DISABLED,
    ),
    ("annotation empty", CURRENT, ENABLED, pod(inject=""), Reason.POLICY_ENABLED),
    ("1.1: yes", LEGACY, DISABLED, pod(inject="Yes"), Reason.ANNOTATION_TRUE),
    ("1.1: y", LEGACY, DISABLED, pod(inject="y"), Reason.ANNOTATION_TRUE),
    ("1.1: on", LEGACY, DISABLED, pod(inject="ON"), Reason.ANNOTATION_TRUE),
    ("1.1: anything else refuses", LEGACY, ENABLED, pod(inject="maybe"), Reason.ANNOTATION_FALSE),
    ("1.1: empty says nothing", LEGACY, ENABLED, pod(inject=""), Reason.POLICY_ENABLED),
    ("1.1: a label is no wish", LEGACY, ENABLED, pod({INJECT_KEY: "false"}), Reason.POLICY_ENABLED),
    ("never", CURRENT, ENABLED + NEVER, pod(WEB), Reason.NEVER_SELECTOR),
    ("never does not match", CURRENT, ENABLED + NEVER, pod({"app": "db"}), Reason.POLICY_ENABLED),
    ("never before always", CURRENT, DISABLED + NEVER + ALWAYS, pod(WEB), Reason.NEVER_SELECTOR),
    (
        "a wish goes before never",
        CURRENT,
        ENABLED + NEVER,
        pod(WEB, "true"),
        Reason.ANNOTATION_TRUE,
    ),
    (
        "1.1: a wish goes before never",
        LEGACY,
        ENABLED + NEVER,
        pod(WEB, "true"),
        Reason.ANNOTATION_TRUE,
    ),
    ("1.1: never", LEGACY, ENABLED + NEVER, pod(WEB), Reason.NEVER_SELECTOR),
    ("always over a disabled policy", CURRENT, DISABLED + ALWAYS, pod(WEB), Reason.ALWAYS_SELECTOR),
    ("1.1: always", LEGACY, DISABLED + ALWAYS, pod(WEB), Reason.ALWAYS_SELECTOR),
    ("policy enabled", CURRENT, ENABLED, pod(), Reason.POLICY_ENABLED),
    ("policy disabled", CURRENT, DISABLED, pod(), Reason.POLICY_DISABLED),
    ("policy unknown", CURRENT, "policy: sometimes", pod(), Reason.POLICY_UNKNOWN),
    ("policy false", CURRENT, "policy: false", pod(), Reason.POLICY_UNKNOWN),
    ("no policy", CURRENT, "templates: {}", pod(), Reason.POLICY_UNKNOWN),
    (
        "an unknown policy beats a wish",
        CURRENT,
        "policy: off",
        pod(inject="true"),
        Reason.POLICY_UNKNOWN,
    ),
    (
        "an unknown policy beats always",
        LEGACY,
        "policy: x" + ALWAYS,
        pod(WEB),
        Reason.POLICY_UNKNOWN,
    ),
]

INJECTED = {
    Reason.LABEL_TRUE,
    Reason.ANNOTATION_TRUE,
    Reason.ALWAYS_SELECTOR,
    Reason.POLICY_ENABLED,
}


@pytest.mark.parametrize(
    ("generation", "text", "given", "reason"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_reason(generation: Generation, text: str, given: dict[str, Any], reason: Reason) -> None:
    decision = decide(config(generation, text), given)
    assert decision.reason is reason
    assert decision.inject is (reason in INJECTED)
    assert decision.trace[-1].reason is reason


def test_s2i_builders_are_never_injected_and_the_trace_says_which_selector_saw_it() -> None:
    text = """
policy: enabled
neverInjectSelector:
- matchExpressions: [{key: openshift.io/build.name, operator: Exists}]
- matchExpressions: [{key: openshift.io/deployer-pod-for.name, operator: Exists}]
"""
    found = decide(config(CURRENT, text), pod({"openshift.io/deployer-pod-for.name": "web-1"}))
    assert not found.inject
    assert found.trace[-1].field == "neverInjectSelector[1]"
    assert [step.rule for step in found.trace] == [
        "hostNetwork",
        "namespace",
        "annotation",
        "neverInjectSelector",
        "neverInjectSelector",
    ]
    assert all(step.verdict is Verdict.NEXT for step in found.trace[:-1])


def test_an_invalid_selector_is_skipped_and_named() -> None:
    text = "policy: enabled\nneverInjectSelector: [{matchExpressions: [{key: a, operator: Near}]}]"
    loaded = config(CURRENT, text)
    found = decide(loaded, pod({"a": "b"}))
    assert found.inject
    assert "invalid" in found.trace[-2].note
    assert loaded.notes[0].startswith("neverInjectSelector[0] is skipped")


def test_an_empty_selector_matches_nothing() -> None:
    assert decide(config(CURRENT, "policy: enabled\nneverInjectSelector: [{}]"), pod(WEB)).inject


def test_the_namespace_of_the_request_counts_where_the_pod_names_none() -> None:
    loaded = config(CURRENT, ENABLED)
    assert decide(loaded, pod(), "kube-system").reason is Reason.IGNORED_NAMESPACE
    assert decide(loaded, pod(namespace="shop"), "kube-system").inject


def test_an_odd_value_is_noted() -> None:
    step = decide(config(CURRENT, ENABLED), pod({INJECT_KEY: "yes"})).trace[2]
    assert step == (
        "label",
        "yes",
        f"metadata.labels[{INJECT_KEY}]",
        Verdict.NEXT,
        None,
        'only "true" and "false" count',
    )


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_text(reason: Reason) -> None:
    assert reason.text
