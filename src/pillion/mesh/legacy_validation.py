"""What Istio 1.1 demands of a MeshConfig and its ProxyConfig."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pillion.golang.time import format_duration
from pillion.mesh import localities
from pillion.mesh.durations import (
    HOUR,
    SECOND,
    connect_timeout_problem,
    nanoseconds,
    precision_problem,
)
from pillion.mesh.failures import Failure, append, prefix
from pillion.mesh.hosts import address_problem, port_problem
from pillion.mesh.proxy_checks import (
    ADDRESSES,
    auth_policy_problem,
    collector_problem,
    discovery,
    lightstep_failures,
    service_address,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pillion.mesh.message import Message

_LONGEST_CONNECT: Final = 30 * SECOND
_LONGEST_DRAIN: Final = HOUR


def validate(mesh: Message) -> Failure:
    """Everything that is wrong with a mesh's configuration, in the order of Istio 1.1."""
    failures: list[str] | None = None
    config = mesh.get("default_config")
    for failure in (*_mesh_failures(mesh), *_proxy_failures(config), _localities(mesh)):
        failures = append(failures, failure)
    return failures


def _mesh_failures(mesh: Message) -> Iterator[Failure]:
    yield _address(mesh, "mixer_check_server", "invalid Policy Check Server address:")
    yield _address(mesh, "mixer_report_server", "invalid Telemetry Server address:")
    yield prefix(port_problem(mesh.get("proxy_listen_port")), "invalid proxy listen port:")
    yield _connect_timeout(mesh)


def _proxy_failures(config: Message) -> Iterator[Failure]:
    for check in _CHECKS:
        yield from check(config)


def _required(config: Message) -> Iterator[Failure]:
    for field in ("config_path", "binary_path", "service_cluster"):
        if not config.get(field):
            yield f"{field.replace('_', ' ')} must be set"


def _shutdown(config: Message) -> Iterator[Failure]:
    label = "invalid parent and drain time combination"
    drain, parent = config.get("drain_duration"), config.get("parent_shutdown_duration")
    failures = append(None, prefix(precision_problem(drain), "invalid drain duration:"))
    problem = prefix(precision_problem(parent), "invalid parent shutdown duration:")
    failures = append(failures, problem)
    if failures is None:
        failures = list(_combination(nanoseconds(drain), nanoseconds(parent))) or None
    yield prefix(failures, label)


def _combination(drain: int, parent: int) -> Iterator[str]:
    if drain % SECOND:
        yield "drain time only supports durations to seconds precision"
    if parent % SECOND:
        yield "parent shutdown time only supports durations to seconds precision"
    drain_text, parent_text = format_duration(drain), format_duration(parent)
    if parent <= drain:
        yield f"parent shutdown time {parent_text} must be greater than drain time {drain_text}"
    longest = format_duration(_LONGEST_DRAIN)
    if drain > _LONGEST_DRAIN:
        yield f"drain time {drain_text} must be <{longest}"
    if parent > _LONGEST_DRAIN:
        yield f"parent shutdown time {parent_text} must be <{longest}"


def _tracing(config: Message) -> Iterator[Failure]:
    tracing = config.get("tracing")
    if tracing is None:
        return
    lightstep, zipkin, datadog = map(tracing.get, ("lightstep", "zipkin", "datadog"))
    if lightstep is not None:
        yield prefix(_lightstep(lightstep), "invalid lightstep config:")
    if zipkin is not None:
        yield prefix(address_problem(zipkin.get("address")), "invalid zipkin config:")
    if datadog is not None:
        yield prefix(collector_problem(datadog), "invalid datadog config:")


def _lightstep(lightstep: Message) -> list[str] | None:
    unverified = lightstep.get("secure") and not lightstep.get("cacert_path")
    return append(lightstep_failures(lightstep), "cacertPath is required" if unverified else None)


def _addresses(config: Message) -> Iterator[Failure]:
    yield _connect_timeout(config)
    for field, label in ADDRESSES:
        yield service_address(config.get(field), label)


def _ports(config: Message) -> Iterator[Failure]:
    yield prefix(port_problem(config.get("proxy_admin_port")), "invalid proxy admin port:")
    yield auth_policy_problem(config)


def _localities(mesh: Message) -> Failure:
    setting = mesh.get("locality_lb_setting")
    return None if setting is None else localities.validate_legacy(setting)


def _address(message: Message, field: str, label: str) -> Failure:
    address = message.get(field)
    return prefix(address_problem(address), label) if address else None


def _connect_timeout(message: Message) -> Failure:
    problem = connect_timeout_problem(message.get("connect_timeout"), longest=_LONGEST_CONNECT)
    return prefix(problem, "invalid connect timeout:")


_CHECKS: Final[tuple[Callable[[Message], Iterator[Failure]], ...]] = (
    _required,
    _shutdown,
    discovery,
    _tracing,
    _addresses,
    _ports,
)
