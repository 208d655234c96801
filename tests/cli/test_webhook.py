from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pillion.cli.main import main
from pillion.kubernetes import yaml_reader

if TYPE_CHECKING:
    from pathlib import Path


def rendered(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["webhook", "render", *arguments]) == 0
    found: dict[str, Any] = yaml_reader.load(capsys.readouterr().out)
    return found


def test_without_flags_it_is_istios_own(capsys: pytest.CaptureFixture[str]) -> None:
    found = rendered(capsys)
    assert found["metadata"]["name"] == "istio-sidecar-injector"
    assert [webhook["name"] for webhook in found["webhooks"]] == [
        "rev.namespace.sidecar-injector.istio.io",
        "rev.object.sidecar-injector.istio.io",
        "namespace.sidecar-injector.istio.io",
        "object.sidecar-injector.istio.io",
    ]
    [first, *_] = found["webhooks"]
    assert first["failurePolicy"] == "Fail"
    assert first["timeoutSeconds"] == 10
    assert first["reinvocationPolicy"] == "Never"
    assert first["sideEffects"] == "None"


def test_a_revision_has_a_configuration_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    found = rendered(capsys, "--revision", "canary")
    assert found["metadata"] == {
        "name": "istio-sidecar-injector-canary",
        "labels": {"app": "sidecar-injector", "istio.io/rev": "canary"},
    }
    assert len(found["webhooks"]) == 2


def test_selectors_of_ones_own_make_one_webhook(capsys: pytest.CaptureFixture[str]) -> None:
    found = rendered(
        capsys,
        "--namespace-selector=istio-injection=enabled",
        "--object-selector=!legacy",
        "--object-selector=app",
        "--include-kube-system",
        "--istioNamespace=mesh",
    )
    [webhook] = found["webhooks"]
    assert webhook["name"] == "sidecar-injector.istio.io"
    assert webhook["namespaceSelector"] == {
        "matchLabels": {"istio-injection": "enabled"},
        "matchExpressions": [
            {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["mesh"]}
        ],
    }
    assert webhook["objectSelector"] == {
        "matchExpressions": [
            {"key": "legacy", "operator": "DoesNotExist"},
            {"key": "app", "operator": "Exists"},
        ]
    }


def test_an_empty_selector_is_every_namespace(capsys: pytest.CaptureFixture[str]) -> None:
    everything = ("--include-kube-system", "--include-own-namespace")
    [webhook] = rendered(capsys, "--namespace-selector=", *everything)["webhooks"]
    assert webhook["namespaceSelector"] == {}
    assert webhook["objectSelector"] == {}


def test_every_other_flag_reaches_its_field(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\n", encoding="utf-8")
    found = rendered(
        capsys,
        "--name=here",
        "--webhook-name=inject.example.com",
        "--namespace-selector=",
        "--url=https://127.0.0.1:9443/inject",
        f"--caCertFile={bundle}",
        "--failure-policy=Ignore",
        "--timeout=3s",
        "--reinvocation-policy=IfNeeded",
        "--events",
    )
    assert found["metadata"]["name"] == "here"
    [webhook] = found["webhooks"]
    del webhook["namespaceSelector"], webhook["objectSelector"], webhook["rules"]
    assert webhook == {
        "name": "inject.example.com",
        "clientConfig": {
            "url": "https://127.0.0.1:9443/inject",
            "caBundle": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
        },
        "failurePolicy": "Ignore",
        "timeoutSeconds": 3,
        "reinvocationPolicy": "IfNeeded",
        "sideEffects": "NoneOnDryRun",
        "admissionReviewVersions": ["v1", "v1beta1"],
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "usage: pillion webhook render|apply|show [flags]; --help tells more"),
        (["list"], "usage: pillion webhook render|apply|show [flags]; --help tells more"),
        (["render", "--url=http://x"], "--url http://x: an API server calls https addresses alone"),
        (["render", "--port=x"], "--port x: not a port"),
        (["render", "--timeout=31s"], "--timeout 31s: an API server waits for 1 to 30 whole secon"),
        (["render", "--timeout=soon"], '--timeout: time: invalid duration "soon"'),
        (["render", "--object-selector=a b"], "--object-selector: cannot read the selector 'a b'"),
        (["render", "--failure-policy=Maybe"], "--failure-policy Maybe: there are Fail and Ignore"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["webhook", *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"pillion: {message}")


def test_a_bundle_without_certificates_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("MIIB", encoding="utf-8")
    assert main(["webhook", "render", "--caCertFile", str(bundle)]) == 1
    wanted = f"pillion: {bundle}: holds no certificate in PEM\n"
    assert capsys.readouterr().err == wanted
