"""The annotations whose values Istio 1.30 checks before it injects a pod.

Follows ``validate.go`` of Istio's injector. The value of ``proxy.istio.io/config`` is checked
over the defaults of Istio, whatever the mesh says.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING, Final

from pillion.golang import strings
from pillion.golang.net import parse_prefix
from pillion.golang.strconv import NumError, parse_bool, quote
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
    """Every wrong value, in the order of the annotations."""
    problems = []
    for key, value in annotations.items():
        rule = _RULES.get(key)
        message = rule(value) if rule is not None else None
        if message is not None:
            problems.append(AnnotationProblem(key, value, message))
    return problems


def _text(problems: list[AnnotationProblem]) -> str:
    """The problems as Istio words them together."""
    from pillion.mesh import failures

    return failures.render(
        [
            f"invalid value '{problem.value}' for annotation '{problem.key}': {problem.message}"
            for problem in problems
        ]
    )


def _interfaces(value: str) -> str | None:
    """A list of names of network interfaces."""
    for interface in value.split(",") if value else ():
        name = interface.strip(strings.SPACE)
        if not name:
            return "empty interface name"
        if len(strings.to_bytes(name)) > _INTERFACE_MAX:
            return f"interface name {quote(name)} too long (max {_INTERFACE_MAX} chars)"
        if not _INTERFACE.fullmatch(name):
            return f"interface name {quote(name)} contains invalid characters"
    return None


def _boolean(value: str) -> str | None:
    try:
        parse_bool(value)
    except NumError as error:
        return str(error)
    return None


def _quantity(value: str) -> str | None:
    from pillion.kubernetes import quantity
    from pillion.kubernetes.errors import QuantityError

    if any(unicodedata.category(letter) == "Cc" for letter in value):
        return "value contains control characters"
    try:
        quantity.canonical(value)
    except QuantityError as error:
        return str(error)
    return None


def _proxy_config(value: str) -> str | None:
    from pillion.mesh import check_proxy_config
    from pillion.mesh.errors import MeshError

    try:
        check_proxy_config(value)
    except MeshError as error:
        return str(error)
    return None


_INTERFACE_MAX: Final = 15
_INTERFACE: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9_.\-]*")
_port = checks.port(lambda text, _: text)
_ports = partial(checks.ports, port=checks.listed_port(_port, lambda text: text))
_cidrs = partial(checks.cidrs, parse=parse_prefix)
_RULES: Final[dict[str, Check]] = {
    "sidecar.istio.io/interceptionMode": checks.interception_mode,
    "status.sidecar.istio.io/port": checks.status_port(_port),
    "readiness.status.sidecar.istio.io/initialDelaySeconds": checks.uint32,
    "readiness.status.sidecar.istio.io/periodSeconds": checks.uint32,
    "readiness.status.sidecar.istio.io/failureThreshold": checks.uint32,
    "traffic.sidecar.istio.io/includeOutboundIPRanges": _cidrs("includeIPRanges", wildcard=True),
    "traffic.sidecar.istio.io/excludeOutboundIPRanges": _cidrs("excludeIPRanges"),
    "traffic.sidecar.istio.io/includeInboundPorts": _ports("includeInboundPorts", wildcard=True),
    "traffic.sidecar.istio.io/excludeInboundPorts": _ports("excludeInboundPorts"),
    "traffic.sidecar.istio.io/excludeOutboundPorts": _ports("excludeOutboundPorts"),
    "traffic.sidecar.istio.io/excludeInterfaces": _interfaces,
    "traffic.sidecar.istio.io/kubevirtInterfaces": _interfaces,
    "istio.io/reroute-virtual-interfaces": _interfaces,
    "prometheus.istio.io/merge-metrics": _boolean,
    "proxy.istio.io/config": _proxy_config,
    "sidecar.istio.io/proxyCPU": _quantity,
    "sidecar.istio.io/proxyMemory": _quantity,
    "sidecar.istio.io/proxyCPULimit": _quantity,
    "sidecar.istio.io/proxyMemoryLimit": _quantity,
}
