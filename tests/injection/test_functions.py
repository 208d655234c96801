"""Istio's functions, called from templates as their authors do."""

from __future__ import annotations

from typing import Any

import pytest

from pillion import gotemplate, mesh
from pillion.golang.values import Map
from pillion.gotemplate.errors import ExecError
from pillion.injection.function_table import table
from pillion.injection.generation import Generation
from pillion.injection.template_data import TemplateData
from pillion.kubernetes.views import view

CONTAINERS = [
    {
        "name": "app",
        "image": "hub:5000/app:1.2@sha256:ab",
        "ports": [
            {"containerPort": 80},
            {"containerPort": 53, "protocol": "UDP"},
        ],
    },
    {"name": "istio-proxy", "ports": [{"containerPort": 15090, "protocol": "TCP"}]},
]
MESH = """
defaultConfig: {drainDuration: 1m30s, statusPort: 15021}
extensionProviders:
- name: otel
  opentelemetry: {service: s, port: 1, serviceAttributeEnrichment: OTEL_SEMANTIC_CONVENTIONS}
"""


def render(text: str, **fields: Any) -> str:
    config = mesh.load_mesh(MESH)
    data = TemplateData(
        "*inject.SidecarTemplateData",
        {
            "Meta": view({"annotations": {"a": "1", "empty": ""}}, "meta/v1.ObjectMeta"),
            "Spec": view({"containers": CONTAINERS}, "core/v1.PodSpec"),
            "Mesh": config.view(),
            "Proxy": config.proxy_config.view(),
            "Labels": Map("map[string]string", {"b": "2", "a": "<1>"}, zero=""),
            "Nil": None,
            **fields,
        },
    )
    functions = table(Generation.CURRENT)
    return gotemplate.compile(text, name="inject", functions=functions).render(data)


CASES = [
    ("formatDuration .Proxy.DrainDuration", "1m30s"),
    ('isset .Labels "a"', "true"),
    ('isset .Labels "c"', "false"),
    ('excludeInboundPort 15020 "80, 443"', "80,443,15020"),
    ('excludeInboundPort "443" "80,443"', "80,443"),
    ('excludeInboundPort 0 " 80"', " 80"),
    ('excludeInboundPort "" "80"', "80"),
    ('excludeInboundPort 5 ",,"', "5"),
    ("includeInboundPorts .Spec.Containers", "80,15090"),
    ("applicationPorts .Spec.Containers", "80"),
    ('kubevirtInterfaces "net1"', "net1"),
    ('excludeInterfaces "net1"', "net1"),
    ('annotation .Meta "a" "x"', "1"),
    ('annotation .Meta "empty" "x"', ""),
    ('annotation .Meta "none" 5', "5"),
    ('annotation .Meta "none" .Nil', "<nil>"),
    ('valueOrDefault "" "x"', "x"),
    ("valueOrDefault .Nil 5", "5"),
    ("valueOrDefault 0 5", "0"),
    ("toJSON .Labels", '{"a":"\\u003c1\\u003e","b":"2"}'),
    ('(fromJSON "[1, {}]") | len', "2"),
    ('fromJSON "nonsense"', "{}"),
    (
        "structToJSON (index .Spec.Containers 0).Ports",
        '[{"containerPort":80},{"containerPort":53,"protocol":"UDP"}]',
    ),
    ("structToJSON .Nil", "{}"),
    ("protoToJSON .Proxy", '{"drainDuration":"90s","statusPort":15021}'),
    ("protoToJSON nil", "{}"),
    ('toYaml (dict "b" 1 "a" (list "x" true))', "a:\n- x\n- true\nb: 1\n"),
    ("toYaml .Nil", "null\n"),
    ('indent 2 "a\\nb\\n"', "a\n  b\n  "),
    ('indent -1 "a\\nb"', "a\n b"),
    ('directory "/etc/certs/ca.pem"', "/etc/certs/"),
    ('directory "ca.pem"', ""),
    ('contains "b" "abc"', "true"),
    ('contains "abc" "b"', "false"),
    ('toLower "ÀB"', "àb"),
    ('env "PILLION_NOT_SET_ANYWHERE" "x"', "x"),
    ('omit .Labels "a" | toJSON', '{"b":"2"}'),
    ('strdict "a" "1" "b" | toJSON', '{"a":"1","b":""}'),
    ('(strdict "a" "1").nope', "<no value>"),
    ('toJsonMap (strdict "a" "1") (strdict "a" "2" "b" "3")', '{"a":"2","b":"3"}'),
    ("toJsonMap", "null"),
    ('mergeMaps (strdict "a" "1") (strdict "a" "2") | toJSON', '{"a":"2"}'),
    ("mergeMaps | toJSON", "{}"),
    ('omitNil (dict "a" .Nil "b" (list .Nil 1) "c" (dict "d" .Nil)) | toYaml', "b:\n- 1\n"),
    ('omitNil (dict "a" .Nil) | toYaml', "null\n"),
    ('omitNil (list 0 false "") | toYaml', '- 0\n- false\n- ""\n'),
    (
        'otelResourceAttributes .Mesh .Labels .Labels "shop" .Spec.Containers',
        "service.namespace=shop,service.instance.id=shop.$(POD_NAME).app",
    ),
]


