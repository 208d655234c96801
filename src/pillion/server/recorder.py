"""Where the webhook reports what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pillion.server.decisions import Decision


class Recorder(Protocol):
    """Hears of every request: once when it begins, and once how it ended."""

    def began(self) -> None:
        """A request to inject is here."""

    def answered(self, decision: Decision) -> None:
        """It was a review, and is answered."""

    def failed(self, status: int, message: str) -> None:
        """It got no review for an answer, but ``status``; ``message`` says why."""
