from __future__ import annotations

from typing import Any

import pytest

from pillion.kubernetes import selector, selector_text
from pillion.kubernetes.errors import SelectorError


def expression(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"key": key, "operator": operator, **({"values": list(values)} if values else {})}


@pytest.mark.parametrize(
    ("text", "labels", "expressions"),
    [
        ("", {}, []),
        ("  ", {}, []),
        ("app=web", {"app": "web"}, []),
        ("app == web , tier=", {"app": "web", "tier": ""}, []),
        ("a=1,a=2", {"a": "1"}, [expression("a", "In", "2")]),
        ("app!=web", {}, [expression("app", "NotIn", "web")]),
        ("app in (b, a)", {}, [expression("app", "In", "a", "b")]),
        ("app notin(a)", {}, [expression("app", "NotIn", "a")]),
        ("!x/y, z", {}, [expression("x/y", "DoesNotExist"), expression("z", "Exists")]),
        ("in in (in)", {}, [expression("in", "In", "in")]),
    ],
)
def test_a_selector_as_people_write_it(
    text: str, labels: dict[str, str], expressions: list[dict[str, Any]]
) -> None:
    found = selector_text.parse(text)
    assert found.get("matchLabels", {}) == labels
    assert found.get("matchExpressions", []) == expressions


@pytest.mark.parametrize("text", ["app=web,!canary,tier in (a,b)", "x notin (a)", "app"])
def test_what_a_selector_prints_reads_back(text: str) -> None:
    parsed = selector.parse(selector_text.parse(text))
    assert selector.parse(selector_text.parse(str(parsed))) == parsed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a=b,", "cannot read the selector 'a=b,' at ''"),
        ("a>1", "cannot read the selector 'a>1' at 'a>1'"),
        ("a in b", "cannot read the selector 'a in b' at 'a in b'"),
        ("x=1,,y", "cannot read the selector 'x=1,,y' at ',y'"),
        (
            "a=b c",
            "cannot read the selector 'a=b c' at 'a=b c'",
        ),
    ],
)
def test_what_is_no_selector(text: str, message: str) -> None:
    with pytest.raises(SelectorError) as failure:
        selector_text.parse(text)
    assert str(failure.value) == message


def test_keys_and_values_are_checked() -> None:
    with pytest.raises(SelectorError, match=r'^key: Invalid value: "a/b/c"'):
        selector_text.parse("a/b/c")