@pytest.mark.parametrize(("action", "wanted"), CASES)
def test_functions(action: str, wanted: str) -> None:
    assert render(f"{{{{ {action} }}}}") == wanted


ERRORS = [
    (
        "omit (dict)",
        "wrong type for value; expected map[string]string; got map[string]interface {}",
    ),
    (
        "protoToJSON .Labels",
        "wrong type for value; expected protoreflect.ProtoMessage; got map[string]string",
    ),
    ("indent 2 .Nil", "wrong type for value; expected string; got interface {}"),
    ("isset .Labels 5", "expected string; found 5"),
]


@pytest.mark.parametrize(("action", "message"), ERRORS)
def test_wrong_arguments(action: str, message: str) -> None:
    with pytest.raises(ExecError) as error:
        render(f"{{{{ {action} }}}}")
    assert message in str(error.value)


NETWORKS = [
    ("", "istio-cni", "istio-cni"),
    ("a, istio-cni", "istio-cni", "a, istio-cni"),
    ("a", "default/istio-cni", "a, default/istio-cni"),
    (
        '[{"name":"a"}]',
        "default/istio-cni",
        '[{"name":"a"}, {"name": "istio-cni", "namespace": "default"}]',
    ),
    ('[{"name":"a"}]', "istio-cni", '[{"name":"a"}, {"name": "istio-cni"}]'),
    ('[{"name":"istio-cni"}]', "istio-cni", '[{"name":"istio-cni"}]'),
    (
        '[{"name":"istio-cni"}]',
        "d/istio-cni",
        '[{"name":"istio-cni"}, {"name": "istio-cni", "namespace": "d"}]',
    ),
    (
        '[{"name":"istio-cni","namespace":"d"}]',
        "d/istio-cni",
        '[{"name":"istio-cni","namespace":"d"}]',
    ),
    ("[broken]", "istio-cni", "[broken]"),
    ('{"a":[]}', "istio-cni", '{"a":[]}'),
]


@pytest.mark.parametrize(("existing", "network", "wanted"), NETWORKS)
def test_append_multus_network(existing: str, network: str, wanted: str) -> None:
    fields = {"Existing": existing, "Network": network}
    assert render("{{ appendMultusNetwork .Existing .Network }}", **fields) == wanted


PREFIX = "resource.opentelemetry.io/"
OTEL = [
    ({}, {}, "app", "service.namespace=shop,service.instance.id=shop.$(POD_NAME).app"),
    (
        {},
        {},
        "app:1",
        "service.namespace=shop,service.version=1,service.instance.id=shop.$(POD_NAME).app",
    ),
    (
        {},
        {},
        "h:5/app@sha256:x",
        "service.namespace=shop,service.version=sha256:x,service.instance.id=shop.$(POD_NAME).app",
    ),
    (
        {},
        {},
        "app:1@sha256:x",
        "service.namespace=shop,service.version=1@sha256:x,service.instance.id=shop.$(POD_NAME).app",
    ),
    (
        {},
        {"app.kubernetes.io/version": "9"},
        "app:1",
        "service.namespace=shop,service.version=9,service.instance.id=shop.$(POD_NAME).app",
    ),
    (
        {
            f"{PREFIX}service.namespace": "n",
            f"{PREFIX}service.version": "v",
            f"{PREFIX}service.instance.id": "i",
        },
        {},
        "app:1",
        "service.namespace=n,service.version=v,service.instance.id=i",
    ),
]


@pytest.mark.parametrize(("annotations", "labels", "image", "wanted"), OTEL)
def test_otel_resource_attributes(
    annotations: dict[str, str], labels: dict[str, str], image: str, wanted: str
) -> None:
    strings = "map[string]string"
    fields = {
        "A": Map(strings, annotations, zero=""),
        "L": Map(strings, labels, zero=""),
        "C": view([{"name": "app", "image": image}], "[]core/v1.Container"),
    }
    action = '{{ otelResourceAttributes .Mesh .A .L "shop" .C }}'
    assert render(action, **fields) == wanted


def test_no_otel_attributes_unless_a_provider_asks_for_them() -> None:
    action = '{{ otelResourceAttributes .Mesh .Labels .Labels "shop" .Spec.Containers }}'
    assert render(action, Mesh=mesh.load_mesh("").view()) == ""
