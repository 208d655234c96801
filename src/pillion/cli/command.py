"""What the injecting commands share: their sources in, their output out, errors that say where."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

from pillion.cli import arguments
from pillion.cli.errors import InputError, UsageError
from pillion.cli.output import Output
from pillion.cli.sources import sources
from pillion.errors import PillionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pillion.cli.arguments import Options
    from pillion.cli.sources import Source

    Inject = Callable[[IO[bytes]], Iterator[str]]


def say(line: str) -> None:
    """Tell the user something that is not output."""
    sys.stderr.write(f"pillion: {line}\n")


def options(command: str, given: list[str]) -> Options:
    """The options of a call.

    Raises:
        UsageError: When the call is wrong; it names what.
    """
    found = arguments.parse(given)
    if not found.manifests and not found.help:
        raise UsageError(f"no manifest named: give -f FILE (pillion {command} --help)")
    for flag in found.ignored:
        say(f"--{flag.name} has no effect: {flag.ignored}")
    return found


def run(found: Options, inject: Inject) -> None:
    """Send every source through ``inject`` to the output, a piece at a time.

    Raises:
        InputError: When a source cannot be read or injected, or the output cannot be written.
    """
    with Output(found.output) as output:
        for source in sources(found.manifests):
            for piece in _inject(source, inject):
                output.write(piece.encode("utf-8", "surrogateescape"))


def _inject(source: Source, inject: Inject) -> Iterator[str]:
    with source.open() as stream:
        try:
            yield from inject(stream)
        except PillionError as error:
            raise InputError(source.name, str(error)) from error
        except OSError as failure:
            raise InputError(source.name, failure.strerror or str(failure)) from failure
