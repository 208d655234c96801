"""The reference program of ``tests/reference``, as a process that answers questions."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Answer = dict[str, Any]

SOURCE = Path(__file__).parent.parent / "reference"


class Question(NamedTuple):
    """What both sides are asked: a mode of the reference, its input, the JSON beside it."""

    mode: str
    input: str
    body: str = ""


class Reference:
    """The process; it is started when it is first asked, and again when it has died."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, question: Question) -> Answer:
        """The reference's answer."""
        return self.ask_all([question])[0]

    def ask_all(self, questions: Sequence[Question]) -> list[Answer]:
        """The answers to questions, which are written while the first answers are read."""
        answers: list[Answer] = []
        while len(answers) < len(questions):
            reader, writer = self._pipes()
            sending = threading.Thread(target=_send, args=(writer, questions[len(answers) :]))
            sending.start()
            while len(answers) < len(questions) and (line := reader.readline()):
                answers.append(json.loads(line))
            if len(answers) < len(questions):
                # Go ends the process where a stack overflows or memory runs out: nothing recovers.
                self.close()
                answers.append({"panic": "the reference died"})
            sending.join()
        return answers

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        """What the process writes, and what it reads."""
        if self._process is None:
            self._process = subprocess.Popen(
                [self._program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # What it says as it dies is a trace of goroutines.
                stderr=subprocess.DEVNULL,
                # Dates are compared in UTC.
                env={**os.environ, "TZ": "UTC"},
            )
        assert self._process.stdout
        assert self._process.stdin
        return self._process.stdout, self._process.stdin


def _send(writer: IO[bytes], questions: Sequence[Question]) -> None:
    """Write the questions; a process that has died reads no more."""
    with contextlib.suppress(BrokenPipeError):
        for question in questions:
            writer.write(json.dumps(question._asdict()).encode() + b"\n")
        writer.flush()


def build() -> str:
    """Build the reference, which needs Go, and return the path of the program."""
    program = Path(tempfile.gettempdir()) / f"pillion-reference-{os.getuid()}"
    subprocess.run(["go", "build", "-o", program, "."], cwd=SOURCE, check=True)  # noqa: S607 - found on PATH
    return str(program)
