from __future__ import annotations

from typing import TYPE_CHECKING

from injection.small import injector
from pillion.injection.cluster_inject import Outcome, cluster_inject

if TYPE_CHECKING:
    from pillion.injection.injector import Injector

DEPLOYMENT = """\
kind: Deployment
metadata: {name: web}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app}]}}}
"""
CRON_JOB = """\
kind: CronJob
metadata: {name: clean, namespace: kube-system}
spec:
  jobTemplate: {spec: {template: {spec: {containers: [{name: app}]}}}}
"""


def run(given: Injector, text: str, namespace: str = "") -> tuple[str, list[Outcome]]:
    outcomes: list[Outcome] = []
    pieces = cluster_inject(given, text.encode(), outcomes.append, namespace=namespace)
    return "".join(pieces), outcomes


def test_every_template_alias_and_annotation_counts() -> None:
    given = injector(
        templates={"extra": "metadata: {labels: {extra: yes-it-is}}"},
        rules="defaultTemplates: [both]\naliases: {both: [sidecar, extra]}\n"
        "injectedAnnotations: {k: v}",
    )
    text, _ = run(given, DEPLOYMENT)
    assert "extra: yes-it-is" in text
    assert "        k: v\n" in text
    assert "value: deployment/web" in text


def test_the_rules_decide_and_say_so() -> None:
    given = injector(rules="neverInjectSelector: [{matchLabels: {app: web}}]")
    text, outcomes = run(given, f"{DEPLOYMENT}---\nkind: Service\n---\n{CRON_JOB}", "shop")
    assert "istio-proxy" not in text
    assert [str(outcome) for outcome in outcomes] == [
        (
            "Deployment shop/web: skipped, its labels match neverInjectSelector "
            "(neverInjectSelector[0])"
        ),
        (
            "CronJob kube-system/clean: skipped, its namespace belongs to the system and is never "
            "injected (metadata.namespace)"
        ),
    ]


def test_an_injected_workload_is_reported() -> None:
    _, [outcome] = run(injector(), DEPLOYMENT)
    assert str(outcome) == "Deployment web: injected, the policy is enabled (policy)"


def test_templates_see_the_namespace_but_the_manifest_does_not_get_it() -> None:
    template = (
        'metadata: {labels: {seen: "{{ .ObjectMeta.Namespace }}-{{ .DeploymentMeta.Namespace }}"}}'
    )
    text, _ = run(injector(templates={"sidecar": template}), DEPLOYMENT, "shop")
    assert "seen: shop-shop" in text
    assert "namespace: shop" not in text


def test_the_pods_of_a_deployment_config_are_guessed_from_their_controller() -> None:
    template = 'metadata: {labels: {owner: "{{ .TypeMeta.Kind }}-{{ .TypeMeta.APIVersion }}"}}'
    manifest = DEPLOYMENT.replace("Deployment", "DeploymentConfig")
    text, _ = run(injector(templates={"sidecar": template}), manifest)
    assert "owner: DeploymentConfig-v1" in text


def test_a_cron_jobs_pods_are_what_counts() -> None:
    text, _ = run(injector(), CRON_JOB.replace("kube-system", "shop"))
    assert "      template:\n        metadata:\n          annotations:\n" in text
