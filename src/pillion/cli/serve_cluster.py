"""What the flags of ``pillion serve`` say about its cluster."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from pillion.cli import connection, serve_flags
from pillion.cli.cluster_source import NAMESPACE
from pillion.cli.errors import UsageError
from pillion.cli.messages import say
from pillion.cli.values import duration
from pillion.cluster import kubeconfig
from pillion.injection.injector import OPENSHIFT
from pillion.injection.native_sidecars import Mode
from pillion.server.authority import USUAL_LIFETIMES
from pillion.server.ca_bundle import Own
from pillion.server.events import Wanted
from pillion.server.settings import ClusterSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.cli.arguments import Given
    from pillion.cli.serve_configuration import Sources
    from pillion.cluster.kubeconfig import Access
    from pillion.cluster.protocol import Cluster

_NEEDS_A_CLUSTER = ("certSecret", "injectConfigMapName", "meshConfigMapName")
_NOT_INSTALLED = "needs pip install 'pillion[cluster]'"


def access_of(found: Given) -> Access | None:
    """The cluster that the flags mean: that of a kubeconfig, or the pod's own; or none.

    Raises:
        UsageError: They mean one, and it cannot be had.
        ClusterError: The kubeconfig cannot be used.
    """
    access = None if found.flag("offline") else _access(found.values)
    if access is not None and not connection.installed():
        if access.context != kubeconfig.IN_CLUSTER:
            raise UsageError(f"--kubeconfig {_NOT_INSTALLED}")
        say(f"the pod's cluster is not asked, since that {_NOT_INSTALLED}")
        access = None
    needing = next(filter(found.values.get, _NEEDS_A_CLUSTER), None)
    if access is None and needing is not None:
        raise UsageError(f"--{needing} needs a cluster: run in a pod of it, or give --kubeconfig")
    return access


def _access(values: dict[str, str]) -> Access | None:
    named, context = values["kubeconfig"] or None, values["context"] or None
    if named is None and context is None:
        return kubeconfig.in_cluster()  # a kubeconfig that lies about is no wish to be asked
    access = connection.access(named, context)
    if access is None:
        flag = "kubeconfig" if named else "context"
        raise UsageError(f"--{flag}: there is no kubeconfig that names a cluster")
    return access


def connecting(access: Access) -> Callable[[], Cluster]:
    """What connects to a cluster."""
    return lambda: connection.opened(access)


def settings_of(found: Given, sources: Sources) -> ClusterSettings:
    """What the server does with its cluster.

    Raises:
        UsageError: A flag is wrong.
    """
    values = found.values
    namespace = values["istioNamespace"] or _own_namespace()
    service = values["service"]
    own = Own(service, namespace, values["webhookConfigName"], values["webhookName"])
    lifetime = duration("certLifetime", values["certLifetime"])
    return ClusterSettings(
        namespace,
        os.environ.get("POD_NAME") or socket.gethostname(),
        f"{service}-leader",
        own,
        authority_file=_authority_file(found),
        secret=values["certSecret"],
        reconcile=found.flag("reconcileWebhookConfig"),
        hosts=(*_names(service, namespace), *found.lists["certHost"]),
        lifetimes=USUAL_LIFETIMES.with_certificate(lifetime),
        config_maps=tuple(dict.fromkeys(sources.config_maps.values())),
        nodes=sources.native_sidecars.mode is Mode.AUTO,
        namespaces=sources.platform == OPENSHIFT,
        events=_events(values["events"]),
        pod_uid=os.environ.get("POD_UID", ""),
    )


def _own_namespace() -> str:
    return os.environ.get("POD_NAMESPACE") or kubeconfig.own_namespace() or NAMESPACE


def _authority_file(found: Given) -> str:
    """The file whose authority is written into the registration, where there is one to write."""
    named = found.values["caCertFile"]
    if named or found.values["certSecret"] or not found.flag("reconcileWebhookConfig"):
        return named
    usual = serve_flags.AUTHORITY_FILE
    return usual if os.path.exists(usual) else ""


def _names(service: str, namespace: str) -> tuple[str, ...]:
    """What API servers call the Service."""
    whole = f"{service}.{namespace}.svc"
    return (whole, f"{service}.{namespace}", f"{whole}.cluster.local")


def _events(text: str) -> Wanted:
    try:
        return Wanted(text)
    except ValueError:
        known = ", ".join(Wanted)
        raise UsageError(f"--events {text}: there are {known}") from None
