"""What is demanded of meshes and proxies; the wanted texts are Istio's."""

from __future__ import annotations

from typing import Any

import pytest

from pillion.golang import json
from pillion.mesh import MeshError, check_proxy_config, load_mesh, localities
from pillion.mesh.hosts import address_problem, name_problem, trust_domain_problem, wildcard_problem

LONG = "a" * 64


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("a.b:1", None),
        ("a.b.:65535", None),
        ("[::1]:80", None),
        ("127.0.0.1:80", None),
        ("a:0", "port number 0 must be in the range 1..65535"),
        ("a:65536", "port number 65536 must be in the range 1..65535"),
        ("a:b", 'port (b) is not a number: strconv.Atoi: parsing "b": invalid syntax'),
        ("a", 'unable to split "a": address a: missing port in address'),
        (":80", '"" is not a valid hostname or an IP address'),
        ("a_b:80", '"a_b" is not a valid hostname or an IP address'),
        ("a.1:80", '"a.1" is not a valid hostname or an IP address'),
    ],
)
def test_addresses(address: str, wanted: str | None) -> None:
    assert address_problem(address) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a.b", None),
        ("a.b.", None),
        ("A-1.b", None),
        ("", "empty domain name not allowed"),
        (LONG, f'domain name "{LONG}" invalid (label "{LONG}" invalid)'),
        ("a..b", 'domain name "a..b" invalid (label "" invalid)'),
        ("a.-b", 'domain name "a.-b" invalid (label "-b" invalid)'),
        (
            "a.10",
            'domain name "a.10" invalid (top level domain "10" cannot be all-numeric)',
        ),
        ("a." * 128, f'domain name "{"a." * 128}" too long (max 255)'),
    ],
)
def test_names(name: str, wanted: str | None) -> None:
    assert name_problem(name) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("*", None),
        ("*.a", None),
        ("*-a.b", None),
        ("*a.b", None),
        ("a*.b", 'domain name "a*.b" invalid (label "a*" invalid)'),
        ("*.*.b", 'domain name "*.b" invalid (label "*" invalid)'),
        ("", "empty domain name not allowed"),
    ],
)
def test_wildcards(name: str, wanted: str | None) -> None:
    assert wildcard_problem(name) == wanted


@pytest.mark.parametrize(
    ("domain", "wanted"),
    [
        ("cluster.local", None),
        ("a.", None),
        ("1", None),
        ("a_b", 'trust domain name "a_b" invalid'),
        ("", "empty domain name not allowed"),
    ],
)
def test_trust_domains(domain: str, wanted: str | None) -> None:
    assert trust_domain_problem(domain) == wanted


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["a", "b"], None),
        (["a/b", "a/c"], None),
        (["a/b/c", "a/b/d"], None),
        (["a/b", "a/*"], None),
        (["a/*", "a/b"], "locality a/b overlap with previous specified ones"),
        (["a", "a/b"], "locality a/b overlap with previous specified ones"),
        (["a/b", "a"], "locality a overlap with previous specified ones"),
        (["a/b/*", "a/b/c"], "locality a/b/c overlap with previous specified ones"),
        (["a/b/c", "a/b"], "locality a/b overlap with previous specified ones"),
        (["*", "a"], "locality a overlap with previous specified ones"),
        (["a", "*"], None),
        (["a//b"], "locality a//b must not contain empty region/zone/subzone info"),
        (
            ["a*/b"],
            "locality a*/b wildcard '*' number can not exceed 1 and must be in the end",
        ),
    ],
)
def test_localities(names: list[str], wanted: str | None) -> None:
    assert localities.overlap_problem(names) == wanted


def problems(text: str) -> list[str]:
    return text.strip().removeprefix("\t").split("\n\t* ")[1:]


