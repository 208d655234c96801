"""The text that kube-inject prints, and what it says on the way."""

from __future__ import annotations

import io

import pytest

from injection.small import injector
from pillion.injection.errors import DocumentError
from pillion.injection.kube_inject import kube_inject

POD = "kind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: app}]}\n"


def printed(text: str) -> tuple[str, list[str]]:
    warnings: list[str] = []
    return "".join(kube_inject(injector(), text.encode(), warnings.append)), warnings


STATUS = (
    '{"initContainers":null,"containers":["istio-proxy"],"volumes":null,"imagePullSecrets":null,'
    '"revision":"default"}'
)


def test_a_pod() -> None:
    text, warnings = printed(POD)
    assert warnings == []
    assert (
        text
        == """\
kind: Pod
metadata:
  annotations:
    prometheus.io/path: /stats/prometheus
    prometheus.io/port: "15020"
    prometheus.io/scrape: "true"
    rev: ""
    sidecar.istio.io/status: 'STATUS'
  name: web
spec:
  containers:
  - name: app
    resources: {}
  - env:
    - name: OWNER
      value: pod/web
    image: hub/proxyv2:1.2
    name: istio-proxy
    resources: {}
status: {}
---
""".replace("STATUS", STATUS)
    )


def workload(kind: str, spec: str, metadata: str = "{name: web, namespace: shop}") -> str:
    return f"kind: {kind}\nmetadata: {metadata}\nspec: {spec}\n"


TEMPLATE = "{template: {spec: {containers: [{name: app}]}}}"

KINDS = [
    ("Deployment", TEMPLATE),
    ("ReplicaSet", TEMPLATE),
    ("DaemonSet", TEMPLATE),
    ("StatefulSet", TEMPLATE),
    ("Job", TEMPLATE),
    ("ReplicationController", TEMPLATE),
    ("DeploymentConfig", TEMPLATE),
    ("CronJob", f"{{jobTemplate: {{spec: {TEMPLATE}}}}}"),
]


@pytest.mark.parametrize(("kind", "spec"), KINDS)
def test_every_kind(kind: str, spec: str) -> None:
    text, _ = printed(workload(kind, spec))
    assert f"value: {kind.lower()}/web" in text
    assert "name: istio-proxy" in text


def test_a_cron_jobs_annotations_go_to_the_job() -> None:
    text, _ = printed(workload(*KINDS[-1]))
    assert "  jobTemplate:\n    metadata:\n      annotations:\n" in text
    assert "      template:\n        metadata: {}\n" in text


VERBATIM = [
    "kind: Service\nspec:   # a comment\n  odd:   spacing\n",
    "# only a comment\n",
    "kind: pod\n",
    "kind: PodTemplate\ntemplate: {spec: {containers: []}}\n",
]


@pytest.mark.parametrize("text", VERBATIM)
def test_what_is_no_workload_passes_letter_by_letter(text: str) -> None:
    assert printed(text) == (f"{text}---\n", [])


DOCUMENTS = [
    ("", ""),
    ("a: 1", "a: 1\n---\n"),
    ("a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n---\n"),
    ("---\na: 1\n---\nb: 2\n", "---\na: 1\n---\nb: 2\n---\n"),
    ("a: 1\n--- # next\n---\nb: 2\n", "a: 1\n---\n---\nb: 2\n---\n"),
    ("a: 1\n---\n", "a: 1\n---\n"),
]


@pytest.mark.parametrize(("given", "wanted"), DOCUMENTS)
def test_documents(given: str, wanted: str) -> None:
    assert printed(given)[0] == wanted


def test_a_list() -> None:
    items = "- kind: Service\n  b: 1\n  a: 2\n- kind: Pod\n  spec: {containers: []}\n- null\n"
    text, _ = printed(f"kind: List\nitems:\n{items}")
    assert text.startswith("items:\n- a: 2\n  b: 1\n  kind: Service\n- kind: Pod\n  metadata:\n")
    assert "- null\nkind: List\nmetadata: {}\n---\n" in text


