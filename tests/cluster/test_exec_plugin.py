from __future__ import annotations

import math
import sys
from typing import Any

import pytest

from pillion.cluster import exec_plugin
from pillion.cluster.errors import ClusterError


def user(program: str, **more: Any) -> dict[str, Any]:
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": sys.executable,
        "args": ["-c", program],
        "env": [{"name": "ACCOUNT", "value": "mine"}],
        **more,
    }
    return {"exec": plugin, "username": "kept"}


ANSWER = """
import json, os
asked = json.loads(os.environ["KUBERNETES_EXEC_INFO"])
assert asked["kind"] == "ExecCredential" and "interactive" in asked["spec"]
print(json.dumps({{**asked, "status": {status}}}))
"""


def test_a_token_takes_the_place_of_the_plugin() -> None:
    program = ANSWER.format(status='{"token": os.environ["ACCOUNT"]}')
    found = exec_plugin.resolve(user(program))
    assert found == ({"username": "kept", "token": "mine"}, math.inf)


def test_a_certificate_and_its_key_do_too() -> None:
    program = ANSWER.format(status='{"clientCertificateData": "PEM", "clientKeyData": "KEY"}')
    assert exec_plugin.resolve(user(program)).user == {
        "username": "kept",
        "client-certificate-data": "UEVN",
        "client-key-data": "S0VZ",
    }


def test_a_user_without_a_plugin_stays() -> None:
    assert exec_plugin.resolve({"token": "x"}) == ({"token": "x"}, math.inf)


def test_when_it_expires() -> None:
    status = '{"token": "x", "expirationTimestamp": "1970-01-01T00:01:00Z"}'
    assert exec_plugin.resolve(user(ANSWER.format(status=status))).expires == 60


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("raise SystemExit(3)", "ended with 3"),
        ("print('welcome')", "printed no credential"),
        ("print('{}')", "printed no credential"),
        ("""print('{"status": {}}')""", "printed no credential"),
        (
            """print('{"status": {"token": "x", "expirationTimestamp": "soon"}}')""",
            "printed the expirationTimestamp 'soon', which is no time",
        ),
    ],
)
def test_a_plugin_that_fails(program: str, message: str) -> None:
    with pytest.raises(ClusterError) as failure:
        exec_plugin.resolve(user(program))
    assert str(failure.value) == f"the credential plugin {sys.executable} {message}"


def test_a_plugin_that_is_missing_tells_how_to_get_it() -> None:
    with pytest.raises(ClusterError) as failure:
        exec_plugin.resolve(user("", command="/no/login", installHint="get it there"))
    wanted = "the credential plugin /no/login cannot be run: No such file or directory"
    assert str(failure.value) == f"{wanted}\nget it there"