@pytest.mark.parametrize(
    ("config", "wanted"),
    [
        ({"configPath": ""}, ["config path must be set"]),
        (
            {"binaryPath": "", "serviceCluster": ""},
            ["binary path must be set", "service cluster must be specified"],
        ),
        ({"tracingServiceName": "APP_LABEL_AND_NAMESPACE"}, []),
        ({"drainDuration": "0s"}, ["invalid drain duration: duration must be greater than 1ms"]),
        (
            {"drainDuration": "1ms1us"},
            ["invalid drain duration: only durations to ms precision are supported"],
        ),
        ({"drainDuration": "1.5s"}, ["drain time only supports durations to seconds precision"]),
        (
            {"discoveryAddress": ""},
            ["discovery address must be set to the proxy discovery service"],
        ),
        (
            {"tracing": {"lightstep": {}}},
            [
                "invalid lightstep config: address is required",
                (
                    "invalid lightstep config: invalid lightstep address: "
                    'unable to split "": missing port in address'
                ),
                "invalid lightstep config: access token is required",
            ],
        ),
        ({"tracing": {"zipkin": {"address": "$(HOST_IP):9411"}}}, []),
        ({"tracing": {"datadog": {"address": "$(HOST_IP):8126"}}}, []),
        (
            {"tracing": {"tlsSettings": {"mode": "MUTUAL"}}},
            [
                "invalid tracing TLS config: client certificate required for mutual tls",
                "invalid tracing TLS config: private key required for mutual tls",
            ],
        ),
        (
            {
                "tracing": {
                    "tlsSettings": {
                        "mode": "SIMPLE",
                        "insecureSkipVerify": True,
                        "subjectAltNames": ["a"],
                    }
                }
            },
            [
                (
                    "invalid tracing TLS config: cannot specify CaCertificates or "
                    "CredentialName or "
                    "SubjectAltNames when InsecureSkipVerify is set true"
                )
            ],
        ),
        ({"tracing": {"tlsSettings": {"mode": "SIMPLE", "subjectAltNames": []}}}, []),
        (
            {"statsdUdpAddress": "x"},
            [
                (
                    'invalid statsd udp address "x": unable to split "x": '
                    "address x: missing port in address"
                )
            ],
        ),
        ({"envoyMetricsService": {}, "envoyAccessLogService": {"address": "a:1"}}, []),
        (
            {"controlPlaneAuthPolicy": 7},
            ['invalid authentication policy: unrecognized control plane auth policy "7"'],
        ),
        (
            {"proxyAdminPort": 0},
            ["invalid proxy admin port: port number 0 must be in the range 1..65535"],
        ),
        (
            {"privateKeyProvider": {}},
            [
                (
                    "invalid private key provider configuration: "
                    "private key provider configuration is required"
                ),
                "invalid private key provider configuration: unknown private key provider",
            ],
        ),
        (
            {"privateKeyProvider": {"qat": {"pollDelay": "0s"}}},
            ["invalid private key provider configuration: pollDelay must be non zero"],
        ),
    ],
)
def test_proxies(config: dict[str, Any], wanted: list[str]) -> None:
    found: list[str] = []
    try:
        check_proxy_config(json.marshal(config))
    except MeshError as error:
        found = problems(error.message)
    assert found == wanted


