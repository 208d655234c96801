"""What Istio 1.30 demands of a ProxyConfig (its ``ValidateMeshConfigProxyConfig``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pillion.golang.strconv import quote
from pillion.mesh.durations import SECOND, nanoseconds, precision_problem
from pillion.mesh.failures import Failure, append, join, prefix
from pillion.mesh.hosts import port_problem
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


def validate(config: Message) -> list[str] | None:
    """Everything that is wrong with a proxy's configuration, in Istio's order."""
    failures: list[str] | None = None
    for check in _CHECKS:
        for failure in check(config):
            failures = append(failures, failure)
    return failures


def _required(config: Message) -> Iterator[Failure]:
    if not config.get("config_path"):
        yield "config path must be set"
    if not config.get("binary_path"):
        yield "binary path must be set"
    if "service_cluster" in config.values:
        if not config.get("service_cluster"):
            yield "service cluster must be specified"
    elif "tracing_service_name" not in config.values:
        yield "oneof service cluster or tracing service name must be specified"


def _drain(config: Message) -> Iterator[Failure]:
    drain = config.get("drain_duration")
    problem = precision_problem(drain)
    if problem is not None:
        yield f"invalid drain duration: {problem}"
    elif nanoseconds(drain) % SECOND:
        yield "drain time only supports durations to seconds precision"


def _tracing(config: Message) -> Iterator[Failure]:
    tracing = config.get("tracing")
    if tracing is None:
        return
    lightstep, zipkin, datadog = map(tracing.get, ("lightstep", "zipkin", "datadog"))
    if lightstep is not None:
        yield prefix(lightstep_failures(lightstep), "invalid lightstep config:")
    if zipkin is not None:
        yield prefix(collector_problem(zipkin), "invalid zipkin config:")
    if datadog is not None:
        yield prefix(collector_problem(datadog), "invalid datadog config:")
    tls = tracing.get("tls_settings")
    if tls is not None:
        yield prefix(_tls(tls), "invalid tracing TLS config:")


def _tls(settings: Message) -> Failure:
    """What Istio's ``ValidateTLS`` says of the settings of a client."""
    failures = join(_config_map_failure(settings), _insecure_failure(settings))
    mode = settings.get("mode")
    if mode in (_SIMPLE, _MUTUAL) and settings.get("credential_name"):
        if any(map(settings.get, _CERTIFICATES)):
            failures = join(
                failures,
                "cannot specify client certificates or CA certificate or CA CRL "
                "If credentialName is set",
            )
        return failures
    if mode == _MUTUAL:
        if not settings.get("client_certificate"):
            failures = join(failures, "client certificate required for mutual tls")
        if not settings.get("private_key"):
            failures = join(failures, "private key required for mutual tls")
    return failures


def _config_map_failure(settings: Message) -> Failure:
    """A proxy's configuration has no namespace, so that no ConfigMap can be in the same one."""
    name = settings.get("credential_name")
    if not name.startswith(_CONFIG_MAP):
        return None
    namespace, slash, secret = name.removeprefix(_CONFIG_MAP).partition("/")
    missing = ""
    if not slash:
        missing = "namespace and name"
    elif not namespace:
        missing = "namespace"
    elif not secret.partition("/")[0]:
        missing = "name"
    if missing:
        reason = f"invalid resource name {quote(name)}. Expected {missing}"
    else:
        reason = 'namespace must match the configuration namespace ""'
    return f"invalid configmap:// credentialName: {reason}"


def _insecure_failure(settings: Message) -> Failure:
    insecure = settings.get("insecure_skip_verify")
    if insecure is None or not insecure.get("value"):
        return None
    mode = settings.get("mode")
    names = settings.get("ca_certificates") or settings.get("subject_alt_names")
    if mode == _SIMPLE and (names or settings.get("credential_name")):
        given = "CaCertificates or CredentialName or SubjectAltNames"
    elif mode == _MUTUAL and names:
        given = "CaCertificates or SubjectAltNames"
    else:
        return None
    return f"cannot specify {given} when InsecureSkipVerify is set true"


def _addresses(config: Message) -> Iterator[Failure]:
    for field, label in ADDRESSES:
        yield service_address(config.get(field), label)
    for field, label in _SERVICES:
        service = config.get(field)
        if service is not None:
            yield service_address(service.get("address"), label)


def _ports(config: Message) -> Iterator[Failure]:
    yield prefix(port_problem(config.get("proxy_admin_port")), "invalid proxy admin port:")
    yield prefix(auth_policy_problem(config), "invalid authentication policy:")
    yield prefix(port_problem(config.get("status_port")), "invalid status port:")


def _private_key_provider(config: Message) -> Iterator[Failure]:
    provider = config.get("private_key_provider")
    if provider is None:
        return
    label = "invalid private key provider configuration:"
    chosen = provider.get("cryptomb") or provider.get("qat")
    if chosen is None:
        yield prefix("private key provider configuration is required", label)
        yield prefix("unknown private key provider", label)
        return
    delay = chosen.get("poll_delay")
    if delay is None:
        yield prefix("pollDelay is required", label)
    elif not delay.values:
        yield prefix("pollDelay must be non zero", label)


_CHECKS: Final[tuple[Callable[[Message], Iterator[Failure]], ...]] = (
    _required,
    _drain,
    discovery,
    _tracing,
    _addresses,
    _ports,
    _private_key_provider,
)
_SERVICES: Final = (
    ("envoy_metrics_service", "envoy metrics service"),
    ("envoy_access_log_service", "envoy access log service"),
)
_CERTIFICATES: Final = ("client_certificate", "ca_certificates", "private_key", "ca_crl")
_CONFIG_MAP: Final = "configmap://"
_SIMPLE: Final = 1
_MUTUAL: Final = 2
