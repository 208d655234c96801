"""sprig's functions that ask the environment or the network, where the policy lets them."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.policy import forbidden

if TYPE_CHECKING:
    from pillion.gotemplate.sprig.policy import Policy

_SPECIAL = frozenset("*#$@!?-0123456789")


def env(policy: Policy, name: str) -> str:
    """The value of an environment variable, or nothing.

    Raises:
        FunctionError: the policy forbids it.
    """
    if not policy.environment:
        raise forbidden("reading the environment")
    return os.environ.get(name, "")


def expand_env(policy: Policy, text: str) -> str:
    """``text`` with ``$NAME`` and ``${NAME}`` replaced: ``os.ExpandEnv``.

    Raises:
        FunctionError: ``text`` names a variable and the policy forbids to read it.
    """
    expanded = []
    before, dollar, text = text.partition("$")
    while dollar and text:
        expanded.append(before)
        name, width = _shell_name(text)
        if name:
            expanded.append("" if name in _SPECIAL else env(policy, name))
        elif width == 0:
            # A dollar that names nothing stays; bad syntax in braces goes.
            expanded.append(dollar)
        before, dollar, text = text[width:].partition("$")
    return "".join(expanded) + before + dollar


def _shell_name(text: str) -> tuple[str, int]:
    """The variable's name at the start of ``text``, and how much of ``text`` it takes."""
    if text[0] == "{":
        return _name_in_braces(text)
    if text[0] in _SPECIAL:
        return text[0], 1
    end = next((at for at, char in enumerate(text) if not _is_word(char)), len(text))
    return text[:end], end


def _name_in_braces(text: str) -> tuple[str, int]:
    if len(text) > len("{}") and text[1] in _SPECIAL and text[2] == "}":
        return text[1], 3
    end = text.find("}")
    if end < 0:
        return "", 1
    return text[1:end], end + 1


def _is_word(char: str) -> bool:
    return char == "_" or (char.isascii() and char.isalnum())


def get_host_by_name(policy: Policy, name: str) -> str:
    """One of the host's addresses.

    Raises:
        FunctionError: the policy forbids it, or the host has no address.
    """
    if not policy.network:
        raise forbidden("looking up a host")
    import secrets
    import socket

    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise FunctionError("invalid argument to Intn") from error
    return str(secrets.choice(found)[4][0])


def functions(policy: Policy) -> dict[str, Function]:
    """The functions, held to ``policy``."""
    return {
        "env": Function(partial(env, policy), ("string",), result="string"),
        "expandenv": Function(partial(expand_env, policy), ("string",), result="string"),
        "getHostByName": Function(partial(get_host_by_name, policy), ("string",), result="string"),
    }
