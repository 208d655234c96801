"""What the ``caBundle`` of a webhook holds, for people."""

from __future__ import annotations

import base64
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.x509 import Certificate

_INSTALL = "pip install 'pillion[server]' tells which certificates"


class Bundle(NamedTuple):
    """A line for each certificate, or one that says why there is none; and what is wrong."""

    lines: list[str]
    problem: str = ""


def describe(encoded: str, now: datetime) -> Bundle:
    """The certificates of a ``caBundle`` as objects carry it."""
    if not encoded:
        return Bundle(["none"])
    text = base64.b64decode(encoded)
    if find_spec("cryptography") is None:
        return Bundle([f"{len(text)} bytes; {_INSTALL}"])
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificates(text)
    except ValueError:
        return Bundle([f"{len(text)} bytes"], "caBundle holds no certificates in PEM")
    valid = [one for one in found if one.not_valid_before_utc <= now <= one.not_valid_after_utc]
    problem = "" if valid else "no certificate in caBundle is valid now"
    return Bundle([_line(one, now) for one in found], problem)


def _line(certificate: Certificate, now: datetime) -> str:
    from cryptography.hazmat.primitives import hashes

    subject = certificate.subject.rfc4514_string() or "no subject"
    digest = certificate.fingerprint(hashes.SHA256()).hex()
    return f"{subject}, {_validity(certificate, now)}, sha256 {digest}"


def _validity(certificate: Certificate, now: datetime) -> str:
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < since:
        return f"NOT VALID before {_time(since)}"
    return f"{'EXPIRED on' if now > until else 'until'} {_time(until)}"


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
