"""The checks of annotations in Istio 1.1; the wanted texts are its injector's."""

from __future__ import annotations

import pytest

from pillion.injection.errors import AnnotationError
from pillion.injection.legacy.annotations import check, validate

MODE = "sidecar.istio.io/interceptionMode"
PORT = "status.sidecar.istio.io/port"
DELAY = "readiness.status.sidecar.istio.io/initialDelaySeconds"
READY = "readiness.status.sidecar.istio.io/applicationPorts"
RANGES = "traffic.sidecar.istio.io/includeOutboundIPRanges"
PORTS = "traffic.sidecar.istio.io/excludeInboundPorts"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (MODE, "TPROXY"),
        (PORT, "0"),
        (READY, "*"),
        (RANGES, "10.0.0.0/08"),
        (PORTS, ""),
        # Checked only later than 1.1.
        ("traffic.sidecar.istio.io/excludeOutboundPorts", "x"),
        ("prometheus.istio.io/merge-metrics", "x"),
        ("proxy.istio.io/config", "["),
    ],
)
def test_values_that_pass(key: str, value: str) -> None:
    assert check({key: value}) == []


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        (MODE, "x", "interceptionMode invalid, use REDIRECT,TPROXY,NONE: x"),
        (
            PORT,
            "x",
            (
                "excludeInboundPorts invalid: failed parsing port '0': "
                'strconv.ParseUint: parsing "x": invalid syntax'
            ),
        ),
        # ParseUint returns the limit beside the error, and only the inner text prints it.
        (
            PORTS,
            "65536",
            (
                "excludeInboundPorts invalid: failed parsing port '0': "
                "failed parsing port '65535': "
                'strconv.ParseUint: parsing "65536": value out of range'
            ),
        ),
        (
            READY,
            "80,x",
            (
                "readinessApplicationPorts invalid: failed parsing port '0': "
                "failed parsing port '0': strconv.ParseUint: parsing \"x\": invalid syntax"
            ),
        ),
        (DELAY, "x", 'strconv.ParseUint: parsing "x": invalid syntax'),
        (
            RANGES,
            "x",
            "includeIPRanges invalid: failed parsing cidr 'x': invalid CIDR address: x",
        ),
    ],
)
def test_values_that_are_refused(key: str, value: str, wanted: str) -> None:
    with pytest.raises(AnnotationError) as caught:
        validate({key: value})
    assert str(caught.value) == (
        "1 error occurred:\n\n* injection failed. "
        f"Invalid value for annotation {key}: {value}. Error: {wanted}"
    )


def test_problems_come_in_the_order_of_the_checks() -> None:
    problems = check({PORTS: "x", DELAY: "y", MODE: "z"})
    assert [problem.key for problem in problems] == [MODE, DELAY, PORTS]
