"""The annotations whose values Istio 1.1 checks before it injects a pod.

Follows ``validateAnnotations`` of Istio 1.1's injector, which knows fewer annotations than
today's and reports a wrong port as the number it read, 0.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from pillion.golang.net import parse_cidr
from pillion.injection import annotation_checks as checks
from pillion.injection.annotation_checks import AnnotationProblem
from pillion.injection.errors import AnnotationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.annotation_checks import Check


def validate(annotations: Mapping[str, str]) -> None:
    """Refuse a pod for the values of its annotations.

    Raises:
        AnnotationError: some values are wrong; the message names them all.
    """
    if problems := check(annotations):
        raise AnnotationError(_text(problems), problems=problems)


def check(annotations: Mapping[str, str]) -> list[AnnotationProblem]:
    """Every wrong value, in the order in which Istio checks them."""
    problems = []
    for key, rule in _RULES.items():
        if key in annotations:
            message = rule(annotations[key])
            if message is not None:
                problems.append(AnnotationProblem(key, annotations[key], message))
    return problems


def _text(problems: list[AnnotationProblem]) -> str:
    """The problems as Istio words them together."""
    from pillion.mesh import failures

    return failures.render_legacy(
        [
            "injection failed. Invalid value for annotation "
            f"{problem.key}: {problem.value}. Error: {problem.message}"
            for problem in problems
        ]
    )


_port = checks.port(lambda _, error: int(error.value))
_ports = partial(checks.ports, port=checks.listed_port(_port, lambda _: 0))
_cidrs = partial(checks.cidrs, parse=parse_cidr)
_RULES: Final[dict[str, Check]] = {
    "sidecar.istio.io/interceptionMode": checks.interception_mode,
    "status.sidecar.istio.io/port": checks.status_port(_port),
    "readiness.status.sidecar.istio.io/initialDelaySeconds": checks.uint32,
    "readiness.status.sidecar.istio.io/periodSeconds": checks.uint32,
    "readiness.status.sidecar.istio.io/failureThreshold": checks.uint32,
    "readiness.status.sidecar.istio.io/applicationPorts": _ports(
        "readinessApplicationPorts", wildcard=True
    ),
    "traffic.sidecar.istio.io/includeOutboundIPRanges": _cidrs("includeIPRanges", wildcard=True),
    "traffic.sidecar.istio.io/excludeOutboundIPRanges": _cidrs("excludeIPRanges"),
    "traffic.sidecar.istio.io/includeInboundPorts": _ports("includeInboundPorts", wildcard=True),
    "traffic.sidecar.istio.io/excludeInboundPorts": _ports("excludeInboundPorts"),
}
