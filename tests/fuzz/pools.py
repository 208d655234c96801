"""Known texts to choose from; they stand in ``pools.json``, the plainest of each pool first."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path


def pool(name: str) -> tuple[str, ...]:
    """The texts of one pool."""
    return tuple(_pools()[name])


@cache
def _pools() -> dict[str, list[str]]:
    text = Path(__file__).with_name("pools.json").read_text(encoding="utf-8")
    pools: dict[str, list[str]] = json.loads(text)
    return pools
