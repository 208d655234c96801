"""The server's certificate, and its replacement while connections are open.

It comes as PEM texts, from files or from a Secret: what was read at one moment is used as a whole,
and can be handed to other processes. Every reload builds a context of its own, and new connections
move to it in the hook that OpenSSL calls for the client's hello, before a certificate is chosen.
``load_cert_chain`` on the one live context would do for a good pair; but it puts the chain in place
before it looks at the key, so that a pair that does not match, or a rotation halfway through, would
leave a server that fails every handshake. It could not take an old client authority away either.
"""

from __future__ import annotations

import contextlib
import os
import ssl
import tempfile
from typing import TYPE_CHECKING, NamedTuple

from pillion.server.errors import CertificateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cryptography import x509

    from pillion.server.settings import CertificateFiles


class Pem(NamedTuple):
    """A PEM text and where it was read, which errors name."""

    text: bytes
    origin: str


class Pems(NamedTuple):
    """The server's chain, its key, and the authority of clients if they need certificates."""

    chain: Pem
    key: Pem
    client_authority: Pem | None = None


class Certificate(NamedTuple):
    """What people ask about a certificate; times are in seconds since 1970."""

    subject: str
    names: tuple[str, ...]
    not_before: float
    not_after: float
    sha256: str


class Certificates:
    """The TLS side of the server: ``context`` is what its socket listens with.

    ``read`` gives the PEM texts as they are now.

    Raises:
        CertificateError: When they cannot be used.
    """

    def __init__(self, read: Callable[[], Pems]) -> None:
        self._read = read
        self.pems = read()
        self._current, self.certificate = _load(self.pems)
        self.context, _ = _load(self.pems)
        self.context.sni_callback = self._choose
        if self.pems.client_authority is not None:
            _forbid_resumption(self.context)

    def reload(self) -> bool:
        """Use what there is now for new connections; tell whether it is another certificate.

        Raises:
            CertificateError: When it cannot be used; nothing has changed then.
        """
        before, pems = self.certificate, self._read()
        self._current, self.certificate = _load(pems)
        self.pems = pems
        return self.certificate != before

    def _choose(self, connection: ssl.SSLObject | ssl.SSLSocket, *_: object) -> None:
        connection.context = self._current


def read_files(files: CertificateFiles) -> Pems:
    """What the files hold.

    Raises:
        CertificateError: When one cannot be read.
    """
    return Pems(read_pem(files.chain), read_pem(files.key))


def read_authority(path: str) -> bytes:
    """The certificates of a file, for clients to trust.

    Raises:
        CertificateError: It cannot be read, or holds none.
    """
    found = read_pem(path)
    describe(found)
    return found.text


def read_pem(path: str) -> Pem:
    """What a file holds.

    Raises:
        CertificateError: When it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return Pem(file.read(), path)
    except OSError as failure:
        raise CertificateError(f"{path}: {failure.strerror}") from failure


def _load(pems: Pems) -> tuple[ssl.SSLContext, Certificate]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    certificate = describe(pems.chain)
    try:
        with _file(pems.chain.text) as chain, _file(pems.key.text) as key:
            context.load_cert_chain(chain, key, password=_refuse_password)
    except ssl.SSLError as error:
        raise CertificateError(_why(pems, error)) from error
    if pems.client_authority is not None:
        _require_clients(context, pems.client_authority)
    return context, certificate


@contextlib.contextmanager
def _file(text: bytes) -> Iterator[str]:
    """A path to ``text`` for OpenSSL, which reads chains and keys from files alone.

    On Linux it is memory, so that a key from a Secret never touches a disk.
    """
    if not hasattr(os, "memfd_create"):
        with tempfile.NamedTemporaryFile() as file:
            file.write(text)
            file.flush()
            yield file.name
        return
    with open(os.memfd_create("pem"), "wb") as memory:
        memory.write(text)
        memory.flush()
        yield f"/proc/self/fd/{memory.fileno()}"


def _refuse_password() -> str:
    """Given instead of asking at a terminal that nobody looks at."""
    return ""


def _why(pems: Pems, error: ssl.SSLError) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return f"the key {pems.key.origin} does not belong to the certificate {pems.chain.origin}"
    return f"{pems.key.origin} holds no unencrypted private key in PEM"


def _require_clients(context: ssl.SSLContext, authority: Pem) -> None:
    try:
        context.load_verify_locations(cadata=authority.text.decode("ascii"))
    except (ssl.SSLError, ValueError) as error:
        raise CertificateError(f"{authority.origin} holds no certificate in PEM") from error
    context.verify_mode = ssl.CERT_REQUIRED


def _forbid_resumption(context: ssl.SSLContext) -> None:
    """Have every connection show its certificate; a resumed one would come in by old rules."""
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET


def describe(chain: Pem) -> Certificate:
    """The first certificate of a chain.

    Raises:
        CertificateError: When there is none.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    try:
        found = x509.load_pem_x509_certificate(chain.text)
    except ValueError as error:
        raise CertificateError(f"{chain.origin} holds no certificate in PEM") from error
    return Certificate(
        found.subject.rfc4514_string(),
        names_of(found),
        found.not_valid_before_utc.timestamp(),
        found.not_valid_after_utc.timestamp(),
        found.fingerprint(hashes.SHA256()).hex(),
    )


def names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The host names and addresses that a certificate is for."""
    from cryptography import x509

    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(str(name.value) for name in extension.value)
