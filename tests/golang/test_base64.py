from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.golang import base64


@pytest.mark.parametrize(
    ("text", "data"),
    [("", b""), ("YQ==", b"a"), ("YWI=", b"ab"), ("YWJj", b"abc"), ("Y\nQ=\r=\n", b"a")],
)
def test_decode(text: str, data: bytes) -> None:
    assert base64.decode(text) == data


@pytest.mark.parametrize(
    ("text", "byte"),
    [
        ("Y", 0),
        ("YQ", 0),
        ("Y!Q=", 1),
        ("=", 0),
        ("Y===", 1),
        ("YQ=", 3),
        ("YQ=Q", 2),
        ("YQ==x", 4),
        ("YWJj\nY", 5),
        ("YWé=", 2),
    ],
)
def test_errors_name_the_byte(text: str, byte: int) -> None:
    with pytest.raises(base64.CorruptInputError) as caught:
        base64.decode(text)
    assert str(caught.value) == f"illegal base64 data at input byte {byte}"


@given(st.binary())
def test_what_is_encoded_decodes_again(data: bytes) -> None:
    assert base64.decode(base64.encode(data)) == data
