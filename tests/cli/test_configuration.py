"""Where each part of the configuration comes from, and what is said of parts that nobody named."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.conftest import Run

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web}]}\n"
CURRENT = """\
policy: enabled
templates:
  sidecar: |
    spec:
      containers:
      - name: istio-proxy
        image: {{ .Values.global.hub }}/proxy:{{ .MeshConfig.TrustDomain }}
"""
OF_1_1 = """\
policy: enabled
template: |
  containers:
  - name: istio-proxy
    image: hub/proxy:[[ .ProxyConfig.ProxyAdminPort ]]
"""
MESH = "trustDomain: mesh-file\n"
VALUES = '{"global": {"hub": "values-file"}}\n'
NO_CONFIG = "pillion: no injection configuration given: that of the embedded profile {} is used"
NO_MESH = "pillion: no mesh configuration given: that of the embedded profile {} is used"
NO_VALUES = "pillion: no values given: that of the embedded profile {} is used"
NOTHING = "pillion: no configuration given: the embedded profile istio-1.30 is used"


@pytest.fixture(autouse=True)
def files(home: Path) -> None:
    assert home.is_dir()
    for name, text in (
        ("app.yaml", POD),
        ("config.yaml", CURRENT),
        ("old.yaml", OF_1_1),
        ("mesh.yaml", MESH),
        ("values.yaml", VALUES),
    ):
        Path(name).write_text(text)


def image(out: str) -> str:
    [found] = [line.split("image: ")[1] for line in out.splitlines() if "/proxy" in line]
    return found


CONFIG_FILE = ("--injectConfigFile", "config.yaml")
OLD_FILE = ("--injectConfigFile", "old.yaml")
MESH_FILE = ("--meshConfigFile", "mesh.yaml")
VALUES_FILE = ("--valuesFile", "values.yaml")


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        ([], [NOTHING]),
        (["--profile", "istio-1.30"], []),
        (["--profile", "istio-1.1"], []),
        (CONFIG_FILE, [NO_MESH.format("istio-1.30"), NO_VALUES.format("istio-1.30")]),
        (OLD_FILE, [NO_MESH.format("istio-1.1")]),
        ([*CONFIG_FILE, *MESH_FILE], [NO_VALUES.format("istio-1.30")]),
        ([*CONFIG_FILE, *VALUES_FILE], [NO_MESH.format("istio-1.30")]),
        ([*CONFIG_FILE, *MESH_FILE, *VALUES_FILE], []),
        ([*OLD_FILE, "--meshConfigFile", os.devnull], []),
        (MESH_FILE, [NO_CONFIG.format("istio-1.30"), NO_VALUES.format("istio-1.30")]),
        (
            [*CONFIG_FILE, "--profile", "istio-1.30"],
            [NO_MESH.format("istio-1.30"), NO_VALUES.format("istio-1.30")],
        ),
    ],
)
def test_each_part_that_is_missing_has_a_line(
    run: Run, arguments: list[str], lines: list[str]
) -> None:
    result = run("kube-inject", "-f", "app.yaml", *arguments)
    assert result.err.splitlines() == lines
    assert result.status == 0
    assert "istio-proxy" in result.out


@pytest.mark.parametrize("content", [None, "", "{apiVersion: v1, kind: Config, contexts: []}"])
def test_a_kubeconfig_that_names_no_cluster_changes_nothing(
    run: Run, home: Path, content: str | None
) -> None:
    (home / ".kube").mkdir()
    if content is not None:
        (home / ".kube" / "config").write_text(content, encoding="utf-8")
    assert run("kube-inject", "-f", "app.yaml").err == f"{NOTHING}\n"


def test_each_file_counts(run: Run) -> None:
    result = run("kube-inject", "-f", "app.yaml", *CONFIG_FILE, *MESH_FILE, *VALUES_FILE)
    assert image(result.out) == "values-file/proxy:mesh-file"


def test_a_value_that_is_set_counts_more_than_the_file(run: Run) -> None:
    settings = ("--set", "global.hub=first", "--set", "global.hub=last")
    result = run("kube-inject", "-f", "app.yaml", *CONFIG_FILE, *MESH_FILE, *VALUES_FILE, *settings)
    assert image(result.out) == "last/proxy:mesh-file"


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_whole_configmap_is_taken_for_any_of_its_keys(run: Run, form: str) -> None:
    data = {"config": CURRENT, "mesh": MESH, "values": VALUES}
    name = f"all.{form}"
    text = json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "data": data})
    if form == "yaml":
        entries = "".join(
            f"  {key}: |\n" + "".join(f"    {line}\n" for line in value.splitlines())
            for key, value in data.items()
        )
        text = f"apiVersion: v1\nkind: ConfigMap\ndata:\n{entries}"
    Path(name).write_text(text)
    files = ("--injectConfigFile", name, "--meshConfigFile", name)
    for more in ((), ("--valuesFile", name)):
        result = run("kube-inject", "-f", "app.yaml", *files, *more)
        assert (result.status, result.err) == (0, "")
        assert image(result.out) == "values-file/proxy:mesh-file"


@pytest.fixture
def pipe() -> Iterator[object]:
    """Make pipes as the shell's ``<(...)`` does; each can be read once."""
    ends = []

    def make(text: str) -> str:
        reading, writing = os.pipe()
        ends.append(reading)
        writer = threading.Thread(target=lambda: Path(f"/dev/fd/{writing}").write_text(text))
        writer.start()
        writer.join()
        os.close(writing)
        return f"/dev/fd/{reading}"

    yield make
    for end in ends:
        os.close(end)


