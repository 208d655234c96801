"""sprig's certificates, by way of the package ``cryptography``.

Checking a certificate that a template holds is always allowed; making one is up to the policy.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.golang import base64, fmt
from pillion.golang.strings import from_bytes, to_bytes
from pillion.golang.values import MISSING, Struct
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.private_keys import (
    generate_private_key,
    given_key,
    is_ed25519,
    library,
    new_key,
    parse_key,
    pem,
)
from pillion.gotemplate.sprig.signatures import LIST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pillion.gotemplate.sprig.policy import Policy

_CERTIFICATE = "sprig.certificate"


class Certificate(Struct):
    """sprig's ``certificate``: both parts are PEM texts."""

    __slots__ = ("cert", "key")
    go_type = _CERTIFICATE

    def __init__(self, cert: str, key: str) -> None:
        self.cert = cert
        self.key = key

    def field(self, name: str) -> Any:
        """``Cert`` or ``Key``."""
        return dict(self.fields()).get(name, MISSING)

    def fields(self) -> Iterator[tuple[str, Any]]:
        """``Cert`` and ``Key``."""
        yield "Cert", self.cert
        yield "Key", self.key

    def json_value(self) -> dict[str, str]:
        """Both texts."""
        return {"Cert": self.cert, "Key": self.key}


def build_custom_certificate(cert: str, key: str) -> Certificate:
    """The certificate and key that two texts in base 64 hold.

    Raises:
        FunctionError: one of them is wrong, or the package ``cryptography`` is not installed.
    """
    cert_pem = _decoded(cert, "certificate")
    key_pem = _decoded(key, "private key")
    _parse_certificate(cert_pem, "decodedCert.Bytes")
    parse_key(key_pem, "error parsing private key")
    return Certificate(from_bytes(cert_pem), from_bytes(key_pem))


def _decoded(text: str, what: str) -> bytes:
    try:
        return base64.decode(text)
    except base64.CorruptInputError as error:
        raise FunctionError(f"unable to decode base64 {what}") from error


def _parse_certificate(text: bytes, what: str) -> Any:
    if b"-----BEGIN " not in text:
        raise FunctionError("unable to decode certificate")
    try:
        return library("cryptography.x509").load_pem_x509_certificate(text)
    except ValueError as error:
        raise FunctionError(f"error parsing certificate: {what}: {error}") from error


def generate_ca(key: Any, name: str, days: int) -> Certificate:
    """A new certificate authority for ``key``.

    Raises:
        FunctionError: the package ``cryptography`` is not installed.
    """
    return _issue(_Request(name, [], [], days, is_authority=True), key)


def generate_self_signed(key: Any, *request: Any) -> Certificate:
    """A new certificate for ``key``, which signs itself: name, addresses, host names and days.

    Raises:
        FunctionError: an address or name is wrong, or ``cryptography`` is missing.
    """
    return _issue(_Request(*request), key)


def generate_signed(key: Any, *request: Any) -> Certificate:
    """As :func:`generate_self_signed`, but signed by the authority that is the last argument.

    Raises:
        FunctionError: an address, a name or the authority is wrong, or ``cryptography`` is missing.
    """
    *wanted, authority = request
    return _issue(_Request(*wanted), key, authority)


class _Request(NamedTuple):
    """What a certificate is to say."""

    name: str
    ips: list[Any]
    hosts: list[Any]
    days: int
    is_authority: bool = False

    def alternatives(self) -> list[Any]:
        """The names and addresses besides the common name, as ``cryptography`` wants them."""
        x509 = library("cryptography.x509")
        addresses = [x509.IPAddress(_address(ip)) for ip in self.ips]
        return [x509.DNSName(_host(host)) for host in self.hosts] + addresses


def _address(value: Any) -> Any:
    if not isinstance(value, str):
        raise FunctionError(f"error parsing ip: {fmt.sprint(value)} is not a string")
    import ipaddress

    try:
        return ipaddress.ip_address(value)
    except ValueError as error:
        raise FunctionError(f"error parsing ip: {value}") from error


def _host(value: Any) -> str:
    if not isinstance(value, str):
        raise FunctionError(
            f"error processing alternate dns name: {fmt.sprint(value)} is not a string"
        )
    return value


def _issue(request: _Request, key: Any, authority: Certificate | None = None) -> Certificate:
    """A certificate for ``key``, signed by the authority, or by the key itself if there is none."""
    issuer, signer = _subject(request.name), key
    if authority is not None:
        issuer = _parse_certificate(to_bytes(authority.cert), "decodedSignerCert.Bytes").subject
        signer = parse_key(to_bytes(authority.key), "error parsing private key")
    builder = _builder(request).public_key(key.public_key()).issuer_name(issuer)
    return _signed(builder, key, signer)


def _subject(name: str) -> Any:
    x509 = library("cryptography.x509")
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)] if name else [])


def _builder(request: _Request) -> Any:
    import datetime as dt

    x509 = library("cryptography.x509")
    usages = x509.ExtendedKeyUsageOID
    constraints = x509.BasicConstraints(ca=request.is_authority, path_length=None)
    start = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_subject(request.name))
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=request.days))
        .add_extension(_usage(key_cert_sign=request.is_authority), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([usages.SERVER_AUTH, usages.CLIENT_AUTH]), critical=False
        )
        .add_extension(constraints, critical=True)
    )
    alternatives = request.alternatives()
    if not alternatives:
        return builder
    return builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)


def _usage(*, key_cert_sign: bool) -> Any:
    return library("cryptography.x509").KeyUsage(
        digital_signature=True,
        key_encipherment=True,
        key_cert_sign=key_cert_sign,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _signed(builder: Any, key: Any, signer: Any) -> Certificate:
    hashes = library("cryptography.hazmat.primitives.hashes")
    serialization = library("cryptography.hazmat.primitives.serialization")
    made = builder.sign(signer, None if is_ed25519(signer) else hashes.SHA256())
    cert: bytes = made.public_bytes(serialization.Encoding.PEM)
    return Certificate(cert.decode("ascii"), pem(key))


_NAMED = ("string", LIST, LIST, "int")
_ISSUERS: dict[str, tuple[Callable[..., Certificate], tuple[str, ...]]] = {
    "genCA": (generate_ca, ("string", "int")),
    "genSelfSignedCert": (generate_self_signed, _NAMED),
    "genSignedCert": (generate_signed, (*_NAMED, _CERTIFICATE)),
}


def functions(policy: Policy) -> dict[str, Function]:
    """The functions, held to ``policy``; those ``WithKey`` are given the key as their last one."""

    def for_new_key(issue: Callable[..., Certificate], *request: Any) -> Certificate:
        return issue(new_key(policy), *request)

    def for_given_key(issue: Callable[..., Certificate], *arguments: Any) -> Certificate:
        *request, key = arguments
        return issue(given_key(policy, key), *request)

    table = {
        "buildCustomCert": Function(
            build_custom_certificate, ("string", "string"), result=_CERTIFICATE
        ),
        "genPrivateKey": Function(
            partial(generate_private_key, policy), ("string",), result="string"
        ),
    }
    for name, (issue, params) in _ISSUERS.items():
        table[name] = Function(partial(for_new_key, issue), params, result=_CERTIFICATE)
        table[f"{name}WithKey"] = Function(
            partial(for_given_key, issue), (*params, "string"), result=_CERTIFICATE
        )
    return table
