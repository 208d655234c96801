"""What the injecting commands share: their sources in, their output out, errors that say where."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from pillion.cli import arguments
from pillion.cli.errors import InputError, UsageError
from pillion.cli.messages import say
from pillion.cli.output import Output
from pillion.cli.sources import STANDARD_INPUT, name_of, reason, sources
from pillion.errors import PillionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pillion.cli.arguments import Options
    from pillion.cli.sources import Source

    Inject = Callable[[IO[bytes]], Iterator[str]]


def options(command: str, given: list[str]) -> Options:
    """The options of a call.

    Raises:
        UsageError: When the call is wrong; it names what.
    """
    found = arguments.parse(given)
    if not found.manifests and not found.help:
        raise UsageError(f"no manifest named: give -f FILE (pillion {command} --help)")
    configuration = {found.config_file, found.mesh_file, found.values_file}
    if [*found.manifests, *configuration].count(STANDARD_INPUT) > 1:
        raise UsageError("standard input (-) is named twice, and can be read once")
    for flag in found.ignored:
        say(f"--{flag.name} has no effect: {flag.ignored}")
    return found


def run(found: Options, inject: Inject) -> None:
    """Send every source through ``inject`` to the output, a piece at a time.

    Raises:
        InputError: When a source cannot be read or injected, the output cannot be written, or there
            was nothing to inject.
    """
    is_empty = True
    with Output(found.output) as output:
        for source in sources(found.manifests):
            for piece in _inject(source, inject):
                is_empty = is_empty and _is_blank(piece)
                output.write(piece.encode("utf-8", "surrogateescape"))
        if is_empty:
            raise InputError(", ".join(map(name_of, found.manifests)), "nothing is in it")


def _is_blank(piece: str) -> bool:
    return piece in ("", "---\n") or piece.isspace()


def _inject(source: Source, inject: Inject) -> Iterator[str]:
    with source.open() as stream:
        try:
            yield from inject(stream)
        except PillionError as error:
            from pillion.cli import failures

            raise failures.in_manifest(source.name, error) from error
        except OSError as failure:
            raise InputError(source.name, reason(failure)) from failure
