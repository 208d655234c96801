"""What the documentation shows is what happens."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from pillion.cli.main import main

ROOT = Path(__file__).parents[1]
PAGES = ["README.md", "docs/gotemplate.md"]
_SHOWN = re.compile(r"^(?P<call>\S.*\))  # (?P<value>'.*')$")


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_python_examples_give_what_they_show(page: str) -> None:
    scope: dict[str, Any] = {}  # a page's later examples use what its earlier ones imported
    for block in blocks(page, "python"):
        exec(block, scope)  # noqa: S102 - our own documentation
        shown = [match for line in block.splitlines() if (match := _SHOWN.match(line))]
        assert shown, f"{page} shows no value in:\n{block}"
        for match in shown:
            assert eval(match["call"], scope) == ast.literal_eval(match["value"])  # noqa: S307 - as above


def test_the_readme_shows_what_inject_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    block = next(text for text in blocks("README.md", "console") if "pillion inject" in text)
    command, *wanted = block.splitlines()
    arguments = command.removeprefix("$ pillion ").replace("out.yaml", str(tmp_path / "out.yaml"))
    monkeypatch.chdir(ROOT)
    assert main(arguments.split()) == 0
    assert capsys.readouterr().err.splitlines() == wanted
    assert (tmp_path / "out.yaml").read_text(encoding="utf-8").count("name: istio-proxy") == 3


def test_the_readme_shows_lines_of_the_real_output(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["kube-inject", "-f", "examples/busybox.yaml", "--profile", "istio-1.30"]) == 0
    output = capfdbinary.readouterr().out.decode()
    column = blocks("README.md", "yaml")[0].splitlines()[0].index("# pillion")
    right = [line[column:] for line in blocks("README.md", "yaml")[0].splitlines()[1:]]
    for line in right:
        assert line.partition("...")[0].strip() in output
