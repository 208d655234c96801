"""The wanted values and texts were checked against the Go packages that Istio 1.30 uses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.injection import overlay
from pillion.injection.overlay import apply_overlay, apply_overlay_yaml, merge_yaml
from pillion.kubernetes import codec
from pillion.kubernetes.errors import DecodeError, MergeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


SCALARS = st.sampled_from(["a", "b", "1", "2", "true", "null", '""', '"x y"', "1500m", "80"])
LAID = """\
metadata: {{labels: {{a: {}, b: {}}}}}
spec:
  nodeSelector: {{n: {}}}
  containers:
  - name: {}
    image: {}
    env: [{{name: {}, value: {}}}, {{name: B}}]
    resources: {{limits: {{cpu: {}}}}}
    ports: [{{containerPort: {}, protocol: {}}}]
  volumes:
  - {{name: {}, emptyDir: {}}}
  - {{name: v, csi: {{driver: d, volumeAttributes: {{k: {}}}}}}}
{}
"""
ENDS = st.sampled_from(
    [
        "",
        "  priority: 5",
        "  volumes: []",
        "  - {$patch: delete, name: v}",
        "  -",
        "  hostAliases: [{ip: i, hostnames: [h, null]}]",
        "  Volumes: [{name: w}]",
        "  newer: [{a: b}]",
        "  tolerations: [{key: k}]",
        "  newer: 1\nSpec: {}",
    ]
)


def series() -> st.SearchStrategy[list[str]]:
    """Texts of which each differs from the one before it in one place."""
    holes = LAID.count("{}") - 1
    edits = st.lists(st.tuples(st.integers(0, holes - 1), SCALARS), min_size=2, max_size=6)
    drawn = st.tuples(st.tuples(*[SCALARS] * holes, ENDS), edits)
    return drawn.map(lambda found: list(filled(*found)))


def filled(holes: tuple[str, ...], edits: list[tuple[int, str]]) -> Iterator[str]:
    filling = list(holes)
    yield LAID.format(*filling)
    for place, scalar in edits:
        filling[place] = scalar
        yield LAID.format(*filling)


def outcome(run: Callable[..., JSON], *arguments: Any) -> str:
    try:
        return json.dumps(run(*arguments))
    except (DecodeError, MergeError) as error:
        return f"{type(error).__name__}: {error}"


@given(series(), st.booleans())
def test_what_is_known_changes_no_result(rendered: list[str], whole: bool) -> None:
    pod = RICH if whole else overlay.EMPTY_POD
    for text in rendered:
        wanted = outcome(apply_overlay_yaml, overlay.EMPTY_POD, text)
        assert outcome(lambda one: overlay.alone(one).pod, text) == wanted
        wanted = outcome(apply_overlay_yaml, pod, text)
        assert outcome(overlay.lay, pod, text) == wanted


RICH: JSON = codec.decode(
    {
        "metadata": {"name": "p", "labels": {"a": "x"}, "creationTimestamp": None},
        "spec": {
            "nodeSelector": {"m": "n"},
            "containers": [
                {"name": "app", "image": "i", "livenessProbe": {"grpc": {}}},
                {"name": "a", "env": [{"name": "B", "value": "c"}]},
            ],
            "volumes": [
                {"name": "v", "projected": {"sources": None}},
                {"name": "w", "ephemeral": {"volumeClaimTemplate": {"spec": {"dataSource": {}}}}},
            ],
            "tolerations": [{"key": "k"}],
        },
    },
    "core/v1.Pod",
)


def test_a_text_like_the_last_one_is_not_merged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    text = LAID.format(*["a"] * 7, "1", "80", "TCP", "v", "{}", "x", "")
    overlay.alone(text)
    monkeypatch.setattr(overlay, "apply_overlay_yaml", None)
    other = overlay.alone(text.replace("image: a", "image: other").replace("80", "81"))
    container = other.pod["spec"]["containers"][0]
    assert (container["image"], container["ports"][0]["containerPort"]) == ("other", 81)
