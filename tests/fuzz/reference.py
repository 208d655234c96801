"""The reference program of ``tests/reference``, as a process that answers questions."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Answer = dict[str, Any]

PATIENCE = 20.0
"""Seconds that an answer may take."""

SOURCE = Path(__file__).parent.parent / "reference"


class Question(NamedTuple):
    """What both sides are asked: a mode of the reference, its input, the JSON beside it."""

    mode: str
    input: str
    body: str = ""


class Reference:
    """The process; it is started when it is first asked, and again when it has died."""

    def __init__(self, program: str, patience: float = PATIENCE) -> None:
        self._program = program
        self._patience = patience
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
            with self._watched() as answered:
                while len(answers) < len(questions) and (line := reader.readline()):
                    answered()
                    answers.append(json.loads(line))
            sending.join()
            if len(answers) < len(questions):
                # Go ends the process where a stack overflows or memory runs out: nothing recovers;
                # and some questions it would think about for hours.
                self.close()
                answers.append({"panic": "the reference died"})
        return answers

    @contextlib.contextmanager
    def _watched(self) -> Iterator[Callable[[], None]]:
        """Kill the process if it is not heard of for too long; the function says that it was."""
        heard, over = [time.monotonic()], threading.Event()
        process = self._process
        assert process is not None

        def watch() -> None:
            while not over.wait(self._patience / 20):
                if time.monotonic() - heard[0] > self._patience:
                    process.kill()
                    return

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            yield lambda: heard.__setitem__(0, time.monotonic())
        finally:
            over.set()
            watching.join()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            # what was not written to it any more is lost
            with contextlib.suppress(BrokenPipeError), self._process as process:
                process.kill()
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
