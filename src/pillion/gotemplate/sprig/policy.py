"""What a template may reach outside itself."""

from __future__ import annotations

from typing import NamedTuple

from pillion.gotemplate.functions import FunctionError


class Policy(NamedTuple):
    """Which of sprig's impure functions may do their work; by default none may.

    A function that the policy forbids is still defined, and fails when a template runs it. The
    clock and random values are always allowed.
    """

    environment: bool = False
    """``env`` and ``expandenv`` may read environment variables."""
    network: bool = False
    """``getHostByName`` may ask the resolver."""
    keys: bool = False
    """Private keys, certificates and password hashes may be made."""


def forbidden(what: str) -> FunctionError:
    """The error of a function that the policy does not let run."""
    return FunctionError(f"{what} is not allowed in templates here")
