"""Addresses by the rules of Go's net and net/netip."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.golang.net import (
    Address,
    AddressError,
    parse_addr,
    parse_cidr,
    parse_prefix,
    split_host_port,
)

if TYPE_CHECKING:
    import ipaddress


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.1.0.0", Address(is_v6=False, zone="")),
        ("255.1.20.3", Address(is_v6=False, zone="")),
        ("::", Address(is_v6=True, zone="")),
        ("::1", Address(is_v6=True, zone="")),
        ("1::", Address(is_v6=True, zone="")),
        ("fe80::1%eth0", Address(is_v6=True, zone="eth0")),
        ("::ffff:10.0.0.1", Address(is_v6=True, zone="")),
        ("1:2:3:4:5:6:7:8", Address(is_v6=True, zone="")),
        ("ABCD::ef", Address(is_v6=True, zone="")),
    ],
)
def test_addresses(text: str, wanted: Address) -> None:
    assert parse_addr(text) == wanted
    assert parse_addr(text).bits == (128 if wanted.is_v6 else 32)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "unable to parse IP"),
        ("host", "unable to parse IP"),
        ("a%b", "missing IPv6 address"),
        ("1.2.3", "IPv4 address too short"),
        ("1.2.3.4.5", "IPv4 address too long"),
        ("1.2.3.4.", 'IPv4 field must have at least one digit (at ".")'),
        (".1.2.3", 'IPv4 field must have at least one digit (at ".1.2.3")'),
        ("1..2.3", 'IPv4 field must have at least one digit (at ".2.3")'),
        ("1.02.3.4", "IPv4 field has octet with leading zero"),
        ("1.256.3.4", "IPv4 field has value >255"),
        ("1.x.3.4", 'unexpected character (at "x.3.4")'),
        ("::%", "zone must be a non-empty string"),
        (":1", 'each colon-separated field must have at least one digit (at ":1")'),
        ("12345::", 'each group must have 4 or less digits (at "12345::")'),
        ("1:2:3", "address string too short"),
        ("1:", 'colon must be followed by more characters (at ":")'),
        ("1::2::3", 'multiple :: in address (at ":3")'),
        ("1::x", 'each colon-separated field must have at least one digit (at "x")'),
        ("1:2:3:4:5:6:7:8:9", 'trailing garbage after address (at "9")'),
        ("1:2:3:4::5:6:7:8", "the :: must expand to at least one field of zeros"),
        ("::1]", 'unexpected character, want colon (at "]")'),
        (
            "1:2.3.4.5",
            'embedded IPv4 address must replace the final 2 fields of the address (at "2.3.4.5")',
        ),
        (
            "::1:2:3:4:5:6:7:1.2.3.4",
            'too many hex fields to fit an embedded IPv4 at the end of the address (at "1.2.3.4")',
        ),
        ("::1.2.3", "IPv4 address too short"),
    ],
)
def test_refused_addresses(text: str, reason: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_addr(text)
    assert str(caught.value) == f'ParseAddr("{text}"): {reason}'


@pytest.mark.parametrize(
    "text", ["10.0.0.0/8", "10.0.0.1/32", "::/0", "2001:db8::/128", "1.2.3.4/0"]
)
def test_prefixes(text: str) -> None:
    parse_prefix(text)
    parse_cidr(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10.0.0.0", "no '/'"),
        ("x/8", 'ParseAddr("x"): unable to parse IP'),
        ("fe80::1%a/64", "IPv6 zones cannot be present in a prefix"),
        ("10.0.0.0/", 'bad bits after slash: ""'),
        ("10.0.0.0/08", 'bad bits after slash: "08"'),
        ("10.0.0.0/+8", 'bad bits after slash: "+8"'),
        ("10.0.0.0/x", 'bad bits after slash: "x"'),
        ("10.0.0.0/99999999999999999999", 'bad bits after slash: "99999999999999999999"'),
        ("10.0.0.0/33", "prefix length out of range"),
        ("::/129", "prefix length out of range"),
    ],
)
def test_refused_prefixes(text: str, reason: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_prefix(text)
    assert str(caught.value) == f'netip.ParsePrefix("{text}"): {reason}'


@pytest.mark.parametrize("text", ["10.0.0.0/08", "10.0.0.0/0000000000008"])
def test_cidr_takes_leading_zeros(text: str) -> None:
    parse_cidr(text)


@pytest.mark.parametrize(
    "text", ["", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/8/8", "fe80::1%a/64", "x/8"]
)
def test_refused_cidr(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_cidr(text)
    assert str(caught.value) == f"invalid CIDR address: {text}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("host:80", ("host", "80")),
        (":80", ("", "80")),
        ("host:", ("host", "")),
        ("[::1]:80", ("::1", "80")),
        ("[host]:80", ("host", "80")),
    ],
)
def test_host_and_port(text: str, wanted: tuple[str, str]) -> None:
    assert split_host_port(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "missing port in address"),
        ("host", "address host: missing port in address"),
        ("::1:80", "address ::1:80: too many colons in address"),
        ("[::1:80", "address [::1:80: missing ']' in address"),
        ("[::1]", "address [::1]: missing port in address"),
        ("[::1]x:80", "address [::1]x:80: missing port in address"),
        ("[::1]:80:90", "address [::1]:80:90: too many colons in address"),
        ("a[b:80", "address a[b:80: unexpected '[' in address"),
        ("a]b:80", "address a]b:80: unexpected ']' in address"),
        ("[a]:8[0", "address [a]:8[0: unexpected '[' in address"),
    ],
)
def test_refused_host_and_port(text: str, wanted: str) -> None:
    with pytest.raises(AddressError) as caught:
        split_host_port(text)
    assert str(caught.value) == wanted


@given(st.ip_addresses())
def test_every_address_that_python_prints(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert parse_addr(str(address)).is_v6 == (address.version == 6)


@given(st.text(alphabet="0123456789abf:./%[]x", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse_addr, parse_prefix, parse_cidr, split_host_port):
        with suppress(AddressError):
            read(text)
