"""``pillion probe``: what an exec probe calls, as those of Istio 1.1's Deployment do."""

from __future__ import annotations

import sys

from pillion.cli import arguments
from pillion.cli.errors import UsageError
from pillion.cli.flags import Flag
from pillion.cli.values import duration

DESCRIPTION = """\
Check that the health file of pillion serve is not older than the interval. Status 0 says it is not.
"""

EPILOG = """\
examples:
  pillion probe --probe-path=/health --interval=4s
"""

_FLAGS = (
    Flag("probe-path", "FILE", "the file to look at"),
    Flag("interval", "DURATION", "the greatest age of the file", default="0s"),
    Flag("help", None, "print this help", short="h"),
)


def run(given: list[str]) -> int:
    """Run the command; its errors are :class:`~pillion.errors.PillionError`."""
    found = arguments.parse_table(given, _FLAGS)
    if found.flag("help"):
        from pillion.cli import help as help_text

        sys.stdout.write(help_text.text_of_table("probe", DESCRIPTION, EPILOG, _FLAGS))
        return 0
    path = found.values["probe-path"]
    interval = duration("interval", found.values["interval"])
    if not path or not interval:
        raise UsageError("some options are not valid: give --probe-path FILE and --interval 4s")
    from pillion.server import health_file

    health_file.check(path, interval)
    sys.stdout.write("OK\n")
    return 0
