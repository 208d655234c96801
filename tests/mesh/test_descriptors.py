"""The data about Istio's messages, and their names in Go."""

from __future__ import annotations

import pytest

from pillion.mesh.descriptors import Api, camel_case, current_api, legacy_api, values_api

MESH = "istio.mesh.v1alpha1.MeshConfig"
PROXY = "istio.mesh.v1alpha1.ProxyConfig"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("proxy_listen_port", "ProxyListenPort"),
        ("mesh_mTLS", "MeshMTLS"),
        ("sds_use_k8s_sa_jwt", "SdsUseK8SSaJwt"),
        ("h2_upgrade_policy", "H2UpgradePolicy"),
        ("_hidden", "XHidden"),
        ("a_1b", "A_1B"),
        ("rollingMaxSurge", "RollingMaxSurge"),
    ],
)
def test_go_names(name: str, wanted: str) -> None:
    assert camel_case(name) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (MESH, "v1alpha1.MeshConfig"),
        (f"{MESH}.OutboundTrafficPolicy.Mode", "v1alpha1.MeshConfig_OutboundTrafficPolicy_Mode"),
        ("istio.networking.v1beta1.ProxyImage", "v1beta1.ProxyImage"),
        ("google.protobuf.Duration", "durationpb.Duration"),
        ("google.protobuf.BoolValue", "wrapperspb.BoolValue"),
        ("google.protobuf.Struct", "structpb.Struct"),
    ],
)
def test_go_types(name: str, wanted: str) -> None:
    assert current_api().go_type(name) == wanted


def test_go_types_of_1_1() -> None:
    assert legacy_api().go_type("google.protobuf.Duration") == "types.Duration"


def test_a_field_knows_what_it_holds() -> None:
    fields = current_api().message(PROXY).fields
    assert fields["proxy_metadata"].key == "string"
    assert fields["extra_stat_tags"].repeated
    assert fields["service_cluster"].oneof == "cluster_name"
    assert fields["service_cluster"].presence
    assert fields["drain_duration"].message == "google.protobuf.Duration"
    assert fields["interception_mode"].enum == f"{PROXY}.InboundInterceptionMode"
    assert fields["mesh_id"].json_name == "meshId"


def test_a_name_of_its_own_beats_the_derived_one() -> None:
    gateways = values_api().message("istio.operator.v1alpha1.GatewaysConfig")
    assert gateways.fields["istio_ingressgateway"].json_name == "istio-ingressgateway"


def test_of_two_names_for_a_number_the_first_counts() -> None:
    enum = legacy_api().enum("istio.networking.v1alpha3.TLSSettings.TLSmode")
    assert enum.by_number[3] == "ISTIO_MUTUAL"
    api = Api("enum a.E\n ONE 1\n UNO 1\n", {})
    assert api.enum("a.E").by_number == {1: "ONE"}
    assert api.enum("a.E").by_name == {"ONE": 1, "UNO": 1}


def test_an_enum_of_1_1_is_registered_by_another_name() -> None:
    enum = legacy_api().enum(f"{MESH}.AccessLogEncoding")
    assert enum.registered_name == "istio.mesh.v1alpha1.MeshConfig_AccessLogEncoding"


def test_the_holder_of_a_oneof_avoids_the_name_of_a_nested_type() -> None:
    proxy = current_api().message(PROXY)
    plain, taken = proxy.fields["service_cluster"], proxy.fields["tracing_service_name"]
    assert proxy.wrapper_type(plain) == "*v1alpha1.ProxyConfig_ServiceCluster"
    assert proxy.wrapper_type(taken) == "*v1alpha1.ProxyConfig_TracingServiceName_"


@pytest.mark.parametrize("api", [current_api(), legacy_api(), values_api()])
def test_every_type_that_is_mentioned_is_there(api: Api) -> None:
    waiting, seen = [MESH] if api is not values_api() else ["istio.operator.v1alpha1.Values"], set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        for field in api.message(name).fields.values():
            if field.enum:
                assert api.enum(field.enum).by_name
            elif field.message and field.message not in seen:
                waiting.append(field.message)
    assert len(seen) > 10
