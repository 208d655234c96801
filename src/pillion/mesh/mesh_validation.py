"""What Istio 1.30 demands of a MeshConfig (its ``ValidateMeshConfig``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pillion.mesh import localities, proxy_validation
from pillion.mesh.durations import (
    HOUR,
    MILLISECOND,
    connect_timeout_problem,
    nanoseconds,
)
from pillion.mesh.failures import Failure, append, join, prefix
from pillion.mesh.hosts import port_problem, trust_domain_problem, wildcard_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.mesh.message import Message


def validate(mesh: Message) -> Failure:
    """Everything that is wrong with a mesh's configuration, in Istio's order."""
    failures: Failure = None
    for check in _CHECKS:
        failures = join(failures, check(mesh))
    return failures


def _listen_port(mesh: Message) -> Failure:
    return prefix(port_problem(mesh.get("proxy_listen_port")), "invalid proxy listen port:")


def _connect_timeout(mesh: Message) -> Failure:
    problem = connect_timeout_problem(mesh.get("connect_timeout"), longest=HOUR)
    return prefix(problem, "invalid connect timeout:")


def _detection_timeout(mesh: Message) -> Failure:
    if nanoseconds(mesh.get("protocol_detection_timeout")) % MILLISECOND == 0:
        return None
    return "invalid protocol detection timeout: only durations to ms precision are supported"


def _proxy_config(mesh: Message) -> Failure:
    config = mesh.get("default_config")
    return "missing default config" if config is None else proxy_validation.validate(config)


def _localities(mesh: Message) -> Failure:
    setting = mesh.get("locality_lb_setting")
    return None if setting is None else localities.validate(setting)


def _service_settings(mesh: Message) -> Failure:
    failures: list[str] | None = None
    for at, setting in enumerate(mesh.get("service_settings")):
        for host in setting.get("hosts"):
            problem = prefix(wildcard_problem(host), f"serviceSettings[{at}], host `{host}`:")
            failures = append(failures, problem)
    return failures


def _trust_domains(mesh: Message) -> Failure:
    domain = mesh.get("trust_domain")
    failures = append(None, prefix(trust_domain_problem(domain), "trustDomain:"))
    for at, alias in enumerate(mesh.get("trust_domain_aliases")):
        problem = prefix(
            trust_domain_problem(alias), f"trustDomainAliases[{at}], domain `{alias}` :"
        )
        failures = append(failures, problem)
    return failures


def _mesh_tls(mesh: Message) -> Failure:
    tls = mesh.get("mesh_mTLS")
    if tls is None or not tls.get("ecdh_curves"):
        return None
    return append(None, "mesh TLS does not support ECDH curves configuration")


_CHECKS: Final[tuple[Callable[[Message], Failure], ...]] = (
    _listen_port,
    _connect_timeout,
    _detection_timeout,
    _proxy_config,
    _localities,
    _service_settings,
    _trust_domains,
    _mesh_tls,
)
