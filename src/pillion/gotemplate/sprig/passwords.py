"""sprig's passwords: derived ones, and hashes for password files."""

from __future__ import annotations

import hashlib
import hmac
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from pillion.golang.strings import byte_len, to_bytes
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.policy import forbidden

if TYPE_CHECKING:
    from pillion.gotemplate.sprig.policy import Policy

_SCOPE = b"com.lyndir.masterpassword"
_MEMORY = 64 << 20
_LONGEST_FOR_BCRYPT = 72
_COST = 10

_LONG = (
    "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno"
    " CvcvnoCvccCvcv CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno"
    " CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno"
    " CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno"
)
_TEMPLATES = {
    "maximum": ("anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"),
    "long": tuple(_LONG.split()),
    "medium": ("CvcnoCvc", "CvcCvcno"),
    "short": ("Cvcn",),
    "basic": ("aaanaaan", "aannaaan", "aaannaaa"),
    "pin": ("nnnn",),
}

_VOWELS = "aeiou"
_CONSONANTS = "bcdfghjklmnpqrstvwxyz"
_LETTERS = _VOWELS.upper() + _VOWELS + _CONSONANTS.upper() + _CONSONANTS
_CHARACTERS = {
    "V": _VOWELS.upper(),
    "C": _CONSONANTS.upper(),
    "v": _VOWELS,
    "c": _CONSONANTS,
    "A": _VOWELS.upper() + _CONSONANTS.upper(),
    "a": _LETTERS,
    "n": "0123456789",
    "o": "@&%?,=[]_:-+*$#!'^~;()/.",
    "x": _LETTERS + "0123456789!@#$%^&*()",
}


def derive_password(counter: int, kind: str, password: str, user: str, site: str) -> str:
    """The password for a site by the Master Password algorithm, or what is wrong."""
    templates = _TEMPLATES.get(kind)
    if templates is None:
        return f"cannot find password template {kind}"
    salt = _SCOPE + _sized(user)
    key = hashlib.scrypt(to_bytes(password), salt=salt, n=32768, r=8, p=2, maxmem=_MEMORY, dklen=64)
    message = _SCOPE + _sized(site) + counter.to_bytes(4, "big")
    seed = hmac.digest(key, message, "sha256")
    template = templates[seed[0] % len(templates)]
    return "".join(
        _CHARACTERS[place][byte % len(_CHARACTERS[place])]
        for place, byte in zip(template, seed[1:], strict=False)
    )


def _sized(text: str) -> bytes:
    data = to_bytes(text)
    return len(data).to_bytes(4, "big") + data


def bcrypt(policy: Policy, text: str) -> str:
    """The bcrypt hash of the text, under a random salt.

    Raises:
        FunctionError: the policy forbids it, or the package ``bcrypt`` is not installed.
    """
    if byte_len(text) > _LONGEST_FOR_BCRYPT:
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
    if not policy.keys:
        raise forbidden("hashing a password")
    try:
        library = import_module("bcrypt")
    except ImportError as error:
        raise FunctionError("hashing a password needs the Python package bcrypt") from error
    hashed: bytes = library.hashpw(to_bytes(text), library.gensalt(_COST, b"2a"))
    return hashed.decode("ascii")


def htpasswd(policy: Policy, user: str, password: str) -> str:
    """A line of an htpasswd file.

    Raises:
        FunctionError: the policy forbids to hash the password, or ``bcrypt`` is not installed.
    """
    if ":" in user:
        return f"invalid username: {user}"
    return f"{user}:{bcrypt(policy, password)}"


def functions(policy: Policy) -> dict[str, Function]:
    """The functions, held to ``policy``."""
    return {
        "derivePassword": Function(
            derive_password, ("uint32", "string", "string", "string", "string"), result="string"
        ),
        "bcrypt": Function(partial(bcrypt, policy), ("string",), result="string"),
        "htpasswd": Function(partial(htpasswd, policy), ("string", "string"), result="string"),
    }
