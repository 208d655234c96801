"""Noticing changes of files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from pillion.server import watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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


def looks(paths: list[Path], change: Callable[[int], None]) -> int:
    """How often a watch calls, while ``change`` happens before each of its looks."""
    calls: list[int] = []
    turns = iter(range(20))

    async def changed() -> bool:
        calls.append(1)
        return True

    async def pause(_: float) -> None:
        change(next(turns))

    async def run() -> None:
        names = list(map(str, paths))
        await watch.watch(names, watch.signature(names), SOON, changed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "sleep", pause)
        with pytest.raises(RuntimeError, match="StopIteration"):
            asyncio.run(run())
    return len(calls)


def test_a_mount_that_is_swapped_before_every_look_is_followed(tmp_path: Path) -> None:
    files = [tmp_path / "config", tmp_path / "values"]

    def swap(turn: int) -> None:
        data = tmp_path / f"..{turn}"
        data.mkdir()
        for file in files:
            (data / file.name).write_text("text")
        (tmp_path / "..new").symlink_to(data.name)
        (tmp_path / "..new").replace(tmp_path / "..data")

    swap(100)
    for file in files:
        file.symlink_to(f"..data/{file.name}")
    assert looks(files, swap) == 20


def test_a_file_that_is_being_written_is_not_read_yet(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text("")

    def grow(turn: int) -> None:
        file.write_text("x" * (turn + 1))

    assert looks([file], grow) == 0
