"""sprig's private keys and certificates, by way of the package ``cryptography``.

Checking a certificate that a template holds is always allowed; making keys and certificates is up
to the policy.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.golang import base64, fmt
from pillion.golang.strings import from_bytes, to_bytes
from pillion.golang.values import MISSING, Struct
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.policy import forbidden
from pillion.gotemplate.sprig.signatures import LIST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

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


def generate_private_key(policy: Policy, kind: str) -> str:
    """A new private key as PEM; ``rsa`` where ``kind`` is empty.

    Raises:
        FunctionError: the policy forbids it, or the package ``cryptography`` is not installed.
    """
    if kind not in {"", "rsa", "dsa", "ecdsa", "ed25519"}:
        return f"Unknown type {kind}"
    return _pem(_new_key(policy, kind or "rsa", _LARGE_KEY))


_LARGE_KEY = 4096
_KEY = 2048


def build_custom_certificate(cert: str, key: str) -> Certificate:
    """The certificate and key that two texts in base 64 hold.

    Raises:
        FunctionError: one of them is wrong, or the package ``cryptography`` is not installed.
    """
    pem = _decoded(cert, "certificate")
    key_pem = _decoded(key, "private key")
    _parse_certificate(pem, "decodedCert.Bytes")
    _parse_key(key_pem, "error parsing private key")
    return Certificate(from_bytes(pem), from_bytes(key_pem))


def _decoded(text: str, what: str) -> bytes:
    try:
        return base64.decode(text)
    except base64.CorruptInputError as error:
        raise FunctionError(f"unable to decode base64 {what}") from error


def generate_ca(policy: Policy, name: str, days: int) -> Certificate:
    """A new certificate authority.

    Raises:
        FunctionError: the policy forbids it, or the package ``cryptography`` is not installed.
    """
    return _issue_ca(name, days, _new_key(policy, "rsa", _KEY))


def generate_ca_with_key(policy: Policy, name: str, days: int, key: str) -> Certificate:
    """A new certificate authority for a key given as PEM.

    Raises:
        FunctionError: the key is wrong, the policy forbids it, or ``cryptography`` is missing.
    """
    return _issue_ca(name, days, _given_key(policy, key))


def generate_self_signed(
    policy: Policy, name: str, ips: list[Any], hosts: list[Any], days: int
) -> Certificate:
    """A new certificate that signs itself.

    Raises:
        FunctionError: an address or name is wrong, the policy forbids it, or ``cryptography`` is
            missing.
    """
    return _issue(_Request(name, ips, hosts, days), _new_key(policy, "rsa", _KEY))


def generate_self_signed_with_key(  # noqa: PLR0913, PLR0917 - sprig's parameters
    policy: Policy, name: str, ips: list[Any], hosts: list[Any], days: int, key: str
) -> Certificate:
    """A new certificate that signs itself, for a key given as PEM.

    Raises:
        FunctionError: the key, an address or a name is wrong, the policy forbids it, or
            ``cryptography`` is missing.
    """
    return _issue(_Request(name, ips, hosts, days), _given_key(policy, key))


def generate_signed(  # noqa: PLR0913, PLR0917 - sprig's parameters
    policy: Policy, name: str, ips: list[Any], hosts: list[Any], days: int, ca: Certificate
) -> Certificate:
    """A new certificate that the authority signs.

    Raises:
        FunctionError: an address, a name or the authority is wrong, the policy forbids it, or
            ``cryptography`` is missing.
    """
    return _issue(_Request(name, ips, hosts, days), _new_key(policy, "rsa", _KEY), ca)


def generate_signed_with_key(  # noqa: PLR0913, PLR0917 - sprig's parameters
    policy: Policy,
    name: str,
    ips: list[Any],
    hosts: list[Any],
    days: int,
    ca: Certificate,
    key: str,
) -> Certificate:
    """A new certificate that the authority signs, for a key given as PEM.

    Raises:
        FunctionError: the key, an address, a name or the authority is wrong, the policy forbids it,
            or ``cryptography`` is missing.
    """
    return _issue(_Request(name, ips, hosts, days), _given_key(policy, key), ca)


class _Request(NamedTuple):
    """What a certificate is to say."""

    name: str
    ips: list[Any]
    hosts: list[Any]
    days: int

    def alternatives(self) -> list[Any]:
        """The names and addresses besides the common name, as ``cryptography`` wants them."""
        x509 = _library("cryptography.x509")
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


def _issue_ca(name: str, days: int, key: Any) -> Certificate:
    x509 = _library("cryptography.x509")
    builder = _builder(_Request(name, [], [], days), key)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.issuer_name(_subject(name))
    builder = builder.add_extension(_usage(key_cert_sign=True), critical=True)
    return _signed(builder, key, key)


def _issue(request: _Request, key: Any, ca: Certificate | None = None) -> Certificate:
    x509 = _library("cryptography.x509")
    issuer, signer = _subject(request.name), key
    if ca is not None:
        parent = _parse_certificate(to_bytes(ca.cert), "decodedSignerCert.Bytes")
        issuer = parent.subject
        signer = _parse_key(to_bytes(ca.key), "error parsing private key")
    builder = _builder(request, key)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    builder = builder.issuer_name(issuer)
    builder = builder.add_extension(_usage(key_cert_sign=False), critical=True)
    return _signed(builder, key, signer)


def _subject(name: str) -> Any:
    x509 = _library("cryptography.x509")
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)] if name else [])


def _builder(request: _Request, key: Any) -> Any:
    import datetime as dt

    x509 = _library("cryptography.x509")
    usages = x509.ExtendedKeyUsageOID
    start = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_subject(request.name))
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=request.days))
        .public_key(key.public_key())
        .add_extension(
            x509.ExtendedKeyUsage([usages.SERVER_AUTH, usages.CLIENT_AUTH]), critical=False
        )
    )
    alternatives = request.alternatives()
    if not alternatives:
        return builder
    return builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)


def _usage(*, key_cert_sign: bool) -> Any:
    x509 = _library("cryptography.x509")
    return x509.KeyUsage(
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
    hashes = _library("cryptography.hazmat.primitives.hashes")
    ed25519 = _library("cryptography.hazmat.primitives.asymmetric.ed25519")
    serialization = _library("cryptography.hazmat.primitives.serialization")
    digest = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    made = builder.sign(signer, digest)
    pem: bytes = made.public_bytes(serialization.Encoding.PEM)
    return Certificate(pem.decode("ascii"), _pem(key))


def _given_key(policy: Policy, pem: str) -> Any:
    key = _parse_key(to_bytes(pem), "parsing private key")
    if not policy.keys:
        raise forbidden("making a certificate")
    return key


def _new_key(policy: Policy, kind: str, bits: int) -> Any:
    if not policy.keys:
        raise forbidden("making a private key")
    library = _library(f"cryptography.hazmat.primitives.asymmetric.{_MODULES.get(kind, kind)}")
    if kind == "rsa":
        return library.generate_private_key(65537, bits)
    if kind == "dsa":
        return library.generate_private_key(_KEY)
    if kind == "ecdsa":
        return library.generate_private_key(library.SECP256R1())
    return library.Ed25519PrivateKey.generate()


_MODULES = {"ecdsa": "ec"}


def _pem(key: Any) -> str:
    """The key in the format of its kind; ed25519 has none but PKCS#8."""
    serialization = _library("cryptography.hazmat.primitives.serialization")
    ed25519 = _library("cryptography.hazmat.primitives.asymmetric.ed25519")
    formats = serialization.PrivateFormat
    is_modern = isinstance(key, ed25519.Ed25519PrivateKey)
    pem: bytes = key.private_bytes(
        serialization.Encoding.PEM,
        formats.PKCS8 if is_modern else formats.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return pem.decode("ascii")


def _parse_certificate(pem: bytes, what: str) -> Any:
    if b"-----BEGIN " not in pem:
        raise FunctionError("unable to decode certificate")
    try:
        return _library("cryptography.x509").load_pem_x509_certificate(pem)
    except ValueError as error:
        raise FunctionError(f"error parsing certificate: {what}: {error}") from error


def _parse_key(pem: bytes, failure: str) -> Any:
    if b"-----BEGIN " not in pem:
        raise FunctionError(f"{failure}: no PEM data in input")
    serialization = _library("cryptography.hazmat.primitives.serialization")
    try:
        return serialization.load_pem_private_key(pem, None)
    except (TypeError, ValueError) as error:
        raise FunctionError(f"{failure}: {error}") from error


def _library(module: str) -> ModuleType:
    try:
        return import_module(module)
    except ImportError as error:
        raise FunctionError("certificates need the Python package cryptography") from error


def functions(policy: Policy) -> dict[str, Function]:
    """The functions, held to ``policy``."""
    named = ("string", LIST, LIST, "int")
    return {
        "buildCustomCert": Function(
            build_custom_certificate, ("string", "string"), result=_CERTIFICATE
        ),
        "genPrivateKey": Function(
            partial(generate_private_key, policy), ("string",), result="string"
        ),
        "genCA": Function(partial(generate_ca, policy), ("string", "int"), result=_CERTIFICATE),
        "genCAWithKey": Function(
            partial(generate_ca_with_key, policy), ("string", "int", "string"), result=_CERTIFICATE
        ),
        "genSelfSignedCert": Function(
            partial(generate_self_signed, policy), named, result=_CERTIFICATE
        ),
        "genSelfSignedCertWithKey": Function(
            partial(generate_self_signed_with_key, policy), (*named, "string"), result=_CERTIFICATE
        ),
        "genSignedCert": Function(
            partial(generate_signed, policy), (*named, _CERTIFICATE), result=_CERTIFICATE
        ),
        "genSignedCertWithKey": Function(
            partial(generate_signed_with_key, policy),
            (*named, _CERTIFICATE, "string"),
            result=_CERTIFICATE,
        ),
    }
