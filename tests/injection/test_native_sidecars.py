"""Native sidecars where the nodes can have them; most answers are istiod's."""

from __future__ import annotations

from typing import Any

import pytest

from istiod import nodes, recorded
from istiod.nodes import node
from pillion.injection.native_sidecars import Mode, Setting, always, detect, read_setting

WARNING = "Unknown value for ENABLE_NATIVE_SIDECARS: {}, defaulting to false"
SETTINGS = [
    (None, Setting(Mode.AUTO)),
    ("auto", Setting(Mode.AUTO)),
    ("true", Setting(Mode.ENABLED)),
    ("false", Setting(Mode.DISABLED)),
    ("True", Setting(Mode.DISABLED, WARNING.format("True"))),
    ("1", Setting(Mode.DISABLED, WARNING.format("1"))),
    ("", Setting(Mode.DISABLED, WARNING.format(""))),
    (" auto", Setting(Mode.DISABLED, WARNING.format(" auto"))),
]


@pytest.mark.parametrize(("text", "wanted"), SETTINGS)
def test_the_setting(text: str | None, wanted: Setting) -> None:
    assert read_setting(text) == wanted


@pytest.mark.parametrize("name", nodes.CASES)
def test_sidecars_are_native_where_istiod_has_them_so(name: str) -> None:
    asked = nodes.CASES[name]
    found = detect(Mode(asked["mode"]), asked["nodes"])
    assert found.on(asked["node"]) is recorded.answers()[name]["native"]


UNREADABLE = "the kubelet of node one has a version that cannot be read"
AUTO = "ENABLE_NATIVE_SIDECARS is auto, and "
HUGE = "9223372036854775808"
OUT_OF_RANGE = f'strconv.ParseInt: parsing "{HUGE}": value out of range'
REASONS: list[tuple[str, list[dict[str, Any]] | None, str]] = [
    ("true", None, "ENABLE_NATIVE_SIDECARS is true"),
    ("false", [node("v1.40.0")], "ENABLE_NATIVE_SIDECARS is false"),
    ("auto", None, f"{AUTO}no nodes can be asked"),
    ("auto", [], f"{AUTO}there are no nodes"),
    (
        "auto",
        [node("v1.33.0"), node("v1.34.0", "b")],
        f"{AUTO}the kubelets of all 2 nodes are at least 1.33",
    ),
    (
        "auto",
        [node("v1.33.0"), node("v1.32.3", "b"), node("x", "c")],
        f"{AUTO}the kubelet of node b is v1.32.3, older than 1.33",
    ),
    (
        "auto",
        [node("")],
        f"{AUTO}{UNREADABLE}: malformed version: ",
    ),
    (
        "auto",
        [node(f"v1.{HUGE}")],
        f"{AUTO}{UNREADABLE}: error parsing version: {OUT_OF_RANGE}",
    ),
]


@pytest.mark.parametrize(("mode", "given", "wanted"), REASONS)
def test_the_reason_is_one_sentence(
    mode: str, given: list[dict[str, Any]] | None, wanted: str
) -> None:
    assert detect(Mode(mode), given).reason == wanted


def test_numbers_of_any_length_are_read() -> None:
    assert detect(Mode.AUTO, [node(f"v1.{'0' * 5000}33.0")]).native
    assert not detect(Mode.AUTO, [node(f"v1.{'9' * 5000}.0")]).native


@pytest.mark.parametrize("native", [True, False])
def test_a_fixed_answer_asks_no_nodes(native: bool) -> None:
    found = always(native=native)
    assert (found.native, found.on("any"), found.elsewhere) == (native, native, native)
