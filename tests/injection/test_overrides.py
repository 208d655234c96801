from __future__ import annotations

import json
from typing import Any

import pytest

from pillion.injection import overrides
from pillion.injection.errors import InjectionError
from pillion.injection.status import ANNOTATION as STATUS


def container(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "resources": {}, **fields}


def pod(*containers: dict[str, Any], init: Any = (), **annotations: str) -> dict[str, Any]:
    spec = {"containers": list(containers), **({"initContainers": list(init)} if init else {})}
    return {"metadata": {"annotations": annotations} if annotations else {}, "spec": spec}


def reapplied(merged: dict[str, Any], original: dict[str, Any], template: dict[str, Any]) -> Any:
    return overrides.reapply(merged, original, template, overrides.read(original))


PROXY = container("istio-proxy", image="theirs", args=["proxy"])


def test_the_users_container_goes_on_top_and_is_remembered() -> None:
    own = container("istio-proxy", image="auto", tty=True, args=["mine"])
    merged = pod(container("app"), {**PROXY, "tty": True})
    found = reapplied(merged, pod(container("app"), own), pod(PROXY))
    assert found["spec"]["containers"][1] == {
        "name": "istio-proxy",
        "image": "theirs",
        "args": ["mine"],
        "resources": {},
        "tty": True,
    }
    assert found["metadata"]["annotations"][overrides.ANNOTATION] == (
        '{"containers":[{"name":"istio-proxy","args":["mine"],"resources":{},"tty":true}]}'
    )


def test_an_image_of_the_users_own_stays() -> None:
    own = container("istio-proxy", image="mine")
    found = reapplied(pod(PROXY), pod(own), pod(PROXY))
    assert found["spec"]["containers"][0]["image"] == "mine"


def test_what_an_earlier_injection_added_is_nobodys_wish() -> None:
    old = container("istio-proxy", image="old")
    given = pod(old, **{STATUS: '{"containers":["istio-proxy"]}'})
    merged = pod(PROXY)
    assert reapplied(merged, given, pod(PROXY)) is merged


def test_what_an_earlier_injection_kept_is_applied_and_stays_where_it_is() -> None:
    kept = '{"containers":[{"name":"istio-proxy","image":"mine"}]}'
    given = pod(container("app"), **{STATUS: "{}", overrides.ANNOTATION: kept})
    found = reapplied(pod(PROXY, **{overrides.ANNOTATION: kept}), given, pod(PROXY))
    assert found["spec"]["containers"][0]["image"] == "mine"
    assert found["metadata"]["annotations"] == {overrides.ANNOTATION: kept}


def test_a_container_meant_for_the_init_containers_may_stand_among_the_others() -> None:
    own = container("istio-proxy", image="mine")
    found = reapplied(pod(own, init=[PROXY]), pod(own), pod(init=[PROXY]))
    assert found["spec"]["initContainers"][0]["image"] == "mine"
    assert list(json.loads(found["metadata"]["annotations"][overrides.ANNOTATION])) == [
        "initContainers"
    ]


def test_reinsert_adds_what_is_missing_only() -> None:
    kept = {"containers": [container("a"), container("b")], "initContainers": [container("c")]}
    found = overrides.reinsert(pod(container("a", image="x")), kept)
    assert found["spec"] == {
        "containers": [container("a", image="x"), container("b")],
        "initContainers": [container("c")],
    }


def test_read_completes_containers() -> None:
    found = overrides.read(pod(**{overrides.ANNOTATION: '{"Containers":[{"NAME":"a"},null]}'}))
    assert found == {"containers": [container("a"), container("")], "initContainers": []}


ERRORS = [
    ("x", "invalid character 'x' looking for beginning of value"),
    ("[]", "json: cannot unmarshal array into Go value of type inject.podOverrides"),
    (
        '{"containers":{}}',
        (
            "json: cannot unmarshal object into Go struct field podOverrides.containers of type "
            "[]v1.Container"
        ),
    ),
    (
        '{"initContainers":[{"name":5}]}',
        (
            "json: cannot unmarshal number into Go struct field Container.initContainers.name of "
            "type string"
        ),
    ),
    (
        '{"containers":[5]}',
        (
            "json: cannot unmarshal number into Go struct field podOverrides.containers of type "
            "v1.Container"
        ),
    ),
]


@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(InjectionError) as error:
        overrides.read(pod(**{overrides.ANNOTATION: text}))
    assert str(error.value) == message