@pytest.mark.parametrize("items", ["", "items: null"])
def test_a_list_of_nothing(items: str) -> None:
    assert printed(f"kind: List\n{items}\n")[0] == "items: null\nkind: List\nmetadata: {}\n---\n"


SKIPPED = [
    ("{spec: {hostNetwork: true, containers: []}}", "has host networking enabled"),
    (
        "{metadata: {labels: {sidecar.istio.io/inject: 'false'}}, spec: {containers: []}}",
        "has sidecar injection disabled",
    ),
    (
        "{metadata: {namespace: kube-system}, spec: {containers: []}}",
        "has sidecar injection disabled",
    ),
]


@pytest.mark.parametrize(("template", "reason"), SKIPPED)
def test_skipped(template: str, reason: str) -> None:
    text, warnings = printed(workload("Deployment", f"{{template: {template}}}"))
    assert "istio-proxy" not in text
    assert warnings == [f'===> Skipping injection because Deployment "shop/web" {reason}\n']


def test_the_name_in_a_warning_is_the_pods_if_it_has_one() -> None:
    template = "{template: {metadata: {name: own}, spec: {hostNetwork: true, containers: []}}}"
    _, warnings = printed(workload("Job", template, "{name: web}"))
    assert warnings == ['===> Skipping injection because Job "own" has host networking enabled\n']


def test_policy_and_selectors_play_no_part() -> None:
    disabled = injector(policy="disabled", rules="neverInjectSelector: [{matchLabels: {a: b}}]")
    pod = POD.replace("{name: web}", "{labels: {a: b}}")
    assert "istio-proxy" in "".join(kube_inject(disabled, pod.encode(), print))


def test_templates_are_those_the_pod_asks_for_but_aliases_are_unknown() -> None:
    other = injector(
        templates={"other": "metadata: {labels: {x: z}}"}, rules="aliases: {o: [other]}"
    )

    def asking(names: str) -> str:
        pod = POD.replace(
            "{name: web}", f"{{annotations: {{inject.istio.io/templates: '{names}'}}}}"
        )
        return "".join(kube_inject(other, pod.encode(), print))

    assert "    x: z\n" in asking("other")
    assert "istio-proxy" in asking(" other , sidecar")
    with pytest.raises(
        DocumentError, match='requested template "o" not found; have sidecar, other'
    ):
        asking("o")


ERRORS = [
    ("a: 1\n--- b\n", 1, 2, "", "invalid Yaml document separator: b"),
    (
        "a: 1\n---\n{\n",
        2,
        4,
        "",
        "error converting YAML to JSON: yaml: line 1: did not find expected",
    ),
    (
        f"a: 1\n---\n{POD.replace('name: app', 'ports: 5')}",
        2,
        5,
        "spec.containers[0].ports",
        (
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go "
            "struct field Container.spec.containers.ports of type []v1.ContainerPort"
        ),
    ),
    ("kind: ReplicationController\n", 1, 1, "", "spec.template is required value"),
    (
        POD.replace("{name: web}", "{annotations: {proxy.istio.io/config: '[]'}}"),
        1,
        1,
        "",
        (
            "could not parse proxy config: json: cannot unmarshal array into Go value of type "
            "map[string]json.RawMessage"
        ),
    ),
    (
        POD.replace("{name: web}", "{annotations: {status.sidecar.istio.io/port: x}}"),
        1,
        1,
        "",
        (
            "failed to run injection template: 1 error occurred:\n\t* invalid value 'x' "
            "for annotation 'status.sidecar.istio.io/port': "
        ),
    ),
]


@pytest.mark.parametrize(("text", "number", "line", "field", "message"), ERRORS)
def test_errors_say_where(text: str, number: int, line: int, field: str, message: str) -> None:
    with pytest.raises(DocumentError) as found:
        printed(text)
    error = found.value
    assert error.message.startswith(message)
    assert (error.document, error.line, error.field) == (number, line, field)
    assert str(error).startswith(f"document {number}, line {line}")


def test_a_document_is_printed_before_the_next_one_is_read() -> None:
    stream = io.BytesIO(b"a: 1\n---\n--- x\n")
    pieces = kube_inject(injector(), stream, print)
    assert next(pieces) == "a: 1\n"
