"""What a user gets to read when an input is wrong: one line that says which file, where and why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Run

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - {name: web, image: web}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata:
"""
CONFIG = "policy: enabled\ntemplates:\n  sidecar: |\n"
PROFILE = ("--profile", "istio-1.30")
OLD = "what was there before\n"


def annotated(**annotations: str) -> str:
    written = "".join(f"        {name}: {value}\n" for name, value in annotations.items())
    return f"{DEPLOYMENT}      annotations:\n{written}    spec:\n      containers: [{{name: a}}]\n"


MANIFESTS = {
    "a list where the type has a map": (
        f"{POD}---\n{DEPLOYMENT}    spec:\n      containers: {{}}\n",
        (
            "document 2, line 15, field spec.template.spec.containers: json: cannot unmarshal "
            "object into Go struct field PodSpec.spec.template.spec.containers of type "
            "[]v1.Container"
        ),
    ),
    "a text where the type has a number": (
        POD + "  terminationGracePeriodSeconds: soon\n",
        (
            "document 1, line 7, field spec.terminationGracePeriodSeconds: json: cannot unmarshal "
            "string into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64"
        ),
    ),
    "YAML that does not nest": (
        f"{POD}---\na: b\n  c: d\n",
        "document 2, line 9: yaml: mapping values are not allowed in this context",
    ),
    "a quote that never ends": (
        f'{POD}---\na: "b\nc: d\n',
        "document 2, line 10: yaml: found unexpected end of stream",
    ),
    "something behind a separator": (
        f"{POD}--- a: b\n",
        "document 1, line 7: invalid Yaml document separator: a: b",
    ),
    "a template that the configuration does not have": (
        annotated(**{"inject.istio.io/templates": "nope"}),
        (
            "document 1, line 1: failed to run injection template: requested template "
            '"nope" not found; have sidecar, gateway, grpc-simple, grpc-agent'
        ),
    ),
    "a workload without a template": (
        "apiVersion: v1\nkind: ReplicationController\nspec: {replicas: 1}\n",
        "document 1, line 1: spec.template is required value",
    ),
    "a list of scalars": (
        "- a\n- b\n",
        "document 1, line 1: json: cannot unmarshal array into Go value of type v1.TypeMeta",
    ),
    "nothing": ("", "nothing is in it"),
    "empty lines": ("\n \n", "nothing is in it"),
    "a binary file": (b"\x7fELF\x02\x01\x01\0\0\0", "document 1, line 1: yaml: control characters"),
    "bytes that are no UTF-8": (
        POD.encode() + b"# caf\xe9\n",
        "document 1, line 1: yaml: incomplete UTF-8 octet sequence",
    ),
    "UTF-16 without its mark": (POD.encode("utf-16-le"), "document 1, line 1: yaml: control char"),
    "lists nested too deep": (
        f"{POD}x: {'[' * 10_001}{']' * 10_001}\n",
        "document 1, line 7: yaml: exceeded max depth of 10000",
    ),
    "JSON nested too deep": (
        '{"kind":"Pod","x":' + '{"a":' * 10_001 + "1" + "}" * 10_001 + "}",
        "document 1, line 1: yaml: exceeded max depth of 10000",
    ),
    "an alias that multiplies": (
        f"{POD}a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n"
            for old, new in zip("abcdefg", "bcdefgh", strict=True)
        ),
        "document 1, line 1: yaml: document contains excessive aliasing",
    ),
    "an alias to what it stands in": (
        "apiVersion: v1\nkind: Pod\nmetadata: &m\n  name: x\n  labels: *m\n",
        "document 1, line 5: yaml: anchor 'm' value contains itself",
    ),
    "an alias to nothing": (
        f"{POD}---\na: *b\n",
        "document 2, line 8: yaml: unknown anchor 'b' referenced",
    ),
}


@pytest.mark.parametrize(("manifest", "message"), MANIFESTS.values(), ids=MANIFESTS)
def test_a_bad_manifest(run: Run, manifest: str | bytes, message: str) -> None:
    data = manifest.encode() if isinstance(manifest, str) else manifest
    Path("app.yaml").write_bytes(data)
    Path("out.yaml").write_text(OLD)
    result = run("kube-inject", "-f", "app.yaml", *PROFILE, "-o", "out.yaml")
    assert result.err.startswith(f"pillion: app.yaml: {message}")
    assert result.err.count("\n") == 1
    assert (result.status, result.out) == (1, "")
    assert Path("out.yaml").read_text() == OLD
    assert sorted(os.listdir()) == ["app.yaml", "out.yaml"]


