from __future__ import annotations

import base64
import importlib.util
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from pillion.server import registration_bundle as bundle
from pillion.server import registration_entries as reading
from pillion.server import registration_problems as problems
from server.registrations import POD_RULE, configuration, entry, registered

NOW = datetime.now(UTC)
SERVICE = {"name": "istiod", "namespace": "istio-system"}
AUTHORITY = trustme.CA(organization_name="the mesh").cert_pem.bytes()
CERTIFICATE = x509.load_pem_x509_certificate(AUTHORITY)
SHA256 = CERTIFICATE.fingerprint(hashes.SHA256()).hex()
UNTIL = CERTIFICATE.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
SINCE = CERTIFICATE.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def encoded(text: bytes) -> str:
    return base64.b64encode(text).decode()


def of(now: datetime = NOW, **webhook: Any) -> list[str]:
    found = entry(**webhook)
    return problems.of_entry(found, bundle.describe(found.ca_bundle, now))


@pytest.mark.parametrize(
    ("now", "validity", "problem"),
    [
        (NOW, f"until {UNTIL}", ""),
        (
            CERTIFICATE.not_valid_after_utc + timedelta(1),
            f"EXPIRED on {UNTIL}",
            "no certificate in caBundle is valid now",
        ),
        (
            CERTIFICATE.not_valid_before_utc - timedelta(1),
            f"NOT VALID before {SINCE}",
            "no certificate in caBundle is valid now",
        ),
    ],
)
def test_each_certificate_is_told(now: datetime, validity: str, problem: str) -> None:
    found = bundle.describe(encoded(AUTHORITY * 2), now)
    line = f"{CERTIFICATE.subject.rfc4514_string()}, {validity}, sha256 {SHA256}"
    assert found.lines == [line, line]
    assert found.problem == problem


def test_a_bundle_may_be_missing_or_hold_something_else() -> None:
    assert bundle.describe("", NOW) == (["none"], "")
    assert bundle.describe(encoded(b"no"), NOW) == (
        ["2 bytes"],
        "caBundle holds no certificates in PEM",
    )


def test_without_the_extra_a_bundle_is_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "find_spec", lambda name: importlib.util.find_spec(f"no_{name}"))
    (line,) = bundle.describe(encoded(b"12345"), NOW).lines
    assert line == "5 bytes; pip install 'pillion[server]' tells which certificates"


@pytest.mark.parametrize(
    ("webhook", "wanted"),
    [
        ({}, []),
        ({"clientConfig": {"service": SERVICE, "caBundle": encoded(AUTHORITY)}}, []),
        (
            {"clientConfig": {"service": SERVICE}},
            ["without a caBundle the API server does not trust the injector"],
        ),
        (
            {"clientConfig": {"url": "https://x", "caBundle": encoded(b"no")}},
            ["caBundle holds no certificates in PEM"],
        ),
        (
            {"rules": [POD_RULE | {"operations": ["DELETE"]}]},
            ["its rules are not about the creation of pods, so nothing is injected"],
        ),
        (
            {"rules": [POD_RULE, POD_RULE | {"operations": ["*"], "resources": ["services"]}]},
            ["its rules are about more than CREATE pods: * services"],
        ),
        (
            {"timeoutSeconds": 30},
            ["an injector that hangs holds up every pod for 30s"],
        ),
    ],
)
def test_what_is_wrong_with_an_entry(webhook: dict[str, Any], wanted: list[str]) -> None:
    assert of(**webhook) == wanted


def test_entries_of_several_injectors_about_the_same_pods() -> None:
    found = [
        *reading.entries(registered("one")),
        *reading.entries(registered("two", service="istiod-two")),
        *reading.entries(registered("three", "canary")),
    ]
    wanted = (
        "two injectors are asked about a pod with no labels in a namespace with "
        "istio.io/rev=default: by rev.namespace.sidecar-injector.istio.io of one and "
        "rev.namespace.sidecar-injector.istio.io of two"
    )
    assert problems.between(found) == [wanted]
    assert problems.between_others("one", found) == [wanted]
    assert problems.between_others("three", found) == []


def test_one_injector_may_be_asked_twice() -> None:
    (webhook,) = configuration()["webhooks"]
    found = configuration() | {"webhooks": [webhook | {"name": "a"}, webhook | {"name": "b"}]}
    wanted = (
        "the same injector is asked twice about a pod with no labels in a namespace with no "
        "labels: by a of here and b of here"
    )
    assert problems.between(reading.entries(found)) == [wanted]
    assert problems.between_others("here", reading.entries(found)) == []
