"""The server's own authority: what it makes, and when it makes something else."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from pillion.server import authority
from pillion.server.authority import Keys, Lifetimes
from pillion.server.errors import CertificateError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ["injector.istio-system.svc", "10.0.0.7"]
HOUR = 3600.0
TIMES = Lifetimes(certificate=30 * HOUR, authority=300 * HOUR, overlap=2 * HOUR)


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def certificates(pem: bytes) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(pem)


def is_trusted(keys: Keys, bundle: bytes) -> bool:
    """Whether who has ``bundle`` takes the certificate."""
    [served] = certificates(keys.chain)
    return any(_signed(served, one) for one in certificates(bundle))


def _signed(served: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        served.verify_directly_issued_by(authority)
    except InvalidSignature:
        return False
    return True


def test_what_is_made() -> None:
    keys = authority.make(NAMES, NOW, TIMES)
    [served], [signer] = certificates(keys.chain), certificates(keys.bundle)
    names = served.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one.value) for one in names] == NAMES
    assert isinstance(list(names)[1], x509.IPAddress)
    assert served.not_valid_after_utc == later(30)
    assert signer.not_valid_after_utc == later(300)
    assert served.not_valid_before_utc < NOW
    assert is_trusted(keys, keys.bundle)


def test_it_is_kept_as_the_data_of_a_secret() -> None:
    keys = authority.make(NAMES, NOW, TIMES)
    assert authority.read(keys.data()) == keys
    assert set(keys.data()) == {"ca.crt", "ca.key", "tls.crt", "tls.key"}


@pytest.mark.parametrize(
    ("hours", "why"),
    [
        (0, ""),
        (19.9, ""),
        (20, "the certificate grows old"),
        (31, "the certificate grows old"),
    ],
)
def test_a_certificate_is_renewed_when_a_third_of_its_life_is_left(hours: float, why: str) -> None:
    keys = authority.make(NAMES, NOW, TIMES)
    changed, said = authority.renewed(keys, NAMES, later(hours), TIMES)
    assert said == why
    assert (changed is keys) is (why == "")
    assert changed.bundle == keys.bundle
    assert is_trusted(changed, keys.bundle)


def test_other_names_need_another_certificate() -> None:
    keys = authority.make(NAMES, NOW, TIMES)
    changed, why = authority.renewed(keys, ["other.istio-system.svc"], NOW, TIMES)
    assert why == "the server's names are others"
    assert is_trusted(changed, keys.bundle)


def test_an_authority_is_trusted_before_it_signs_and_as_long_as_it_lives() -> None:
    keys, hour = authority.make(NAMES, NOW, TIMES), 0.0
    bundles = [keys.bundle]
    reasons = []
    while hour < 1000:
        changed, why = authority.renewed(keys, NAMES, later(hour), TIMES)
        if why:
            reasons.append(why)
            keys = changed
        [served] = certificates(keys.chain)
        assert served.not_valid_after_utc > later(hour)
        assert is_trusted(keys, keys.bundle)
        assert is_trusted(keys, bundles[-1]), "who read the bundle an hour ago still trusts it"
        assert len(certificates(keys.bundle)) <= 2
        bundles.append(keys.bundle)
        hour += 1
    assert reasons.count("the authority grows old") == 4
    assert reasons.count("the new authority is known by now") == 4


def test_a_bundle_without_a_living_authority_is_made_anew() -> None:
    keys = authority.make(NAMES, NOW, TIMES)
    changed, why = authority.renewed(keys, NAMES, later(301), TIMES)
    assert why == "the certificate has ended"
    assert len(certificates(changed.bundle)) == 1
    assert is_trusted(changed, changed.bundle)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tls.key": None}, "it has no tls.key"),
        ({"ca.crt": "%"}, "it is not base64: "),
        ({"ca.crt": ""}, "it holds no certificates with their keys: "),
        ({"ca.key": base64.b64encode(b"x").decode()}, "it holds no certificates with their keys: "),
        ({"ca.key": "OTHER"}, "ca.key does not belong to the first of ca.crt"),
        ({"tls.key": base64.b64encode(b"x").decode()}, "it holds no certificates with their keys"),
        ({"tls.key": "OTHER"}, "tls.key does not belong to tls.crt"),
        ({"tls.crt": "OTHER", "tls.key": "OTHER"}, "tls.crt is not issued by any of ca.crt"),
    ],
)
def test_a_secret_of_something_else(change: dict[str, str | None], message: str) -> None:
    data: dict[str, str] = authority.make(NAMES, NOW, TIMES).data()
    another = authority.make(NAMES, NOW, TIMES).data()
    for key, value in change.items():
        if value is None:
            del data[key]
        else:
            data[key] = another[key] if value == "OTHER" else value
    with pytest.raises(CertificateError, match=f"^{message}"):
        authority.renewed(authority.read(data), NAMES, NOW, TIMES)
