from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pillion.cli import template_cache
from pillion.cli.template_cache import FolderCache, open_cache

if TYPE_CHECKING:
    from cli.conftest import Run

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web}]}\n"
COMMAND = ("kube-inject", "-f", "app.yaml", "--profile", "istio-1.30")


@pytest.fixture
def own_cache(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a cache that is still empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    path = template_cache.folder()
    assert path is not None
    return Path(path)


def test_what_was_stored_is_found_by_its_key(tmp_path: Path) -> None:
    cache = FolderCache(str(tmp_path))
    cache.store("key", b"compiled")
    assert "key" in cache
    assert cache.load("key") == b"compiled"
    assert "other" not in cache
    assert cache.load("other") is None


def test_two_keys_of_one_name_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_cache, "crc32", lambda _: 0)
    cache = FolderCache(str(tmp_path))
    cache.store("a", b"1")
    assert "b" not in cache
    cache.store("b", b"2")
    assert cache.load("a") is None
    assert cache.load("b") == b"2"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_key_that_starts_with_another_is_another(tmp_path: Path) -> None:
    cache = FolderCache(str(tmp_path))
    cache.store("a", b"bc")
    assert cache.load("ab") is None


def test_a_folder_that_others_may_write_to_is_not_used(own_cache: Path) -> None:
    assert open_cache() is not None
    own_cache.chmod(0o777)
    assert open_cache() is None


def test_no_folder_at_all_is_no_error(
    home: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "file"))
    Path("app.yaml").write_text(POD)
    assert open_cache() is None
    assert run(*COMMAND).status == 0


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 64])
def test_a_damaged_file_makes_a_run_slower_never_different(
    own_cache: Path, run: Run, damage: bytes
) -> None:
    Path("app.yaml").write_text(POD)
    wanted = run(*COMMAND)
    stored = {file: file.read_bytes() for file in own_cache.iterdir()}
    assert len(stored) > 1
    for file, data in stored.items():
        file.write_bytes(data[: -len(data) // 3] + damage)
    assert run(*COMMAND) == wanted
    for file in stored:
        file.write_bytes(damage)
    assert run(*COMMAND) == wanted


def test_what_was_compiled_longest_ago_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_cache, "MOST_FILES", 3)
    cache = FolderCache(str(tmp_path))
    for number in range(5):
        cache.store(f"key {number}", b"compiled")
        for age, file in enumerate(
            sorted(tmp_path.iterdir(), key=lambda one: -one.stat().st_mtime)
        ):
            os.utime(file, (1000 - age, 1000 - age))
    assert [f"key {number}" in cache for number in range(5)] == [False, False, True, True, True]
