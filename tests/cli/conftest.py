from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from pillion.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pillion.cluster.fake import FakeCluster

    Run = Callable[..., "Result"]


class Result(NamedTuple):
    """What a run of the command came to."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder of the test run's own, so that templates are compiled once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def home(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home; the current folder is a folder in it, so that messages name files shortly."""
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    for name in ("KUBECONFIG", "ENABLE_NATIVE_SIDECARS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(work)
    return home


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process."""
    assert home.is_dir()

    def run(*arguments: str) -> Result:
        capsys.readouterr()
        status = main(list(arguments))
        return Result(status, *capsys.readouterr())

    return run


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[FakeCluster]:
    """The cluster that commands ask: the last that a test puts here."""
    clusters: list[FakeCluster] = []
    monkeypatch.setattr("pillion.cli.connection.required", lambda *_: clusters[-1])
    return clusters
