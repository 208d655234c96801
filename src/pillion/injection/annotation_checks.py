"""Checks of annotation values that both generations make."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pillion.golang.strconv import NumError, parse_uint

if TYPE_CHECKING:
    from collections.abc import Callable

Check: TypeAlias = "Callable[[str], str | None]"
"""Says why a value is refused, or None."""


class AnnotationProblem(NamedTuple):
    """An annotation whose value the injector refuses, and why, in Istio's words."""

    key: str
    value: str
    message: str


def interception_mode(value: str) -> str | None:
    """How traffic comes to the proxy; the names are exact."""
    if value in {"REDIRECT", "TPROXY", "NONE"}:
        return None
    return f"interceptionMode invalid, use REDIRECT,TPROXY,NONE: {value}"


def uint32(value: str) -> str | None:
    """A number of 32 bits, without a sign."""
    try:
        parse_uint(value, 10, 32)
    except NumError as error:
        return str(error)
    return None
