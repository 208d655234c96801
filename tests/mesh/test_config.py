"""Mesh and proxy configuration over the defaults.

The wanted texts are those of Istio's pkg/config/mesh.
"""

from __future__ import annotations

import pytest

from pillion.mesh import MeshError, check_proxy_config, load_mesh
from pillion.mesh.encoding import to_value


def proxy(mesh: str, annotation: str | None = None) -> dict[str, object]:
    """What differs from the defaults in the proxy configuration."""
    config = load_mesh(mesh)
    if annotation is not None:
        config = config.merge_proxy_config(annotation)
    value: dict[str, object] = to_value(config.proxy_config.without_defaults().message)
    return value


@pytest.mark.parametrize("text", ["", "null", "# nothing", "{}", "defaultConfig: {}", "other: 1"])
def test_nothing_said_is_the_default(text: str) -> None:
    mesh = load_mesh(text)
    assert mesh.to_yaml() == load_mesh("{}").to_yaml()
    assert mesh.get("trust_domain") == "cluster.local"
    assert mesh.proxy_config.get("status_port") == 15020
    assert proxy(text) == {}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("defaultConfig: {concurrency: 2}", {"concurrency": 2}),
        ("defaultConfig: {concurrency: 0}", {"concurrency": 0}),
        ("defaultConfig: {serviceCluster: istio-proxy}", {}),
        ("defaultConfig: {proxyMetadata: {}}", {}),
        # Another spelling of the field is decoded, but its content is not merged.
        ("default_config: {concurrency: 2}", {}),
        ("defaultConfig: {drainDuration: 0h0m45s}", {}),
    ],
)
def test_what_templates_print_of_a_proxy(text: str, wanted: dict[str, object]) -> None:
    assert proxy(text) == wanted


MESH = """
defaultConfig:
  concurrency: 2
  proxyMetadata: {A: mesh, B: mesh}
  runtimeValues: {a: "1", b: "2"}
  tracing: {zipkin: {address: "z:9411"}, sampling: 10}
  proxyHeaders: {forwardedClientCert: SANITIZE, requestId: {disabled: true}, xForwardedHost: {}}
  extraStatTags: [m]
"""
IN_MESH = {
    "concurrency": 2,
    "proxyMetadata": {"A": "mesh", "B": "mesh"},
    "runtimeValues": {"a": "1", "b": "2"},
    "tracing": {"zipkin": {"address": "z:9411"}, "sampling": 10},
    "proxyHeaders": {
        "forwardedClientCert": "SANITIZE",
        "requestId": {"disabled": True},
        "xForwardedHost": {},
    },
    "extraStatTags": ["m"],
}


@pytest.mark.parametrize(
    ("annotation", "wanted"),
    [
        ("", {}),
        ("null", {}),
        ("concurrency: null", {}),
        ("concurrency: 0", {"concurrency": 0}),
        (
            "proxyMetadata: {B: pod, C: pod}",
            {"proxyMetadata": {"A": "mesh", "B": "pod", "C": "pod"}},
        ),
        ("proxyMetadata: null", {}),
        ("runtimeValues: {b: '3'}", {"runtimeValues": {"b": "3"}}),
        ("tracing: {sampling: 5}", {"tracing": {"sampling": 5}}),
        ("extraStatTags: []", {"extraStatTags": None}),
        (
            "proxyHeaders: {requestId: {}, server: {value: s}}",
            {
                "proxyHeaders": {
                    "forwardedClientCert": "SANITIZE",
                    "requestId": {},
                    "server": {"value": "s"},
                }
            },
        ),
        (
            "proxyHeaders: {forwardedClientCert: UNDEFINED}",
            {
                "proxyHeaders": {
                    "forwardedClientCert": "SANITIZE",
                    "requestId": {"disabled": True},
                }
            },
        ),
        ("discoveryAddress: not-an-address", {"discoveryAddress": "not-an-address"}),
    ],
)
def test_an_annotation_over_the_mesh(annotation: str, wanted: dict[str, object]) -> None:
    merged = {**IN_MESH, **wanted}
    assert proxy(MESH, annotation) == {
        key: value for key, value in merged.items() if value is not None
    }


