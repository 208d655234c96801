"""The annotations whose values Istio 1.1 checks before it injects a pod.

Follows ``validateAnnotations`` of Istio 1.1's injector, which knows fewer annotations than
today's and reports a wrong port as the number it read, 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pillion.golang.net import parse_cidr
from pillion.golang.strconv import NumError
from pillion.injection.annotation_checks import (
    AnnotationProblem,
    cidrs,
    interception_mode,
    parse_port,
    ports,
    uint32,
)
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

    return failures.render_legacy(
        [
            "injection failed. Invalid value for annotation "
            f"{problem.key}: {problem.value}. Error: {problem.message}"
            for problem in problems
        ]
    )


def _status_port(value: str) -> str | None:
    """Istio names another parameter here, by mistake."""
    problem = _port(value)
    return None if problem is None else f"excludeInboundPorts invalid: {problem}"


def _port(text: str) -> str | None:
    try:
        parse_port(text)
    except NumError as error:
        return f"failed parsing port '{int(error.value)}': {error}"
    return None


def _listed_port(text: str) -> str | None:
    problem = _port(text)
    return None if problem is None else f"failed parsing port '0': {problem}"


_RULES: Final[dict[str, Check]] = {
    "sidecar.istio.io/interceptionMode": interception_mode,
    "status.sidecar.istio.io/port": _status_port,
    "readiness.status.sidecar.istio.io/initialDelaySeconds": uint32,
    "readiness.status.sidecar.istio.io/periodSeconds": uint32,
    "readiness.status.sidecar.istio.io/failureThreshold": uint32,
    "readiness.status.sidecar.istio.io/applicationPorts": ports(
        "readinessApplicationPorts", _listed_port, wildcard=True
    ),
    "traffic.sidecar.istio.io/includeOutboundIPRanges": cidrs(
        "includeIPRanges", parse_cidr, wildcard=True
    ),
    "traffic.sidecar.istio.io/excludeOutboundIPRanges": cidrs("excludeIPRanges", parse_cidr),
    "traffic.sidecar.istio.io/includeInboundPorts": ports(
        "includeInboundPorts", _listed_port, wildcard=True
    ),
    "traffic.sidecar.istio.io/excludeInboundPorts": ports("excludeInboundPorts", _listed_port),
}
