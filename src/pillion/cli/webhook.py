"""``pillion webhook``: the configuration by which an API server asks the injector about pods."""

from __future__ import annotations

import sys

from pillion.cli.errors import UsageError

_HELP = """\
The MutatingWebhookConfiguration by which an API server asks the injector about new pods.

usage: pillion webhook COMMAND [flags]

  render   print it
  apply    apply it to a cluster
  show     tell what a cluster has, what is wrong with it, and which pods it is about

pillion webhook COMMAND --help tells a command's flags.
"""

_COMMANDS = ("render", "apply", "show")


def run(given: list[str]) -> int:
    """Run the command; its errors are :class:`~pillion.errors.PillionError`."""
    if given[:1] in (["--help"], ["-h"]):
        sys.stdout.write(_HELP)
        return 0
    if not given or given[0] not in _COMMANDS:
        commands = "|".join(_COMMANDS)
        raise UsageError(f"usage: pillion webhook {commands} [flags]; --help tells more")
    from importlib import import_module

    status: int = import_module(f"pillion.cli.webhook_{given[0]}").run(given[1:])
    return status