def test_merging_leaves_the_mesh_as_it_was() -> None:
    mesh = load_mesh(MESH)
    before = mesh.to_yaml()
    mesh.merge_proxy_config("{proxyMetadata: {B: pod}, proxyHeaders: {server: {value: s}}}")
    assert mesh.to_yaml() == before
    assert load_mesh("").to_yaml() == load_mesh("{}").to_yaml()


def test_lists_that_add_up() -> None:
    mesh = load_mesh(
        "trustDomainAliases: [b, a, b]\n"
        "extensionProviders: [{name: envoy, prometheus: {}}, {name: x, stackdriver: {}}]\n"
        "defaultProviders: {tracing: [x]}\n"
        "defaultServiceExportTo: []\n"
    )
    value = to_value(mesh.message)
    assert value["trustDomainAliases"] == ["a", "b"]
    assert value["extensionProviders"] == [
        {"name": "prometheus", "prometheus": {}},
        {"name": "stackdriver", "stackdriver": {}},
        {"name": "envoy", "prometheus": {}},
        {"name": "x", "stackdriver": {}},
    ]
    assert value["defaultProviders"] == {"tracing": ["x"]}
    assert "defaultServiceExportTo" not in value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "[]",
            (
                "failed to convert to proto. "
                "json: cannot unmarshal array into Go value of type map[string]json.RawMessage"
            ),
        ),
        (
            "proxyListenPort: x",
            "failed to convert to proto. invalid character 'x' looking for beginning of value",
        ),
        ("a: [", "failed to convert to proto. yaml: line 1: did not find expected node content"),
        (
            "trustDomain: ''",
            "1 error occurred:\n\t* trustDomain: empty domain name not allowed\n\n",
        ),
    ],
)
def test_errors(text: str, wanted: str) -> None:
    with pytest.raises(MeshError) as caught:
        load_mesh(text)
    assert str(caught.value) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "5",
            (
                "could not parse proxy config: "
                "json: cannot unmarshal number into Go value of type map[string]json.RawMessage"
            ),
        ),
        (
            "{",
            "could not parse proxy config: yaml: line 1: did not find expected node content",
        ),
    ],
)
def test_errors_of_an_annotation(text: str, wanted: str) -> None:
    with pytest.raises(MeshError) as caught:
        load_mesh("").merge_proxy_config(text)
    assert str(caught.value) == wanted


@pytest.mark.parametrize("text", ["", "concurrency: 2", "unknown: 1", "drainDuration: 3s"])
def test_a_checked_annotation(text: str) -> None:
    check_proxy_config(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "concurrency: x",
            (
                "failed to convert to apply proxy config: "
                "invalid character 'x' looking for beginning of value"
            ),
        ),
        (
            "statusPort: 0",
            (
                "1 error occurred:\n\t* invalid status port: "
                "port number 0 must be in the range 1..65535\n\n"
            ),
        ),
    ],
)
def test_errors_of_a_checked_annotation(text: str, wanted: str) -> None:
    with pytest.raises(MeshError) as caught:
        check_proxy_config(text)
    assert str(caught.value) == wanted


def test_the_mesh_of_1_1() -> None:
    mesh = load_mesh("defaultConfig: {concurrency: 3, proxyAdminPort: 0}\nnobody: 1\n", "1.1")
    config = mesh.proxy_config
    assert config.get("concurrency") == 3
    # What is zero is not printed, and so does not reach the second decoding.
    assert config.get("proxy_admin_port") == 15000
    assert config.get("config_path") == "/etc/istio/proxy"
    assert mesh.get("access_log_file") == "/dev/stdout"
    assert mesh.get("disable_policy_checks") is True


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "proxyListenPort: x",
            "failed to convert to proto. json: cannot unmarshal string into Go value of type int32",
        ),
        (
            "{proxyListenPort: 0, connectTimeout: 0s}",
            (
                "2 errors occurred:\n\n"
                "* invalid proxy listen port: port number 0 must be in the range 1..65535\n"
                "* invalid connect timeout: duration must be greater than 1ms"
            ),
        ),
    ],
)
def test_errors_of_1_1(text: str, wanted: str) -> None:
    with pytest.raises(MeshError) as caught:
        load_mesh(text, "1.1")
    assert str(caught.value) == wanted
