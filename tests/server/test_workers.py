"""Several processes behind one port, told and counted as one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pillion.server import worker_process
from pillion.server.errors import ServerError
from server.serving import (
    JSON,
    Authority,
    Running,
    answer_of,
    config_text,
    exchange,
    replace,
    review,
    wait_for,
)
from server.test_reload import ANOTHER, injected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPSConnection

COUNT = 2
MANY = 40
LABELS = 'namespace="shop",reason="policy-enabled",result="injected",revision="test"'
ANSWERED = f"pillion_decisions_total{{{LABELS}}}"


@pytest.fixture
def several(tmp_path: Path, authority: Authority) -> Iterator[Running]:
    with Running(tmp_path, authority, workers=COUNT) as running:
        yield running


def connections(running: Running, count: int = MANY) -> list[HTTPSConnection]:
    """Connections that are open: some of them with each worker."""
    made = [running.connection() for _ in range(count)]
    for one in made:
        one.connect()
    return made


def answer(connection: HTTPSConnection) -> bytes:
    connection.request("POST", "/inject", review(), JSON)
    answered = answer_of(connection.getresponse())
    assert answered.status == 200
    return answered.body


def test_all_of_them_answer_and_are_counted_as_one(several: Running) -> None:
    assert len(set(several.server.front.pids)) == COUNT
    assert os.getpid() not in several.server.front.pids
    opened = connections(several)
    for one in opened:
        assert b'"allowed":true' in answer(one)
        one.close()
    wait_for(lambda: several.metric(ANSWERED) == MANY)
    assert several.metric("sidecar_injection_requests_total") == MANY
    assert several.metric("pillion_requests_under_way") == 0
    assert several.metric("pillion_workers") == COUNT
    shown = several.admin("/debug/decisions?namespace=shop").json["decisions"]
    assert [one["pod"] for one in shown] == ["web"] * MANY
    assert several.admin("/debug/config").json["processes"] == several.server.front.pids


def test_the_metrics_of_processes_are_the_sums_of_all(several: Running) -> None:
    def cpu() -> float:
        return several.metric("process_cpu_seconds_total")

    def memory(pid: int | str) -> float:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        return float(pages * os.sysconf("SC_PAGE_SIZE"))

    workers = several.server.front.pids
    for pid in workers:
        assert several.metric("process_resident_memory_bytes") > memory("self") + memory(pid)
    assert several.metric("process_open_fds") > len(os.listdir("/proc/self/fd"))
    before = cpu()
    os.kill(workers[0], signal.SIGKILL)
    wait_for(lambda: several.metric("pillion_worker_restarts_total") == 1)
    assert cpu() >= before


def test_a_refused_request_is_counted(several: Running) -> None:
    assert several.ask(b"", headers=JSON).status == 400
    wait_for(lambda: several.metric('pillion_refused_requests_total{status="400"}') == 1)
    assert several.metric("sidecar_injection_failure_total") == 1


def test_a_new_configuration_is_that_of_all(several: Running) -> None:
    before = several.sha256()
    opened = connections(several)
    replace(several.folder / "config", config_text(template=ANOTHER))
    wait_for(lambda: several.sha256() != before)
    for one in opened:
        assert "another" in injected(answer(one))
        one.close()


def test_what_is_refused_is_shown_by_all(several: Running) -> None:
    before = several.sha256()
    replace(several.folder / "config", config_text(template="{{ nonsense }}"))
    wait_for(lambda: "refused" in several.monitoring("/ready").json["configuration"])
    for one in connections(several, COUNT * 4):
        one.request("GET", "/ready")
        shown = answer_of(one.getresponse()).json["configuration"]
        assert "nonsense" in shown["refused"]["error"]
        assert shown["sha256"] == before
        one.close()


def test_a_new_certificate_is_that_of_all(several: Running) -> None:
    other = Authority()
    before = several.admin("/debug/config").json["certificate"]["sha256"]
    other.issue(several.folder)
    wait_for(lambda: several.admin("/debug/config").json["certificate"]["sha256"] != before)
    for _ in range(COUNT * 4):
        connection = several.connection(other.trust())
        assert exchange(connection, "GET", "/ready", None, {}).status == 200


def test_a_killed_one_is_started_again(several: Running) -> None:
    killed, kept = several.server.front.pids
    opened = connections(several)
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: several.metric("pillion_worker_restarts_total") == 1)
    wait_for(lambda: len(several.server.front.pids) == COUNT)
    assert kept in several.server.front.pids
    assert killed not in several.server.front.pids
    alive = 0
    for one in opened:
        try:
            alive += b'"allowed":true' in answer(one)
        except OSError:
            one.close()  # it was the killed one's
            answer(one)
        one.close()
    assert several.ask(review()).status == 200


def test_a_new_worker_has_what_the_others_have(several: Running) -> None:
    before = several.sha256()
    replace(several.folder / "config", config_text(template=ANOTHER))
    wait_for(lambda: several.sha256() != before)
    replace(several.folder / "config", config_text(template="{{ nonsense }}"))
    wait_for(lambda: "refused" in several.monitoring("/ready").json["configuration"])
    for pid in several.server.front.pids:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: several.metric("pillion_worker_restarts_total") == COUNT)
    assert "another" in injected(several.ask(review()).body)
    assert "refused" in several.ask(path="/ready", method="GET").json["configuration"]


def test_a_request_under_way_in_a_killed_one_is_counted_as_lost(several: Running) -> None:
    connection = several.connection()
    connection.putrequest("POST", "/inject")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", "100")
    connection.endheaders(b"{")
    wait_for(lambda: several.metric("pillion_requests_under_way") == 1)
    for pid in several.server.front.pids:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: several.metric("pillion_requests_under_way") == 0)
    assert several.metric('pillion_refused_requests_total{status="502"}') == 1
    connection.close()


def test_levels_are_set_in_all(several: Running, caplog: pytest.LogCaptureFixture) -> None:
    assert several.admin("/debug/logging", "PUT", b"admission:debug").status == 200
    with caplog.at_level("DEBUG", "pillion.admission"):
        several.ask(review())
        wait_for(lambda: any("the rules and the patch" in one for one in caplog.messages))


def test_requests_under_way_are_finished_at_the_end(tmp_path: Path, authority: Authority) -> None:
    with Running(tmp_path, authority, workers=COUNT) as running:
        body, connection = review(), running.connection()
        connection.putrequest("POST", "/inject")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:10])
        wait_for(lambda: running.metric("pillion_requests_under_way") == 1)
        running.stop()
        connection.send(body[10:])
        assert answer_of(connection.getresponse()).status == 200
        connection.close()
        running.wait()


def test_one_that_cannot_start_ends_the_server(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process, "MODULE", "pillion.server.nonsense")
    running = Running(tmp_path, authority, workers=COUNT)
    with pytest.raises(ServerError, match="a worker process ended before it served"):
        running.run_here()


def test_workers_end_with_a_server_that_was_killed(tmp_path: Path, authority: Authority) -> None:
    files = authority.issue(tmp_path)
    call = [sys.executable, "-m", "pillion", "serve", "--profile=istio-1.30", "--workers=2"]
    call += [f"--tlsCertFile={files.chain}", f"--tlsKeyFile={files.key}", "--address=127.0.0.1"]
    call += ["--port=0", "--monitoringPort=0", "--adminPort=0"]
    with subprocess.Popen(call, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "workers=2" in process.stderr.readline()
        process.kill()
        process.stderr.read()  # it ends when the last process that could write to it has ended
