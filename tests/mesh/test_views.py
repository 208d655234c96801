"""What templates see of messages."""

from __future__ import annotations

from typing import Any

import pytest

from pillion.golang import json
from pillion.golang.fmt import sprint, sprintf
from pillion.golang.values import MISSING, Int32, Struct, kind_of, type_of
from pillion.mesh import load_mesh
from pillion.mesh.views import as_duration

MESH = """
defaultConfig:
  concurrency: 2
  interceptionMode: TPROXY
  proxyMetadata: {A: a}
  tracing: {zipkin: {address: "z:9411"}}
  drainDuration: 1m30s
"""


@pytest.fixture(scope="module")
def proxy() -> Struct:
    return load_mesh(MESH).proxy_config.view()


def call(value: Any, *names: str) -> Any:
    """What a chain of methods gives."""
    for name in names:
        method = value.method(name)
        assert method is not None
        value = method()
    return value


@pytest.mark.parametrize(
    ("name", "go_type", "printed"),
    [
        ("ConfigPath", "string", "./etc/istio/proxy"),
        ("MeshId", "string", ""),
        ("StatusPort", "int32", "15020"),
        ("FileFlushMinSizeKb", "uint32", "0"),
        ("ProxyMetadata", "map[string]string", "map[A:a]"),
        ("RuntimeValues", "map[string]string", "map[]"),
        ("ExtraStatTags", "[]string", "[]"),
        ("InterceptionMode", "v1alpha1.ProxyConfig_InboundInterceptionMode", "TPROXY"),
        ("ControlPlaneAuthPolicy", "v1alpha1.AuthenticationPolicy", "MUTUAL_TLS"),
        ("Concurrency", "*wrapperspb.Int32Value", "value:2"),
        ("DrainDuration", "*durationpb.Duration", "seconds:90"),
        ("Image", "*v1beta1.ProxyImage", "<nil>"),
        ("Tracing", "*v1alpha1.Tracing", 'zipkin:{address:"z:9411"}'),
    ],
)
def test_fields(proxy: Struct, name: str, go_type: str, printed: str) -> None:
    value = proxy.field(name)
    assert type_of(value) == go_type
    assert sprint(value) == printed
    assert sprint(call(proxy, f"Get{name}")) == printed


def test_what_is_no_field(proxy: Struct) -> None:
    assert proxy.field("ServiceCluster") is MISSING
    assert proxy.field("config_path") is MISSING
    assert proxy.method("GetNobody") is None
    assert proxy.method("Nobody") is None


def test_a_oneof_holds_the_chosen_field(proxy: Struct) -> None:
    chosen = proxy.field("ClusterName")
    assert type_of(chosen) == "*v1alpha1.ProxyConfig_ServiceCluster"
    assert chosen.field("ServiceCluster") == "istio-proxy"
    assert chosen.field("TracingServiceName") is MISSING
    assert list(chosen.fields()) == [("ServiceCluster", "istio-proxy")]
    assert call(proxy, "GetServiceCluster") == "istio-proxy"
    assert sprint(call(proxy, "GetTracingServiceName")) == "APP_LABEL_AND_NAMESPACE"
    assert call(proxy, "GetTracing", "GetZipkin", "GetAddress") == "z:9411"


def test_getters_work_on_nil(proxy: Struct) -> None:
    nothing = call(proxy, "GetPrivateKeyProvider", "GetCryptomb", "GetPollDelay")
    assert nothing.is_nil
    assert type_of(nothing) == "*durationpb.Duration"
    assert call(nothing, "GetSeconds") == 0
    assert call(proxy, "GetPrivateKeyProvider", "GetProvider") is None
    assert call(nothing, "String") == "<nil>"
    assert call(nothing, "AsDuration") == 0


def test_durations(proxy: Struct) -> None:
    duration = proxy.field("DrainDuration")
    assert str(as_duration(duration).string()) == "1m30s"
    assert call(duration, "AsDuration") == 90_000_000_000
    assert duration.field("Seconds") == 90
    with pytest.raises(TypeError):
        as_duration(object())  # type: ignore[arg-type]  # the error is what is tested


def test_enums_are_numbers_with_names(proxy: Struct) -> None:
    mode = proxy.field("InterceptionMode")
    assert mode == 1
    assert call(mode, "String") == "TPROXY"
    assert type(call(mode, "Number")) is Int32
    assert mode.method("Nobody") is None
    assert sprintf("%v %d %s", mode, mode, mode) == "TPROXY 1 TPROXY"
    unknown = load_mesh("defaultConfig: {interceptionMode: 9}").proxy_config.view()
    assert sprint(unknown.field("InterceptionMode")) == "9"


def test_lists_of_messages() -> None:
    mesh = load_mesh("extensionProviders: []").view()
    providers = mesh.field("ExtensionProviders")
    assert type_of(providers) == "[]*v1alpha1.MeshConfig_ExtensionProvider"
    assert [provider.field("Name") for provider in providers] == [
        "prometheus",
        "stackdriver",
        "envoy",
    ]
    assert call(providers[2], "GetEnvoyFileAccessLog", "GetPath") == "/dev/stdout"


def test_a_struct_is_a_map() -> None:
    text = "{name: a, envoyFileAccessLog: {logFormat: {labels: {k: 1}}}}"
    provider = load_mesh(f"extensionProviders: [{text}]").view().field("ExtensionProviders")[-1]
    labels = call(provider, "GetEnvoyFileAccessLog", "GetLogFormat", "GetLabels")
    assert type_of(labels) == "*structpb.Struct"
    assert call(labels, "AsMap") == {"k": 1.0}


def test_every_field_in_order(proxy: Struct) -> None:
    names = [name for name, _ in proxy.fields()]
    assert names[:4] == ["ConfigPath", "BinaryPath", "ClusterName", "DrainDuration"]
    assert kind_of(proxy).value == "ptr"
    assert "protoreflect.ProtoMessage" in proxy.go_interfaces


def test_the_mesh_holds_the_proxy() -> None:
    mesh = load_mesh(MESH).view()
    assert mesh.field("DefaultConfig").field("ConfigPath") == "./etc/istio/proxy"
    assert sprint(call(mesh, "GetOutboundTrafficPolicy", "GetMode")) == "ALLOW_ANY"
    assert mesh.field("MeshMTLS").is_nil


def test_json_is_that_of_jsonpb(proxy: Struct) -> None:
    assert json.marshal(proxy.field("Tracing")) == '{"zipkin":{"address":"z:9411"}}'
    assert json.marshal(proxy.field("Image")) == "null"


def test_the_types_of_1_1() -> None:
    proxy = load_mesh("", "1.1").proxy_config.view()
    assert type_of(proxy.field("DrainDuration")) == "*types.Duration"
    assert type_of(proxy.field("Concurrency")) == "int32"
    assert str(as_duration(proxy.field("ParentShutdownDuration")).string()) == "1m0s"