@pytest.mark.parametrize(
    ("mesh", "wanted"),
    [
        (
            "proxyListenPort: 0",
            "invalid proxy listen port: port number 0 must be in the range 1..65535",
        ),
        ("connectTimeout: 2h", "invalid connect timeout: time 2h0m0s must be >1ms and <1h0m0s"),
        (
            "protocolDetectionTimeout: 1us",
            "invalid protocol detection timeout: only durations to ms precision are supported",
        ),
        (
            "localityLbSetting: {distribute: [{from: a}], failover: [{from: a}]}",
            "can not simultaneously specify 'distribute' and 'failover'",
        ),
        (
            (
                "localityLbSetting: {failover: [{}], "
                "failoverPriority: [topology.kubernetes.io/region]}"
            ),
            (
                "can not simultaneously set 'failover' and topology label "
                "'topology.kubernetes.io/region' in 'failover_priority'"
            ),
        ),
        (
            "localityLbSetting: {distribute: [{from: a, to: {b: 90}}]}",
            "total locality weight 90 != 100",
        ),
        (
            "localityLbSetting: {distribute: [{from: a, to: {b: 101}}]}",
            "locality weight must be in range [1, 100]",
        ),
        (
            "localityLbSetting: {failover: [{from: a, to: a}]}",
            "locality lb failover settings must specify different regions",
        ),
        (
            "localityLbSetting: {failover: [{from: a/*, to: b}]}",
            (
                "2 errors occurred:\n\t* locality lb failover only specify region\n"
                "\t* locality lb failover region should not contain '*' wildcard\n\n"
            ),
        ),
        (
            "serviceSettings: [{hosts: [a, '**']}]",
            (
                "1 error occurred:\n\t* serviceSettings[0], host `**`: "
                'domain name "**" invalid (label "**" invalid)\n\n'
            ),
        ),
        (
            "trustDomainAliases: [b, a_]",
            (
                "1 error occurred:\n\t* trustDomainAliases[0], domain `a_` : "
                'trust domain name "a_" invalid\n\n'
            ),
        ),
        (
            "meshMTLS: {ecdhCurves: [P-256]}",
            "1 error occurred:\n\t* mesh TLS does not support ECDH curves configuration\n\n",
        ),
        (
            "{proxyListenPort: 0, trustDomain: ''}",
            (
                "2 errors occurred:\n"
                "\t* invalid proxy listen port: port number 0 must be in the range 1..65535\n"
                "\t* trustDomain: empty domain name not allowed\n\n"
            ),
        ),
    ],
)
def test_meshes(mesh: str, wanted: str) -> None:
    with pytest.raises(MeshError) as caught:
        load_mesh(mesh)
    assert caught.value.message == wanted


@pytest.mark.parametrize(
    ("mesh", "wanted"),
    [
        ("mixerCheckServer: x", "invalid Policy Check Server address:"),
        ("mixerReportServer: x", "invalid Telemetry Server address:"),
        (
            "defaultConfig: {drainDuration: 2s, parentShutdownDuration: 1s}",
            (
                "invalid parent and drain time combination "
                "parent shutdown time 1s must be greater than drain time 2s"
            ),
        ),
        (
            "defaultConfig: {drainDuration: 1us}",
            (
                "invalid parent and drain time combination "
                "invalid drain duration: duration must be greater than 1ms"
            ),
        ),
        (
            "defaultConfig: {parentShutdownDuration: 2h}",
            "invalid parent and drain time combination parent shutdown time 2h0m0s must be <1h0m0s",
        ),
        (
            "defaultConfig: {connectTimeout: 31s}",
            "invalid connect timeout: time 31s must be >1ms and <30s",
        ),
        ("defaultConfig: {tracing: {zipkin: {address: x}}}", "invalid zipkin config:"),
        (
            "defaultConfig: {tracing: {lightstep: {address: 'a:1', accessToken: t, secure: true}}}",
            "invalid lightstep config: cacertPath is required",
        ),
        (
            "defaultConfig: {controlPlaneAuthPolicy: INHERIT}",
            'unrecognized control plane auth policy "INHERIT"',
        ),
        ("defaultConfig: {statsdUdpAddress: x}", 'invalid statsd udp address "x":'),
        (
            "localityLbSetting: {distribute: [{from: a, to: {b: 0}}]}",
            "locality weight must not be in range [1, 100]",
        ),
    ],
)
def test_meshes_of_1_1(mesh: str, wanted: str) -> None:
    with pytest.raises(MeshError) as caught:
        load_mesh(mesh, "1.1")
    assert caught.value.message.startswith(f"1 error occurred:\n\n* {wanted}")
