"""Keys and certificates, where the policy allows them and their package is installed."""

from __future__ import annotations

import base64
import sys
from typing import TYPE_CHECKING, Any

import pytest

from pillion.gotemplate.functions import FunctionError
from pillion.gotemplate.sprig import Policy, functions

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE = functions(Policy(keys=True))

WRONG = [
    ("!", "x", "unable to decode base64 certificate"),
    ("eA==", "!", "unable to decode base64 private key"),
    ("eA==", "eA==", "unable to decode certificate"),
]


@pytest.mark.parametrize(("cert", "key", "wanted"), WRONG)
def test_a_wrong_certificate(cert: str, key: str, wanted: str, failure: Callable[..., str]) -> None:
    assert failure("buildCustomCert", cert, key) == wanted


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.rsa", None)
    with pytest.raises(FunctionError, match=r"^certificates need the Python package cryptography$"):
        TABLE["genPrivateKey"].call("")
    monkeypatch.setitem(sys.modules, "bcrypt", None)
    with pytest.raises(FunctionError, match=r"needs the Python package bcrypt$"):
        TABLE["bcrypt"].call("x")


def test_an_authority_signs() -> None:
    x509: Any = pytest.importorskip("cryptography.x509")
    ca = TABLE["genCA"].call("ca", 1)
    signed = TABLE["genSignedCert"].call("host", ["127.0.0.1"], ["a.example"], 1, ca)
    parent, child = (
        x509.load_pem_x509_certificate(one.cert.encode("ascii")) for one in (ca, signed)
    )
    child.verify_directly_issued_by(parent)
    names = child.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["a.example"]
    encoded = [base64.b64encode(part.encode()).decode() for part in (ca.cert, ca.key)]
    assert TABLE["buildCustomCert"].call(*encoded).field("Cert") == ca.cert


def test_a_wrong_address_or_name() -> None:
    pytest.importorskip("cryptography")
    key = TABLE["genPrivateKey"].call("ecdsa")
    with pytest.raises(FunctionError, match=r"^error parsing ip: bad$"):
        TABLE["genSelfSignedCertWithKey"].call("x", ["bad"], [], 1, key)
    with pytest.raises(FunctionError, match=r"^error processing alternate dns name: 1 is not a"):
        TABLE["genSelfSignedCertWithKey"].call("x", [], [1], 1, key)
    with pytest.raises(FunctionError, match=r"^parsing private key: no PEM data in input$"):
        TABLE["genCAWithKey"].call("x", 1, "bad")


@pytest.mark.parametrize("kind", ["ecdsa", "ed25519"])
def test_a_certificate_for_a_given_key(kind: str) -> None:
    x509: Any = pytest.importorskip("cryptography.x509")
    key = TABLE["genPrivateKey"].call(kind)
    ca = TABLE["genCAWithKey"].call("ca", 1, key)
    assert ca.field("Key") == key
    constraints = x509.load_pem_x509_certificate(ca.cert.encode("ascii")).extensions
    assert constraints.get_extension_for_class(x509.BasicConstraints).value.ca
    signed = TABLE["genSignedCertWithKey"].call("host", [], [], 1, ca, key)
    assert signed.field("Key") == key
