"""What both generations of Istio demand of a ProxyConfig."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pillion.golang.strconv import quote
from pillion.mesh.failures import Failure, append, prefix
from pillion.mesh.hosts import address_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pillion.mesh.message import Message

ADDRESSES: Final = (
    ("statsd_udp_address", "statsd udp"),
    ("envoy_metrics_service_address", "envoy metrics service"),
)
"""The fields that hold the address of a service, each with what Istio's messages call it."""

_AUTH_POLICIES: Final = (0, 1)


def discovery(config: Message) -> Iterator[Failure]:
    """The address of the control plane."""
    address = config.get("discovery_address")
    if not address:
        yield "discovery address must be set to the proxy discovery service"
    else:
        yield prefix(address_problem(address), "invalid discovery address:")


def lightstep_failures(lightstep: Message) -> list[str] | None:
    """What is wrong with the settings of a Lightstep tracer."""
    address = lightstep.get("address")
    failures = None if address else append(None, "address is required")
    failures = append(failures, prefix(address_problem(address), "invalid lightstep address:"))
    return append(failures, None if lightstep.get("access_token") else "access token is required")


def collector_problem(tracer: Message) -> str | None:
    """What is wrong with the address of a trace collector, which may name the proxy's node."""
    return address_problem(tracer.get("address").replace("$(HOST_IP)", "127.0.0.1", 1))


def service_address(address: str, label: str) -> Failure:
    """The address of a service that may be set; the message quotes it."""
    if not address:
        return None
    return prefix(address_problem(address), f"invalid {label} address {quote(address)}:")


def auth_policy_problem(config: Message) -> str | None:
    """Why the proxy cannot authenticate to the control plane as it should, or None."""
    policy = config.get("control_plane_auth_policy")
    if policy in _AUTH_POLICIES:
        return None
    enum = config.type.api.enum(config.type.fields["control_plane_auth_policy"].enum)
    name = quote(enum.by_number.get(policy, str(policy)))
    return f"unrecognized control plane auth policy {name}"
