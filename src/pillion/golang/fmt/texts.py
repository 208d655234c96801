"""Strings and bytes, as each verb prints them.

A function returns None for a verb that its type has no form for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.golang.fmt.padding import pad
from pillion.golang.strconv import can_backquote, quote, quote_to_ascii
from pillion.golang.strings import from_bytes, to_bytes

if TYPE_CHECKING:
    from pillion.golang.fmt.directives import Spec


def string(value: str, verb: str, spec: Spec) -> str | None:
    """A ``string``, of which precision takes as many characters, or bytes for ``%x``."""
    if verb == "s" or (verb == "v" and not spec.sharp_v):
        return pad(_truncate(value, spec), spec)
    if verb in {"q", "v"}:
        return pad(_quoted(_truncate(value, spec), spec), spec)
    if verb in {"x", "X"}:
        return _hexadecimal(to_bytes(value), verb, spec)
    return None


def byte_string(value: bytes, verb: str, spec: Spec) -> str | None:
    """A ``[]byte`` by the verbs that print it as if it were a string."""
    if verb in {"x", "X"}:
        return _hexadecimal(value, verb, spec)
    if verb in {"s", "q"}:
        return string(from_bytes(value), verb, spec)
    return None


def _truncate(value: str, spec: Spec) -> str:
    return value if spec.precision < 0 else value[: spec.precision]


def _quoted(value: str, spec: Spec) -> str:
    if spec.sharp and can_backquote(value):
        return f"`{value}`"
    return quote_to_ascii(value) if spec.plus else quote(value)


def _hexadecimal(value: bytes, verb: str, spec: Spec) -> str:
    shown = value if spec.precision < 0 else value[: spec.precision]
    prefix = "0x" if spec.sharp and shown else ""
    text = prefix + (shown.hex(" ").replace(" ", f" {prefix}") if spec.space else shown.hex())
    return pad(text if verb == "x" else text.upper(), spec)
