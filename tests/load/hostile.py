"""Clients that are slow, broken or malicious, many at once.

Each ends with an answer of HTTP, or with a connection that the server closed. One that still holds
its connection after a minute was let in for good.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import secrets
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from load.questions import CONTENT_TYPE, PATH, request_of, reviews
from pillion.injection.admission import respond
from pillion.server.protocol import LARGEST_HEAD

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from pillion.injection.injector import Injector

_HELD_SECONDS = 60.0
_TRICKLE_SECONDS = 0.5
_ASKING = 25
CLOSED, HELD = "closed", "held"
"""How an attack ends that gets no answer; others end with the answer's status."""

_START = b"POST /inject HTTP/1.1\r\nHost: here\r\n"
_HELLO = bytes.fromhex("16030100c8010000c40303")  # of the type, length and version of a ClientHello


class Target(NamedTuple):
    """A server, and whom its clients trust."""

    address: tuple[str, int]
    trust: ssl.SSLContext


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def slow_head(target: Target) -> str:
    """Headers that trickle in, a byte at a time."""
    return await _trickle(target, _START + b"X-Slow: ")


async def slow_body(target: Target) -> str:
    """A body that trickles in, a byte at a time."""
    return await _trickle(target, _START + b"Content-Length: 1000\r\n\r\n{")


async def silence(target: Target) -> str:
    """TLS, and then nothing."""
    return await _said(target, b"", tls=True)


async def oversized_headers(target: Target) -> str:
    """One header that is too long."""
    return await _said(target, _START + b"X: " + b"x" * (2 * LARGEST_HEAD), tls=True)