def test_every_file_may_be_a_pipe(run: Run, pipe: object) -> None:
    assert callable(pipe)
    result = run(
        "kube-inject",
        *("-f", pipe(POD), "--injectConfigFile", pipe(CURRENT)),
        *("--meshConfigFile", pipe(MESH), "--valuesFile", pipe(VALUES)),
    )
    assert (result.status, result.err) == (0, "")
    assert image(result.out) == "values-file/proxy:mesh-file"


def test_a_configmap_in_a_pipe_is_read_once_for_all_its_keys(run: Run, pipe: object) -> None:
    assert callable(pipe)
    data = {"config": CURRENT, "values": VALUES}
    name = pipe(json.dumps({"kind": "ConfigMap", "data": data}))
    result = run("kube-inject", "-f", "app.yaml", "--injectConfigFile", name, *MESH_FILE)
    assert (result.status, result.err) == (0, "")
    assert image(result.out) == "values-file/proxy:mesh-file"


def test_a_flag_without_effect_is_told(run: Run) -> None:
    result = run("kube-inject", "-f", "app.yaml", "--profile", "istio-1.30", "--vklog", "2")
    assert result.err == "pillion: --vklog has no effect: the command writes no log\n"
    assert result.status == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            [*OLD_FILE, "--set", "global.hub=x"],
            "--set has no effect: a configuration of Istio 1.1 has no values",
        ),
        (
            [*OLD_FILE, *VALUES_FILE],
            "--valuesFile has no effect: a configuration of Istio 1.1 has no values",
        ),
        (
            ["-n", "shop", "--profile", "istio-1.30"],
            "--namespace has no effect: kube-inject takes objects as they are",
        ),
    ],
)
def test_a_flag_without_effect_here_is_told(run: Run, given: list[str], said: str) -> None:
    result = run("kube-inject", "-f", "app.yaml", *given)
    assert f"pillion: {said}" in result.err.splitlines()
    assert result.status == 0


@pytest.mark.parametrize(
    ("file", "profile", "generation"),
    [(CONFIG_FILE, "istio-1.1", "1.30"), (OLD_FILE, "istio-1.30", "1.1")],
)
def test_a_profile_of_the_other_generation_is_refused(
    run: Run, file: tuple[str, str], profile: str, generation: str
) -> None:
    result = run("kube-inject", "-f", "app.yaml", *file, "--profile", profile)
    assert result.err == (
        f"pillion: --profile {profile} does not fit a configuration of Istio {generation}; "
        f"use istio-{generation}, or give every part as a file\n"
    )
    assert result.status == 2


UNKNOWN = "pillion: Unknown value for ENABLE_NATIVE_SIDECARS: {}, defaulting to false"
SETTINGS = [
    (None, "false", []),
    ("true", "true", []),
    ("false", "false", []),
    ("auto", "false", []),
    ("yes", "false", [UNKNOWN.format("yes")]),
    ("", "false", [UNKNOWN.format("")]),
]


@pytest.mark.parametrize(("setting", "native", "lines"), SETTINGS)
def test_the_environment_says_whether_sidecars_are_native(
    run: Run, monkeypatch: pytest.MonkeyPatch, setting: str | None, native: str, lines: list[str]
) -> None:
    if setting is not None:
        monkeypatch.setenv("ENABLE_NATIVE_SIDECARS", setting)
    text = CURRENT.replace("{{ .Values.global.hub }}", "{{ .NativeSidecars }}")
    Path("native.yaml").write_text(text, encoding="utf-8")
    files = ("--injectConfigFile", "native.yaml", *MESH_FILE, *VALUES_FILE)
    result = run("kube-inject", "-f", "app.yaml", *files)
    assert image(result.out) == f"{native}/proxy:mesh-file"
    assert result.err.splitlines() == lines
