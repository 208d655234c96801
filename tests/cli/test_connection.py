from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pillion.cli import connection
from pillion.cli.connection import Waited
from pillion.cli.errors import UsageError
from pillion.cluster.errors import ClusterError
from pillion.cluster.fake import FakeCluster
from pillion.cluster.resources import NODES

if TYPE_CHECKING:
    from pathlib import Path

    from pillion.cluster.protocol import Cluster


def test_an_answer_is_waited_for() -> None:
    cluster = FakeCluster()
    cluster.put(NODES, {"metadata": {"name": "node"}})
    with Waited(cluster) as waited:
        assert waited.name == "fake"
        assert waited.ask(lambda one: one.get(NODES, "node"))["metadata"]["name"] == "node"
    assert cluster.closed


def test_a_failure_closes_the_cluster() -> None:
    cluster = FakeCluster(failure="nobody answers")
    with pytest.raises(ClusterError, match="nobody answers"), Waited(cluster) as waited:
        waited.ask(lambda one: one.get(NODES, "node"))
    assert cluster.closed


async def _interrupted(_: Cluster) -> None:
    raise KeyboardInterrupt


def test_an_interruption_closes_the_cluster() -> None:
    cluster = FakeCluster()
    with pytest.raises(KeyboardInterrupt), Waited(cluster) as waited:
        waited.ask(_interrupted)
    assert cluster.closed


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    entries = {
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
        "contexts": [{"name": "c", "context": {"cluster": "c"}}],
        "current-context": "c",
    }
    config.write_text(json.dumps(entries), encoding="utf-8")
    monkeypatch.setattr(connection, "installed", lambda: False)
    with pytest.raises(UsageError) as raised:
        connection.required(str(config), None, "pillion webhook show")
    assert str(raised.value) == "pillion webhook show needs pip install 'pillion[cluster]'"
