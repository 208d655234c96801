"""sprig's encryption: AES-256-CBC under a password that is cut or filled up to a key."""

from __future__ import annotations

import secrets

from pillion.golang import base64
from pillion.golang.strings import from_bytes, to_bytes
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig import aes
from pillion.gotemplate.sprig.panics import out_of_range


def encrypt(password: str, text: str) -> str:
    """``text`` encrypted under a random initial vector, which comes first; in base 64."""
    if not text:
        return ""
    data = to_bytes(text)
    padding = aes.BLOCK - len(data) % aes.BLOCK
    iv = secrets.token_bytes(aes.BLOCK)
    return base64.encode(iv + aes.encrypt(_key(password), iv, data + bytes((padding,)) * padding))


def decrypt(password: str, text: str) -> str:
    """What ``encryptAES`` encrypted.

    Raises:
        FunctionError: ``text`` is not base 64, not made of blocks, or ends in a wrong padding.
    """
    if not text:
        return ""
    try:
        data = base64.decode(text)
    except base64.CorruptInputError as error:
        raise FunctionError(str(error)) from error
    if len(data) < aes.BLOCK:
        raise out_of_range(f"[:{aes.BLOCK}] with capacity {len(text) // 4 * 3}")
    if len(data) % aes.BLOCK:
        raise FunctionError("crypto/cipher: input not full blocks")
    plain = aes.decrypt(_key(password), data[: aes.BLOCK], data[aes.BLOCK :])
    if not plain:
        raise FunctionError("runtime error: index out of range [-1]")
    end = len(plain) - plain[-1]
    if end < 0:
        raise out_of_range(f"[:{end}]")
    return from_bytes(plain[:end])


def _key(password: str) -> bytes:
    return to_bytes(password)[: aes.KEY].ljust(aes.KEY, b"\0")


FUNCTIONS = {
    "encryptAES": Function(encrypt, ("string", "string"), result="string"),
    "decryptAES": Function(decrypt, ("string", "string"), result="string"),
}
