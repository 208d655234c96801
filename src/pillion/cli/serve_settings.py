"""What the flags of ``pillion serve`` settle about the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.cli import serve_flags
from pillion.cli.errors import UsageError
from pillion.cli.values import count, duration, port
from pillion.server.settings import CertificateFiles, Health, Ports, Settings

if TYPE_CHECKING:
    from pillion.cli.arguments import Given
    from pillion.server.settings import ClusterSettings


def settings_of(found: Given, cluster: ClusterSettings | None) -> Settings:
    """Everything but the configuration of the injection.

    Raises:
        UsageError: A flag is wrong, or does not go with another.
    """
    values = found.values
    webhook, monitoring, admin = (
        port(name, values[name]) for name in ("port", "monitoringPort", "adminPort")
    )
    shown = {name: value for name, value in values.items() if value}
    return Settings(
        Ports(webhook, monitoring, admin, values["address"]),
        _certificate(values),
        client_authority=values["clientCACertFile"],
        health=_health(values),
        shadow=found.flag("shadow"),
        drain=duration("drainDuration", values["drainDuration"]),
        workers=count("workers", values["workers"]),
        revision=values["revision"],
        cluster=cluster,
        shown=shown | {name: ",".join(several) for name, several in found.lists.items() if several},
    )


def _certificate(values: dict[str, str]) -> CertificateFiles | None:
    chain, key = values["tlsCertFile"], values["tlsKeyFile"]
    if not values["certSecret"]:
        return CertificateFiles(chain or serve_flags.CERTIFICATE_FILE, key or serve_flags.KEY_FILE)
    if chain or key:
        raise UsageError("--certSecret serves a certificate of its own: leave out --tlsCertFile")
    if values["caCertFile"]:
        raise UsageError("--certSecret has an authority of its own: leave out --caCertFile")
    return None


def _health(values: dict[str, str]) -> Health | None:
    """The health file; as in Istio 1.1 there is none unless both its flags are set."""
    file = values["healthCheckFile"]
    interval = duration("healthCheckInterval", values["healthCheckInterval"])
    return Health(file, interval) if file and interval else None
