"""What the stages make of a pod together, where that is more than each of them alone."""

from __future__ import annotations

from typing import Any

import pytest

from injection.small import injector
from istiod.nodes import node
from istiod.proxies import ROOT, resource
from pillion.injection.errors import RenderError
from pillion.injection.native_sidecars import Mode, NativeSidecars, always, detect
from pillion.mesh.proxy_resources import ProxyResources

NATIVE = """
spec:
  initContainers:
  - name: istio-proxy
    image: theirs
    restartPolicy: Always
"""


def pod(*containers: dict[str, Any], **annotations: str) -> dict[str, Any]:
    metadata = {"name": "web", **({"annotations": annotations} if annotations else {})}
    app = {"name": "app", "resources": {}}
    return {"metadata": metadata, "spec": {"containers": [app, *containers]}, "status": {}}


OWN = {"name": "istio-proxy", "image": "auto", "resources": {}, "tty": True}


def names(found: dict[str, Any]) -> tuple[list[str], list[str]]:
    spec = found["spec"]
    lists = (spec.get(kind) or [] for kind in ("containers", "initContainers"))
    containers, init = ([one["name"] for one in items] for items in lists)
    return containers, init


WHERE = [
    # native by default, annotation, containers, init containers
    (True, None, ["app"], ["istio-proxy"]),
    (True, "false", ["app", "istio-proxy"], ["istio-proxy"]),
    (False, "true", ["app"], ["istio-proxy"]),
    (False, "maybe", ["app", "istio-proxy"], ["istio-proxy"]),
]


@pytest.mark.parametrize(("native", "wish", "containers", "init"), WHERE)
def test_the_users_proxy_moves_to_where_the_template_has_it(
    native: bool,
    wish: str | None,
    containers: list[str],
    init: list[str],
) -> None:
    given = injector(templates={"sidecar": NATIVE}, native_sidecars=native)
    annotations = {} if wish is None else {"sidecar.istio.io/nativeSidecar": wish}
    found = given.inject_pod(pod(OWN, **annotations))
    assert names(found) == (containers, init)
    proxy = found["spec"]["initContainers"][0]
    assert (proxy["image"], proxy["tty"]) == ("theirs", True)


HOLD = [
    ("", "", "", False),
    ("defaultConfig: {holdApplicationUntilProxyStarts: true}", "", "", True),
    ("", "global: {proxy: {holdApplicationUntilProxyStarts: true}}", "", True),
    ("", "", "holdApplicationUntilProxyStarts: true", True),
    (
        "defaultConfig: {holdApplicationUntilProxyStarts: true}",
        "",
        "holdApplicationUntilProxyStarts: false",
        False,
    ),
]


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize(("mesh_text", "values", "annotation", "first"), HOLD)
def test_the_proxy_comes_first_where_the_application_waits(
    mesh_text: str,
    values: str,
    annotation: str,
    first: bool,
    local: bool,
) -> None:
    given = injector(mesh_text=mesh_text, values=values or "{}")
    annotations = {"proxy.istio.io/config": annotation} if annotation else {}
    containers, _ = names(given.inject_pod(pod(**annotations), local=local))
    assert (containers[0] == "istio-proxy") is first


def test_a_zero_in_the_annotation_counts_in_kube_inject_and_not_in_the_webhook() -> None:
    template = 'metadata: {labels: {port: "{{ .ProxyConfig.InterceptionMode }}"}}'
    given = injector(
        templates={"sidecar": template}, mesh_text="defaultConfig: {interceptionMode: TPROXY}"
    )
    annotated = pod(**{"proxy.istio.io/config": "interceptionMode: REDIRECT"})
    assert given.inject_pod(annotated, local=True)["metadata"]["labels"] == {"port": "REDIRECT"}
    assert given.inject_pod(annotated)["metadata"]["labels"] == {"port": "TPROXY"}


def test_injecting_twice_is_injecting_once() -> None:
    given = injector()
    once = given.inject_pod(pod(OWN, **{"prometheus.io/port": "80"}))
    assert given.inject_pod(once) == once


def test_nothing_is_changed_in_place() -> None:
    given = pod(OWN, **{"prometheus.io/port": "80"})
    kept = repr(given)
    injector().inject_pod(given)
    assert repr(given) == kept


def test_every_field_of_the_template_data() -> None:
    fields = (
        "{{ .TypeMeta.Kind }} {{ .TypeMeta.APIVersion }} {{ .DeploymentMeta }} "
        "{{ .ObjectMeta.Name }} {{ len .Spec.Containers }} {{ .Revision }} "
        "{{ .NativeSidecars }} {{ .ProxyImage }} "
        "{{ .ProxyInitImage }} {{ .ProxyUID }} {{ .ProxyGID }} {{ .InboundTrafficPolicyMode }} "
        "{{ .CompliancePolicy }}. {{ .Values.global.hub }} {{ .MeshConfig.TrustDomain }}"
    )
    given = injector(
        templates={"sidecar": f"metadata: {{labels: {{all: '{fields}'}}}}"},
        mesh_text="inboundTrafficPolicy: {mode: LOCALHOST}",
        revision="r1",
        native_sidecars=True,
    )
    assert given.inject_pod(pod())["metadata"]["labels"]["all"] == (
        "Pod v1 /web web 1 r1 true hub/proxyv2:1.2 hub/proxyv2:1.2 1337 1337 localhost . hub "
        "cluster.local"
    )


