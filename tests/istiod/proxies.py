"""Pods of which istiod is asked how their proxies are configured, by the name of the case."""

from __future__ import annotations

from itertools import product
from typing import Any

JSON = dict[str, Any]

ROOT, SHOP = "istio-system", "shop"
EARLY, LATE = "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"


def resource(
    namespace: str = SHOP,
    name: str = "one",
    created: str | None = EARLY,
    labels: Any = None,
    **spec: Any,
) -> JSON:
    """A ProxyConfig as an API server gives it; ``match`` is short for what its selector matches."""
    if "match" in spec:
        spec["selector"] = {"matchLabels": spec.pop("match")}
    return {
        "apiVersion": "networking.istio.io/v1beta1",
        "kind": "ProxyConfig",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "creationTimestamp": created,
            "uid": "f2d9ba3c-5b1e-4c39-9f8d-4a1f1b1c2d3e",
            **({} if labels is None else {"labels": labels}),
        },
        "spec": spec,
    }


def question(
    *resources: Any,
    mesh: str = "",
    revision: str = "",
    namespace: str = SHOP,
    labels: dict[str, str] | None = None,
    annotation: str | None = None,
) -> JSON:
    """A question about a pod labelled ``app: web`` unless it is said otherwise."""
    return {
        "mesh": mesh,
        "revision": revision,
        "resources": list(resources),
        "namespace": namespace,
        "labels": {"app": "web"} if labels is None else labels,
        "annotations": {} if annotation is None else {"proxy.istio.io/config": annotation},
    }


def _all_fields(place: str, number: int) -> JSON:
    return {
        "concurrency": number,
        "environmentVariables": {"ALL": place, place: "set"},
        "image": {"imageType": place},
    }


_FULL = {place: _all_fields(place, at) for at, place in enumerate(("root", "namespace", "pod"), 3)}
_SPARSE: dict[str, JSON] = {
    "root": {"environmentVariables": {"ALL": "root", "PORT": "1"}, "concurrency": 4},
    "namespace": {"image": {"imageType": "debug"}, "concurrency": 0},
    "pod": {"environmentVariables": {"ALL": "pod", "EMPTY": ""}},
}
_MESH = "defaultConfig: {concurrency: 1, proxyMetadata: {ALL: m, mesh: set}, image: {imageType: m}}"
_ANNOTATION = "{concurrency: 2, proxyMetadata: {ALL: a, note: set}, image: {imageType: a}}"
_SPARSE_ANNOTATION = "{concurrency: 7, statusPort: 0, proxyMetadata: {PORT: '2'}}"


def _layered(fields: dict[str, JSON], annotation: str, layers: set[str], namespace: str) -> JSON:
    """A question about some of the layers, each of which says something."""
    places: dict[str, tuple[str, JSON]] = {
        "root": (ROOT, {}),
        "namespace": (SHOP, {}),
        "pod": (namespace, {"match": {"app": "web"}}),
    }
    resources = [
        resource(where, place, **selector, **fields[place])
        for place, (where, selector) in places.items()
        if place in layers
    ]
    return question(
        *resources,
        mesh=_MESH if "mesh" in layers else "",
        namespace=namespace,
        annotation=annotation if "annotation" in layers else None,
    )


_LAYERS = ("mesh", "root", "namespace", "annotation", "pod")
_SETS = [
    {layer for layer, there in zip(_LAYERS, chosen, strict=True) if there}
    for chosen in product((False, True), repeat=len(_LAYERS))
]
GRID = {
    f"{kind} in {namespace}: {', '.join(sorted(layers)) or 'nothing'}": _layered(
        fields, annotation, layers, namespace
    )
    for kind, fields, annotation in (
        ("full", _FULL, _ANNOTATION),
        ("sparse", _SPARSE, _SPARSE_ANNOTATION),
    )
    for namespace in (SHOP, ROOT)
    for layers in _SETS
}

_NEXT = resource(name="two", created=LATE, concurrency=2)
"""What counts where an older resource does not."""


def _bad(**spec: Any) -> JSON:
    return question(resource(**spec), _NEXT)


def _annotated(annotation: str, mesh: str = "", **spec: Any) -> JSON:
    return question(
        resource(**spec), mesh=mesh, annotation=annotation, namespace=SHOP if spec else ROOT
    )


