"""The server's own certificate authority: a certificate that nobody has to bring.

It lives in a Secret, so that every replica serves the same certificate, and it renews itself long
before an end. A new authority is trusted for a while before anything is signed by it, and the old
one as long as it lives: whoever reads the bundle late is never left with nothing to trust.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pillion.server.certificate import names_of
from pillion.server.errors import CertificateError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

BUNDLE, BUNDLE_KEY, CHAIN, KEY = "ca.crt", "ca.key", "tls.crt", "tls.key"
"""The keys of the Secret's data; three of them are those of a Secret of the type tls."""

_AUTHORITY_NAME = "pillion webhook authority"
_CLOCKS_APART = timedelta(minutes=5)
"""How much earlier than now certificates begin, for machines whose clocks are late."""

_DAY = 86400.0
_LONGEST_COMMON_NAME = 64


class Lifetimes(NamedTuple):
    """How long the certificate and its authority live, in seconds.

    Either is renewed when a third of its life is left. ``overlap`` is how long a new authority is
    in the bundle before it signs the certificate.
    """

    certificate: float = 90 * 86400.0
    authority: float = 3650 * 86400.0
    overlap: float = 3600.0

    def with_certificate(self, seconds: float) -> Lifetimes:
        """With another life of the certificate, which what hangs on it keeps in proportion."""
        authority = max(self.authority, 10 * seconds) if seconds >= _DAY else 40 * seconds
        return Lifetimes(seconds, authority, min(self.overlap, seconds / 12))


USUAL_LIFETIMES = Lifetimes()


class Keys(NamedTuple):
    """What the Secret holds, as PEM.

    ``bundle`` are the authorities to trust, the newest first; ``bundle_key`` is the newest one's.
    """

    bundle: bytes
    bundle_key: bytes
    chain: bytes
    key: bytes

    def data(self) -> dict[str, str]:
        """The Secret's data."""
        names = (BUNDLE, BUNDLE_KEY, CHAIN, KEY)
        values = (base64.b64encode(one).decode("ascii") for one in self)
        return dict(zip(names, values, strict=True))


def read(data: Mapping[str, str]) -> Keys:
    """What a Secret's data holds.

    Raises:
        CertificateError: A key of it is missing, or is not base64.
    """
    try:
        names = (BUNDLE, BUNDLE_KEY, CHAIN, KEY)
        return Keys(*(base64.b64decode(data[name], validate=True) for name in names))
    except KeyError as error:
        raise CertificateError(f"it has no {error.args[0]}") from error
    except binascii.Error as error:
        raise CertificateError(f"it is not base64: {error}") from error


def make(names: Sequence[str], now: datetime, lifetimes: Lifetimes) -> Keys:
    """A new authority and a certificate of it for the host names ``names``."""
    authority, authority_key = _authority(now, lifetimes)
    chain, key = _certificate(names, now, lifetimes, authority, authority_key)
    return Keys(_pem(authority), _key_pem(authority_key), chain, key)


def renewed(
    keys: Keys, names: Sequence[str], now: datetime, lifetimes: Lifetimes
) -> tuple[Keys, str]:
    """What takes the place of ``keys``, and why; ``keys`` themselves and nothing where they do.

    Raises:
        CertificateError: They are none.
    """
    bundle, authority_key, served = _parsed(keys)
    newest = bundle[0]
    if _is_old(newest, now):
        authority, made_key = _authority(now, lifetimes)
        living = [one for one in bundle if one.not_valid_after_utc > now]
        changed = keys._replace(
            bundle=b"".join(map(_pem, (authority, *living))), bundle_key=_key_pem(made_key)
        )
        if served.not_valid_after_utc > now and living:
            return changed, "the authority grows old"
        bundle, authority_key, keys = [authority], made_key, changed
        newest = authority
    why = _why_not(served, newest, names, now, lifetimes)
    if why:
        chain, key = _certificate(names, now, lifetimes, newest, authority_key)
        return keys._replace(chain=chain, key=key), why
    return keys, ""


def _why_not(
    served: x509.Certificate,
    newest: x509.Certificate,
    names: Sequence[str],
    now: datetime,
    lifetimes: Lifetimes,
) -> str:
    """Why the certificate has to be another one."""
    if set(names) != set(names_of(served)):
        return "the server's names are others"
    if _is_issued_by(served, newest):
        return "the certificate grows old" if _is_old(served, now) else ""
    if served.not_valid_after_utc <= now:
        return "the certificate has ended"
    known = newest.not_valid_before_utc + _CLOCKS_APART + timedelta(seconds=lifetimes.overlap)
    return "the new authority is known by now" if now >= known else ""


def _is_old(one: x509.Certificate, now: datetime) -> bool:
    life = one.not_valid_after_utc - one.not_valid_before_utc - _CLOCKS_APART
    return now >= one.not_valid_after_utc - life / 3


def _is_issued_by(served: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        served.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _parsed(
    keys: Keys,
) -> tuple[list[x509.Certificate], ec.EllipticCurvePrivateKey, x509.Certificate]:
    try:
        authority_key = serialization.load_pem_private_key(keys.bundle_key, None)
        bundle = x509.load_pem_x509_certificates(keys.bundle)
        served = x509.load_pem_x509_certificate(keys.chain)
        key = serialization.load_pem_private_key(keys.key, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CertificateError(f"it holds no certificates with their keys: {error}") from error
    if not isinstance(authority_key, ec.EllipticCurvePrivateKey):
        raise CertificateError(f"{BUNDLE_KEY} is a key of another kind than the server makes")
    if authority_key.public_key() != bundle[0].public_key():
        raise CertificateError(f"{BUNDLE_KEY} does not belong to the first of {BUNDLE}")
    if key.public_key() != served.public_key():
        raise CertificateError(f"{KEY} does not belong to {CHAIN}")
    if not any(_is_issued_by(served, one) for one in bundle):
        raise CertificateError(f"{CHAIN} is not issued by any of {BUNDLE}")
    return bundle, authority_key, served


def _authority(
    now: datetime, lifetimes: Lifetimes
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(_AUTHORITY_NAME)
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    built = (
        _builder(name, key.public_key(), now, lifetimes.authority)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
    )
    return built.sign(key, hashes.SHA256()), key


def _certificate(
    names: Sequence[str],
    now: datetime,
    lifetimes: Lifetimes,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
) -> tuple[bytes, bytes]:
    """A certificate and its key, as PEM; it does not outlive its authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    left = (authority.not_valid_after_utc - now).total_seconds()
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    built = (
        _builder(_name(names[0]), key.public_key(), now, min(lifetimes.certificate, left))
        .issuer_name(authority.subject)
        .add_extension(
            x509.SubjectAlternativeName([_general(one) for one in names]), critical=False
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer, critical=False)
    )
    return _pem(built.sign(authority_key, hashes.SHA256())), _key_pem(key)


def _builder(
    name: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, seconds: float
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_APART)
        .not_valid_after(now + timedelta(seconds=seconds))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common: str) -> x509.Name:
    short = common[:_LONGEST_COMMON_NAME]
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, short)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
