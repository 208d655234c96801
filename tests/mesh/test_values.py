"""Chart values, and assignments over them."""

from __future__ import annotations

from typing import Any

import pytest

from pillion.mesh import MeshError, load_values, override
from pillion.mesh.strvals import assign


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", {}),
        ("null", {}),
        ("{}", {}),
        ('{"global": {"hub": "h"}}', {"global": {"hub": "h"}}),
        ("global: {proxy: {statusPort: 15020}}", {"global": {"proxy": {"statusPort": 15020.0}}}),
        ("unknown: [1]", {"unknown": [1.0]}),
    ],
)
def test_what_templates_see(text: str, wanted: dict[str, Any]) -> None:
    assert load_values(text).data == wanted


VALUES = """
global:
  hub: h
  tag: 1.3
  proxy: {holdApplicationUntilProxyStarts: true}
sidecarInjectorWebhook: {rewriteAppHTTPProbe: true}
"""


def test_what_the_injector_asks() -> None:
    values = load_values(VALUES)
    assert values.text("global", "hub") == "h"
    assert values.text("global", "proxy", "image") == ""
    assert values.flag("sidecarInjectorWebhook", "rewriteAppHTTPProbe")
    assert not values.flag("global", "hub")
    assert values.tag == "1.3"
    assert values.holds_application


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ""),
        ("global: {tag: a}", "a"),
        ("global: {tag: 1}", "1"),
        ("global: {tag: null}", "<nil>"),
    ],
)
def test_a_tag_may_be_a_number(text: str, wanted: str) -> None:
    assert load_values(text).tag == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[]", "json: cannot unmarshal array into Go value of type map[string]json.RawMessage"),
        ("global: {hub: 5}", "json: cannot unmarshal number into Go value of type string"),
        (
            "global: {proxy: {resources: {limits: {cpu: 1}}}}",
            "json: cannot unmarshal number into Go value of type string",
        ),
        (
            "global: {proxy: {tracer: nope}}",
            'unknown value "\\"nope\\"" for enum istio.operator.v1alpha1.tracer',
        ),
        ("a: [", "yaml: line 1: did not find expected node content"),
    ],
)
def test_errors(text: str, wanted: str) -> None:
    with pytest.raises(MeshError) as caught:
        load_values(text)
    assert str(caught.value) == f"could not parse configuration values: {wanted}"


def test_overriding_leaves_the_values_as_they_were() -> None:
    values = load_values(VALUES)
    changed = override(values, ["global.hub=x,global.tag=y", "global.proxy.image=z"])
    assert (changed.text("global", "hub"), changed.tag) == ("x", "y")
    assert changed.text("global", "proxy", "image") == "z"
    assert changed.holds_application
    assert values.text("global", "hub") == "h"
    assert override(values, []) is values


def test_an_override_must_fit_its_field() -> None:
    with pytest.raises(MeshError, match="cannot unmarshal number into Go value of type string"):
        override(load_values(VALUES), ["global.hub=5"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a=1", {"a": 1}),
        ("a=-1", {"a": -1}),
        ("a=01", {"a": "01"}),
        ("a=0", {"a": 0}),
        ("a=1.5", {"a": "1.5"}),
        ("a=99999999999999999999", {"a": "99999999999999999999"}),
        ("a=true,b=False,c=null,d=", {"a": True, "b": False, "c": None, "d": ""}),
        ("a.b.c=x", {"a": {"b": {"c": "x"}}}),
        ("a[1].b=x", {"a": [None, {"b": "x"}]}),
        ("a[0][1]=x", {"a": [[None, "x"]]}),
        ("a={x,1,true}", {"a": ["x", 1, True]}),
        ("a={}", {"a": []}),
        ("a={x},b=y", {"a": ["x"], "b": "y"}),
        (r"a\.b=x\,y", {"a.b": "x,y"}),
        ("a=b=c", {"a": "b=c"}),
        ("old.a=1", {"old": {"a": 1, "b": 2}}),
        ("list[1]=z", {"list": ["x", "z"]}),
    ],
)
def test_assignments(text: str, wanted: dict[str, Any]) -> None:
    data = {"old": {"b": 2}, "list": ["x", "y"]}
    assert assign(data, text) == {**data, **wanted}
    assert data == {"old": {"b": 2}, "list": ["x", "y"]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a", 'key "a" has no value'),
        ("", 'key "" has no value'),
        ("a,b=1", 'key "a" has no value'),
        ("a.b", 'key "b" has no value'),
        ("a[x]=1", '"x" is not an index'),
        ("a[-1]=1", '"-1" is not an index'),
        ("a[65537]=1", '"65537" is not an index'),
        ("a[0", '"0" is not an index'),
        ("a={x", "list must terminate with '}'"),
        (".".join("a" * 40) + "=1", "a name has more than 30 parts"),
    ],
)
def test_refused_assignments(text: str, reason: str) -> None:
    with pytest.raises(MeshError) as caught:
        assign({}, text)
    assert str(caught.value) == f'cannot read "{text}": {reason}'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a.b=1", "a.b: there is no map to set it in"),
        ("a[0]=1", "a.0: there is no list to set it in"),
    ],
)
def test_assignments_through_what_is_neither_map_nor_list(text: str, wanted: str) -> None:
    with pytest.raises(MeshError) as caught:
        assign({"a": "text"}, text)
    assert str(caught.value) == wanted
