"""Stopping: readiness first, then the connections, and no request lost."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from typing import TYPE_CHECKING

from pillion.server.front import OneProcess
from server.serving import JSON, Running, answer_of, review, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from server.serving import Authority


def test_readiness_fails_first_and_requests_are_still_answered(
    tmp_path: Path, authority: Authority
) -> None:
    with Running(tmp_path, authority, drain=5.0) as running:
        connection = running.connection()
        connection.request("POST", "/inject", review(), JSON)
        assert "connection" not in answer_of(connection.getresponse()).headers
        running.stop()
        wait_for(lambda: running.monitoring("/ready").status == 503)
        assert running.monitoring("/ready").json["reason"] == "the server is stopping"
        assert running.monitoring("/live").status == 200
        connection.request("POST", "/inject", review(), JSON)
        answer = answer_of(connection.getresponse())
        assert answer.status == 200
        assert answer.headers["connection"] == "close"
        assert running.ask(review()).status == 200


def test_a_request_that_began_is_answered(tmp_path: Path, authority: Authority) -> None:
    with Running(tmp_path, authority) as running:
        body = review()
        connection = running.connection()
        connection.putrequest("POST", "/inject")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:10])
        wait_for(lambda: running.metric("pillion_requests_under_way") == 1)
        half = running.connection()
        half.connect()
        half.sock.sendall(b"POST /inject HTTP/1.1\r\nHost: here\r\n")
        idle = running.connection()
        idle.connect()
        front = running.server.front
        assert isinstance(front, OneProcess)
        wait_for(lambda: len(front.server_state.connections) == 3)
        running.stop()
        assert idle.sock.recv(1) == b""  # nobody asked anything there
        connection.send(body[10:])
        assert answer_of(connection.getresponse()).status == 200
        half.sock.sendall(b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        response = http.client.HTTPResponse(half.sock)
        response.begin()
        assert answer_of(response).status == 200
        for one in (connection, half, idle):
            one.close()
        running.wait()


def test_no_request_is_lost(tmp_path: Path, authority: Authority) -> None:
    """Clients that heed ``Connection: close`` see every request answered."""
    problems: list[BaseException] = []
    answered: list[int] = []
    stopping = threading.Event()

    def ask(running: Running) -> None:
        connection = running.connection()
        try:
            while True:
                connection.request("POST", "/inject", review(), JSON)
                answer = answer_of(connection.getresponse())
                answered.append(answer.status)
                if "connection" in answer.headers:
                    assert stopping.is_set()
                    return
        except (OSError, http.client.HTTPException) as failure:
            problems.append(failure)
        finally:
            connection.close()

    with Running(tmp_path, authority, drain=0.5) as running:
        threads = [threading.Thread(target=ask, args=(running,)) for _ in range(5)]
        for one in threads:
            one.start()
        wait_for(lambda: len(answered) > 10)
        stopping.set()
        running.stop()
        for one in threads:
            one.join()
    assert not problems
    assert set(answered) == {200}


def test_a_second_signal_does_not_wait(tmp_path: Path, authority: Authority) -> None:
    with Running(tmp_path, authority, drain=60.0, finish=60.0) as running:
        connection = running.connection()
        connection.connect()
        connection.sock.sendall(b"POST /inject HTTP/1.1\r\nHost: here\r\n")
        started = time.monotonic()
        running.stop()
        running.stop()
        running.wait()
        assert time.monotonic() - started < 10
        connection.close()


def test_ports_are_given_back(tmp_path: Path, authority: Authority) -> None:
    with Running(tmp_path, authority) as running:
        port = running.port
    with socket.create_server(("127.0.0.1", port)):
        pass
