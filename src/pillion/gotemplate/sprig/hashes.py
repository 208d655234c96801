"""sprig's checksums."""

from __future__ import annotations

import hashlib
import zlib

from pillion.golang.strings import to_bytes
from pillion.gotemplate.functions import Function


def sha1sum(text: str) -> str:
    """The SHA-1 of the text, in hexadecimal."""
    return hashlib.sha1(to_bytes(text), usedforsecurity=False).hexdigest()


def sha256sum(text: str) -> str:
    """The SHA-256 of the text, in hexadecimal."""
    return hashlib.sha256(to_bytes(text)).hexdigest()


def sha512sum(text: str) -> str:
    """The SHA-512 of the text, in hexadecimal."""
    return hashlib.sha512(to_bytes(text)).hexdigest()


def adler32sum(text: str) -> str:
    """The Adler-32 checksum of the text, in decimal."""
    return str(zlib.adler32(to_bytes(text)))


FUNCTIONS = {
    "sha1sum": Function(sha1sum, ("string",), result="string"),
    "sha256sum": Function(sha256sum, ("string",), result="string"),
    "sha512sum": Function(sha512sum, ("string",), result="string"),
    "adler32sum": Function(adler32sum, ("string",), result="string"),
}