_OLD_AND_YOUNG = {
    "the older": (("b", EARLY), ("a", LATE)),
    "the older, listed last": (("b", LATE), ("a", EARLY)),
    "the first by name of the same second": (("b", EARLY), ("a", EARLY)),
    "capitals before small letters": (("b", EARLY), ("B", EARLY)),
    "digits by letters": (("a9", EARLY), ("a10", EARLY)),
    "no time before any": (("b", None), ("a", EARLY)),
    "times in other zones": (
        ("b", "2026-01-01T02:00:00+02:00"),
        ("a", "2025-12-31T23:00:01-01:00"),
    ),
}
_KINDS: dict[str, JSON] = {"whole": {}, "selecting": {"match": {"app": "web"}}}
ORDER = {
    f"{title}, {kind}": question(
        *(
            resource(name=name, created=created, concurrency=at, **selector)
            for at, (name, created) in enumerate(pair, 1)
        )
    )
    for title, pair in _OLD_AND_YOUNG.items()
    for kind, selector in _KINDS.items()
}

SELECTORS = {
    "a selector of nothing": question(resource(selector={}, concurrency=1)),
    "a selector that is null": question(resource(selector=None, concurrency=1)),
    "labels to match that are none": question(resource(match={}, concurrency=1)),
    "labels to match that are null": question(resource(match=None, concurrency=1)),
    "a younger one behind a selector of nothing": _bad(selector={}, concurrency=1),
    "a label with another value": question(resource(match={"app": "db"}, concurrency=1)),
    "more labels than the pod has": question(
        resource(match={"app": "web", "tier": "x"}, concurrency=1)
    ),
    "a pod without labels": question(resource(match={"app": "web"}, concurrency=1), labels={}),
    "an empty value, and no label": question(resource(match={"tier": ""}, concurrency=1)),
    "an empty value": question(
        resource(match={"tier": ""}, concurrency=1), labels={"tier": "", "app": "web"}
    ),
    "the older before the one that says more": question(
        resource(name="b", match={"app": "web"}, concurrency=1),
        resource(name="a", match={"app": "web", "v": "1"}, concurrency=2, created=LATE),
        labels={"app": "web", "v": "1"},
    ),
    "the first that matches": question(
        resource(name="a", match={"app": "db"}, concurrency=1),
        resource(name="b", match={"app": "web"}, concurrency=2),
        resource(name="c", match={"app": "web"}, concurrency=3),
    ),
    "one that selects in the root namespace": question(
        resource(ROOT, match={"app": "web"}, concurrency=1)
    ),
    "one that selects in the root namespace, for a pod there": question(
        resource(ROOT, match={"app": "web"}, concurrency=1), namespace=ROOT
    ),
    "one of another namespace": question(resource("other", concurrency=1)),
    "match_labels": question(resource(selector={"match_labels": {"app": "web"}}, concurrency=1)),
}

ROOTS = {
    "another root namespace": question(
        resource(ROOT, concurrency=1), resource("mesh", concurrency=2), mesh="rootNamespace: mesh"
    ),
    "the usual root namespace as another": question(
        resource(ROOT, concurrency=1),
        resource("mesh", environmentVariables={"A": "1"}),
        mesh="rootNamespace: mesh",
        namespace=ROOT,
    ),
    "no root namespace": question(
        resource(ROOT, concurrency=1), resource("", concurrency=2), mesh="rootNamespace: ''"
    ),
    "no root namespace, a pod in no namespace": question(
        resource("", concurrency=2), mesh="rootNamespace: ''", namespace=""
    ),
    "no root namespace, a pod in no namespace that is selected": question(
        resource("", match={"app": "web"}, concurrency=2), mesh="rootNamespace: ''", namespace=""
    ),
    "a pod in no namespace": question(resource("", concurrency=2), namespace=""),
}

REVISIONS = {
    f"revision {revision!r} and the label {label!r}": question(
        resource(labels={"istio.io/rev": label}, concurrency=1), _NEXT, revision=revision
    )
    for revision in ("", "default", "canary")
    for label in ("", "default", "canary")
}

