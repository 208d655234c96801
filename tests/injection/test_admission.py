"""The endpoint: what it answers to any request, and the patches it makes."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injection.small import VALUES, injector
from pillion.injection.admission import LARGEST_BODY, respond, review
from pillion.injection.injector import OPENSHIFT, Injector
from pillion.injection.reasons import Reason
from pillion.kubernetes import json_patch

V1, V1BETA1 = "admission.k8s.io/v1", "admission.k8s.io/v1beta1"
SMALL = injector()
POD: dict[str, Any] = {
    "kind": "Pod",
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {"containers": [{"name": "app", "image": "i", "resources": {}}]},
}


def asked(pod: Any, version: str = V1, **request: Any) -> dict[str, Any]:
    request = {"uid": "u-1", "namespace": "shop", "object": pod, **request}
    return {"kind": "AdmissionReview", "apiVersion": version, "request": request}


def answered(body: Any, given: Injector | None = None, path: str = "/inject") -> dict[str, Any]:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    response = respond(given or injector(), path, headers, text)
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/json"
    found: dict[str, Any] = json.loads(response.body)
    return found


def patched(pod: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    patch = json.loads(base64.b64decode(answer["response"]["patch"]))
    found: dict[str, Any] = json_patch.apply(pod, patch)
    return found


@pytest.mark.parametrize("version", [V1, V1BETA1])
def test_a_pod_gets_its_sidecar(version: str) -> None:
    answer = answered(asked(POD, version))
    assert (answer["kind"], answer["apiVersion"]) == ("AdmissionReview", version)
    assert answer["response"]["uid"] == "u-1"
    assert answer["response"]["allowed"] is True
    assert answer["response"]["patchType"] == "JSONPatch"
    pod = patched(POD, answer)
    assert [one["name"] for one in pod["spec"]["containers"]] == ["app", "istio-proxy"]
    assert "namespace" not in pod["metadata"]


def test_a_pod_that_the_rules_leave_alone_gets_no_patch() -> None:
    answer = answered(asked(POD, namespace="kube-system"))["response"]
    del answer["auditAnnotations"]["configuration"]
    assert answer == {
        "uid": "u-1",
        "allowed": True,
        "auditAnnotations": {"reason": "ignored-namespace", "rule": "namespace"},
    }


def test_a_field_that_the_schema_does_not_know_stays() -> None:
    pod = json.loads(json.dumps(POD))
    pod["spec"]["newField"] = {"a": 1}
    pod["spec"]["containers"] += [{"name": "istio-proxy", "image": "auto", "newer": True}]
    found = patched(pod, answered(asked(pod)))
    assert found["spec"]["newField"] == {"a": 1}
    assert found["spec"]["containers"][1]["newer"] is True


def test_what_is_spelled_differently_and_not_changed_keeps_its_spelling() -> None:
    pod = json.loads(json.dumps(POD))
    pod["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "1000m"}}
    found = patched(pod, answered(asked(pod)))
    assert found["spec"]["containers"][0] == pod["spec"]["containers"][0]


def test_the_path_names_cluster_and_network() -> None:
    answer = answered(asked(POD), path="/inject/cluster/a%2D-slash--b/net/n?timeout=10s")
    pod = patched(POD, answer)
    env = {one["name"]: one["value"] for one in pod["spec"]["containers"][1]["env"]}
    assert env["ISTIO_META_CLUSTER_ID"] == "a/b"
    assert pod["metadata"]["labels"]["topology.istio.io/network"] == "n"


REFUSED = [
    (b"", "application/json", 400, "no body found\n"),
    (
        b" " * (LARGEST_BODY + 1),
        "application/json",
        400,
        "Request entity too large: limit is 6291456\n",
    ),
    (
        b"{}",
        "application/json; charset=utf-8",
        415,
        "invalid Content-Type, want `application/json`\n",
    ),
    (b"{}", "", 415, "invalid Content-Type, want `application/json`\n"),
]


@pytest.mark.parametrize(("body", "content_type", "status", "message"), REFUSED)
def test_refused(body: bytes, content_type: str, status: int, message: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = respond(injector(), "/inject", headers, body)
    assert (response.status, response.body.decode()) == (status, message)
    assert response.headers["Content-Type"].startswith("text/plain")


PARSE = "couldn't get version/kind; json parse error: "
BAD_BODIES = [
    (b"{", f"{PARSE}unexpected end of JSON input"),
    (
        b'{"kind": 5}',
        f"{PARSE}json: cannot unmarshal number into Go struct field .kind of type string",
    ),
    (b'{"kind": "A"}', "Object 'apiVersion' is missing in '{\"kind\": \"A\"}'"),
    (b" ", "Object 'Kind' is missing in ' '"),
    (b"k8s\x00\x0a", "unexpected EOF"),
    (b"k8s\x00", "empty body"),
    (b"a: [", "yaml: line 1: did not find expected node content"),
    (
        b"text",
        f"{PARSE}json: cannot unmarshal string into Go value of type struct {{ APIVersion string",
    ),
    (b'{"kind": "A", "apiVersion": "a/b/c"}', "unexpected GroupVersion string: a/b/c"),
    (
        b'{"kind": "Pod", "apiVersion": "v1"}',
        "unsupported type :&TypeMeta{Kind:Pod,APIVersion:v1,}",
    ),
    (
        b'{"kind": "Deployment", "apiVersion": "apps/v1"}',
        (
            'no kind "Deployment" is registered for version "apps/v1" in scheme '
            '"pkg/runtime/scheme.go:111"'
        ),
    ),
    (
        b'{"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/__internal"}',
        (
            'no kind "AdmissionReview" is registered for the internal version of group '
            '"admission.k8s.io" in scheme "pkg/runtime/scheme.go:111"'
        ),
    ),
]


@pytest.mark.parametrize(("body", "message"), BAD_BODIES)
def test_a_body_that_is_no_review(body: bytes, message: str) -> None:
    answer = answered(body)
    assert set(answer) == {"response"}
    assert answer["response"]["uid"] == ""
    assert answer["response"]["allowed"] is False
    assert answer["response"]["status"]["message"].startswith(message)


def test_a_review_without_a_request() -> None:
    for request in ("null", None):
        body = {"kind": "AdmissionReview", "apiVersion": V1}
        text = json.dumps(body | ({"request": None} if request else {})).encode()
        answer = answered(text)["response"]
        assert answer["status"]["message"] == "the review holds no request"


@pytest.mark.parametrize("request_fields", [{"object": None}, {}])
def test_a_request_without_an_object(request_fields: dict[str, Any]) -> None:
    body = asked(POD)
    del body["request"]["object"]
    body["request"] |= request_fields
    assert answered(body)["response"]["status"]["message"] == "unexpected end of JSON input"


def test_a_wrong_type_in_the_review() -> None:
    answer = answered(asked(POD, uid=5))
    message = answer["response"]["status"]["message"]
    assert message == (
        "json: cannot unmarshal number into Go struct field AdmissionRequest.request.uid of type "
        "types.UID"
    )


NUMBERS = ["80.0", "8e1", "2147483648", "1" * 400]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_shown_as_it_is_written(number: str) -> None:
    pod = {"spec": {"containers": [{"ports": [{"containerPort": 77777}]}]}}
    body = json.dumps(asked(pod)).replace("77777", number).encode()
    assert answered(body)["response"]["status"]["message"] == (
        f"json: cannot unmarshal number {number} into Go struct field "
        "ContainerPort.spec.containers.ports.containerPort of type int32"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_yaml_and_other_encodings_are_read(encoding: str) -> None:
    body = json.dumps(asked(POD)).encode(encoding)
    assert answered(body)["response"]["patch"]


def test_deep_nesting_ends_in_an_answer() -> None:
    deep = "[" * 9000 + "]" * 9000
    body = json.dumps(asked(POD)).replace('"web"', deep, 1).encode()
    assert answered(body)["response"]["allowed"] is False


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
PLACES = [
    (),
    ("request",),
    ("request", "uid"),
    ("request", "object"),
    ("request", "object", "metadata"),
    ("request", "object", "metadata", "labels"),
    ("request", "object", "metadata", "annotations"),
    ("request", "object", "metadata", "annotations", "sidecar.istio.io/status"),
    ("request", "object", "metadata", "annotations", "proxy.istio.io/overrides"),
    ("request", "object", "metadata", "annotations", "proxy.istio.io/config"),
    ("request", "object", "spec"),
    ("request", "object", "spec", "containers"),
    ("request", "object", "spec", "containers", 0),
    ("request", "object", "spec", "initContainers"),
    ("request", "object", "spec", "containers", 0, "livenessProbe"),
    ("request", "object", "spec", "containers", 0, "securityContext"),
]


@given(place=st.sampled_from(PLACES), value=JSON)
def test_any_value_anywhere_ends_in_an_answer(place: tuple[str | int, ...], value: Any) -> None:
    body: Any = asked({**POD, "metadata": {**POD["metadata"], "annotations": {}}})
    body = json.loads(json.dumps(body))
    if place:
        holder = body
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = value
    else:
        body = value
    response = respond(
        SMALL, "/inject", {"Content-Type": "application/json"}, json.dumps(body).encode()
    )
    assert isinstance(json.loads(response.body)["response"]["allowed"], bool)


@given(text=st.text(), key=st.sampled_from([place[-1] for place in PLACES[7:10]]))
def test_any_annotation_ends_in_an_answer(text: str, key: str) -> None:
    pod = {**POD, "metadata": {"annotations": {key: text}}}
    assert isinstance(review(SMALL, pod).allowed, bool)


@given(body=st.binary(min_size=1))
def test_any_body_ends_in_an_answer(body: bytes) -> None:
    response = respond(SMALL, "/inject", {"Content-Type": "application/json"}, body)
    assert json.loads(response.body)["response"]["allowed"] is False


def test_a_failing_template_refuses_the_pod() -> None:
    failing = injector(templates={"sidecar": '{{ fail "boom" }}'})
    answer = answered(asked(POD), failing)["response"]
    assert answer["allowed"] is False
    assert answer["status"]["message"].endswith("error calling fail: boom")


REASONS = [
    ({"metadata": {"labels": 5}}, Reason.BAD_POD, False),
    (
        {"metadata": {"annotations": {"sidecar.istio.io/inject": "false"}}},
        Reason.ANNOTATION_FALSE,
        True,
    ),
    (
        {"metadata": {"annotations": {"status.sidecar.istio.io/port": "x"}}},
        Reason.BAD_ANNOTATION,
        False,
    ),
    (
        {"metadata": {"annotations": {"inject.istio.io/templates": "x"}}},
        Reason.UNKNOWN_TEMPLATE,
        False,
    ),
    (
        {"metadata": {"annotations": {"inject.istio.io/templates": "bad"}}},
        Reason.TEMPLATE_FAILED,
        False,
    ),
    (
        {"metadata": {"annotations": {"inject.istio.io/templates": "odd"}}},
        Reason.MERGE_FAILED,
        False,
    ),
    ({}, Reason.POLICY_ENABLED, True),
]


@pytest.mark.parametrize(("pod", "reason", "allowed"), REASONS)
def test_review_gives_a_reason(pod: dict[str, Any], reason: Reason, allowed: bool) -> None:
    given = injector(templates={"bad": "{{ .Nope }}", "odd": "spec: 5"})
    found = review(given, pod, "shop")
    assert (found.reason, found.allowed) == (reason, allowed)
    assert bool(found.message) is not allowed


def test_managed_fields_are_not_looked_at() -> None:
    pod = {**POD, "metadata": {**POD["metadata"], "managedFields": [{"manager": "m"}]}}
    found = review(injector(), pod)
    assert found.patch is not None
    assert not any("managedFields" in one["path"] for one in found.patch)


EAST = "global: {multiCluster: {clusterName: east}}"
OWN, DEFAULT = "1009-1009", "1337-1337"


@pytest.mark.parametrize(
    ("values", "path", "ids"),
    [
        (VALUES, "/inject", OWN),
        (VALUES, "/inject/cluster/Kubernetes", OWN),
        (VALUES, "/inject/cluster/east", DEFAULT),
        (EAST, "/inject", OWN),
        (EAST, "/inject/cluster/east", OWN),
        (EAST, "/inject/cluster/Kubernetes", DEFAULT),
    ],
)
def test_openshift_takes_ids_from_the_namespace(values: str, path: str, ids: str) -> None:
    template = 'metadata: {labels: {ids: "{{ .ProxyUID }}-{{ .ProxyGID }}"}}'
    given = injector(
        templates={"sidecar": template},
        values=values,
        platform=OPENSHIFT,
        namespaces={"shop": {"openshift.io/sa.scc.uid-range": "1000/10"}},
    )
    found = review(given, POD, "shop", path)
    assert found.patch is not None
    assert {"op": "add", "path": "/metadata/labels/ids", "value": ids} in found.patch
