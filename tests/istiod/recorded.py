"""What istiod answered."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).parent / "answers.json"


@cache
def answers() -> dict[str, Any]:
    """The answers by the names of their cases."""
    found: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return found
