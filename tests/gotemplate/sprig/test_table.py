"""The table as a whole, and what the policy forbids."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig import FUNCTIONS, Policy, functions

SIGNATURES = Path(__file__).with_name("signatures.txt").read_text("utf-8").splitlines()


def _written(name: str, function: Function) -> str:
    params = list(function.params)
    if function.variadic:
        params[-1] = f"...{params[-1]}"
    return f"{name}({', '.join(params)}) {function.result}"


def test_every_name_has_its_go_signature() -> None:
    assert sorted(_written(name, FUNCTIONS[name]) for name in FUNCTIONS) == sorted(SIGNATURES)


def test_the_table_is_a_mapping() -> None:
    assert len(FUNCTIONS) == len(SIGNATURES)
    assert "trunc" in FUNCTIONS
    assert "nope" not in FUNCTIONS
    assert FUNCTIONS.get("nope") is None


def test_topics_are_imported_on_demand() -> None:
    program = (
        "import sys; from pillion.gotemplate.sprig import FUNCTIONS; FUNCTIONS['trunc'];"
        "print([name for name in ('re2', 'hashlib', 'datetime', 'zoneinfo', 'secrets')"
        " if name in sys.modules])"
    )
    found = run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


FORBIDDEN: list[tuple[str, tuple[Any, ...], str]] = [
    ("env", ("HOME",), "reading the environment is not allowed in templates here"),
    ("expandenv", ("a $HOME",), "reading the environment is not allowed in templates here"),
    ("getHostByName", ("localhost",), "looking up a host is not allowed in templates here"),
    ("genPrivateKey", ("rsa",), "making a private key is not allowed in templates here"),
    ("genCA", ("ca", 1), "making a private key is not allowed in templates here"),
    (
        "genSelfSignedCert",
        ("x", [], [], 1),
        "making a private key is not allowed in templates here",
    ),
    ("bcrypt", ("x",), "hashing a password is not allowed in templates here"),
    ("htpasswd", ("u", "p"), "hashing a password is not allowed in templates here"),
]


@pytest.mark.parametrize(("name", "arguments", "wanted"), FORBIDDEN)
def test_forbidden(name: str, arguments: tuple[Any, ...], wanted: str) -> None:
    with pytest.raises(FunctionError, match=f"^{re.escape(wanted)}$"):
        FUNCTIONS[name].call(*arguments)


HARMLESS = [
    ("expandenv", ("plain $$ $",), "plain  $"),
    ("genPrivateKey", ("bad",), "Unknown type bad"),
    ("htpasswd", ("a:b", "p"), "invalid username: a:b"),
    ("derivePassword", (1, "long", "password", "user", "example.com"), "ZedaFaxcZaso9*"),
    ("derivePassword", (1, "x", "p", "u", "s"), "cannot find password template x"),
]


@pytest.mark.parametrize(("name", "arguments", "wanted"), HARMLESS)
def test_what_asks_for_nothing_is_allowed(
    name: str, arguments: tuple[Any, ...], wanted: str
) -> None:
    assert FUNCTIONS[name].call(*arguments) == wanted


def test_the_environment_where_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILLION_A", "x")
    monkeypatch.delenv("PILLION_B", raising=False)
    table = functions(Policy(environment=True))
    assert table["env"].call("PILLION_A") == "x"
    assert table["env"].call("PILLION_B") == ""
    assert table["expandenv"].call("$PILLION_A-${PILLION_A}$PILLION_B${}${x") == "x-xx"


RANDOM = [
    ("randAlpha", (8,), "[A-Za-z]{8}"),
    ("randAlphaNum", (8,), "[A-Za-z0-9]{8}"),
    ("randAscii", (8,), "[ -~]{8}"),
    ("randNumeric", (8,), "[0-9]{8}"),
    ("randNumeric", (-1,), ""),
    ("randBytes", (3,), "[A-Za-z0-9+/]{4}"),
    ("randInt", (5, 7), "[56]"),
    ("shuffle", ("ab",), "ab|ba"),
    ("uuidv4", (), "[0-9a-f]{8}(-[0-9a-f]{4}){2}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
]


@pytest.mark.parametrize(("name", "arguments", "pattern"), RANDOM)
def test_random_values_have_their_form(name: str, arguments: tuple[Any, ...], pattern: str) -> None:
    assert re.fullmatch(pattern, str(FUNCTIONS[name].call(*arguments)))


def test_encryption_is_undone() -> None:
    encrypted = FUNCTIONS["encryptAES"].call("key", "text of more than one block")
    assert FUNCTIONS["decryptAES"].call("key", encrypted) == "text of more than one block"


HUGE: list[tuple[str, tuple[Any, ...]]] = [
    ("until", (1 << 40,)),
    ("until", ((1 << 63) - 1,)),
    ("seq", (1 << 40,)),
    ("repeat", (1 << 40, "x")),
    ("indent", (1 << 40, "x")),
    ("randAlpha", (1 << 40,)),
]


@pytest.mark.parametrize(("name", "arguments"), HUGE)
def test_what_memory_cannot_hold_is_an_error(name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(FunctionError, match="too large"):
        FUNCTIONS[name].call(*arguments)