@pytest.mark.parametrize("values", ["", "null"])
def test_empty_values_are_refused(values: str) -> None:
    given = injector()
    from pillion import mesh
    from pillion.injection.injector import Injector

    empty = Injector(given.config, given.mesh, mesh.load_values(values))
    with pytest.raises(RenderError, match=r"failed to parse values.yaml"):
        empty.inject_pod(pod())


CONFIGURED = """
metadata:
  labels:
    image: "{{ .ProxyImage }}"
    variables: "{{ range $name, $value := .ProxyConfig.ProxyMetadata }}{{ $name }}{{ end }}"
"""
RESOURCES = ProxyResources(
    [
        resource(ROOT, environmentVariables={"A": "1"}),
        resource("shop", match={"app": "web"}, environmentVariables={"B": "2"}),
        resource("shop", "image", image={"imageType": "distroless"}),
    ]
)
CONFIGURED_PODS = [
    # namespace, label, annotation, kube-inject, image and variables
    ("shop", "web", None, False, ("hub/proxyv2:1.2-distroless", "AB")),
    ("shop", "db", None, False, ("hub/proxyv2:1.2-distroless", "A")),
    ("other", "web", None, False, ("hub/proxyv2:1.2", "A")),
    ("shop", "web", "proxyMetadata: {C: '3'}", False, ("hub/proxyv2:1.2-distroless", "ABC")),
    ("shop", "web", "image: {imageType: debug}", False, ("hub/proxyv2:1.2-debug", "AB")),
    ("shop", "web", None, True, ("hub/proxyv2:1.2", "")),
]


@pytest.mark.parametrize(("namespace", "app", "annotation", "local", "wanted"), CONFIGURED_PODS)
def test_proxy_config_resources_count_in_the_webhook_alone(
    namespace: str, app: str, annotation: str | None, local: bool, wanted: tuple[str, str]
) -> None:
    given = injector(templates={"sidecar": CONFIGURED}, proxy_resources=RESOURCES)
    asked = pod(**({} if annotation is None else {"proxy.istio.io/config": annotation}))
    asked["metadata"] |= {"namespace": namespace, "labels": {"app": app}}
    labels = given.inject_pod(asked, local=local)["metadata"]["labels"]
    assert (labels["image"], labels["variables"]) == wanted


MIXED = detect(Mode.AUTO, [node("v1.34.0", "new"), node("v1.32.0", "old")])
NEW = detect(Mode.AUTO, [node("v1.34.0", "new")])
PODS_ON_NODES: list[tuple[NativeSidecars, dict[str, Any], dict[str, Any], bool]] = [
    # where sidecars are native, the spec of the pod, how it is asked for, native
    (MIXED, {}, {}, False),
    (MIXED, {"nodeName": "new"}, {}, True),
    (MIXED, {"nodeName": "old"}, {}, False),
    (MIXED, {"nodeName": "other"}, {}, False),
    (NEW, {}, {}, True),
    (NEW, {"nodeName": "other"}, {}, True),
    (NEW, {}, {"local": True}, False),
    (NEW, {}, {"path": "/inject/cluster/east"}, False),
    (NEW, {}, {"path": "/inject/cluster/Kubernetes"}, True),
    (always(native=True), {}, {"path": "/inject/cluster/east"}, True),
    (always(native=True), {}, {"local": True}, True),
]


@pytest.mark.parametrize(("sidecars", "spec", "asked", "native"), PODS_ON_NODES)
def test_the_proxy_is_native_where_the_nodes_can_have_it_so(
    sidecars: NativeSidecars, spec: dict[str, Any], asked: dict[str, Any], native: bool
) -> None:
    template = 'metadata: {labels: {native: "{{ .NativeSidecars }}"}}'
    given = injector(templates={"sidecar": template}, native_sidecars=sidecars)
    found = given.inject_pod({**pod(), "spec": {**pod()["spec"], **spec}}, **asked)
    assert found["metadata"]["labels"]["native"] == str(native).lower()


@pytest.mark.parametrize(
    ("path", "native"),
    [
        ("", True),
        ("/inject/cluster/east", True),
        ("/inject/cluster/west", False),
        ("/inject/cluster/Kubernetes", False),
    ],
)
def test_the_cluster_of_the_values_is_the_one_whose_nodes_are_known(
    path: str, native: bool
) -> None:
    template = 'metadata: {labels: {native: "{{ .NativeSidecars }}"}}'
    values = "global: {multiCluster: {clusterName: east}}"
    given = injector(templates={"sidecar": template}, values=values, native_sidecars=NEW)
    found = given.inject_pod(pod(), path=path)
    assert found["metadata"]["labels"]["native"] == str(native).lower()
