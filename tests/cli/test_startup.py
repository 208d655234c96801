"""What a start imports: a short run must not pay for what it does not use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web}]}\n"
PROGRAM = """\
import sys
before = set(sys.modules)
from pillion.cli.main import main
main(sys.argv[1:])
print(*sorted(set(sys.modules) - before), file=sys.stderr)
"""
HEAVY = [
    "asyncio",
    "dataclasses",
    "decimal",
    "difflib",
    "hashlib",
    "http",
    "inspect",
    "logging",
    "pathlib",
    "pillion.golang.regexp",
    "pillion.golang.time.moment",
    "pillion.gotemplate.parse",
    "pillion.injection.admission",
    "pillion.injection.legacy",
    "re2",
    "socket",
    "ssl",
    "subprocess",
    "urllib",
]


def imported(*arguments: str) -> set[str]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    result = subprocess.run(command, capture_output=True, check=True)
    return set(result.stderr.decode().splitlines()[-1].split())


def test_a_warm_run_imports_nothing_heavy(home: Path) -> None:
    assert home.is_dir()
    Path("app.yaml").write_text(POD)
    arguments = ("kube-inject", "-f", "app.yaml", "--profile", "istio-1.30", "-o", "out.yaml")
    imported(*arguments)
    assert imported(*arguments).isdisjoint(HEAVY)


@pytest.mark.parametrize("command", ["kube-inject", "inject"])
def test_help_needs_neither_the_engine_nor_yaml(home: Path, command: str) -> None:
    assert home.is_dir()
    found = imported(command, "--help")
    assert "yaml" not in found
    assert not {name for name in found if name.startswith("pillion.injection")}
