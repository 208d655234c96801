"""``pillion probe``: what an exec probe calls, as those of Istio 1.1's Deployment do."""

from __future__ import annotations

import sys

from pillion.cli import flags
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
    Flag("probe-path", "FILE", "the file to look at", default=""),
    Flag("interval", "DURATION", "the greatest age of the file", default="0s"),
)


def run(arguments: list[str]) -> int:
    """Run the command; its errors are :class:`~pillion.errors.PillionError`."""
    found = vars(flags.parser("probe", DESCRIPTION, EPILOG, _FLAGS).parse_args(arguments))
    path, interval = found["probe-path"], duration("interval", found["interval"])
    if not path or not interval:
        raise UsageError("some options are not valid: give --probe-path FILE and --interval 4s")
    from pillion.server import health_file

    health_file.check(path, interval)
    sys.stdout.write("OK\n")
    return 0
