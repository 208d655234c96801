"""Errors gathered and printed as multierror does."""

from __future__ import annotations

import pytest

from pillion.mesh.failures import Failure, append, join, prefix, render, render_legacy


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (None, None, None),
        (None, "b", "b"),
        ("a", None, "a"),
        ("a", "b", ["a", "b"]),
        (["a"], "b", ["a", "b"]),
        ("a", ["b", "c"], ["a", "b", "c"]),
        (None, ["b"], ["b"]),
    ],
)
def test_join_keeps_a_single_failure_plain(one: Failure, other: Failure, wanted: Failure) -> None:
    assert join(one, other) == wanted


def test_append_makes_a_list_of_one() -> None:
    assert append(None, "a") == ["a"]
    assert append(["a"], ["b", "c"]) == ["a", "b", "c"]
    assert append(["a"], None) == ["a"]


@pytest.mark.parametrize(
    ("failure", "wanted"), [(None, None), ("a", "in x: a"), (["a", "b"], ["in x: a", "in x: b"])]
)
def test_prefix(failure: Failure, wanted: Failure) -> None:
    assert prefix(failure, "in x:") == wanted


@pytest.mark.parametrize(
    ("failure", "today", "then"),
    [
        ("a", "a", "a"),
        (["a"], "1 error occurred:\n\t* a\n\n", "1 error occurred:\n\n* a"),
        (["a", "b"], "2 errors occurred:\n\t* a\n\t* b\n\n", "2 errors occurred:\n\n* a\n* b"),
    ],
)
def test_render(failure: str | list[str], today: str, then: str) -> None:
    assert render(failure) == today
    assert render_legacy(failure) == then
