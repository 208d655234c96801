"""As whom a cluster is asked: the user of a kubeconfig, kept fresh for as long as it is used.

Follows client-go: the file of a token is read again every minute (``transport.TokenSource``), a
plugin is run again when what it answered has expired (``plugin/pkg/client/auth/exec``). Both are
also asked again after the cluster refused what they gave, and certificates in files are read again.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.cluster import exec_plugin
from pillion.cluster.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN_SECONDS = 60.0
"""How long the token of a file is used before the file is read again."""

_CERTIFICATES = ("client-certificate", "client-key")


class Identity(NamedTuple):
    """What a connection is made with: a user's entry, and how old the files are that it names."""

    user: dict[str, Any]
    files: tuple[int, ...]


class Credential(NamedTuple):
    """An identity, and the bearer token to send, empty where there is none besides it."""

    identity: Identity
    token: str = ""
    until: float = math.inf


class Credentials:
    """The credentials of a user's entry; ``clock`` is the time of day."""

    def __init__(self, user: dict[str, Any], clock: Callable[[], float] = time.time) -> None:
        self._user = user
        self._clock = clock
        self._lock = asyncio.Lock()
        self._current: Credential | None = None

    @property
    def fixed(self) -> Identity | None:
        """The identity that is known without asking anybody; None where a plugin is to say it."""
        return None if isinstance(self._user.get("exec"), dict) else _identity(self._user)

    async def current(self) -> Credential:
        """What to show now.

        Raises:
            ClusterError: The plugin fails, or the token's file cannot be read.
        """
        async with self._lock:
            if self._current is None or self._clock() >= self._current.until:
                self._current = await self._made()
            return self._current

    async def renewed(self, refused: Credential) -> Credential | None:
        """What to show after the cluster refused ``refused``; None if there is nothing else.

        Raises:
            ClusterError: The plugin fails, or the token's file cannot be read.
        """
        async with self._lock:
            if self._current is refused:
                self._current = await self._made()
            now = self._current
        return None if now is None or now[:2] == refused[:2] else now

    async def _made(self) -> Credential:
        if not isinstance(self._user.get("exec"), dict):
            return self._with_token(_identity(self._user), math.inf)
        # a plugin may ask its user for a password, so it may take its time; the loop goes on
        user, expires = await asyncio.to_thread(exec_plugin.resolve, self._user)
        token = user.pop("token", "")
        return self._with_token(_identity(user), expires)._replace(token=token)

    def _with_token(self, identity: Identity, until: float) -> Credential:
        path = self._user.get("tokenFile")
        if not path:
            return Credential(identity, until=until)
        return Credential(identity, _token(path), min(until, self._clock() + TOKEN_SECONDS))


def _identity(user: dict[str, Any]) -> Identity:
    kept = {key: value for key, value in user.items() if key not in ("exec", "tokenFile")}
    paths = [user[key] for key in _CERTIFICATES if user.get(key)]
    return Identity(kept, tuple(map(_age, paths)))


def _age(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0  # whoever makes the connection says what is wrong with the file


def _token(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            found = file.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ClusterError(f"the token {path} cannot be read: {reason}") from error
    if not found:
        raise ClusterError(f"the token {path} is empty")
    return found
