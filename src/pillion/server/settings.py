"""What the command line settles about the server, as plain data."""

from __future__ import annotations

from typing import NamedTuple


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
    """PEM files: the chain, its key, and the authority of clients, if they need certificates."""

    chain: str
    key: str
    client_authority: str = ""


class Health(NamedTuple):
    """The file that shows an exec probe that the server lives; ``interval`` is in seconds."""

    file: str
    interval: float


class Settings(NamedTuple):
    """Everything but the configuration of the injection.

    ``drain`` is how many seconds the server answers on after it was told to stop, ``finish`` how
    many more it waits for the requests that are still under way. ``poll`` is the time between two
    looks at the mounted files. More than one of ``workers`` are processes of their own. ``shown``
    is the command line as ``/debug/config`` shows it.
    """

    ports: Ports
    certificate: CertificateFiles
    health: Health | None = None
    shadow: bool = False
    drain: float = 5.0
    finish: float = 20.0
    poll: float = 1.0
    workers: int = 1
    revision: str = ""
    shown: dict[str, str] = {}  # noqa: RUF012 - nobody changes it