FIELDS = {
    "concurrency null": question(resource(concurrency=None)),
    "concurrency in quotes": question(resource(concurrency="3")),
    "concurrency below zero": question(resource(concurrency=-1)),
    "an empty image over another": question(
        resource(ROOT, image={"imageType": "debug"}), resource(image={})
    ),
    "an image type that is empty over another": question(
        resource(ROOT, image={"imageType": "debug"}), resource(image={"imageType": ""})
    ),
    "image null over another": question(
        resource(ROOT, image={"imageType": "debug"}), resource(image=None)
    ),
    "image_type": question(resource(image={"image_type": "debug"})),
    "environment_variables": question(resource(environment_variables={"A": "1"})),
    "variables null": question(resource(environmentVariables=None)),
    "a variable that is null": question(resource(environmentVariables={"A": None})),
    "variables in letters of all kinds": question(
        resource(environmentVariables={"Ä": "ü: é\n\t'\"", "B": "true", "C": "1e3", "D": "~"})
    ),
    "a field nobody knows": question(resource(other={"a": 1}, concurrency=1)),
    "no spec": question({"metadata": {"name": "a", "namespace": SHOP}}, _NEXT),
    "a spec that is null": question({"metadata": resource()["metadata"], "spec": None}, _NEXT),
    "a spec that is empty": question(resource(), _NEXT),
    "no metadata": question({"spec": {"concurrency": 1}}),
}

BAD = {
    "concurrency no number": _bad(concurrency="many"),
    "concurrency with a fraction": _bad(concurrency=1.5),
    "concurrency too large": _bad(concurrency=2**31),
    "concurrency a list": _bad(concurrency=[]),
    "variables a list": _bad(environmentVariables=[]),
    "a variable that is a number": _bad(environmentVariables={"A": 1}),
    "a selector that is a text": _bad(selector="app=web"),
    "labels to match that are numbers": _bad(match={"app": 1}),
    "an image that is a text": _bad(image="debug"),
    "an image type that is a number": _bad(image={"imageType": 1}),
    "a spec that is a list": question({"metadata": resource()["metadata"], "spec": []}, _NEXT),
    "a label that is a number": question(resource(labels={"a": 1}, concurrency=1), _NEXT),
    "a time that is none": question(resource(created="yesterday", concurrency=1), _NEXT),
    "metadata that are a text": question({"metadata": "a", "spec": {}}, _NEXT),
    "a resource that is a list": question([], _NEXT),
    "a resource that is a text": question("one", _NEXT),
}

_OTHERS = """
defaultConfig:
  interceptionMode: TPROXY
  holdApplicationUntilProxyStarts: true
  tracing: {zipkin: {address: "z:1"}}
  extraStatTags: [b]
  runtimeValues: {b: "2"}
  proxyHeaders: {server: {disabled: true}, requestId: {disabled: true}}
"""
ANNOTATIONS = {
    f"{title}{', with a resource' if spec else ''}": _annotated(annotation, mesh, **spec)
    for title, annotation, mesh in (
        ("an empty annotation", "", ""),
        ("an annotation that is null", "null", ""),
        ("an annotation that is no YAML", "{", ""),
        ("an annotation that is a list", "[]", ""),
        ("an annotation of the wrong type", "concurrency: many", ""),
        ("a wrong value behind a right one", "{concurrency: 3, statusPort: x}", ""),
        ("concurrency zero", "concurrency: 0", "defaultConfig: {concurrency: 2}"),
        ("a port of zero", "statusPort: 0", ""),
        ("the first of an enum", "interceptionMode: REDIRECT", _OTHERS),
        ("false", "holdApplicationUntilProxyStarts: false", _OTHERS),
        ("an empty text", "discoveryAddress: ''", ""),
        ("an empty text of a oneof", "serviceCluster: ''", ""),
        ("the other of a oneof", "tracingServiceName: CANONICAL_NAME_ONLY", ""),
        ("a message as a whole", "tracing: {sampling: 5}", _OTHERS),
        ("headers", "proxyHeaders: {server: {value: x}, xForwardedHost: {}}", _OTHERS),
        ("a list", "extraStatTags: [a]", _OTHERS),
        ("other values at run time", "runtimeValues: {a: '1'}", _OTHERS),
        ("a duration", "drainDuration: 1m1.5s", ""),
    )
    for spec in ({}, {"match": {"app": "web"}, "concurrency": 9})
}

CASES: dict[str, JSON] = {
    **GRID,
    **ORDER,
    **SELECTORS,
    **ROOTS,
    **REVISIONS,
    **FIELDS,
    **BAD,
    **ANNOTATIONS,
}
