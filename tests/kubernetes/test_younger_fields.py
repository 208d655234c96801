from __future__ import annotations

from typing import Any

import pytest

from pillion.kubernetes import younger_fields
from pillion.kubernetes.schema import POD

ROWS: list[tuple[str, Any, Any]] = [
    (
        "a field of a container",
        {"spec": {"containers": [{"name": "a", "startupProbe": {}, "image": "i"}]}},
        {"spec": {"containers": [{"name": "a", "image": "i"}]}},
    ),
    (
        "a field of a struct that another one embeds",
        {"spec": {"volumes": [{"name": "v", "csi": {}}, {"name": "w", "emptyDir": {}}]}},
        {"spec": {"volumes": [{"name": "v"}, {"name": "w", "emptyDir": {}}]}},
    ),
    (
        "a field of a struct that had another name",
        {"spec": {"containers": [{"livenessProbe": {"grpc": {}, "exec": {}}}]}},
        {"spec": {"containers": [{"livenessProbe": {"exec": {}}}]}},
    ),
    (
        "a field of the pod",
        {"spec": {"overhead": {}, "hostname": "h"}},
        {"spec": {"hostname": "h"}},
    ),
    ("nothing", {"spec": {"containers": None}}, {"spec": {"containers": None}}),
]


@pytest.mark.parametrize(("what", "given", "wanted"), ROWS, ids=[row[0] for row in ROWS])
def test_younger_fields_are_left_out(what: str, given: Any, wanted: Any) -> None:
    del what
    assert younger_fields.without(given, POD) == wanted


def test_what_does_not_change_is_shared() -> None:
    metadata = {"labels": {"a": "b"}}
    assert younger_fields.without({"metadata": metadata}, POD)["metadata"] is metadata
