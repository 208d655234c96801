"""What answers the API server, in this process or in several others."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from pillion.server.listener import Listener

if TYPE_CHECKING:
    import asyncio

    from pillion.server.certificate import Pems
    from pillion.server.configuration import Active, Refusal


class Front(Protocol):
    """The HTTPS port and all that happens behind it."""

    @property
    def port(self) -> int:
        """The port it listens on."""

    @property
    def accepting(self) -> asyncio.Event:
        """Set once it answers."""

    @property
    def pids(self) -> list[int]:
        """The processes that answer now."""

    async def serve(self) -> None:
        """Answer until told to stop, and finish what has begun."""

    def stop(self) -> None:
        """Accept no more connections, end those without a request, and finish the others."""

    def abort(self) -> None:
        """Drop every connection."""

    async def configured(self, active: Active) -> None:
        """Use ``active`` for all that is answered once this returns."""

    def refused(self, refusal: Refusal | None) -> None:
        """Show in ``/ready`` what was refused since."""

    async def certified(self, pems: Pems) -> None:
        """Use a certificate, which is known to be good, for new connections."""

    def levelled(self, levels: str) -> None:
        """Log at other levels."""

    def draining(self) -> None:
        """Fail readiness, and send clients away."""


class OneProcess(Listener):
    """The port in this process: what it answers with is the server's own state."""

    @property
    def pids(self) -> list[int]:
        """This process."""
        return [os.getpid()]

    async def configured(self, active: Active) -> None:
        """Nothing is apart from the server's state."""

    def refused(self, refusal: Refusal | None) -> None:
        """As above."""

    async def certified(self, pems: Pems) -> None:
        """As above."""

    def levelled(self, levels: str) -> None:
        """As above."""

    def draining(self) -> None:
        """As above."""
