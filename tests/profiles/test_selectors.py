"""The examples of selectors: who is injected by which rule, and that kube-inject asks no rule."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pillion.cli.main import main

SELECTORS = Path(__file__).parents[2] / "examples" / "selectors"

WANTED_BY_NEVER = {
    "web": "injected, the policy is enabled (policy)",
    "ruby-ex-1-build": "skipped, its labels match neverInjectSelector (neverInjectSelector[0])",
    "ruby-ex-1-deploy": "skipped, its labels match neverInjectSelector (neverInjectSelector[1])",
    "build-with-a-wish": (
        "injected, its annotation asks for it (metadata.annotations[sidecar.istio.io/inject])"
    ),
    "cart": "injected, the policy is enabled (policy)",
    "cart-without": (
        "skipped, its annotation refuses it (metadata.annotations[sidecar.istio.io/inject])"
    ),
}
WANTED_BY_ALWAYS = WANTED_BY_NEVER | {
    "web": "skipped, the policy is disabled (policy)",
    "ruby-ex-1-build": "skipped, the policy is disabled (policy)",
    "ruby-ex-1-deploy": "skipped, the policy is disabled (policy)",
    "cart": "injected, its labels match alwaysInjectSelector (alwaysInjectSelector[0])",
}


def run(command: str, rules: str, folder: Path) -> set[str]:
    """The names of the pods that came out with a sidecar."""
    out = folder / "out.yaml"
    files = ["--injectConfigFile", str(SELECTORS / rules), "-f", str(SELECTORS / "pods.yaml")]
    assert main([command, "--profile", "istio-1.30", *files, "-o", str(out)]) == 0
    pods = [pod for pod in yaml.safe_load_all(out.read_text(encoding="utf-8")) if pod]
    assert [pod["metadata"]["name"] for pod in pods] == list(WANTED_BY_NEVER)
    return {pod["metadata"]["name"] for pod in pods if "istio-proxy" in containers(pod)}


def containers(pod: dict[str, dict[str, list[dict[str, str]]]]) -> set[str]:
    return {container["name"] for container in pod["spec"]["containers"]}


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.parametrize(
    ("rules", "wanted"), [("never.yaml", WANTED_BY_NEVER), ("always.yaml", WANTED_BY_ALWAYS)]
)
def test_inject_says_of_each_pod_which_rule_decided(
    rules: str, wanted: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run("inject", rules, tmp_path)
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Pod ")]
    assert lines == [f"Pod default/{name}: {what}" for name, what in wanted.items()]
    assert found == {name for name, what in wanted.items() if what.startswith("injected")}


@pytest.mark.parametrize("rules", ["never.yaml", "always.yaml"])
def test_kube_inject_heeds_the_annotation_alone(
    rules: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("kube-inject", rules, tmp_path) == set(WANTED_BY_NEVER) - {"cart-without"}
    assert 'Pod "cart-without" has sidecar injection disabled' in capsys.readouterr().err
