"""What ``--help`` prints about an injecting command."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from pillion.cli import flags

if TYPE_CHECKING:
    from pillion.cli.flags import Flag

_WIDTH = 80
_COLUMN = 30

_FURTHER = """\
Every other flag of istioctl kube-inject, today's and that of 1.1, is known by name: it is ignored
with a word on standard error, or refused with a hint.
"""


def text(command: str, description: str, epilog: str) -> str:
    """The help of a command."""
    usage = f"usage: pillion {command} -f FILE [-f FILE ...] [flags]\n"
    lines = "".join(map(_flag, flags.WORKING))
    return f"{description}\n{usage}\nflags:\n{lines}\n{_FURTHER}\n{epilog}"


def _flag(flag: Flag) -> str:
    short = f"-{flag.short}, " if flag.short else "    "
    name = f"  {short}--{flag.name} {flag.metavar or ''}".rstrip()
    first, *rest = wrap(flag.help, _WIDTH - _COLUMN, break_on_hyphens=False)
    pad = " " * _COLUMN
    return f"{name:{_COLUMN}}{first}\n" + "".join(f"{pad}{line}\n" for line in rest)
