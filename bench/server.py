"""What the server answers over TLS: requests per second, latencies, memory.

    python bench/server.py [--connections 16] [--requests 4000] [--body REVIEW.json]

starts ``pillion serve`` with an embedded profile and asks it from another process, each connection
one request at a time. The two share the machine's processors, so the figures are lower bounds.
Memory is the server's, after a first tenth of the requests and at the end: it must not grow with
their number.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import trustme
import uvloop

HOST = "localhost"
WARM_UP = 0.1
START = "import sys; from pillion.cli.main import process; process()"


def started(folder: Path, arguments: list[str]) -> tuple[subprocess.Popen[str], int]:
    """The server's process and its port."""
    call = [sys.executable, "-c", START, "serve", "--profile=istio-1.30"]
    call += [f"--tlsCertFile={folder / 'tls.crt'}", f"--tlsKeyFile={folder / 'tls.key'}"]
    call += ["--port=0", "--monitoringPort=0", "--adminPort=0", "--address=127.0.0.1"]
    call += ["--drainDuration=0s", *arguments]
    log = (folder / "log").open("w", encoding="utf-8")
    process = subprocess.Popen(call, stderr=log, text=True)  # noqa: S603 - our own server
    while True:
        if process.poll() is not None:
            raise SystemExit((folder / "log").read_text(encoding="utf-8"))
        found = re.search(r"serving\tport=(\d+)", (folder / "log").read_text(encoding="utf-8"))
        if found:
            return process, int(found[1])
        time.sleep(0.05)


def memory(process: subprocess.Popen[str]) -> float:
    """The resident memory of ``process`` in MiB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def ask(port: int, trust: ssl.SSLContext, request: bytes, count: int) -> list[float]:
    """Send ``request`` ``count`` times on one connection; the seconds that each answer took."""
    reader, writer = await asyncio.open_connection(HOST, port, ssl=trust, family=2)
    seconds = []
    for _ in range(count):
        begin = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(head.decode())
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        seconds.append(time.perf_counter() - begin)
    writer.close()
    return seconds


async def load(
    port: int, trust: ssl.SSLContext, request: bytes, connections: int, requests: int
) -> tuple[float, list[float]]:
    """Requests per second, and what each took."""
    begin = time.perf_counter()
    several = [ask(port, trust, request, requests // connections) for _ in range(connections)]
    seconds = [one for part in await asyncio.gather(*several) for one in part]
    return len(seconds) / (time.perf_counter() - begin), sorted(seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--body", type=Path, default=Path(__file__).parent / "review.json")
    options, arguments = parser.parse_known_args()
    body = json.dumps(json.loads(options.body.read_bytes())).encode()
    request = (
        b"POST /inject?timeout=10s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
        b"\r\nContent-Length: %d\r\n\r\n" % len(body)
    ) + body
    authority = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with (
        tempfile.TemporaryDirectory() as name,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        folder = Path(name)
        made = authority.issue_cert(HOST)
        made.private_key_pem.write_to_path(folder / "tls.key")
        made.cert_chain_pems[0].write_to_path(folder / "tls.crt")
        process, port = started(folder, arguments)
        try:
            first = int(options.requests * WARM_UP)
            runner.run(load(port, trust, request, options.connections, first))
            before = memory(process)
            rate, seconds = runner.run(
                load(port, trust, request, options.connections, options.requests)
            )
            after = memory(process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
    print(f"requests/s {rate:9.0f}")
    for percent in (50, 99, 99.9):
        at = min(len(seconds) - 1, int(len(seconds) * percent / 100))
        print(f"p{percent:<9} {seconds[at] * 1000:9.2f} ms")
    print(f"memory     {before:9.1f} MiB, then {after:.1f} MiB")


if __name__ == "__main__":
    main()
