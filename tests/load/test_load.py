"""The short form of ``scripts/load``: every answer is looked at, no time is."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

import pytest

from e2e.processes import wait_until
from load import hostile, scenarios
from load.client import Load, Truth
from load.processes import peers
from load.questions import EDITED, PLAIN
from load.scenarios import Figures, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage"), connections=20) as made:
        yield made


def is_clean(figures: Figures) -> bool:
    """Whether nothing went wrong; what did is shown."""
    assert (figures.wrong[:3], figures.dropped[:3]) == ([], [])
    return True


def test_every_answer_is_the_engines_own(stage: Stage) -> None:
    assert is_clean(scenarios.steady(stage, lambda load: load.until_answered(500)))


def test_a_reload_changes_answers_and_drops_none(stage: Stage) -> None:
    assert is_clean(scenarios.reloads(stage, times=2))


def test_new_connections_see_a_new_certificate(stage: Stage) -> None:
    assert is_clean(scenarios.rotations(stage, times=2))


def test_a_full_disk_keeps_nobody_waiting(stage: Stage) -> None:
    assert is_clean(scenarios.full_disk(stage))


def test_hostile_clients_are_let_go_and_keep_nobody_out(stage: Stage) -> None:
    assert is_clean(scenarios.hostile_clients(stage, each=5, count=500))


def test_new_connections_do_not_queue_behind_requests(stage: Stage) -> None:
    """Were one accepted for each round of the others, there would be as many rounds as of them."""
    new, server = 100, stage.server
    with stage.load() as load, contextlib.ExitStack() as held:
        load.until_answered(stage.connections)
        before, answered = len(peers(server.pid, server.port)), load.answered
        for _ in range(new):
            held.enter_context(socket.create_connection((server.address, server.port)))
        wait_until(
            lambda: len(peers(server.pid, server.port)) >= before + new, "they are all accepted"
        )
        assert load.answered - answered < stage.connections * new / 2
    assert (load.wrong, load.dropped) == ([], [])


def test_a_killed_worker_takes_no_more_than_its_own_requests(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("workers")
    with Stage(folder, "--workers=3", connections=20) as stage:
        assert is_clean(scenarios.killed_workers(stage, times=2))
        assert is_clean(scenarios.reloads(stage, times=1))
        assert is_clean(scenarios.rotations(stage, times=1))


def test_a_wrong_answer_is_seen(stage: Stage) -> None:
    """The client itself: it must not find everything right."""
    question = stage.questions[0]
    damaged = question._replace(answers={PLAIN: question.answers[PLAIN].replace(b"true", b"True")})
    for expected, asked in ((Truth(PLAIN), damaged), (Truth(EDITED), question)):
        with Load(stage.target.address, stage.trust, [asked], expected, connections=1) as load:
            load.until_answered(2)
        assert len(load.wrong) == load.answered


def test_a_dropped_request_is_seen(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Stage(tmp_path_factory.mktemp("killed"), connections=3) as stage:
        with stage.load() as load:
            load.until_answered(10)
            stage.server.kill()
            wait_until(lambda: len(load.dropped) > 3, "connections that break")
        assert load.wrong == []


def test_the_truth_changes_when_it_is_first_seen() -> None:
    truth = Truth("old")
    assert truth.allows("old", since=0.0)
    truth.change("new")
    assert not truth.seen
    assert truth.allows("old", since=1e12)
    assert truth.allows("new", since=0.0)
    assert truth.seen
    assert not truth.allows("old", since=1e12)
    assert truth.allows("old", since=0.0)
    assert not truth.allows("another", since=0.0)


def test_damaged_bodies_are_the_same_again() -> None:
    assert list(hostile.bodies(50, seed=3)) == list(hostile.bodies(50, seed=3))
