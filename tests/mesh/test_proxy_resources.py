"""ProxyConfig resources, each merged as istiod did it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from istiod import proxies, recorded
from istiod.proxies import LATE, ROOT, SHOP, resource
from pillion.golang import json
from pillion.mesh import load_mesh
from pillion.mesh.proxy_resources import NO_LAYERS, ProxyResources, effective

NAMES = list(proxies.CASES)


@pytest.mark.parametrize("name", NAMES)
def test_a_pods_proxy_is_configured_as_istiod_does_it(name: str) -> None:
    asked, wanted = proxies.CASES[name], recorded.answers()[name]
    found = ProxyResources(asked["resources"], asked["revision"])
    proxy = found.effective(
        load_mesh(asked["mesh"]), asked["namespace"], asked["labels"], asked["annotations"]
    )
    assert json.unmarshal(proxy.to_json()) == wanted["proxy"]
    assert len(found.problems) == len(wanted.get("problems", ()))


@pytest.mark.parametrize("name", NAMES)
def test_no_question_is_changed(name: str) -> None:
    asked = proxies.CASES[name]
    kept = copy.deepcopy(asked["resources"])
    ProxyResources(asked["resources"]).layers(ROOT, asked["namespace"], asked["labels"])
    assert asked["resources"] == kept


UNFIT = "json: cannot unmarshal"
RFC3339 = "2006-01-02T15:04:05Z07:00"
PROBLEMS: list[tuple[str, Any, str, str]] = [
    # what is wrong, the object, how it is named, what is said of it
    (
        "a value of the spec",
        resource(environmentVariables={"A": 1}),
        "shop/one",
        f"{UNFIT} number into Go value of type string",
    ),
    (
        "a label",
        resource(labels={"a": 1}),
        "shop/one",
        f"{UNFIT} number into Go struct field ObjectMeta.labels of type string",
    ),
    (
        "a time",
        resource(created="now"),
        "shop/one",
        f'parsing time "now" as "{RFC3339}": cannot parse "now" as "2006"',
    ),
    (
        "the spec of a resource without a name",
        {"metadata": {}, "spec": []},
        "number 2 of the list",
        f"{UNFIT} array into Go value of type map[string]json.RawMessage",
    ),
    ("all of it", None, "number 2 of the list", "it is not an object"),
    (
        "the metadata",
        {"metadata": [1]},
        "number 2 of the list",
        f"{UNFIT} array into Go value of type v1.ObjectMeta",
    ),
]


@pytest.mark.parametrize(("_what", "raw", "name", "problem"), PROBLEMS)
def test_what_cannot_be_read_is_left_out_and_told_of(
    _what: str, raw: Any, name: str, problem: str
) -> None:
    found = ProxyResources([resource(ROOT), raw, resource(name="two", created=LATE, concurrency=2)])
    assert found.problems == (f"ProxyConfig {name} is left out: {problem}",)
    assert found.layers(ROOT, SHOP, {}).namespace is not None


def test_pods_share_layers_where_the_same_resources_count() -> None:
    found = ProxyResources([resource(), resource(name="web", match={"app": "web"})])
    shared = found.layers(ROOT, SHOP, {"app": "web", "pod": "1"})
    assert shared == found.layers(ROOT, SHOP, {"app": "web", "pod": "2"})
    assert hash(shared) == hash(found.layers(ROOT, SHOP, {"app": "web"}))
    assert shared != found.layers(ROOT, SHOP, {"app": "db"})
    assert found.layers(ROOT, "other", {}) == NO_LAYERS


def test_without_resources_the_mesh_and_the_annotation_say_everything() -> None:
    mesh = load_mesh("defaultConfig: {concurrency: 2}")
    proxy = effective(mesh, NO_LAYERS, "proxyMetadata: {A: '1'}")
    assert proxy.get("concurrency").get("value") == 2
    assert proxy.get("proxy_metadata") == {"A": "1"}
