"""Addresses as Go's ``net`` and ``net/netip`` packages read them.

Python's ``ipaddress`` accepts other texts and explains refusals in other words.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pillion.errors import PillionError
from pillion.golang.strconv import quote


class AddressError(PillionError):
    """The text is not an address, a prefix, or a host with a port; worded as Go words it."""


class Address(NamedTuple):
    """An IP address, as far as anyone here asks."""

    is_v6: bool
    zone: str

    @property
    def bits(self) -> int:
        """How long the address is."""
        return 128 if self.is_v6 else 32


def parse_addr(text: str) -> Address:
    """The address that ``netip.ParseAddr`` reads.

    Raises:
        AddressError: ``text`` is not an IP address.
    """
    first = re.search("[.:%]", text)
    if first is None:
        raise _addr_error(text, "unable to parse IP")
    if first[0] == "%":
        raise _addr_error(text, "missing IPv6 address")
    if first[0] == ".":
        _check_ipv4(text, text)
        return Address(is_v6=False, zone="")
    return _parse_ipv6(text)


def parse_prefix(text: str) -> None:
    """Check that ``netip.ParsePrefix`` takes ``text``.

    Raises:
        AddressError: ``text`` is not an IP prefix.
    """
    head, slash, bits = text.rpartition("/")
    if not slash:
        raise _prefix_error(text, "no '/'")
    try:
        address = parse_addr(head)
    except AddressError as error:
        raise _prefix_error(text, str(error)) from error
    if address.zone:
        raise _prefix_error(text, "IPv6 zones cannot be present in a prefix")
    if not re.fullmatch("[0-9]|[1-9][0-9]{1,18}", bits):
        raise _prefix_error(text, f"bad bits after slash: {quote(bits)}")
    if int(bits) > address.bits:
        raise _prefix_error(text, "prefix length out of range")


def parse_cidr(text: str) -> None:
    """Check that ``net.ParseCIDR`` takes ``text``.

    Raises:
        AddressError: ``text`` is not a CIDR address.
    """
    head, slash, bits = text.partition("/")
    try:
        address = parse_addr(head)
    except AddressError as error:
        raise AddressError(f"invalid CIDR address: {text}") from error
    digits = re.fullmatch("0*([0-9]{1,7})", bits)
    if not slash or address.zone or digits is None or int(digits[1]) > address.bits:
        raise AddressError(f"invalid CIDR address: {text}")


def split_host_port(text: str) -> tuple[str, str]:
    """The host and the port of ``net.SplitHostPort``.

    Raises:
        AddressError: ``text`` has no port, or its brackets and colons do not pair.
    """
    host, colon, port = text.rpartition(":")
    if not colon:
        raise _host_error(text, "missing port in address")
    if not text.startswith("["):
        if ":" in host:
            raise _host_error(text, "too many colons in address")
        _check_brackets(text, opened=0, closed=0)
        return host, port
    end = text.find("]")
    if end < 0:
        raise _host_error(text, "missing ']' in address")
    if end + 1 != len(host):
        colons = text[end + 1 : end + 2] == ":"
        raise _host_error(
            text, "too many colons in address" if colons else "missing port in address"
        )
    _check_brackets(text, opened=1, closed=end + 1)
    return text[1:end], port


def _check_brackets(text: str, opened: int, closed: int) -> None:
    if "[" in text[opened:]:
        raise _host_error(text, "unexpected '[' in address")
    if "]" in text[closed:]:
        raise _host_error(text, "unexpected ']' in address")


def _check_ipv4(whole: str, text: str) -> None:
    """Check the dotted part ``text`` of the address ``whole``, octet by octet as Go does."""
    octets, digits = 0, ""
    for at, letter in enumerate(text):
        if letter in _DIGITS:
            if digits == "0":
                raise _addr_error(whole, "IPv4 field has octet with leading zero")
            digits += letter
            if int(digits) > _OCTET_MAX:
                raise _addr_error(whole, "IPv4 field has value >255")
        elif letter != ".":
            raise _addr_error(whole, "unexpected character", text[at:])
        elif not digits or at == len(text) - 1:
            raise _addr_error(whole, "IPv4 field must have at least one digit", text[at:])
        elif octets == _OCTETS - 1:
            raise _addr_error(whole, "IPv4 address too long")
        else:
            octets, digits = octets + 1, ""
    if octets < _OCTETS - 1:
        raise _addr_error(whole, "IPv4 address too short")


def _parse_ipv6(whole: str) -> Address:
    text, percent, zone = whole.partition("%")
    if percent and not zone:
        raise _addr_error(whole, "zone must be a non-empty string")
    elided = text.startswith("::")
    rest = text[2:] if elided else text
    if rest or not elided:
        _check_groups(whole, rest, elided=elided)
    return Address(is_v6=True, zone=zone)


def _check_groups(whole: str, text: str, *, elided: bool) -> None:
    """Check what follows a leading ``::``, group by group."""
    size = 0
    while size < _V6_BYTES:
        digits = _group(whole, text)
        if text[digits : digits + 1] == ".":
            _check_embedded(whole, text, size, elided=elided)
            size, text = size + _OCTETS, ""
            break
        size, text = size + 2, text[digits:]
        if not text:
            break
        if text[0] != ":":
            raise _addr_error(whole, "unexpected character, want colon", text)
        if len(text) == 1:
            raise _addr_error(whole, "colon must be followed by more characters", text)
        text = text[1:]
        if text[0] == ":":
            if elided:
                raise _addr_error(whole, "multiple :: in address", text)
            elided, text = True, text[1:]
            if not text:
                break
    _check_size(whole, text, size, elided=elided)


def _group(whole: str, text: str) -> int:
    """How many hexadecimal digits stand at the front of ``text``."""
    match = _HEX.match(text)
    digits = match.end() if match else 0
    if digits > _GROUP_DIGITS:
        raise _addr_error(whole, "each group must have 4 or less digits", text)
    if not digits:
        raise _addr_error(whole, "each colon-separated field must have at least one digit", text)
    return digits


def _check_embedded(whole: str, text: str, size: int, *, elided: bool) -> None:
    if not elided and size != _V6_BYTES - _OCTETS:
        message = "embedded IPv4 address must replace the final 2 fields of the address"
        raise _addr_error(whole, message, text)
    if size + _OCTETS > _V6_BYTES:
        message = "too many hex fields to fit an embedded IPv4 at the end of the address"
        raise _addr_error(whole, message, text)
    _check_ipv4(whole, text)


def _check_size(whole: str, rest: str, size: int, *, elided: bool) -> None:
    if rest:
        raise _addr_error(whole, "trailing garbage after address", rest)
    if size < _V6_BYTES and not elided:
        raise _addr_error(whole, "address string too short")
    if size == _V6_BYTES and elided:
        raise _addr_error(whole, "the :: must expand to at least one field of zeros")


def _addr_error(text: str, message: str, rest: str = "") -> AddressError:
    place = f" (at {quote(rest)})" if rest else ""
    return AddressError(f"ParseAddr({quote(text)}): {message}{place}")


def _prefix_error(text: str, message: str) -> AddressError:
    return AddressError(f"netip.ParsePrefix({quote(text)}): {message}")


def _host_error(text: str, message: str) -> AddressError:
    return AddressError(f"address {text}: {message}" if text else message)


_DIGITS: Final = frozenset("0123456789")
_HEX: Final = re.compile("[0-9a-fA-F]*")
_OCTET_MAX: Final = 255
_OCTETS: Final = 4
_V6_BYTES: Final = 16
_GROUP_DIGITS: Final = 4
