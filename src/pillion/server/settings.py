"""What the command line settles about the server, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pillion.server.authority import USUAL_LIFETIMES, Lifetimes
from pillion.server.events import Wanted

if TYPE_CHECKING:
    from pillion.server.ca_bundle import Own


class Ports(NamedTuple):
    """Where the server listens; 0 lets the system choose.

    ``webhook`` is HTTPS and ``monitoring`` HTTP, both on ``address``; ``admin`` is HTTP and on
    loopback alone.
    """

    webhook: int = 443
    monitoring: int = 15014
    admin: int = 9876
    address: str = ""


class CertificateFiles(NamedTuple):
    """PEM files: the chain and its key."""

    chain: str
    key: str


class Health(NamedTuple):
    """The file that shows an exec probe that the server lives; ``interval`` is in seconds."""

    file: str
    interval: float


class ClusterSettings(NamedTuple):
    """What the server does with its cluster.

    ``namespace`` is the server's own, and ``pod`` the name of its Pod there, which ``pod_uid``
    tells from others of that name. Its replicas agree on a leader by the Lease ``lease``. ``own``
    are its entries of webhook configurations, into which it writes, unless it is not to
    ``reconcile`` them, what ``authority_file`` holds, or the authority of the Secret ``secret``;
    ``hosts`` are the names that the certificate there is for. It follows ``config_maps`` of its
    namespace, and, where they count, ``nodes`` and ``namespaces``.
    """

    namespace: str
    pod: str
    lease: str
    own: Own
    authority_file: str = ""
    secret: str = ""
    reconcile: bool = True
    hosts: tuple[str, ...] = ()
    lifetimes: Lifetimes = USUAL_LIFETIMES
    config_maps: tuple[str, ...] = ()
    nodes: bool = False
    namespaces: bool = False
    events: Wanted = Wanted.FAILURES
    pod_uid: str = ""


class Settings(NamedTuple):
    """Everything but the configuration of the injection.

    ``client_authority`` is the PEM file of the authority of clients, if they need certificates.
    Without ``certificate`` it is that of the cluster's Secret. ``drain`` is how many seconds the
    server answers on after it was told to stop, ``finish`` how many more it waits for the requests
    that are still under way. ``poll`` is the time between two looks at the mounted files. More than
    one of ``workers`` are processes of their own. ``shown`` is the command line as
    ``/debug/config`` shows it.
    """

    ports: Ports
    certificate: CertificateFiles | None
    client_authority: str = ""
    health: Health | None = None
    shadow: bool = False
    drain: float = 5.0
    finish: float = 20.0
    poll: float = 1.0
    workers: int = 1
    revision: str = ""
    cluster: ClusterSettings | None = None
    shown: dict[str, str] = {}  # noqa: RUF012 - nobody changes it
