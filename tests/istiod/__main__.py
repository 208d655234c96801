"""Ask Istio's own code all questions again, and record its answers: python -m istiod, in tests."""

from __future__ import annotations

import json
import subprocess

from istiod import nodes, proxies, recorded


def main() -> None:
    """Write ``answers.json``; needs Go, and some minutes when it builds Istio the first time."""
    questions = {**proxies.CASES, **nodes.CASES}
    assert len(questions) == len(proxies.CASES) + len(nodes.CASES)
    text = "".join(json.dumps(one) + "\n" for one in questions.values())
    run = subprocess.run(
        ["go", "run", "."],  # noqa: S607 - found on PATH
        cwd=recorded.PATH.parent,
        input=text,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    lines = zip(questions, run.stdout.splitlines(), strict=True)
    answers = ",\n".join(f"{json.dumps(name)}: {line}" for name, line in lines)
    recorded.PATH.write_text(f"{{\n{answers}\n}}\n", encoding="utf-8")


main()
