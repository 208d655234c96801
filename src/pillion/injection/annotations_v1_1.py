"""The annotations whose values Istio 1.1 checks before it injects a pod.

Follows ``validateAnnotations`` of Istio 1.1's injector, which knows fewer annotations than
today's and reports a wrong port as the number it read, 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pillion.golang import strings
from pillion.golang.net import AddressError, parse_cidr
from pillion.golang.strconv import NumError, parse_uint
from pillion.injection.annotation_checks import AnnotationProblem, interception_mode, uint32
from pillion.injection.errors import AnnotationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.annotation_checks import Check


def validate(annotations: Mapping[str, str]) -> None:
    """Refuse a pod for the values of its annotations.

    Raises:
        AnnotationError: some values are wrong; the message names them all.
    """
    problems = check(annotations)
    if problems:
        raise AnnotationError(render(problems), problems=problems)


def check(annotations: Mapping[str, str]) -> list[AnnotationProblem]:
    """Every wrong value, in the order in which Istio checks them."""
    problems = []
    for key, rule in _RULES.items():
        if key in annotations:
            message = rule(annotations[key])
            if message is not None:
                problems.append(AnnotationProblem(key, annotations[key], message))
    return problems


def render(problems: list[AnnotationProblem]) -> str:
    """The problems as Istio words them together."""
    from pillion.mesh import failures

    return failures.render_2019(
        [
            "injection failed. Invalid value for annotation "
            f"{problem.key}: {problem.value}. Error: {problem.message}"
            for problem in problems
        ]
    )


def _status_port(value: str) -> str | None:
    """Istio names another parameter here, by mistake."""
    problem = _port_problem(value)
    return None if problem is None else f"excludeInboundPorts invalid: {problem}"


def _ports(parameter: str, *, wildcard: bool = False) -> Check:
    """A list of ports; empty is none."""

    def ports(value: str) -> str | None:
        if wildcard and value == "*":
            return None
        text = value.strip(strings.SPACE)
        for port in text.split(",") if text else ():
            problem = _port_problem(port)
            if problem is not None:
                return f"{parameter} invalid: failed parsing port '0': {problem}"
        return None

    return ports


def _port_problem(text: str) -> str | None:
    try:
        parse_uint(text.strip(strings.SPACE), 10, 16)
    except NumError as error:
        return f"failed parsing port '{int(error.value)}': {error}"
    return None


def _ranges(parameter: str, *, wildcard: bool = False) -> Check:
    """A list of CIDR addresses; empty is none."""

    def ranges(value: str) -> str | None:
        if wildcard and value == "*":
            return None
        for cidr in value.split(",") if value else ():
            try:
                parse_cidr(cidr)
            except AddressError as error:
                return f"{parameter} invalid: failed parsing cidr '{cidr}': {error}"
        return None

    return ranges


_RULES: Final[dict[str, Check]] = {
    "sidecar.istio.io/interceptionMode": interception_mode,
    "status.sidecar.istio.io/port": _status_port,
    "readiness.status.sidecar.istio.io/initialDelaySeconds": uint32,
    "readiness.status.sidecar.istio.io/periodSeconds": uint32,
    "readiness.status.sidecar.istio.io/failureThreshold": uint32,
    "readiness.status.sidecar.istio.io/applicationPorts": _ports(
        "readinessApplicationPorts", wildcard=True
    ),
    "traffic.sidecar.istio.io/includeOutboundIPRanges": _ranges("includeIPRanges", wildcard=True),
    "traffic.sidecar.istio.io/excludeOutboundIPRanges": _ranges("excludeIPRanges"),
    "traffic.sidecar.istio.io/includeInboundPorts": _ports("includeInboundPorts", wildcard=True),
    "traffic.sidecar.istio.io/excludeInboundPorts": _ports("excludeInboundPorts"),
}
