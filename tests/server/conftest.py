"""What the tests of the server share."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from pillion.server import logs
from server.serving import Authority, Running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def authority() -> Authority:
    """A certificate authority; making one takes a while."""
    return Authority()


@pytest.fixture
def running(tmp_path: Path, authority: Authority) -> Iterator[Running]:
    """A server with a small configuration."""
    with Running(tmp_path, authority) as server:
        yield server


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Running]:
    """A server for tests that leave no trace in it."""
    with Running(tmp_path_factory.mktemp("shared"), authority) as server:
        yield server


@pytest.fixture(autouse=True)
def _usual_logs() -> Iterator[None]:
    """Leave the process's loggers as they were."""
    names = [logs.logger(scope).name for scope in logs.SCOPES] + ["uvicorn", "asyncio"]
    before = [(log, log.level, log.handlers[:], log.propagate) for log in map(_logger, names)]
    yield
    for log, level, handlers, propagate in before:
        log.setLevel(level)
        log.handlers[:] = handlers
        log.propagate = propagate


def _logger(name: str) -> logging.Logger:
    return logging.getLogger(name)
