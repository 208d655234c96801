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
    help: bool = False
    ignored: tuple[Flag, ...] = ()


def parse(arguments: list[str]) -> Options:
    """The options that ``arguments`` ask for.

    Raises:
        UsageError: A flag is unknown, not supported, or lacks its value, or something is no flag.
    """
    found: dict[str, Any] = {}
    for flag, given, value in _read(iter(arguments)):
        if flag.hint is not None:
            raise UsageError(f"{given} is not supported here: {flag.hint}")
        if flag.ignored is not None:
            found["ignored"] = (*found.get("ignored", ()), flag)
        elif flag.repeated:
            found[flag.option] = (*found.get(flag.option, ()), value)
        else:
            found[flag.option] = value if flag.metavar else value in _TRUE
    return Options(**found)


def _read(rest: Iterator[str]) -> Iterator[tuple[Flag, str, str]]:
    """Each flag with what it was called and its value."""
    for argument in rest:
        if argument == "--":
            _refuse_more(rest)
        elif argument.startswith("--"):
            name, equals, value = argument[2:].partition("=")
            yield _flag(name, f"--{name}", value if equals else None, rest)
        elif argument.startswith("-") and argument != "-":
            name, value = argument[1], argument[2:].removeprefix("=")
            yield _flag(_LONG.get(name, name), f"-{name}", value or None, rest)
        else:
            _refuse_more((argument,))


_LONG = {flag.short: flag.name for flag in flags.ALL if flag.short}
_BY_NAME = {flag.name: flag for flag in flags.ALL}


def _flag(name: str, given: str, value: str | None, rest: Iterator[str]) -> tuple[Flag, str, str]:
    flag = _BY_NAME.get(name)
    if flag is None:
        raise UsageError(f"unknown flag: {given}{_suggestion(name)}")
    if flag.metavar is None:
        value = "true" if value is None else value
        if value not in _TRUE and value not in _FALSE:
            raise UsageError(f"{given} is true or false, not {value!r}")
    elif value is None and flag.hint is None:
        value = next(rest, None)
        if value is None:
            raise UsageError(f"{given} needs a value: {given} {flag.metavar}")
    return flag, given, value or ""


def _suggestion(name: str) -> str:
    """The flag that was probably meant."""
    from difflib import get_close_matches

    known = [flag.name for flag in flags.WORKING]
    close = [one for one in known if one.lower().startswith(name.lower())]
    close = close or get_close_matches(name, known, 1)
    return f" (did you mean --{close[0]}?)" if close and name else ""


def _refuse_more(arguments: Iterable[str]) -> None:
    for argument in arguments:
        raise UsageError(f"unexpected argument {argument!r}: a manifest is named by -f FILE")
