"""Reading a number from the arguments of the proxy's container."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pillion.injection.containers import Container


def flag_value(proxy: Container, name: str) -> int | None:
    """The number behind ``--name`` or ``-name``, in the same argument or the next one.

    None where the flag is missing or what follows it is no number. Follows ``extractStatusPort``
    and ``extractConcurrency`` of Istio 1.1: the first argument that looks like the flag settles it.
    """
    arguments = [argument.strip(_SPACE) for argument in proxy.get("args") or ()]
    for index, argument in enumerate(arguments):
        flag, equals, value = argument.partition("=")
        if flag not in {f"-{name}", f"--{name}"}:
            continue
        if not equals:
            following = (proxy["args"])[index + 1 : index + 2]
            return _number(following[0]) if following else None
        if value.isascii() and value.isdigit():
            return _number(value)
    return None


_SPACE = "\t\n\v\f\r \x85\xa0"


def _number(text: str) -> int | None:
    from pillion.golang import strconv

    try:
        return strconv.parse_int(text)
    except strconv.NumError:
        return None
