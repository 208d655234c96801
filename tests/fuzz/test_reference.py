"""The process that answers for Go, which may die and may think for ever."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from fuzz.reference import Question, Reference

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = f"""\
#!{sys.executable}
import json, os, sys, time
for line in sys.stdin:
    asked = json.loads(line)["input"]
    if asked == "die":
        os._exit(1)
    if asked == "hang":
        time.sleep(1000)
    print(json.dumps({{"output": asked}}), flush=True)
"""
LOST = {"panic": "the reference died"}


@pytest.mark.parametrize("end", ["die", "hang"])
def test_a_process_without_an_answer_costs_one_question(tmp_path: Path, end: str) -> None:
    program = tmp_path / "reference"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    # the patience has to bear the start of an interpreter on a busy machine
    asked = Reference(str(program), patience=3.0)
    found = asked.ask_all([Question("any", one) for one in ("one", end, "two", "three")])
    asked.close()
    assert found == [{"output": "one"}, LOST, {"output": "two"}, {"output": "three"}]
