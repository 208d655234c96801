"""Clients that are slow, broken or malicious, while others are answered."""

from __future__ import annotations

import random
import socket
import ssl
from typing import TYPE_CHECKING

import pytest

from pillion.server.protocol import LARGEST_HEAD, BoundedProtocol
from pillion.server.webhook import Webhook
from server.serving import HOST, LONG, Running, review

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the server impatient."""
    monkeypatch.setattr(BoundedProtocol, "head_seconds", 0.2)
    monkeypatch.setattr(BoundedProtocol, "answer_seconds", 0.2)
    monkeypatch.setattr(Webhook, "body_seconds", 0.2)


@pytest.fixture
def raw(hurried: None, running: Running) -> Iterator[ssl.SSLSocket]:
    """A TLS connection to write anything to."""
    del hurried
    with (
        socket.create_connection(("127.0.0.1", running.port), LONG) as plain,
        running.trust.wrap_socket(plain, server_hostname=HOST) as connection,
    ):
        yield connection


def everything(connection: socket.socket) -> bytes:
    """What the server sends until it closes."""
    found = b""
    try:
        while part := connection.recv(65536):
            found += part
    except ConnectionError:
        pass
    return found


def works(running: Running) -> bool:
    return running.ask(review()).status == 200


def test_headers_that_never_end_are_cut_off(raw: ssl.SSLSocket, running: Running) -> None:
    raw.sendall(b"POST /inject HTTP/1.1\r\nHost: here\r\n")
    assert works(running)
    assert everything(raw).startswith(b"HTTP/1.1 408 ")
    assert works(running)


def test_a_client_that_says_nothing_is_cut_off(raw: ssl.SSLSocket, running: Running) -> None:
    assert everything(raw) == b""
    assert works(running)


def test_a_body_that_never_ends_is_cut_off(raw: ssl.SSLSocket, running: Running) -> None:
    raw.sendall(b"POST /inject HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\n{")
    assert works(running)
    assert everything(raw).startswith(b"HTTP/1.1 408 ")
    assert running.metric('pillion_refused_requests_total{status="408"}') == 1


def test_a_client_that_reads_no_answer_is_cut_off(hurried: None, running: Running) -> None:
    """It asks on and on, until there is no room for more answers on their way."""
    del hurried
    body = review(uid="u" * 50_000)  # the answer has it, too
    head = b"POST /inject HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
    request = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with socket.socket() as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.settimeout(LONG)
        plain.connect(("127.0.0.1", running.port))
        with (
            running.trust.wrap_socket(plain, server_hostname=HOST) as connection,
            pytest.raises((ConnectionError, ssl.SSLError)),
        ):
            connection.sendall(request * 1000)
    assert works(running)
    assert running.metric("pillion_requests_under_way") == 0


def test_a_client_that_goes_away_is_counted(raw: ssl.SSLSocket, running: Running) -> None:
    raw.sendall(b"POST /inject HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\n{")
    raw.close()
    assert works(running)


def test_headers_that_are_too_long_are_refused(raw: ssl.SSLSocket, running: Running) -> None:
    raw.sendall(b"POST /inject HTTP/1.1\r\nX-Long: " + b"x" * LARGEST_HEAD)
    assert everything(raw).startswith(b"HTTP/1.1 431 ")
    assert works(running)


def test_many_headers_are_refused(raw: ssl.SSLSocket, running: Running) -> None:
    raw.sendall(b"POST /inject HTTP/1.1\r\n" + b"X: y\r\n" * (LARGEST_HEAD // 6 + 1))
    assert everything(raw).startswith(b"HTTP/1.1 431 ")
    assert works(running)


def test_what_is_no_http_is_refused(raw: ssl.SSLSocket, running: Running) -> None:
    raw.sendall(b"\x00\x01\x02 nonsense\r\n\r\n")
    assert everything(raw).startswith(b"HTTP/1.1 400 ")
    assert works(running)


def test_lengths_that_contradict_are_refused(raw: ssl.SSLSocket, running: Running) -> None:
    raw.sendall(
        b"POST /inject HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    assert everything(raw).startswith(b"HTTP/1.1 400 ")
    assert works(running)


def test_what_is_no_tls_is_dropped(running: Running) -> None:
    rng = random.Random(1)  # noqa: S311 - any bytes will do
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", running.port), LONG) as plain:
            plain.sendall(rng.randbytes(200))
            everything(plain)
    assert works(running)


def test_half_open_connections_do_not_keep_others_out(running: Running) -> None:
    held = [socket.create_connection(("127.0.0.1", running.port), LONG) for _ in range(50)]
    assert works(running)
    for one in held:
        one.close()


def test_pipelined_requests_are_all_answered(raw: ssl.SSLSocket, running: Running) -> None:
    body = review()
    head = b"POST /inject HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
    request = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    last = request.replace(b"Host: here", b"Connection: close")
    raw.sendall(request * 2 + last)
    assert everything(raw).count(b"HTTP/1.1 200 ") == 3
    assert running.metric("sidecar_injection_success_total") == 3


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b"- ", b"{a: "])
def test_deep_nesting_is_answered(running: Running, opening: bytes) -> None:
    """In the thread for large reviews and on the loop."""
    for depth in (2_000, 60_000):
        answer = running.ask(opening * depth)
        assert answer.status == 200
        assert answer.json["response"]["allowed"] is False


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"Upgrade: websocket\r\nConnection: Upgrade", b"400"),
        (b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings", b"400"),
        (b"Expect: 100-continue", b"100"),
    ],
)
def test_headers_that_ask_for_more(
    raw: ssl.SSLSocket, running: Running, header: bytes, status: bytes
) -> None:
    raw.sendall(
        b"POST /inject HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n" + header + b"\r\n\r\n"
    )
    assert everything(raw).startswith(b"HTTP/1.1 " + status)
    assert works(running)


def test_the_oldest_http_is_answered(raw: ssl.SSLSocket) -> None:
    body = review()
    head = b"POST /inject HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    raw.sendall(head % len(body) + body)
    assert b'"allowed":true' in everything(raw)


def test_random_bodies_are_answered(running: Running) -> None:
    rng = random.Random(2)  # noqa: S311 - any bytes will do
    good = review()
    connection = running.connection()
    for _ in range(300):
        body = bytearray(good if rng.random() < 0.8 else rng.randbytes(rng.randrange(1, 500)))
        for _ in range(rng.randrange(1, 6)):
            body[rng.randrange(len(body))] = rng.randrange(256)
        connection.request("POST", "/inject", bytes(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
    connection.close()
