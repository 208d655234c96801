"""Noticing changes of files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pillion.server import watch

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SOON = 0.005


def test_a_signature_changes_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    seen = [watch.signature([str(file)])]
    for text in ("a", "bb"):
        file.write_text(text)
        seen.append(watch.signature([str(file)]))
    (tmp_path / "other").write_text("bb")
    (tmp_path / "other").replace(file)
    seen.append(watch.signature([str(file)]))
    assert len(set(seen)) == 4
    assert watch.signature([str(file)]) == seen[-1]


def test_what_is_refused_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where looking at it failed in a way that nobody expected."""
    monkeypatch.setattr(watch, "RETRY", 0.0)
    calls: list[int] = []

    async def changed() -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError
        return len(calls) == 3

    async def run() -> None:
        task = asyncio.create_task(watch.watch(["/none"], (("another",),), SOON, changed))
        await asyncio.sleep(40 * SOON)
        task.cancel()

    asyncio.run(run())
    assert len(calls) == 3
