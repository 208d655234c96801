"""The wanted values and texts were checked against the Go packages that Istio 1.30 uses."""

from __future__ import annotations

from typing import Any

import pytest

from pillion.injection.overlay import apply_overlay, apply_overlay_yaml, merge_yaml
from pillion.kubernetes.errors import DecodeError, MergeError

JSON = dict[str, Any]
POD: JSON = {
    "metadata": {"name": "p"},
    "spec": {"containers": [{"name": "app", "resources": {}}], "terminationGracePeriodSeconds": 30},
    "status": {},
}


@pytest.mark.parametrize("text", ["", "null", "# nothing", "{}", "spec: {}"])
def test_nothing_to_lay_over(text: str) -> None:
    assert apply_overlay_yaml(POD, text) == POD


def test_the_result_is_read_into_the_type() -> None:
    pod = apply_overlay_yaml(
        POD,
        """
        spec:
          unknown: 1
          containers:
          - name: proxy
            resources: {limits: {cpu: 2000m, memory: 1024Mi}}
        """,
    )
    assert pod["spec"]["containers"] == [
        {"name": "proxy", "resources": {"limits": {"cpu": "2", "memory": "1Gi"}}},
        {"name": "app", "resources": {}},
    ]
    assert "unknown" not in pod["spec"]


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("1.0", 1),
        ("1e3", 1000),
        ("9007199254740992", 9007199254740992),
        ("9007199254740993", 9007199254740992),
        ("-9007199254740993", -9007199254740992),
        ("1152921504606846976", 1152921504606847000),
        ("0x20000000000001", 9007199254740992),
    ],
)
def test_numbers_go_through_float64(number: str, read: int) -> None:
    pod = apply_overlay_yaml(POD, f"spec: {{securityContext: {{runAsUser: {number}}}}}")
    assert pod["spec"]["securityContext"]["runAsUser"] == read


def test_numbers_of_the_pod_go_through_float64() -> None:
    pod = {**POD, "spec": {**POD["spec"], "securityContext": {"runAsUser": (1 << 53) + 1}}}
    assert apply_overlay_yaml(pod, "{}")["spec"]["securityContext"]["runAsUser"] == 1 << 53


def test_a_json_overlay_keeps_integers() -> None:
    overlay = {"spec": {"securityContext": {"runAsUser": (1 << 53) + 1}}}
    assert apply_overlay(POD, overlay)["spec"]["securityContext"]["runAsUser"] == (1 << 53) + 1


@pytest.mark.parametrize(
    "text", ["[]", "text", "a: [", "\tx: y", "a: .inf", "? [a]\n: b", "null: x", "a: *b"]
)
def test_what_is_no_object(text: str) -> None:
    with pytest.raises(MergeError, match=r"^strategic merge: invalid JSON document$"):
        apply_overlay_yaml(POD, text)


def test_a_patch_that_cannot_be_merged() -> None:
    message = "strategic merge: map: map[image:x] does not contain declared merge key: name"
    with pytest.raises(MergeError) as caught:
        apply_overlay_yaml(POD, "spec: {containers: [{image: x}]}")
    assert str(caught.value) == message
    with pytest.raises(MergeError) as caught:
        apply_overlay(POD, {"spec": {"containers": [{"image": "x"}]}})
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "spec: {nodeName: 5}",
            (
                "unmarshal patched pod: json: cannot unmarshal number into Go struct field "
                "PodSpec.spec.nodeName of type string"
            ),
        ),
        (
            "spec: {securityContext: {runAsUser: 9223372036854775807}}",
            (
                "unmarshal patched pod: json: cannot unmarshal number 9223372036854776000 into Go "
                "struct field PodSecurityContext.spec.securityContext.runAsUser of type int64"
            ),
        ),
    ],
)
def test_a_value_that_does_not_fit(text: str, message: str) -> None:
    with pytest.raises(DecodeError) as caught:
        apply_overlay_yaml(POD, text)
    assert str(caught.value) == message


def test_the_merge_alone_is_not_read_into_the_type() -> None:
    merged = merge_yaml(
        {"spec": {"containers": [{"name": "a"}]}}, "spec: {containers: [{name: n}]}"
    )
    assert merged == {"spec": {"containers": [{"name": False}, {"name": "a"}]}}
