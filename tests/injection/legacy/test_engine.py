"""Injection by the rules of Istio 1.1, on a template of a few lines."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from pillion import mesh
from pillion.injection.admission import respond
from pillion.injection.config import load_config
from pillion.injection.errors import AnnotationError, ConfigError, RenderError
from pillion.injection.injector import Injector
from pillion.injection.kube_inject import kube_inject
from pillion.kubernetes import json_patch

JSON = dict[str, Any]

SIDECAR = """
initContainers:
- name: istio-init
  image: init
  restartPolicy: Always
containers:
- name: istio-proxy
  image: proxy
  args: [proxy, --statusPort, "15020"]
  env:
  - {name: OWNER, value: "[[ .DeploymentMeta.Name ]].[[ .DeploymentMeta.Namespace ]]"}
volumes:
- name: istio-envoy
  emptyDir: {}
imagePullSecrets:
- name: pull
"""
STATUS = "sidecar.istio.io/status"


def injector(template: str = SIDECAR, mesh_text: str = "") -> Injector:
    lines = "".join(f"  {line}\n" for line in template.splitlines())
    config = load_config(f"policy: enabled\ntemplate: |\n{lines}")
    return Injector(config, mesh.load_mesh(mesh_text, "1.1"))


def names(pod: JSON) -> dict[str, list[str]]:
    kinds = ("initContainers", "containers", "volumes", "imagePullSecrets")
    return {kind: [one["name"] for one in pod["spec"].get(kind) or []] for kind in kinds}


def admitted(given: Injector, pod: JSON) -> JSON:
    """``pod`` after the webhook's patch; the API server would apply it just so."""
    request = {"uid": "u", "namespace": "shop", "object": pod}
    review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
    body = json.dumps(review).encode()
    answer = json.loads(respond(given, "/inject", {"Content-Type": "application/json"}, body).body)
    patch = json.loads(base64.b64decode(answer["response"]["patch"]))
    patched = json_patch.apply(pod, patch)
    assert isinstance(patched, dict)
    return patched


def pod(**spec: Any) -> JSON:
    containers = [{"name": "app", "resources": {}}]
    return {"metadata": {"name": "web"}, "spec": {"containers": containers, **spec}, "status": {}}


def with_annotations(given: JSON, **annotations: str) -> JSON:
    metadata = {**given["metadata"], "annotations": annotations}
    return {**given, "metadata": metadata}


def manifests(given: Injector, text: str) -> tuple[str, list[str]]:
    warnings: list[str] = []
    return "".join(kube_inject(given, text.encode(), warnings.append)), warnings


def test_the_webhook_appends_to_every_list() -> None:
    given = injector()
    found = admitted(given, pod(imagePullSecrets=[{"name": "own"}]))
    assert names(found) == {
        "initContainers": ["istio-init"],
        "containers": ["app", "istio-proxy"],
        "volumes": ["istio-envoy"],
        "imagePullSecrets": ["own", "pull"],
    }
    assert json.loads(found["metadata"]["annotations"][STATUS]) == {
        "version": hashlib.sha256(given.config.templates.source("sidecar").encode()).hexdigest(),
        "initContainers": ["istio-init"],
        "containers": ["istio-proxy"],
        "volumes": ["istio-envoy"],
        "imagePullSecrets": ["pull"],
    }


def test_a_field_that_is_younger_than_istio_1_1_has_no_effect_in_a_template() -> None:
    init = admitted(injector(), pod())["spec"]["initContainers"][0]
    assert init == {"name": "istio-init", "image": "init", "resources": {}}


def test_the_webhook_keeps_what_it_does_not_know() -> None:
    given = pod(brandNew={"a": [1]})
    given["spec"]["containers"][0]["alsoNew"] = True
    found = admitted(injector(), given)
    assert found["spec"]["brandNew"] == {"a": [1]}
    assert found["spec"]["containers"][0]["alsoNew"] is True


def test_what_an_earlier_injection_added_is_taken_out_by_its_names() -> None:
    status = {"containers": ["old-proxy"], "volumes": ["old-volume"]}
    given = with_annotations(
        pod(volumes=[{"name": "old-volume"}, {"name": "own"}]), **{STATUS: json.dumps(status)}
    )
    given["spec"]["containers"].insert(0, {"name": "old-proxy"})
    found = names(admitted(injector(), given))
    assert found["containers"] == ["app", "istio-proxy"]
    assert found["volumes"] == ["own", "istio-envoy"]


@pytest.mark.parametrize("status", [None, "injected-version-x", "{}", '{"containers": "istio"}'])
def test_without_names_the_names_of_before_the_annotation_are_taken_out(status: str | None) -> None:
    old = [{"name": name} for name in ("istio-init", "enable-core-dump", "own")]
    given = pod(initContainers=old, volumes=[{"name": "istio-certs"}, {"name": "own"}])
    if status is not None:
        given = with_annotations(given, **{STATUS: status})
    found = names(admitted(injector(), given))
    assert found["initContainers"] == ["own", "istio-init"]
    assert found["volumes"] == ["own", "istio-envoy"]


