"""What the checks of annotation values have in common in both generations.

Which annotations are checked, in which order, and how a wrong port is worded differs: see
:mod:`pillion.injection.annotations` and :mod:`pillion.injection.legacy.annotations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pillion.golang import strings
from pillion.golang.net import AddressError
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


def port(shown: Callable[[str, NumError], object]) -> Check:
    """A port, as Istio's ``parsePort`` takes it: a number of 16 bits.

    ``shown`` says what the message names, from the text and what is wrong with it.
    """

    def check(text: str) -> str | None:
        try:
            parse_uint(text.strip(strings.SPACE), 10, 16)
        except NumError as error:
            return f"failed parsing port '{shown(text, error)}': {error}"
        return None

    return check


def listed_port(port: Check, shown: Callable[[str], object]) -> Check:
    """A port that stands in a list, whose messages name it twice."""

    def check(text: str) -> str | None:
        problem = port(text)
        return None if problem is None else f"failed parsing port '{shown(text)}': {problem}"

    return check


def status_port(port: Check) -> Check:
    """The port of the status server; Istio's message names another parameter, by mistake."""

    def check(value: str) -> str | None:
        problem = port(value)
        return None if problem is None else f"excludeInboundPorts invalid: {problem}"

    return check


def ports(parameter: str, port: Check, *, wildcard: bool = False) -> Check:
    """A list of ports, each checked by ``port``; empty is none.

    ``parameter`` is what Istio's message calls the list. ``wildcard`` allows ``*`` in its place.
    """

    def check(value: str) -> str | None:
        if wildcard and value == "*":
            return None
        text = value.strip(strings.SPACE)
        for item in text.split(",") if text else ():
            problem = port(item)
            if problem is not None:
                return f"{parameter} invalid: {problem}"
        return None

    return check


def cidrs(parameter: str, parse: Callable[[str], None], *, wildcard: bool = False) -> Check:
    """A list of ranges of IP addresses, each read by ``parse``; empty is none.

    ``parse`` raises :class:`~pillion.golang.net.AddressError`.
    """

    def check(value: str) -> str | None:
        if wildcard and value == "*":
            return None
        for cidr in value.split(",") if value else ():
            try:
                parse(cidr)
            except AddressError as error:
                return f"{parameter} invalid: failed parsing cidr '{cidr}': {error}"
        return None

    return check
