from __future__ import annotations

from typing import Any

import pytest

from pillion.injection.openshift import (
    GROUPS,
    UID_RANGE,
    annotations_by_name,
    proxy_ids,
    reset_assigned_user,
)

IDS = [
    (None, (1337, 1337)),
    ({}, (1337, 1337)),
    ({UID_RANGE: "1000620000/10000"}, (1000629999, 1000629999)),
    ({UID_RANGE: "100-200"}, (200, 200)),
    ({UID_RANGE: "100/10", GROUPS: "7-9"}, (109, 9)),
    ({GROUPS: "7/3,20/5"}, (1337, 9)),
    ({GROUPS: "7/3,bad"}, (1337, 1337)),
    ({UID_RANGE: ""}, (1337, 1337)),
    ({UID_RANGE: "x/5"}, (1337, 1337)),
    ({UID_RANGE: "5"}, (1337, 1337)),
    ({UID_RANGE: "-5-9"}, (1337, 1337)),
    ({UID_RANGE: "1-2/3"}, (1337, 1337)),
    ({UID_RANGE: " 5/ 6 and more"}, (10, 10)),
    ({UID_RANGE: "4294967295/2"}, (0, 0)),
    ({UID_RANGE: "4294967296/2"}, (1337, 1337)),
    ({UID_RANGE: "0/0"}, (4294967295, 4294967295)),
    ({UID_RANGE: "1/" + "9" * 5000}, (1337, 1337)),
]


@pytest.mark.parametrize(("annotations", "wanted"), IDS)
def test_proxy_ids(annotations: dict[str, str] | None, wanted: tuple[int, int]) -> None:
    assert proxy_ids(annotations) == wanted


def container(name: str, user: int | None) -> dict[str, Any]:
    return {
        "name": name,
        "securityContext": {"runAsGroup": 3} | ({"runAsUser": user} if user else {}),
    }


CASES = [
    ([("istio-proxy", 5), ("app", 5)], True),
    ([("istio-proxy", 5), ("app", 6)], False),
    ([("istio-proxy", None), ("app", None)], True),
    ([("istio-proxy", 5), ("app", 5), ("istio-init", 9), ("istio-validation", 8)], True),
    ([("app", 5)], False),
]


@pytest.mark.parametrize(("users", "reset"), CASES)
def test_reset_assigned_user(users: list[tuple[str, int | None]], reset: bool) -> None:
    pod = {"metadata": {}, "spec": {"containers": [container(*user) for user in users]}}
    found = reset_assigned_user(pod)
    assert (found is not pod) is reset
    if reset:
        assert found["spec"]["containers"][0] == {"name": "istio-proxy", "securityContext": {}}
        assert found["spec"]["containers"][1:] == pod["spec"]["containers"][1:]


NAMESPACES: list[tuple[str, dict[str, Any], dict[str, str], tuple[int, int]]] = [
    # what is special, metadata, what is kept, the ids
    ("no annotations", {}, {}, (1337, 1337)),
    ("annotations that are null", {"annotations": None}, {}, (1337, 1337)),
    ("other annotations", {"annotations": {"a": "b"}}, {}, (1337, 1337)),
    (
        "OpenShift's",
        {"annotations": {UID_RANGE: "1000/10", "a": "b", GROUPS: "2000/10"}, "labels": {"c": "d"}},
        {UID_RANGE: "1000/10", GROUPS: "2000/10"},
        (1009, 2009),
    ),
]


@pytest.mark.parametrize(("_what", "metadata", "kept", "ids"), NAMESPACES)
def test_what_is_kept_of_namespaces(
    _what: str, metadata: dict[str, Any], kept: dict[str, str], ids: tuple[int, int]
) -> None:
    listed = [{"metadata": {"name": "a"}}, {"metadata": {"name": "shop", **metadata}, "spec": {}}]
    found = annotations_by_name(listed)
    assert found == {"a": {}, "shop": kept}
    assert proxy_ids(found["shop"]) == ids
