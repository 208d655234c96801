"""The annotations whose values Istio 1.1 checks before it injects a pod.

Follows ``validateAnnotations`` of Istio 1.1's injector, which knows fewer annotations than
today's and reports a wrong port as the number it read, 0.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from pillion.golang.net import parse_cidr
from pillion.golang.strconv import NumError
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


def _status_port(value: str) -> str | None:
    """Istio names another parameter here, by mistake."""
    problem = _port(value)
    return None if problem is None else f"excludeInboundPorts invalid: {problem}"


def _port(text: str) -> str | None:
    try:
        checks.parse_port(text)
    except NumError as error:
        return f"failed parsing port '{int(error.value)}': {error}"
    return None


def _listed_port(text: str) -> str | None:
    problem = _port(text)
    return None if problem is None else f"failed parsing port '0': {problem}"


_ports = partial(checks.ports, port=_listed_port)
_cidrs = partial(checks.cidrs, parse=parse_cidr)
_RULES: Final[dict[str, Check]] = {
    "sidecar.istio.io/interceptionMode": checks.interception_mode,
    "status.sidecar.istio.io/port": _status_port,
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