def test_all_bad_annotations_are_named_at_once(run: Run) -> None:
    Path("app.yaml").write_text(
        annotated(
            **{
                "status.sidecar.istio.io/port": "x",
                "traffic.sidecar.istio.io/includeOutboundIPRanges": "10.0.0.0",
            }
        )
    )
    result = run("kube-inject", "-f", "app.yaml", *PROFILE)
    first, *problems = result.err.splitlines()
    assert first.startswith("pillion: app.yaml: document 1, line 1: ")
    assert first.endswith("2 errors occurred:")
    assert [problem.split("'")[3] for problem in problems] == [
        "status.sidecar.istio.io/port",
        "traffic.sidecar.istio.io/includeOutboundIPRanges",
    ]
    assert result.status == 1


CONFIGURATIONS = {
    "of neither generation": (
        "--injectConfigFile",
        "policy: enabled\nfoo: bar\n",
        "not an injection configuration: it has neither templates",
    ),
    "no YAML": (
        "--injectConfigFile",
        "policy: enabled\n templates: {\n",
        "line 2: yaml: mapping values are not allowed in this context",
    ),
    "a list": (
        "--injectConfigFile",
        "[1, 2]\n",
        "json: cannot unmarshal array into Go value of type inject.Config",
    ),
    "a list of templates": (
        "--injectConfigFile",
        "policy: enabled\ntemplates: [a]\n",
        (
            "line 2, field templates: json: cannot unmarshal array into Go struct field "
            "Config.templates of type map[string]string"
        ),
    ),
    "a selector that is a map": (
        "--injectConfigFile",
        "neverInjectSelector: {a: b}\ntemplates: {sidecar: ''}\n",
        (
            "line 1, field neverInjectSelector: json: cannot unmarshal object into Go struct field "
            "Config.neverInjectSelector of type []v1.LabelSelector"
        ),
    ),
    "a template that does not parse": (
        "--injectConfigFile",
        CONFIG + "    spec:\n      {{ if }}\n",
        "line 3, field templates.sidecar: template: inject:2: missing value for if",
    ),
    "a ConfigMap without it": (
        "--injectConfigFile",
        "kind: ConfigMap\ndata: {mesh: x, values: y}\n",
        "the ConfigMap has no key 'config' in its data, which holds mesh, values",
    ),
    "a bad one in a ConfigMap": (
        "--injectConfigFile",
        "kind: ConfigMap\ndata:\n  config: |\n    policy: enabled\n    templates: 1\n",
        (
            "line 2, field templates: json: cannot unmarshal number into Go struct field "
            "Config.templates of type map[string]string"
        ),
    ),
    "a mesh that is no YAML": (
        "--meshConfigFile",
        "ingressService: [\n",
        "line 2: yaml: did not find expected node content",
    ),
    "a mesh that is a list": (
        "--meshConfigFile",
        "[]\n",
        "json: cannot unmarshal array into Go value of type map[string]json.RawMessage",
    ),
    "a mesh of a wrong type": (
        "--meshConfigFile",
        "defaultConfig:\n  concurrency: [1]\n",
        "line 2, field defaultConfig.concurrency: json: cannot unmarshal array into Go value",
    ),
    "a mesh that makes no sense": (
        "--meshConfigFile",
        "connectTimeout: -5s\n",
        "invalid connect timeout: duration must be greater than 1ms",
    ),
    "a mesh's ConfigMap without it": (
        "--meshConfigFile",
        "kind: ConfigMap\n",
        "the ConfigMap has no key 'mesh' in its data, which holds nothing",
    ),
    "values that are no YAML": (
        "--valuesFile",
        "global: [\n",
        "line 2: yaml: did not find expected node content",
    ),
    "values of a wrong type": (
        "--valuesFile",
        "global:\n  proxy:\n    privileged: 7\n",
        (
            "line 3, field global.proxy.privileged: json: cannot unmarshal number into Go value of "
            "type bool"
        ),
    ),
    "values that are a list": (
        "--valuesFile",
        "[1]\n",
        "json: cannot unmarshal array into Go value of type map[string]json.RawMessage",
    ),
}


