from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from pillion.kubernetes import selector, selector_text
from pillion.server import registration_entries as reading
from pillion.server import registration_matching as matching
from pillion.server.registration_matching import Pod
from server.registrations import POD_RULE, entry, registered

ENABLED = selector_text.parse("istio-injection=enabled")
NEVER = selector_text.parse("istio.io/deactivated=never-match")


def test_an_entry_that_is_called_has_no_reason_not_to_be() -> None:
    found = entry(namespaceSelector=ENABLED)
    assert matching.refusals(found, Pod({"istio-injection": "enabled"}, {})) == []


def test_every_requirement_that_is_not_met_is_named() -> None:
    found = entry(
        namespaceSelector=selector_text.parse("istio-injection=enabled,!istio.io/rev"),
        objectSelector=selector_text.parse("app in (a,b),tier"),
        rules=[POD_RULE | {"operations": ["UPDATE"]}],
    )
    assert matching.refusals(found, Pod({"istio.io/rev": "x"}, {"tier": ""})) == [
        "its rules are not about the creation of pods",
        "the labels of the namespace do not meet istio-injection=enabled,!istio.io/rev",
        "the labels of the pod do not meet app in (a,b)",
    ]


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        ([""], {}),
        (["a=1"], {"a": "1"}),
        (["a=1", "a=2"], None),
        (["a in (1,2)", "a in (2,3)"], {"a": "2"}),
        (["a in (1,2)", "a notin (1,2)"], None),
        (["a notin (1)"], {}),
        (["!a", "a notin (1)"], {}),
        (["!a", "a"], None),
        (["!a", "a=1"], None),
        (["a"], {"a": "any"}),
        (["a", "a notin (any,any1)"], {"a": "any2"}),
        (["a=1", "b", "!c"], {"a": "1", "b": "any"}),
    ],
)
def test_labels_that_meet_all_selectors(texts: list[str], wanted: dict[str, str] | None) -> None:
    found = [
        requirement
        for text in texts
        for requirement in selector.parse(selector_text.parse(text)).requirements
    ]
    assert matching.example(found) == wanted


@pytest.mark.parametrize("revision", ["default", "canary"])
def test_istios_own_entries_ask_nobody_twice(revision: str) -> None:
    assert matching.overlaps(reading.entries(registered("one", revision))) == []


def test_revisions_share_no_pod() -> None:
    both = [*reading.entries(registered("one")), *reading.entries(registered("two", "canary"))]
    assert matching.overlaps(both) == []


def test_two_injectors_of_one_revision_share_pods() -> None:
    both = [*reading.entries(registered("one")), *reading.entries(registered("two"))]
    (found,) = matching.overlaps(both)
    assert (found.first.configuration, found.second.configuration) == ("one", "two")
    assert found.first.name == found.second.name == "rev.namespace.sidecar-injector.istio.io"
    assert found.pod == Pod({"istio.io/rev": "default"}, {})


@pytest.mark.parametrize(
    "changes",
    [
        {"rules": [POD_RULE | {"operations": ["UPDATE"]}]},
        {"namespaceSelector": NEVER, "objectSelector": NEVER},
    ],
)
def test_an_entry_that_is_called_for_no_pod_shares_none(changes: dict[str, Any]) -> None:
    assert matching.common(entry(), entry(**changes)) is None
    assert matching.common(entry(), entry()) == Pod({}, {})


SELECTORS = ["a", "!a", "a=1", "a in (1,2)", "a notin (1)", "a!=2", "a=1,b", "!a,b!=1"]


@pytest.mark.parametrize(("first", "second"), list(product(SELECTORS, repeat=2)))
def test_what_two_entries_share_is_met_by_both(first: str, second: str) -> None:
    entries = [entry(objectSelector=selector_text.parse(one)) for one in (first, second)]
    found = matching.common(entries[0], entries[1])
    values = (None, "1", "2", "other")
    pods = [
        Pod({}, {key: value for key, value in (("a", a), ("b", b)) if value is not None})
        for a, b in product(values, repeat=2)
    ]
    shared = [pod for pod in pods if not any(matching.refusals(one, pod) for one in entries)]
    assert (found is not None) == bool(shared)
    if found is not None:
        assert [matching.refusals(one, found) for one in entries] == [[], []]
