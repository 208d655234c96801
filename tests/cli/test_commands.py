"""The commands from end to end: what goes in, and what comes out where."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Run

PROFILE = ("--profile", "istio-1.30")
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}   # as it was\n"


def pod(name: str, label: str = "") -> str:
    labels = f", labels: {{sidecar.istio.io/inject: '{label}'}}" if label else ""
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}{labels}}}\n"
        "spec: {containers: [{name: app}]}\n"
    )


def names(out: str) -> list[str]:
    """The names of the objects and proxies in the output, in their order."""
    names = [line.split()[-1] for line in out.splitlines() if line.startswith("  name:")]
    return names + ["proxy"] * out.count("name: istio-proxy\n")


def test_what_is_no_workload_passes_letter_by_letter(run: Run) -> None:
    Path("app.yaml").write_text(f"{SERVICE}---\n# nothing\n---\n{pod('web')}")
    result = run("kube-inject", "-f", "app.yaml", *PROFILE)
    assert result.out.startswith(f"{SERVICE}---\n# nothing\n---\napiVersion: v1\nkind: Pod\n")
    assert result.out.endswith("\n---\n")
    assert result.status == 0


def test_several_files_and_a_folder_come_one_after_another(run: Run) -> None:
    Path("folder/sub").mkdir(parents=True)
    for name in ("folder/b.yaml", "folder/a.json", "folder/sub/c.yml", "z.yaml"):
        Path(name).write_text(pod(Path(name).stem))
    Path("folder/notes.txt").write_text("no manifest")
    result = run("kube-inject", "-f", "z.yaml", "-f", "folder", *PROFILE)
    assert names(result.out) == ["z", "a", "b", "c", *["proxy"] * 4]


def test_an_empty_file_among_others_is_no_error(run: Run) -> None:
    Path("empty.yaml").touch()
    Path("app.yaml").write_text(pod("web"))
    assert names(run("kube-inject", "-f", ".", *PROFILE).out) == ["web", "proxy"]


def test_json_and_a_list(run: Run) -> None:
    items = [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": []}}
        for name in ("a", "b")
    ]
    Path("list.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    result = run("kube-inject", "-f", "list.json", *PROFILE)
    assert result.out.count("name: istio-proxy\n") == 2
    assert result.out.endswith("kind: List\nmetadata: {}\n---\n")


def test_standard_input_and_output(home: Path) -> None:
    assert home.is_dir()
    result = subprocess.run(
        [sys.executable, "-m", "pillion", "kube-inject", "-f", "-", *PROFILE],
        input=pod("web").encode(),
        capture_output=True,
        check=True,
    )
    assert names(result.stdout.decode()) == ["web", "proxy"]
    assert result.stderr == b""


def test_the_output_file_is_what_standard_output_would_have_been(run: Run) -> None:
    Path("app.yaml").write_text(pod("web"))
    wanted = run("kube-inject", "-f", "app.yaml", *PROFILE).out
    result = run("kube-inject", "-f", "app.yaml", *PROFILE, "-o", "out.yaml")
    assert (result.status, result.out, result.err) == (0, "", "")
    assert Path("out.yaml").read_text() == wanted


def test_a_file_may_be_replaced_by_its_own_injection(run: Run) -> None:
    Path("app.yaml").write_text(pod("web"))
    assert run("kube-inject", "-f", "app.yaml", *PROFILE, "-o", "app.yaml").status == 0
    assert names(Path("app.yaml").read_text()) == ["web", "proxy"]


def test_inject_says_of_each_object_what_became_of_it(run: Run) -> None:
    Path("app.yaml").write_text(f"{pod('a')}---\n{pod('b', 'false')}---\n{SERVICE}")
    result = run("inject", "-f", "app.yaml", "-n", "shop", *PROFILE)
    assert result.err.splitlines() == [
        "Pod shop/a: injected, the policy is enabled (policy)",
        ("Pod shop/b: skipped, its label refuses it (metadata.labels[sidecar.istio.io/inject])"),
    ]
    assert names(result.out) == ["a", "b", "proxy"]


def test_kube_inject_warns_of_what_it_skips(run: Run) -> None:
    Path("app.yaml").write_text(pod("web").replace("spec: {", "spec: {hostNetwork: true, "))
    result = run("kube-inject", "-f", "app.yaml", *PROFILE)
    assert result.err.startswith('===> Skipping injection because Pod "web" has ')
    assert result.err.endswith("\n")
    assert "istio-proxy" not in result.out
    assert result.status == 0


@pytest.mark.parametrize("command", ["kube-inject", "inject"])
def test_help_fits_a_terminal_and_names_every_working_flag(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.status == 0
    assert result.err == ""
    assert result.out.startswith(("Put the sidecar", "Do to the workloads"))
    for flag in ("-f, --filename FILE", "--injectConfigFile FILE", "--set KEY=VALUE", "-h, --help"):
        assert flag in result.out
    assert max(map(len, result.out.splitlines())) <= 100


def test_help_and_version(run: Run) -> None:
    assert run("--help") == run("help") == run()
    assert "usage: pillion COMMAND" in run("--help").out
    assert run("version") == run("--version")
    assert run("version").out.startswith("pillion ")
