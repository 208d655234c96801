"""URLs; wanted values were checked against sprig itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES: list[tuple[str, tuple[Any, ...], Any]] = [
    (
        "urlParse",
        ("proto://user:p%20w@host:80/pa%2Fth?q=1#fr%20ag",),
        {
            "fragment": "fr ag",
            "host": "host:80",
            "hostname": "host",
            "opaque": "",
            "path": "/pa/th",
            "query": "q=1",
            "scheme": "proto",
            "userinfo": "user:p%20w",
        },
    ),
    (
        "urlParse",
        ("mailto:joe@x.com",),
        {
            "fragment": "",
            "host": "",
            "hostname": "",
            "opaque": "joe@x.com",
            "path": "",
            "query": "",
            "scheme": "mailto",
            "userinfo": "",
        },
    ),
    (
        "urlParse",
        ("http://[fe80::1%25en0]:1/",),
        {
            "fragment": "",
            "host": "[fe80::1%en0]:1",
            "hostname": "fe80::1%en0",
            "opaque": "",
            "path": "/",
            "query": "",
            "scheme": "http",
            "userinfo": "",
        },
    ),
    (
        "urlParse",
        ("*",),
        {
            "fragment": "",
            "host": "",
            "hostname": "",
            "opaque": "",
            "path": "*",
            "query": "",
            "scheme": "",
            "userinfo": "",
        },
    ),
    (
        "urlParse",
        ("///p",),
        {
            "fragment": "",
            "host": "",
            "hostname": "",
            "opaque": "",
            "path": "///p",
            "query": "",
            "scheme": "",
            "userinfo": "",
        },
    ),
    (
        "urlParse",
        ("a?",),
        {
            "fragment": "",
            "host": "",
            "hostname": "",
            "opaque": "",
            "path": "a",
            "query": "",
            "scheme": "",
            "userinfo": "",
        },
    ),
    (
        "urlParse",
        ("HTTP://H",),
        {
            "fragment": "",
            "host": "H",
            "hostname": "H",
            "opaque": "",
            "path": "",
            "query": "",
            "scheme": "http",
            "userinfo": "",
        },
    ),
    (
        "urlParse",
        ("a:b:c",),
        {
            "fragment": "",
            "host": "",
            "hostname": "",
            "opaque": "b:c",
            "path": "",
            "query": "",
            "scheme": "a",
            "userinfo": "",
        },
    ),
    ("urlJoin", ({},), ""),
    (
        "urlJoin",
        (
            {
                "scheme": "x",
                "host": "h",
                "path": "p",
                "query": "q",
                "fragment": "f",
                "userinfo": "u:@",
            },
        ),
        "x://u:%40@h/p?q#f",
    ),
    ("urlJoin", ({"scheme": "mailto", "opaque": "x@y"},), "mailto:x@y"),
    ("urlJoin", ({"path": "a:b"},), "./a:b"),
    ("urlJoin", ({"scheme": "http", "path": "//x"},), "http:////x"),
    ("urlJoin", ({"path": "é *"},), "%C3%A9%20%2A"),
]

FAILURES: list[tuple[str, tuple[Any, ...], str]] = [
    ("urlParse", ("%zz",), 'unable to parse url: parse "%zz": invalid URL escape "%zz"'),
    ("urlParse", (":x",), 'unable to parse url: parse ":x": missing protocol scheme'),
    (
        "urlParse",
        ("1a:b",),
        'unable to parse url: parse "1a:b": first path segment in URL cannot contain colon',
    ),
    (
        "urlParse",
        ("http://h:bad/",),
        'unable to parse url: parse "http://h:bad/": invalid port ":bad" after host',
    ),
    (
        "urlParse",
        ("http://a:b:c/",),
        'unable to parse url: parse "http://a:b:c/": invalid port ":b:c" after host',
    ),
    (
        "urlParse",
        ("http://[::1",),
        "unable to parse url: parse \"http://[::1\": missing ']' in host",
    ),
    (
        "urlParse",
        ("x://[z]",),
        'unable to parse url: parse "x://[z]": invalid host: ParseAddr("z"): unable to parse IP',
    ),
    (
        "urlParse",
        ("http://[1.2.3.4]/",),
        'unable to parse url: parse "http://[1.2.3.4]/": invalid IP-literal',
    ),
    (
        "urlParse",
        ("http://h%41/",),
        'unable to parse url: parse "http://h%41/": invalid URL escape "%41"',
    ),
    (
        "urlParse",
        ("http://a b/",),
        'unable to parse url: parse "http://a b/": invalid character " " in host name',
    ),
    (
        "urlParse",
        ("http://u p@h",),
        'unable to parse url: parse "http://u p@h": net/url: invalid userinfo',
    ),
    (
        "urlParse",
        ("http://h/\x01",),
        'unable to parse url: parse "http://h/\\x01": net/url: invalid control character in URL',
    ),
    ("urlParse", ("#%z",), 'unable to parse url: parse "#%z": invalid URL escape "%z"'),
    ("urlJoin", ({"host": 1},), "unable to parse host key, must be of type string, but int found"),
    (
        "urlJoin",
        ({"host": None},),
        "runtime error: invalid memory address or nil pointer dereference",
    ),
    (
        "urlJoin",
        ({"userinfo": "%"},),
        'unable to parse userinfo in dict: parse "proto://%@host": invalid URL escape "%"',
    ),
]


@pytest.mark.parametrize(("name", "arguments", "wanted"), VALUES)
def test_value(
    name: str, arguments: tuple[Any, ...], wanted: Any, call: Callable[..., Any]
) -> None:
    assert call(name, *arguments) == wanted


@pytest.mark.parametrize(("name", "arguments", "wanted"), FAILURES)
def test_failure(
    name: str, arguments: tuple[Any, ...], wanted: str, failure: Callable[..., str]
) -> None:
    assert failure(name, *arguments) == wanted
