"""The functions of Istio 1.1's templates, which knew neither sprig nor much else.

Follows ``InjectionData`` of ``pilot/pkg/kube/inject`` at 1.1. Where today's function of the same
name does the same, it is that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.gotemplate.functions import function
from pillion.injection import functions as current
from pillion.injection import proxy_json
from pillion.injection.containers import PROXY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pillion.golang.values import Struct
    from pillion.gotemplate.functions import FunctionTable

_SHARED = (
    "annotation",
    "directory",
    "excludeInboundPort",
    "fromJSON",
    "indent",
    "isset",
    "kubevirtInterfaces",
    "toJSON",
    "toYaml",
)


@function("*types.Duration", result="string")
def _format_duration(duration: Struct) -> str:
    return proxy_json.duration_text(duration)


@function("[]v1.Container", result="string")
def _include_inbound_ports(containers: Iterable[Struct]) -> str:
    return current.container_ports(containers)  # whatever their protocols


@function("[]v1.Container", result="string")
def _application_ports(containers: Iterable[Struct]) -> str:
    return current.container_ports(one for one in containers if one.field("Name") != PROXY)


@function("string", "string", result="string")
def _value_or_default(value: str, default: str) -> str:
    return value or default


FUNCTIONS: FunctionTable = {
    **{name: current.FUNCTIONS[name] for name in _SHARED},
    "applicationPorts": _application_ports,
    "formatDuration": _format_duration,
    "includeInboundPorts": _include_inbound_ports,
    "toJson": current.FUNCTIONS["toJSON"],
    "valueOrDefault": _value_or_default,
}
"""Everything that a template of the 1.1 generation may call beside Go's own functions."""