async def many_headers(target: Target) -> str:
    """Small headers, too many of them."""
    return await _said(target, _START + b"X: y\r\n" * (LARGEST_HEAD // 3), tls=True)


async def nonsense(target: Target) -> str:
    """TLS, and in it something that is no HTTP."""
    return await _said(target, secrets.token_bytes(200) + b"\r\n\r\n", tls=True)


async def half_open(target: Target) -> str:
    """A connection that never begins TLS."""
    return await _said(target, b"", tls=False)


async def half_hello(target: Target) -> str:
    """A connection that begins TLS and never goes on."""
    return await _said(target, _HELLO, tls=False)


async def garbage(target: Target) -> str:
    """Random bytes in the place of TLS."""
    return await _said(target, secrets.token_bytes(500), tls=False)


async def garbage_in_a_record(target: Target) -> str:
    """Random bytes in what looks like a record of TLS."""
    return await _said(target, _HELLO + secrets.token_bytes(400), tls=False)


ATTACKS: dict[str, Callable[[Target], Awaitable[str]]] = {
    one.__name__: one
    for one in (
        slow_head,
        slow_body,
        silence,
        oversized_headers,
        many_headers,
        nonsense,
        half_open,
        half_hello,
        garbage,
        garbage_in_a_record,
    )
}


async def attack(target: Target, each: int) -> dict[str, Counter[str]]:
    """Make every attack so many times, all at once; how they ended, by their names."""
    several = [asyncio.gather(*(one(target) for _ in range(each))) for one in ATTACKS.values()]
    ends = await asyncio.gather(*several)
    return {name: Counter(found) for name, found in zip(ATTACKS, ends, strict=True)}


async def _said(target: Target, text: bytes, *, tls: bool) -> str:
    """What becomes of a client that says ``text`` and nothing more."""
    return await _ended(target, _written(text), tls=tls)


async def _trickle(target: Target, text: bytes) -> str:
    return await _ended(target, lambda writer: _trickled(writer, text), tls=True)


def _written(text: bytes) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()

    return write


async def _trickled(writer: asyncio.StreamWriter, text: bytes) -> None:
    writer.write(text)
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(_TRICKLE_SECONDS)


async def _ended(
    target: Target, say: Callable[[asyncio.StreamWriter], Awaitable[None]], *, tls: bool
) -> str:
    try:
        trust = target.trust if tls else None
        reader, writer = await asyncio.open_connection(*target.address, ssl=trust)
    except OSError:
        return CLOSED  # among so many, a handshake may take longer than the server waits
    saying = asyncio.ensure_future(say(writer))
    try:
        async with asyncio.timeout(_HELD_SECONDS):
            received = await _received(reader)
    except TimeoutError:
        return HELD
    finally:
        saying.cancel()
        # it fails where the server closes first, which is no more than what is looked for
        await asyncio.gather(saying, return_exceptions=True)
        writer.transport.abort()
    return received.split(b" ", 2)[1].decode() if received.startswith(b"HTTP/1.1 ") else CLOSED


async def _received(reader: asyncio.StreamReader) -> bytes:
    """All that the server sends until it closes."""
    found = b""
    try:
        while part := await reader.read(65536):
            found += part
    except OSError:
        return found
    return found


def bodies(count: int, seed: int) -> Iterator[bytes]:
    """Random bodies: most of them are reviews that were damaged."""
    chance = random.Random(seed)  # noqa: S311 - the bodies shall be the same again
    good = reviews(16)
    for _ in range(count):
        body = bytearray(chance.choice(good))
        chance.choice(_DAMAGES)(body, chance)
        yield bytes(body)


def _change_bytes(body: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 8)):
        body[chance.randrange(len(body))] = chance.randrange(256)


def _cut_off(body: bytearray, chance: random.Random) -> None:
    del body[chance.randrange(len(body)) :]


def _cut_out(body: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(body))
    del body[start : start + chance.randrange(1, 200)]


def _repeat(body: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(body))
    body[start:start] = body[start : start + chance.randrange(1, 500)] * chance.randrange(1, 20)


def _exchange_values(body: bytearray, chance: random.Random) -> None:
    """Put another value in the place of some that the body holds."""
    others = (b"null", b"[]", b"{}", b"-1", b"1e400", b"true", b'"\\ud800"', b'"x"')
    parts = bytes(body).split(b": ")
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(1, len(parts))
        value, comma, rest = parts[at].partition(b",")
        if not value.startswith((b"{", b"[")):
            parts[at] = chance.choice(others) + comma + rest
    body[:] = b": ".join(parts)


def _only_noise(body: bytearray, chance: random.Random) -> None:
    body[:] = chance.randbytes(chance.randrange(2000))


_DAMAGES = (_change_bytes, _cut_off, _cut_out, _repeat, _exchange_values, _only_noise)


async def connect(target: Target) -> list[Streams]:
    """Connections for :func:`answers_differ`."""
    several = (asyncio.open_connection(*target.address, ssl=target.trust) for _ in range(_ASKING))
    return await asyncio.gather(*several)


async def answers_differ(
    connections: Iterable[Streams], engine: Injector, given: Iterable[bytes]
) -> list[str]:
    """Send ``given``; what was answered otherwise than the engine itself does."""
    shared = iter(given)
    several = (_ask_all(one, engine, shared) for one in connections)
    return list(itertools.chain.from_iterable(await asyncio.gather(*several)))


async def _ask_all(streams: Streams, engine: Injector, shared: Iterator[bytes]) -> list[str]:
    """Ask on one connection, which is to stay open: nothing here is no HTTP."""
    found = []
    for body in shared:
        wanted = respond(engine, PATH, CONTENT_TYPE, body)
        try:
            async with asyncio.timeout(_HELD_SECONDS):
                status, answer = await _asked(streams, body)
        except (OSError, EOFError) as failure:
            found.append(f"{failure!r} to {body!r}")
            break
        if (status, answer) != (wanted.status, wanted.body):
            found.append(f"{status} {answer!r} and not {wanted.status} {wanted.body!r} to {body!r}")
    streams[1].transport.abort()
    return found


async def _asked(streams: Streams, body: bytes) -> tuple[int, bytes]:
    reader, writer = streams
    writer.write(request_of(body))
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)