@pytest.mark.parametrize(("flag", "text", "message"), CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_a_bad_configuration(run: Run, flag: str, text: str, message: str) -> None:
    Path("app.yaml").write_text(POD)
    Path("bad.yaml").write_text(text)
    Path("out.yaml").write_text(OLD)
    result = run("kube-inject", "-f", "app.yaml", *PROFILE, flag, "bad.yaml", "-o", "out.yaml")
    lines = [line for line in result.err.splitlines() if "embedded profile" not in line]
    [line] = lines
    place = "bad.yaml, data.config: " if "\n  config:" in text else "bad.yaml: "
    assert line.startswith(f"pillion: {place}{message}")
    assert result.status == 1
    assert Path("out.yaml").read_text() == OLD


TEMPLATES = {
    "a field that does not exist": (
        "spec:\n      a: {{ .Nope.x }}",
        (
            'template: inject:2:13: executing "inject" at <.Nope.x>: can\'t evaluate field Nope in '
            "type *inject.SidecarTemplateData"
        ),
    ),
    "what a template calls fail with": (
        '{{ fail "no such thing" }}',
        (
            'template: inject:1:3: executing "inject" at <fail "no such thing">: error calling '
            "fail: no such thing"
        ),
    ),
    "what is rendered is no YAML": (
        "spec: {a: b: c}",
        (
            "failed applying injection overlay: strategic merge: invalid JSON document (the "
            "templates rendered no YAML: yaml: did not find expected ',' or '}')"
        ),
    ),
    "what is rendered is no pod": (
        "spec: {containers: {}}",
        (
            "failed applying injection overlay: unmarshal patched pod: json: cannot unmarshal "
            "object into Go struct field PodSpec.spec.containers of type []v1.Container"
        ),
    ),
}


@pytest.mark.parametrize(("template", "message"), TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_that_fails_says_where(run: Run, template: str, message: str) -> None:
    Path("app.yaml").write_text(f"# one comment\n{POD}")
    Path("config.yaml").write_text(f"{CONFIG}    {template}\n")
    result = run("kube-inject", "-f", "app.yaml", "--injectConfigFile", "config.yaml")
    assert result.err.splitlines()[-1] == (
        f"pillion: app.yaml: document 1, line 1: failed to run injection template: {message}"
    )
    assert (result.status, result.out) == (1, "")


def test_a_template_of_1_1_says_where(run: Run) -> None:
    Path("app.yaml").write_text(POD)
    Path("config.yaml").write_text("policy: enabled\ntemplate: |\n  containers: [[ .Nope.X ]]\n")
    result = run("kube-inject", "-f", "app.yaml", "--injectConfigFile", "config.yaml")
    assert result.err.splitlines()[-1] == (
        'pillion: app.yaml: document 1, line 1: template: inject:1:20: executing "inject" at '
        "<.Nope.X>: can't evaluate field Nope in type *inject.SidecarTemplateData"
    )
    assert result.status == 1


def test_a_policy_and_selectors_that_are_none_are_noted(run: Run) -> None:
    Path("app.yaml").write_text(POD)
    Path("config.yaml").write_text(
        "policy: false\n"
        "neverInjectSelector:\n"
        "- matchExpressions: [{key: a, operator: Near}]\n"
        f"{CONFIG.removeprefix('policy: enabled')}    spec: {{}}\n"
    )
    result = run("kube-inject", "-f", "app.yaml", *PROFILE, "--injectConfigFile", "config.yaml")
    assert result.err.splitlines()[:2] == [
        "pillion: config.yaml: false is not a policy; use disabled",
        (
            "pillion: config.yaml: neverInjectSelector[0] is skipped, it is invalid: "
            '"Near" is not a valid label selector operator'
        ),
    ]
    assert result.status == 0


FILES = {
    "missing": (["-f", "nope.yaml"], "nope.yaml: No such file or directory"),
    "a folder without manifests": (["-f", "folder"], "folder: the folder holds no manifest"),
    "a missing configuration": (
        ["-f", "app.yaml", "--injectConfigFile", "nope.yaml"],
        "nope.yaml: No such file or directory",
    ),
    "a configuration that is a folder": (
        ["-f", "app.yaml", "--injectConfigFile", "folder"],
        "folder: Is a directory",
    ),
    "an output in a missing folder": (
        ["-f", "app.yaml", "-o", "nope/out.yaml"],
        "nope/out.yaml: No such file or directory",
    ),
    "an output below a file": (
        ["-f", "app.yaml", "-o", "app.yaml/out.yaml"],
        "app.yaml/out.yaml: Not a directory",
    ),
    "an output that is a folder": (["-f", "app.yaml", "-o", "folder"], "folder: Is a directory"),
    "an output that is full": (
        ["-f", "app.yaml", "-o", "/dev/full"],
        "/dev/full: No space left on device",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_used(run: Run, arguments: list[str], message: str) -> None:
    if "/dev/full" in arguments and not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    Path("app.yaml").write_text(POD)
    Path("folder").mkdir()
    result = run("kube-inject", *PROFILE, *arguments)
    assert result.err.splitlines()[-1].startswith(f"pillion: {message}")
    assert (result.status, result.out) == (1, "")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
@pytest.mark.parametrize("flag", ["-f", "--injectConfigFile", "-o"])
def test_a_file_without_permission(run: Run, flag: str) -> None:
    Path("app.yaml").write_text(POD)
    Path("closed").mkdir(mode=0o000)
    result = run("kube-inject", *PROFILE, "-f", "app.yaml", flag, "closed/x.yaml")
    assert result.err.splitlines()[-1] == "pillion: closed/x.yaml: Permission denied"
    assert result.status == 1


CALLS = {
    "no command": (["nope"], "unknown command 'nope'; pillion --help names them"),
    "no manifest": (
        ["kube-inject"],
        "no manifest named: give -f FILE (pillion kube-inject --help)",
    ),
    "an unknown flag": (["inject", "--nope"], "unknown flag: --nope"),
    "a refused flag": (["inject", "--hub=x"], "--hub is not supported here: it belongs to the con"),
    "an unknown profile": (
        ["kube-inject", "-f", "app.yaml", "--profile", "istio-9"],
        "--profile istio-9: no such profile; there are istio-1.1 and istio-1.30",
    ),
    "a value without a key": (
        ["kube-inject", "-f", "app.yaml", *PROFILE, "--set", "global"],
        '--set: cannot read "global": key "global" has no value',
    ),
    "a value of a wrong type": (
        ["kube-inject", "-f", "app.yaml", *PROFILE, "--set", "global.proxy=1"],
        "--set: field global.proxy: json: cannot unmarshal number into Go value of type",
    ),
    "standard input twice": (
        ["kube-inject", "-f", "-", "-f", "-"],
        "standard input (-) is named twice, and can be read once",
    ),
    "standard input as two things": (
        ["kube-inject", "-f", "-", "--valuesFile", "-"],
        "standard input (-) is named twice, and can be read once",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), CALLS.values(), ids=CALLS)
def test_a_wrong_call(run: Run, arguments: list[str], message: str) -> None:
    Path("app.yaml").write_text(POD)
    result = run(*arguments)
    assert result.err.startswith(f"pillion: {message}")
    assert (result.status, result.out) == (2, "")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pillion", "kube-inject", *PROFILE, *arguments]


def test_a_reader_that_goes_away_is_no_error_to_speak_of(home: Path) -> None:
    assert home.is_dir()
    Path("app.yaml").write_text(f"{POD}---\n" * 100)
    with subprocess.Popen(
        command("-f", "app.yaml"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"apiVersion: v1\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_is_told(home: Path) -> None:
    assert home.is_dir()
    Path("app.yaml").write_text(POD)
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            command("-f", "app.yaml"), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert result.stderr == b"pillion: standard output: No space left on device\n"
    assert result.returncode == 1


@pytest.mark.parametrize(
    ("closed", "wanted"),
    [
        ("<&-", "pillion: standard input: it is closed\n"),
        (">&-", "pillion: standard output: it is closed\n"),
    ],
)
def test_a_closed_stream_is_told(home: Path, closed: str, wanted: str) -> None:
    assert home.is_dir()
    line = f'exec "$@" {closed}'
    result = subprocess.run(
        ["/bin/sh", "-c", line, "sh", *command("-f", "-")],
        input=POD.encode() if closed != "<&-" else None,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert (result.returncode, result.stderr.decode()) == (1, wanted)


def test_an_interruption_leaves_the_old_output(home: Path) -> None:
    assert home.is_dir()
    Path("out.yaml").write_text(OLD)
    with subprocess.Popen(
        command("-f", "-", "-o", "out.yaml"), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        deadline = time.monotonic() + 60
        while len(os.listdir()) < 2 and time.monotonic() < deadline:  # its unfinished output
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
        process.stdin.close()
    assert process.returncode == 130
    assert os.listdir() == ["out.yaml"]
    assert Path("out.yaml").read_text() == OLD
