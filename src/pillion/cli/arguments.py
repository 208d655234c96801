"""Arguments into options, by the rules of Go's pflag, which istioctl's users know.

``--name value`` and ``--name=value``, ``-f value``, ``-f=value`` and ``-fvalue`` are the same; a
boolean takes its value after an equals sign only. argparse knows neither ``-f=value`` nor
``--flag=false``, and takes a tenth of a start to import and set up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.cli import flags
from pillion.cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    for flag, value in _supported(iter(arguments), _INJECTING):
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
    working = [flag for flag in table.by_name.values() if not flag.hint and not flag.ignored]
    values = {flag.name: flag.default for flag in working if not flag.repeated}
    lists: dict[str, tuple[str, ...]] = {flag.name: () for flag in working if flag.repeated}
    ignored: tuple[Flag, ...] = ()
    for flag, value in _supported(iter(arguments), table):
        if flag.ignored is not None:
            ignored = (*ignored, flag)
        elif flag.repeated:
            lists[flag.name] = (*lists[flag.name], value)
        else:
            values[flag.name] = value
    return Given(values, lists, ignored)


class _Table:
    """The flags of a command by what they are called."""

    __slots__ = ("by_name", "long", "operand")

    def __init__(self, known: Iterable[Flag], operand: str = "") -> None:
        self.by_name = {flag.name: flag for flag in known}
        self.long = {flag.short: flag.name for flag in self.by_name.values() if flag.short}
        self.operand = operand
        """What to say to an argument that is no flag."""


_INJECTING = _Table(flags.ALL, ": a manifest is named by -f FILE")


def _supported(rest: Iterator[str], table: _Table) -> Iterator[tuple[Flag, str]]:
    for flag, given, value in _read(rest, table):
        if flag.hint is not None:
            raise UsageError(f"{given} is not supported here: {flag.hint}")
        yield flag, value


def _read(rest: Iterator[str], table: _Table) -> Iterator[tuple[Flag, str, str]]:
    """Each flag with what it was called and its value."""
    for argument in rest:
        if argument == "--":
            _refuse_more(rest, table)
        elif argument.startswith("--"):
            name, equals, value = argument[2:].partition("=")
            flag = _known(table, name, f"--{name}")
            yield flag, f"--{name}", _value(flag, f"--{name}", value if equals else None, rest)
        elif argument.startswith("-") and argument != "-":
            name, value = argument[1], argument[2:].removeprefix("=")
            flag = _known(table, table.long.get(name, name), f"-{name}")
            yield flag, f"-{name}", _value(flag, f"-{name}", value or None, rest)
        else:
            _refuse_more((argument,), table)


def _known(table: _Table, name: str, given: str) -> Flag:
    flag = table.by_name.get(name)
    if flag is None:
        raise UsageError(f"unknown flag: {given}{_suggestion(table, name)}")
    return flag


def _value(flag: Flag, given: str, value: str | None, rest: Iterator[str]) -> str:
    if flag.metavar is None:
        value = "true" if value is None else value
        if value not in _TRUE and value not in _FALSE:
            raise UsageError(f"{given} is true or false, not {value!r}")
    elif value is None and flag.hint is None:
        value = next(rest, None)
        if value is None:
            raise UsageError(f"{given} needs a value: {given} {flag.metavar}")
    return value or ""


def _suggestion(table: _Table, name: str) -> str:
    """The flag that was probably meant."""
    from difflib import get_close_matches

    found = table.by_name.values()
    known = [flag.name for flag in found if not flag.hint and not flag.ignored]
    close = [one for one in known if one.lower().startswith(name.lower())]
    close = close or get_close_matches(name, known, 1)
    return f" (did you mean --{close[0]}?)" if close and name else ""


def _refuse_more(arguments: Iterable[str], table: _Table) -> None:
    for argument in arguments:
        raise UsageError(f"unexpected argument {argument!r}{table.operand}")
