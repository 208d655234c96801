"""The checks of annotations in Istio 1.30; the wanted texts are its injector's."""

from __future__ import annotations

import pytest

from pillion.injection.annotations import check, validate
from pillion.injection.errors import AnnotationError

MODE = "sidecar.istio.io/interceptionMode"
PORT = "status.sidecar.istio.io/port"
DELAY = "readiness.status.sidecar.istio.io/initialDelaySeconds"
RANGES = "traffic.sidecar.istio.io/includeOutboundIPRanges"
OUT_RANGES = "traffic.sidecar.istio.io/excludeOutboundIPRanges"
PORTS = "traffic.sidecar.istio.io/includeInboundPorts"
OUT_PORTS = "traffic.sidecar.istio.io/excludeInboundPorts"
INTERFACES = "traffic.sidecar.istio.io/excludeInterfaces"
METRICS = "prometheus.istio.io/merge-metrics"
CPU = "sidecar.istio.io/proxyCPU"
PROXY = "proxy.istio.io/config"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (MODE, "NONE"),
        (PORT, " 80\n"),
        (DELAY, "4294967295"),
        (RANGES, "*"),
        (RANGES, ""),
        (RANGES, "10.0.0.0/8,::/0"),
        (OUT_RANGES, "10.0.0.1/8"),
        (PORTS, "*"),
        (PORTS, ""),
        (PORTS, "  "),
        (PORTS, "80, 090"),
        (INTERFACES, ""),
        (INTERFACES, "eth0, veth-1.a_b"),
        (METRICS, "T"),
        (CPU, "100m"),
        (PROXY, ""),
        (PROXY, "concurrency: 2"),
        ("other/annotation", "\x00"),
    ],
)
def test_values_that_pass(key: str, value: str) -> None:
    assert check({key: value}) == []
    validate({key: value})


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        (MODE, "tproxy", "interceptionMode invalid, use REDIRECT,TPROXY,NONE: tproxy"),
        (
            PORT,
            "",
            (
                "excludeInboundPorts invalid: failed parsing port '': "
                'strconv.ParseUint: parsing "": invalid syntax'
            ),
        ),
        (DELAY, "-1", 'strconv.ParseUint: parsing "-1": invalid syntax'),
        (DELAY, "4294967296", 'strconv.ParseUint: parsing "4294967296": value out of range'),
        (
            RANGES,
            "10.0.0.0/8, ::/0",
            (
                "includeIPRanges invalid: failed parsing cidr ' ::/0': "
                'netip.ParsePrefix(" ::/0"): ParseAddr(" ::"): '
                'each colon-separated field must have at least one digit (at " ::")'
            ),
        ),
        (
            OUT_RANGES,
            "*",
            "excludeIPRanges invalid: failed parsing cidr '*': netip.ParsePrefix(\"*\"): no '/'",
        ),
        (
            PORTS,
            "80,x",
            (
                "includeInboundPorts invalid: failed parsing port 'x': failed parsing port 'x': "
                'strconv.ParseUint: parsing "x": invalid syntax'
            ),
        ),
        (
            OUT_PORTS,
            "*",
            (
                "excludeInboundPorts invalid: failed parsing port '*': failed parsing port '*': "
                'strconv.ParseUint: parsing "*": invalid syntax'
            ),
        ),
        (INTERFACES, ",", "empty interface name"),
        (INTERFACES, "a" * 16, f'interface name "{"a" * 16}" too long (max 15 chars)'),
        (INTERFACES, "0eth", 'interface name "0eth" contains invalid characters'),
        (METRICS, "yes", 'strconv.ParseBool: parsing "yes": invalid syntax'),
        (CPU, "1\n", "value contains control characters"),
        (
            PROXY,
            "drainDuration: 1",
            (
                "failed to convert to apply proxy config: "
                "json: cannot unmarshal number into Go value of type string"
            ),
        ),
    ],
)
def test_values_that_are_refused(key: str, value: str, wanted: str) -> None:
    problems = check({key: value})
    assert [(problem.key, problem.value, problem.message) for problem in problems] == [
        (key, value, wanted)
    ]
    with pytest.raises(AnnotationError) as caught:
        validate({key: value})
    assert str(caught.value) == (
        f"1 error occurred:\n\t* invalid value '{value}' for annotation '{key}': {wanted}\n\n"
    )


def test_a_quantity_that_is_none() -> None:
    (problem,) = check({CPU: "lots"})
    assert "quantities must match the regular expression" in problem.message


def test_all_wrong_values_are_named_at_once() -> None:
    with pytest.raises(AnnotationError) as caught:
        validate({MODE: "x", "fine": "y", METRICS: "z"})
    assert [problem.key for problem in caught.value.problems] == [MODE, METRICS]
    assert str(caught.value).startswith("2 errors occurred:\n\t* invalid value 'x' for")