def test_the_proxy_gets_the_service_accounts_token_from_the_application() -> None:
    mount = {"name": "token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}
    given = pod()
    given["spec"]["containers"][0]["volumeMounts"] = [mount]
    assert admitted(injector(), given)["spec"]["containers"][1]["volumeMounts"] == [mount]


def test_a_group_reads_mounted_tokens() -> None:
    text = "enableSdsTokenMount: true\nsdsUdsPath: unix:/x\n"
    found = admitted(injector(mesh_text=text), pod(securityContext={"runAsUser": 7}))
    assert found["spec"]["securityContext"] == {"fsGroup": 1337}


REWRITE = """
rewriteAppHTTPProbe: true
containers:
- name: istio-proxy
  args: [--statusPort, "15020"]
"""
PROBED = {
    "name": "app",
    "ports": [{"name": "web", "containerPort": 80}],
    "readinessProbe": {"httpGet": {"path": "/r", "port": "web"}},
    "livenessProbe": {"httpGet": {"port": "unknown", "scheme": "HTTPS"}},
    "startupProbe": {"httpGet": {"port": 80}},
    "resources": {},
}


def test_http_probes_go_through_the_agent() -> None:
    app, proxy = admitted(injector(REWRITE), pod(containers=[PROBED]))["spec"]["containers"]
    assert app["readinessProbe"] == {"httpGet": {"path": "/app-health/app/readyz", "port": 15020}}
    assert app["livenessProbe"] == {
        "httpGet": {"path": "/app-health/app/livez", "port": 15020, "scheme": "HTTPS"}
    }
    assert app["startupProbe"] == PROBED["startupProbe"]
    told = '{"/app-health/app/readyz":{"path":"/r","port":80}}'
    assert proxy["env"] == [{"name": "ISTIO_KUBE_APP_PROBERS", "value": told}]


def test_probes_are_rewritten_where_an_earlier_injection_stood_before_the_application() -> None:
    old = {"name": "istio-proxy", "resources": {}}
    app, _ = admitted(injector(REWRITE), pod(containers=[old, PROBED]))["spec"]["containers"]
    assert app["readinessProbe"]["httpGet"]["port"] == 15020


@pytest.mark.parametrize("port", ["", '"x"', '"-1"'])
def test_probes_stay_where_the_agents_port_is_not_known(port: str) -> None:
    template = REWRITE.replace('"15020"', port)
    app, _ = admitted(injector(template), pod(containers=[PROBED]))["spec"]["containers"]
    assert app["readinessProbe"] == PROBED["readinessProbe"]


CONCURRENCY = [
    # resources, arguments, what is appended
    ("{limits: {cpu: 2}}", "[proxy]", ["--concurrency", "2"]),
    ("{limits: {cpu: 1500m}, requests: {cpu: 5}}", "[proxy]", ["--concurrency", "2"]),
    ("{requests: {cpu: '2.1'}}", "[proxy]", ["--concurrency", "3"]),
    ("{limits: {cpu: 0}, requests: {cpu: 1}}", "[proxy]", ["--concurrency", "1"]),
    ("{}", "[proxy]", []),
    ("{limits: {cpu: 8}}", "[--concurrency, '3']", []),
    ("{limits: {cpu: 8}}", "[-concurrency=3]", []),
    ("{limits: {cpu: 8}}", "[--concurrency=0]", ["--concurrency", "8"]),
    ("{limits: {cpu: 8}}", "[--concurrency, many]", ["--concurrency", "8"]),
]


@pytest.mark.parametrize(("resources", "arguments", "added"), CONCURRENCY)
def test_the_proxy_has_as_many_threads_as_cpus(
    resources: str, arguments: str, added: list[str]
) -> None:
    template = f"containers:\n- name: istio-proxy\n  args: {arguments}\n  resources: {resources}\n"
    proxy = admitted(injector(template), pod())["spec"]["containers"][1]
    given = admitted(injector(f"containers:\n- {{name: istio-proxy, args: {arguments}}}\n"), pod())
    assert proxy["args"] == given["spec"]["containers"][1]["args"] + added


DEPLOYMENT = """
apiVersion: extensions/v1beta1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      containers:
      - name: app
        resources: {limits: {cpu: 1e3}}
        securityContext: {procMount: Default}
      dnsConfig: {nameservers: [1.2.3.4]}
      imagePullSecrets: [{name: own}]
"""


def test_kube_inject_replaces_dns_and_leaves_pull_secrets() -> None:
    text, _ = manifests(injector("dnsConfig: {searches: [x]}\n" + SIDECAR), DEPLOYMENT)
    assert "searches:\n        - x" in text
    assert "nameservers" not in text
    assert "- name: own\n" in text
    assert "name: pull\n" not in text


def test_kube_inject_reads_by_the_yaml_and_the_types_of_its_day() -> None:
    text, _ = manifests(injector(), DEPLOYMENT)
    assert 'cpu: "1e3"\n' in text
    assert "procMount" not in text
    assert "value: web.shop\n" in text


def test_kube_inject_skips_the_hosts_network_alone() -> None:
    refused = "sidecar.istio.io/inject: 'false'"
    text, warnings = manifests(
        injector(),
        f"kind: Pod\nmetadata: {{name: a, annotations: {{{refused}}}}}\nspec: {{}}\n"
        "---\nkind: Pod\nmetadata: {name: b}\nspec: {hostNetwork: true}\n",
    )
    assert text.count("name: istio-proxy") == 1
    assert len(warnings) == 1
    assert "host networking enabled" in warnings[0]


ERRORS = [
    ("[[ if ]]", ConfigError, "template: inject:1: missing value for if"),
    ("[[ .Nope ]]", RenderError, "can't evaluate field Nope in type *inject.SidecarTemplateData"),
    ("x", RenderError, "cannot unmarshal string into Go value of type inject.SidecarInjectionSpec"),
    ("a: b: c", RenderError, "mapping values are not allowed in this context"),
]


@pytest.mark.parametrize(("template", "kind", "message"), ERRORS)
def test_a_broken_template_refuses_the_pod(
    template: str, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as raised:
        injector(template).inject_pod(pod(), local=True)
    assert message in str(raised.value)


def test_a_broken_annotation_refuses_the_pod() -> None:
    given = with_annotations(pod(), **{"status.sidecar.istio.io/port": "x"})
    with pytest.raises(AnnotationError, match=r"status\.sidecar\.istio\.io/port"):
        injector().inject_pod(given)
