"""Credential plugins: programs that a kubeconfig names, which log in and print what they got.

Follows the protocol ``client.authentication.k8s.io``, v1 and v1beta1, of which a plugin answers a
token, or a client certificate with its key, or both.
"""

from __future__ import annotations

import base64
import json
import math
import os
import subprocess
import sys
from datetime import datetime
from typing import Any, NamedTuple

from pillion.cluster.errors import ClusterError

_GROUP = "client.authentication.k8s.io"


class Resolved(NamedTuple):
    """A user's entry without plugins, and the time (of ``time.time``) when it has had its day."""

    user: dict[str, Any]
    expires: float = math.inf


def resolve(user: dict[str, Any]) -> Resolved:
    """The user's entry with what its plugin answered instead of the plugin.

    Raises:
        ClusterError: The plugin cannot be run, fails, or answers something else.
    """
    plugin = user.get("exec")
    if not isinstance(plugin, dict):
        return Resolved(user)
    command = str(plugin.get("command", ""))
    status = _status(command, _run(plugin, command))
    found: dict[str, Any] = {key: value for key, value in user.items() if key != "exec"}
    if status.get("token"):
        found["token"] = status["token"]
    for ours, theirs in (
        ("client-certificate-data", "clientCertificateData"),
        ("client-key-data", "clientKeyData"),
    ):
        if status.get(theirs):
            found[ours] = base64.b64encode(status[theirs].encode()).decode("ascii")
    return Resolved(found, _expiry(command, status))


def _run(plugin: dict[str, Any], command: str) -> str:
    given = {one["name"]: one["value"] for one in plugin.get("env") or ()}
    asked = {
        "apiVersion": plugin.get("apiVersion", f"{_GROUP}/v1"),
        "kind": "ExecCredential",
        "spec": {"interactive": sys.stdin is not None and sys.stdin.isatty()},
    }
    environment = os.environ | given | {"KUBERNETES_EXEC_INFO": json.dumps(asked)}
    arguments = [command, *map(str, plugin.get("args") or ())]
    try:
        # the user's own kubeconfig names the program, and kubectl runs it too
        ended = subprocess.run(  # noqa: S603
            arguments, env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
    except OSError as failure:
        hint = plugin.get("installHint") or ""
        problem = f"the credential plugin {command} cannot be run: {failure.strerror}"
        raise ClusterError(f"{problem}\n{hint}".rstrip()) from failure
    if ended.returncode:
        raise ClusterError(f"the credential plugin {command} ended with {ended.returncode}")
    return ended.stdout


def _status(command: str, output: str) -> dict[str, str]:
    try:
        found = json.loads(output)["status"]
    except (ValueError, KeyError, TypeError) as error:
        raise ClusterError(f"the credential plugin {command} printed no credential") from error
    if not isinstance(found, dict) or not (found.get("token") or found.get("clientKeyData")):
        raise ClusterError(f"the credential plugin {command} printed no credential")
    return found


def _expiry(command: str, status: dict[str, str]) -> float:
    text = status.get("expirationTimestamp")
    if not text:
        return math.inf
    try:
        return datetime.fromisoformat(text).timestamp()
    except (TypeError, ValueError) as error:
        problem = f"printed the expirationTimestamp {text!r}, which is no time"
        raise ClusterError(f"the credential plugin {command} {problem}") from error
