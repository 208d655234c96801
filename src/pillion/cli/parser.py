"""argparse with errors of our own, for commands that start seldom."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from pillion.cli.errors import UsageError

if TYPE_CHECKING:
    from typing import NoReturn


class Parser(ArgumentParser):
    """An argument parser that raises :class:`UsageError`."""

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print."""
        raise UsageError(message)
