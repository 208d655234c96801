"""The flag that records today's figures as the new minimums."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

MINIMUMS = Path(__file__).parent / "minimums.json"


@pytest.fixture
def record_minimum(request: pytest.FixtureRequest) -> Callable[[str, dict[str, Any]], None]:
    """Write a suite's figures into ``minimums.json``, where ``--rewrite-minimums`` is given."""

    def record(suite: str, figures: dict[str, Any]) -> None:
        if not request.config.getoption("--rewrite-minimums"):
            return
        kept = {
            mode: {count: counts[count] for count in ("total", "passed", "exact")}
            for mode, counts in figures.items()
        }
        with MINIMUMS.open("r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # suites run in parallel
            minimums = json.load(file) | {suite: kept}
            file.seek(0)
            file.truncate()
            file.write(json.dumps(minimums, indent=2, sort_keys=True) + "\n")

    return record
