"""Encodings, checksums, paths and ciphers; wanted values were checked against sprig itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("b64enc", ("héllo",), "aMOpbGxv"),
    ("b64dec", ("aMOpbGxv",), "héllo"),
    ("b64dec", ("aGVsbG8",), "illegal base64 data at input byte 4"),
    ("b64dec", ("aGVs\r\nbG8=",), "hello"),
    ("b64dec", ("a=bc",), "illegal base64 data at input byte 1"),
    ("b64dec", ("aGVsbG8=x",), "illegal base64 data at input byte 8"),
    ("b64dec", ("aA=\n",), "illegal base64 data at input byte 4"),
    ("b64dec", ("aA=x",), "illegal base64 data at input byte 2"),
    ("b64dec", ("*",), "illegal base64 data at input byte 0"),
    ("b32enc", ("hello",), "NBSWY3DP"),
    ("b32dec", ("NBSWY3DP",), "hello"),
    ("b32dec", ("NBSWY3D",), "illegal base32 data at input byte 0"),
    ("b32dec", ("NBSWY===",), "hel"),
    ("b32dec", ("NBS=====",), "illegal base32 data at input byte 3"),
    ("b32dec", ("nb",), "illegal base32 data at input byte 0"),
    ("b32dec", ("NB======",), "h"),
    ("b32dec", ("N=======",), "illegal base32 data at input byte 1"),
    ("b32dec", ("NB=====X",), "illegal base32 data at input byte 6"),
    ("sha1sum", ("abc",), "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("sha256sum", ("",), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (
        "sha512sum",
        ("abc",),
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ),
    ("adler32sum", ("Wikipedia",), "300286872"),
    ("base", ("/a/b.txt",), "b.txt"),
    ("base", ("",), "."),
    ("base", ("///",), "/"),
    ("base", ("a/",), "a"),
    ("dir", ("/a/b",), "/a"),
    ("dir", ("a",), "."),
    ("dir", ("/",), "/"),
    ("dir", ("a/b/",), "a/b"),
    ("clean", ("a//b/../../../c/.",), "../c"),
    ("clean", ("/../a",), "/a"),
    ("clean", ("",), "."),
    ("ext", ("a/b.tar.gz",), ".gz"),
    ("ext", ("a.b/c",), ""),
    ("ext", (".x",), ".x"),
    ("isAbs", ("/a",), True),
    ("isAbs", ("a",), False),
    ("osBase", ("/a/b",), "b"),
    ("osDir", ("a/b",), "a"),
    ("osClean", ("./a",), "a"),
    ("osExt", ("a.b",), ".b"),
    ("osIsAbs", ("/",), True),
    ("decryptAES", ("secretkey", "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ="), "plaintext"),
    ("decryptAES", ("k", ""), ""),
]

FAILURES: list[tuple[str, tuple[Any, ...], str]] = [
    ("decryptAES", ("k", "x"), "illegal base64 data at input byte 0"),
    ("decryptAES", ("k", "YWJj"), "runtime error: slice bounds out of range [:16] with capacity 3"),
    ("decryptAES", ("k", "MDEyMzQ1Njc4OWFiY2RlZg=="), "runtime error: index out of range [-1]"),
    ("decryptAES", ("k", "MDEyMzQ1Njc4OWFiY2RlZjE="), "crypto/cipher: input not full blocks"),
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
