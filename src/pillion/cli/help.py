"""What ``--help`` prints about a command."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from pillion.cli import flags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pillion.cli.flags import Flag

_WIDTH = 80
_COLUMN = 30

_FURTHER = """\
Every other flag of istioctl kube-inject, today's and that of 1.1, is known by name: it is ignored
with a word on standard error, or refused with a hint.
"""


def text(command: str, description: str, epilog: str) -> str:
    """The help of an injecting command."""
    usage = f"usage: pillion {command} -f FILE [-f FILE ...] [flags]\n"
    return f"{description}\n{usage}\nflags:\n{_lines(flags.WORKING)}\n{_FURTHER}\n{epilog}"


def text_of_table(command: str, description: str, epilog: str, table: Iterable[Flag]) -> str:
    """The help of a command that has a table of its own."""
    usage = f"usage: pillion {command} [flags]\n"
    working = [flag for flag in table if not flag.hint and not flag.ignored]
    return f"{description}\n{usage}\nflags:\n{_lines(working)}\n{epilog}"


def _lines(table: Iterable[Flag]) -> str:
    return "".join(map(_flag, table))


def _flag(flag: Flag) -> str:
    short = f"-{flag.short}, " if flag.short else "    "
    name = f"  {short}--{flag.name} {flag.metavar or ''}".rstrip()
    first, *rest = wrap(flag.help, _WIDTH - _COLUMN, break_on_hyphens=False)
    pad = " " * _COLUMN
    head = f"{name:{_COLUMN}}" if len(name) < _COLUMN else f"{name}\n{pad}"
    return f"{head}{first}\n" + "".join(f"{pad}{line}\n" for line in rest)
