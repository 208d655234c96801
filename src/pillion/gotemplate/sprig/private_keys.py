"""sprig's private keys, which are PEM texts, by way of the package ``cryptography``.

Reading a key that a template holds is always allowed; making one is up to the policy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pillion.golang.strings import to_bytes
from pillion.gotemplate.functions import FunctionError
from pillion.gotemplate.sprig.policy import forbidden

if TYPE_CHECKING:
    from types import ModuleType

    from pillion.gotemplate.sprig.policy import Policy

BITS = 2048
_MANY_BITS = 4096
_MODULES = {"rsa": "rsa", "dsa": "dsa", "ecdsa": "ec", "ed25519": "ed25519"}


def generate_private_key(policy: Policy, kind: str) -> str:
    """A new private key as PEM; ``rsa`` where ``kind`` is empty.

    Raises:
        FunctionError: the policy forbids it, or the package ``cryptography`` is not installed.
    """
    kind = kind or "rsa"
    return pem(new_key(policy, kind, _MANY_BITS)) if kind in _MODULES else f"Unknown type {kind}"


def new_key(policy: Policy, kind: str = "rsa", bits: int = BITS) -> Any:
    """A new private key; only one of RSA has as many bits as one asks for.

    Raises:
        FunctionError: the policy forbids it, or the package ``cryptography`` is not installed.
    """
    if not policy.keys:
        raise forbidden("making a private key")
    module = library(f"cryptography.hazmat.primitives.asymmetric.{_MODULES[kind]}")
    if kind == "rsa":
        return module.generate_private_key(65537, bits)
    if kind == "dsa":
        return module.generate_private_key(BITS)
    if kind == "ecdsa":
        return module.generate_private_key(module.SECP256R1())
    return module.Ed25519PrivateKey.generate()


def given_key(policy: Policy, text: str) -> Any:
    """The private key that a PEM text holds, for a new certificate.

    Raises:
        FunctionError: the text is wrong, the policy forbids certificates, or ``cryptography`` is
            missing.
    """
    key = parse_key(to_bytes(text), "parsing private key")
    if not policy.keys:
        raise forbidden("making a certificate")
    return key


def parse_key(text: bytes, failure: str) -> Any:
    """The private key that a PEM text holds; ``failure`` begins the message of an error.

    Raises:
        FunctionError: the text is wrong, or the package ``cryptography`` is not installed.
    """
    if b"-----BEGIN " not in text:
        raise FunctionError(f"{failure}: no PEM data in input")
    serialization = library("cryptography.hazmat.primitives.serialization")
    try:
        return serialization.load_pem_private_key(text, None)
    except (TypeError, ValueError) as error:
        raise FunctionError(f"{failure}: {error}") from error


def pem(key: Any) -> str:
    """The key in the format of its kind; ed25519 has none but PKCS#8."""
    serialization = library("cryptography.hazmat.primitives.serialization")
    formats = serialization.PrivateFormat
    text: bytes = key.private_bytes(
        serialization.Encoding.PEM,
        formats.PKCS8 if is_ed25519(key) else formats.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return text.decode("ascii")


def is_ed25519(key: Any) -> bool:
    """Whether the key is of the kind that needs no digest, and has no format of its own."""
    ed25519 = library("cryptography.hazmat.primitives.asymmetric.ed25519")
    return isinstance(key, ed25519.Ed25519PrivateKey)


def library(module: str) -> ModuleType:
    """A module of the package ``cryptography``.

    Raises:
        FunctionError: the package is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise FunctionError("certificates need the Python package cryptography") from error
