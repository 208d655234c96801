"""Names and addresses of hosts, checked as Istio's validation package does."""

from __future__ import annotations

import re
from typing import Final

from pillion.golang.net import AddressError, parse_addr, split_host_port
from pillion.golang.strconv import NumError, atoi, quote
from pillion.golang.strings import to_bytes

MAX_PORT: Final = 65535
_LABEL_MAX: Final = 63
_NAME_MAX: Final = 255
_LABEL_TEXT: Final = r"[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?"
_LABEL: Final = re.compile(_LABEL_TEXT)
_WILDCARD: Final = re.compile(rf"\*|(?:\*-?)?{_LABEL_TEXT}")


def port_problem(port: int) -> str | None:
    """Why ``port`` is no port number, or None."""
    if 1 <= port <= MAX_PORT:
        return None
    return f"port number {port} must be in the range 1..{MAX_PORT}"


def address_problem(address: str) -> str | None:
    """Why ``address`` is not a host with a port, or None."""
    try:
        host, port = split_host_port(address)
    except AddressError as error:
        return f"unable to split {quote(address)}: {error}"
    try:
        number = atoi(port)
    except NumError as error:
        return f"port ({port}) is not a number: {error}"
    problem = port_problem(number)
    if problem is None and name_problem(host) is not None and not is_ip_address(host):
        return f"{quote(host)} is not a valid hostname or an IP address"
    return problem


def is_ip_address(text: str) -> bool:
    """Whether ``text`` is an IP address."""
    try:
        parse_addr(text)
    except AddressError:
        return False
    return True


def name_problem(name: str) -> str | None:
    """Why ``name`` is not a fully qualified domain name, or None."""
    return _length_problem(name) or _labels_problem(name)


def wildcard_problem(name: str) -> str | None:
    """Why ``name`` is not a domain name whose first label may be a wildcard, or None."""
    problem = _length_problem(name)
    if problem is not None:
        return problem
    first, dot, rest = name.partition(".")
    if len(to_bytes(first)) > _LABEL_MAX or not _WILDCARD.fullmatch(first):
        return f"domain name {quote(name)} invalid (label {quote(first)} invalid)"
    return _labels_problem(rest) if dot else None


def trust_domain_problem(domain: str) -> str | None:
    """Why ``domain`` is not a trust domain, or None."""
    if not domain:
        return "empty domain name not allowed"
    if all(map(is_label, _without_last_dot(domain.split(".")))):
        return None
    return f"trust domain name {quote(domain)} invalid"


def is_label(text: str) -> bool:
    """Whether ``text`` is a label of a domain name, in either case of letters."""
    return len(text) <= _LABEL_MAX and _LABEL.fullmatch(text) is not None


def _length_problem(name: str) -> str | None:
    if len(to_bytes(name)) > _NAME_MAX:
        return f"domain name {quote(name)} too long (max {_NAME_MAX})"
    return None if name else "empty domain name not allowed"


def _labels_problem(name: str) -> str | None:
    labels = name.split(".")
    try:
        atoi(labels[-1])
    except NumError:
        pass
    else:
        top = quote(labels[-1])
        return f"domain name {quote(name)} invalid (top level domain {top} cannot be all-numeric)"
    for label in _without_last_dot(labels):
        if not is_label(label):
            return f"domain name {quote(name)} invalid (label {quote(label)} invalid)"
    return None


def _without_last_dot(labels: list[str]) -> list[str]:
    """The labels without the empty one after a last dot, which makes a name unambiguous."""
    return labels[:-1] if labels[-1] == "" else labels
