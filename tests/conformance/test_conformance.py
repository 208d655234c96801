"""Every recorded suite, answered by the package's real entry points and held to recorded minimums.

The recorded answers of Istio's own injector live beside the repository, in
``../shared/conformance`` (or where ``PILLION_CONFORMANCE`` says). Where they are absent, as on a
user's machine, these tests say so and skip.

``pytest tests/conformance --rewrite-minimums`` records today's figures as the new minimums.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
MINIMUMS = HERE / "minimums.json"
RECORDED = Path(
    os.environ.get("PILLION_CONFORMANCE", HERE.parents[2] / "shared" / "conformance")
).resolve()
CRASH = "crash"
SUITES = {
    "templates": "templates.jsonl",
    "smp": "smp.jsonl",
    "roundtrip": "roundtrip.jsonl",
    "validate": "validate.jsonl",
    "validate_11": "validate_11.jsonl",
    "mesh": "mesh.jsonl",
    "istio-1.30-golden": "istio-1.30-golden/cases.jsonl",
    "istio-1.30-diff": "istio-1.30-diff/cases.jsonl",
    "istio-1.1-golden": "istio-1.1-golden/cases.jsonl",
    "istio-1.1-diff": "istio-1.1-diff/cases.jsonl",
    "real": "real/cases.jsonl",
    "http": "http.jsonl",
}

pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recorded answers are not beside the repository"
)


def figures(suite: str, folder: Path) -> tuple[dict[str, dict[str, int]], str]:
    """The figures of one suite by mode, and the differences in words."""
    cases = RECORDED / SUITES[suite]
    answers = folder / "answers.jsonl"
    with answers.open("wb") as out:
        subprocess.run([sys.executable, HERE / "answer.py", cases], stdout=out, check=True)
    crashes = [
        line for line in answers.read_text().split("\n") if line and CRASH in json.loads(line)
    ]
    assert not crashes, crashes
    compare: list[str | Path] = [sys.executable, RECORDED / "compare.py", cases, answers]
    counted = subprocess.run([*compare, "--json"], capture_output=True, text=True, check=False)
    told = subprocess.run([*compare, "--show", "5"], capture_output=True, text=True, check=False)
    return json.loads(counted.stdout), told.stdout


@pytest.mark.parametrize("suite", SUITES)
def test_suite_does_not_fall_below_its_minimum(
    suite: str, tmp_path: Path, record_minimum: Callable[[str, dict[str, Any]], None]
) -> None:
    found, told = figures(suite, tmp_path)
    print(f"{suite}\n{told}")  # noqa: T201 - shown by pytest -rP, as CI calls it
    record_minimum(suite, found)
    wanted = json.loads(MINIMUMS.read_text(encoding="utf-8"))[suite]
    fallen = [
        f"{mode}: {count} {found[mode][count]}, recorded {minimum}"
        for mode, counts in wanted.items()
        for count, minimum in counts.items()
        if found[mode][count] < minimum
    ]
    assert not fallen, f"{suite} fell below its minimum: {fallen}\n{told}"
