"""Arguments into options: argparse, with the spellings of Go's pflag, which istioctl's users know.

``--name value`` and ``--name=value``, ``-f value``, ``-f=value`` and ``-fvalue`` are the same; a
boolean takes its value after an equals sign only. argparse reads ``-f=value`` and a lone boolean
otherwise, so these are put into its spelling first. What is unknown gets a suggestion.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser, HelpFormatter, Namespace
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from pillion.cli import flags
from pillion.cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pillion.cli.flags import Flag

_TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_FALSE = frozenset(("0", "f", "F", "FALSE", "false", "False"))


class Options(NamedTuple):
    """What a call asks for. A flag that was not given is None, or an empty tuple if it repeats.

    ``ignored`` are the flags that were given and change nothing.
    """

    manifests: tuple[str, ...] = ()
    output: str | None = None
    config_file: str | None = None
    mesh_file: str | None = None
    values_file: str | None = None
    assignments: tuple[str, ...] = ()
    profile: str | None = None
    revision: str | None = None
    namespace: str | None = None
    kubeconfig: str | None = None
    context: str | None = None
    istio_namespace: str | None = None
    config_map: str | None = None
    mesh_map: str | None = None
    help: bool = False
    ignored: tuple[Flag, ...] = ()


def parse(arguments: list[str]) -> Options:
    """The options that ``arguments`` ask for.

    Raises:
        UsageError: A flag is unknown, not supported, or lacks its value, or something is no flag.
    """
    found: dict[str, Any] = {}
    for flag, value in _read(arguments, _INJECTING):
        if flag.ignored is not None:
            found["ignored"] = (*found.get("ignored", ()), flag)
        elif flag.repeated:
            found[flag.option] = (*found.get(flag.option, ()), value)
        else:
            found[flag.option] = value if flag.metavar else value in _TRUE
    return Options(**found)


class Given(NamedTuple):
    """The flags of another command: their values by name, each as it is written.

    A flag that was not given has its default. ``lists`` are those that repeat. ``ignored`` are the
    flags that were given and change nothing.
    """

    values: dict[str, str]
    lists: dict[str, tuple[str, ...]]
    ignored: tuple[Flag, ...]

    def flag(self, name: str) -> bool:
        """A boolean."""
        return self.values[name] in _TRUE


def parse_table(arguments: list[str], flags_of_command: Iterable[Flag]) -> Given:
    """The flags of a command that has a table of its own.

    Raises:
        UsageError: As :func:`parse` does.
    """
    table = _Table(flags_of_command)
    working = [flag for flag in table.flags if not flag.hint and not flag.ignored]
    values = {flag.name: flag.default for flag in working if not flag.repeated}
    lists: dict[str, tuple[str, ...]] = {flag.name: () for flag in working if flag.repeated}
    ignored: tuple[Flag, ...] = ()
    for flag, value in _read(arguments, table):
        if flag.ignored is not None:
            ignored = (*ignored, flag)
        elif flag.repeated:
            lists[flag.name] = (*lists[flag.name], value)
        else:
            values[flag.name] = value
    return Given(values, lists, ignored)


class _Table:
    """The flags of a command by what they are called."""

    __slots__ = ("by_spelling", "flags", "operand")

    def __init__(self, known: Iterable[Flag], operand: str = "") -> None:
        self.flags = tuple(known)
        self.by_spelling = {f"--{flag.name}": flag for flag in self.flags}
        self.by_spelling |= {f"-{flag.short}": flag for flag in self.flags if flag.short}
        self.operand = operand
        """What to say to an argument that is no flag."""


_INJECTING = _Table(flags.ALL, ": a manifest is named by -f FILE")


def _read(arguments: list[str], table: _Table) -> list[tuple[Flag, str]]:
    """Each flag that was given, in order, with its value."""
    parser = _Parser(add_help=False, allow_abbrev=False, formatter_class=_formatter)
    for flag in table.flags:
        names = [f"-{flag.short}"] if flag.short else []
        nargs = "?" if flag.hint is not None else None
        parser.add_argument(
            *names, f"--{flag.name}", metavar=flag.metavar, action=_Take, const=flag, nargs=nargs
        )
    found, rest = parser.parse_known_args(list(_spelled(arguments, table)), Namespace(given=[]))
    for argument in rest:
        if argument != "--":
            raise UsageError(_not_known(argument, table))
    return found.given  # type: ignore[no-any-return]  # a Namespace has no types


def _formatter(prog: str) -> HelpFormatter:
    """A formatter that does not ask for the terminal's width, as argparse's does for each flag."""
    return HelpFormatter(prog, width=80)


class _Parser(ArgumentParser):
    """An argparse parser whose errors are the caller's to print."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message.removeprefix("argument "))


class _Take(Action):
    """Take a flag and its value down; the flag stands in ``const``."""

    def __call__(
        self,
        parser: ArgumentParser,
        namespace: Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        del parser
        flag: Flag = self.const
        if flag.hint is not None:
            raise UsageError(f"{option_string} is not supported here: {flag.hint}")
        if flag.metavar is None and values not in _TRUE | _FALSE:
            raise UsageError(f"{option_string} is true or false, not {values!r}")
        namespace.given.append((flag, values))


def _spelled(arguments: list[str], table: _Table) -> Iterator[str]:
    """``arguments`` as argparse reads them."""
    for argument in arguments:
        flag = table.by_spelling.get(argument)
        if flag is not None and flag.metavar is None:
            yield f"--{flag.name}=true"
        elif argument[:2] in table.by_spelling and argument[2:3] == "=":
            yield argument[:2] + argument[3:]
        else:
            yield argument


def _not_known(argument: str, table: _Table) -> str:
    name = argument.partition("=")[0]
    if not name.startswith("-"):
        return f"unexpected argument {argument!r}{table.operand}"
    return f"unknown flag: {name}{_suggestion(table, name.lstrip('-'))}"


def _suggestion(table: _Table, name: str) -> str:
    """The flag that was probably meant."""
    from difflib import get_close_matches

    known = [flag.name for flag in table.flags if not flag.hint and not flag.ignored]
    close = [one for one in known if one.lower().startswith(name.lower())]
    close = close or get_close_matches(name, known, 1)
    return f" (did you mean --{close[0]}?)" if close and name else ""
