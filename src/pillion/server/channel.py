"""Messages between a server and its worker processes, over a pair of sockets.

A message is a line of JSON: a kind and a value. The end of the channel is the end of the other
process.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socket import socket

_LONGEST = 256 * 1024 * 1024
"""More than any message: the longest carries a configuration with its compiled templates."""


class Channel:
    """One end; :func:`open_channel` makes it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, kind: str, value: Any = None) -> None:
        """Send a message; one to a process that has ended is lost."""
        if not self._writer.is_closing():
            self._writer.write(json.dumps((kind, value)).encode() + b"\n")

    async def receive(self) -> tuple[str, Any] | None:
        """The next message, or None after the last one."""
        try:
            line = await self._reader.readline()
        except OSError:
            return None
        if not line.endswith(b"\n"):
            return None
        kind, value = json.loads(line)
        return kind, value

    async def close(self) -> None:
        """Send what is still to be sent, and end the channel."""
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except OSError:
            return  # the other end was faster


async def open_channel(end: socket) -> Channel:
    """The channel over one of two connected sockets."""
    return Channel(*await asyncio.open_connection(sock=end, limit=_LONGEST))
