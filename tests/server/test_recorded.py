"""The recorded requests of Istio's own endpoint, sent through a real socket.

Skipped where the recorded answers are not beside the repository.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from server.serving import Running, answer_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.serving import Authority

HERE = Path(__file__).parent
RECORDED = Path(
    os.environ.get("PILLION_CONFORMANCE", HERE.parents[2] / "shared" / "conformance")
).resolve()
CASES = RECORDED / "http.jsonl"
PARTS = ("config", "mesh", "values")

pytestmark = pytest.mark.skipif(
    not CASES.is_file(), reason="the recorded answers are not beside the repository"
)


def cases() -> Iterator[dict[str, Any]]:
    for line in CASES.read_text(encoding="utf-8").split("\n"):
        case = json.loads(line) if line else {}
        # A path the server does not have, and a header that HTTP itself trims, never reach it.
        content_type = case.get("contentType", "")
        if case and case.get("path") != "/other" and content_type == content_type.strip():
            yield case


def answers(running: Running, given: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    connection = running.connection()
    for case in given:
        raw = case.get("bodyBase64")
        text = case.get("body", "").encode("utf-8", "surrogatepass")
        body = base64.b64decode(raw) if raw is not None else text
        body += b" " * case.get("bodyPadSpaces", 0)
        kind = case["contentType"]
        headers = {"Content-Type": kind} if kind else {}
        connection.request("POST", case.get("path") or "/inject", body, headers)
        answer = answer_of(connection.getresponse())
        yield {
            "id": case["id"],
            "status": answer.status,
            "body": answer.body.decode("utf-8", "replace"),
        }
    connection.close()


def test_the_recorded_requests_get_their_answers(tmp_path: Path, authority: Authority) -> None:
    sets: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for case in cases():
        sets[tuple(case.get(part) or "" for part in PARTS)].append(case)
    asked, answered = tmp_path / "cases.jsonl", tmp_path / "answers.jsonl"
    with asked.open("w") as questions, answered.open("w") as out:
        for number, (names, given) in enumerate(sets.items()):
            folder = tmp_path / str(number)
            folder.mkdir()
            for part, name in zip(PARTS, names, strict=True):
                text = (RECORDED / name).read_text(encoding="utf-8") if name else ""
                (folder / part).write_text(text, encoding="utf-8")
            with Running(folder, authority, revision="default") as running:
                for case, answer in zip(given, answers(running, given), strict=True):
                    questions.write(json.dumps(case) + "\n")
                    out.write(json.dumps(answer) + "\n")
    call: list[str | Path] = [
        sys.executable,
        RECORDED / "compare.py",
        asked,
        answered,
        "--show",
        "5",
    ]
    compared = subprocess.run(call, capture_output=True, text=True, check=False)
    assert compared.returncode == 0, compared.stdout
