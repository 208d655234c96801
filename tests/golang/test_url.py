"""URLs; wanted values were checked against Go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.golang.url import URL, URLError, parse

PARSED = [
    ("http://h:80/p?q#f", URL("http", host="h:80", path="/p", query="q", fragment="f")),
    ("/a%2Fb", URL(path="/a/b", raw_path="/a%2Fb")),
    ("mailto:x@y", URL("mailto", opaque="x@y")),
    ("http://u:p%40@h", URL("http", user="u:p%40", host="h")),
    ("//u@h", URL(user="u", host="h")),
    ("x:/p", URL("x", path="/p", omit_host=True)),
    ("?", URL(force_query=True)),
    ("*", URL(path="*")),
]


@pytest.mark.parametrize(("text", "wanted"), PARSED)
def test_parse(text: str, wanted: URL) -> None:
    assert parse(text) == wanted
    assert wanted.string() == text


HOSTNAMES = [("h:80", "h"), ("[::1]:80", "::1"), ("[::1]", "::1"), ("h:", "h"), ("h", "h")]


@pytest.mark.parametrize(("host", "wanted"), HOSTNAMES)
def test_hostname(host: str, wanted: str) -> None:
    assert URL(host=host).hostname == wanted


WRITTEN = [
    (URL(path="a:b"), "./a:b"),
    (URL(host="h", path="p"), "//h/p"),
    (URL("http", path="p q"), "http://p%20q"),
    (URL(path="/\u00e9", raw_path="/[\u00e9"), "/%C3%A9"),
    (URL(fragment="a b"), "#a%20b"),
]


@pytest.mark.parametrize(("url", "wanted"), WRITTEN)
def test_string(url: URL, wanted: str) -> None:
    assert url.string() == wanted


@given(st.text())
def test_what_is_read_is_read_again_once_written(text: str) -> None:
    url = _parsed(text)
    if url is not None:
        parse(url.string())


def _parsed(text: str) -> URL | None:
    try:
        return parse(text)
    except URLError:
        return None
