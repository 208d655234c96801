"""The server's certificate, and its replacement while connections are open.

Every reload builds a context of its own, and new connections move to it in the hook that OpenSSL
calls for the client's hello, before a certificate is chosen. ``load_cert_chain`` on the one live
context would do for a good pair; but it puts the chain in place before it looks at the key, so that
a pair that does not match, or a rotation halfway through, would leave a server that fails every
handshake. It could not take an old client authority away either.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, NamedTuple

from pillion.server.errors import CertificateError

if TYPE_CHECKING:
    from cryptography import x509

    from pillion.server.settings import CertificateFiles


class Certificate(NamedTuple):
    """What people ask about a certificate; times are in seconds since 1970."""

    subject: str
    names: tuple[str, ...]
    not_before: float
    not_after: float
    sha256: str


class Certificates:
    """The TLS side of the server: ``context`` is what its socket listens with.

    Raises:
        CertificateError: When the files cannot be used.
    """

    def __init__(self, files: CertificateFiles) -> None:
        self._files = files
        self._current, self.certificate = _load(files)
        self.context, _ = _load(files)
        self.context.sni_callback = self._choose
        if files.client_authority:
            _forbid_resumption(self.context)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that a reload reads."""
        return tuple(path for path in self._files if path)

    def reload(self) -> bool:
        """Use what the files hold now for new connections; tell whether it is another certificate.

        Raises:
            CertificateError: When they cannot be used; nothing has changed then.
        """
        before = self.certificate
        self._current, self.certificate = _load(self._files)
        return self.certificate != before

    def _choose(self, connection: ssl.SSLObject | ssl.SSLSocket, *_: object) -> None:
        connection.context = self._current


def _load(files: CertificateFiles) -> tuple[ssl.SSLContext, Certificate]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    certificate = _describe(files.chain)
    _read(files.key)
    try:
        context.load_cert_chain(files.chain, files.key, password=_refuse_password)
    except ssl.SSLError as error:
        raise CertificateError(_why(files, error)) from error
    if files.client_authority:
        _require_clients(context, files.client_authority)
    return context, certificate


def _refuse_password() -> str:
    """Given instead of asking at a terminal that nobody looks at."""
    return ""


def _why(files: CertificateFiles, error: ssl.SSLError) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return f"the key {files.key} does not belong to the certificate {files.chain}"
    return f"{files.key} holds no unencrypted private key in PEM"


def _require_clients(context: ssl.SSLContext, authority: str) -> None:
    _read(authority)
    try:
        context.load_verify_locations(authority)
    except ssl.SSLError as error:
        raise CertificateError(f"{authority} holds no certificate in PEM") from error
    context.verify_mode = ssl.CERT_REQUIRED


def _forbid_resumption(context: ssl.SSLContext) -> None:
    """Have every connection show its certificate; a resumed one would come in by old rules."""
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as failure:
        raise CertificateError(f"{path}: {failure.strerror}") from failure


def _describe(path: str) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    try:
        found = x509.load_pem_x509_certificate(_read(path))
    except ValueError as error:
        raise CertificateError(f"{path} holds no certificate in PEM") from error
    return Certificate(
        found.subject.rfc4514_string(),
        _names(found),
        found.not_valid_before_utc.timestamp(),
        found.not_valid_after_utc.timestamp(),
        found.fingerprint(hashes.SHA256()).hex(),
    )


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(str(name.value) for name in extension.value)
