"""A real cluster, asked through the HTTP client that lightkube makes (``pillion[cluster]``).

lightkube reads what a kubeconfig says about addresses, certificates and proxies. Its own calls are
not used: they turn objects into classes, which lose what they do not know, and read a watch by
lines that also end at characters which JSON has in its strings.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import ssl
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import httpx2
import msgspec
from lightkube import ConfigError, KubeConfig
from lightkube.config import client_adapter

from pillion import __version__
from pillion.cluster import answers
from pillion.cluster.credentials import Credentials
from pillion.cluster.errors import ClusterError
from pillion.cluster.protocol import MANAGER, Change, Listed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from pillion.cluster.credentials import Credential, Identity
    from pillion.cluster.kubeconfig import Access
    from pillion.cluster.protocol import Object, Patch
    from pillion.cluster.resources import Resource

SECONDS = 3.0
"""The longest time to wait for an answer."""

PAGE = 500
"""How many objects one answer of a list holds, as in client-go."""

WATCH_SECONDS = (270, 330)
"""After so many seconds a watch is to end, so that none stays with one API server for ever."""

_WATCH_GRACE = 10.0
"""Seconds without a word, after a watch should have ended, that tell of a connection half dead."""

_UNSUPPORTED = (("cluster", "tls-server-name"), ("user", "as"), ("user", "auth-provider"))

_MALFORMED = (ConfigError, LookupError, ValueError, msgspec.MsgspecError)
"""What lightkube raises for a kubeconfig that is not as it should be."""

_FAILED = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, ValueError)
"""What the way to the cluster and back may raise."""

_JSON = "application/json"
_JSON_PATCH = "application/json-patch+json"
_APPLY = "application/apply-patch+yaml"
"""Of a server-side apply; JSON is YAML too."""


class _Request(NamedTuple):
    method: str
    path: str
    params: dict[str, str]
    body: Any = None
    content_type: str = _JSON


class _Connection:
    """A client of one identity, and how many are using it."""

    def __init__(self, identity: Identity, client: httpx2.AsyncClient) -> None:
        self.identity = identity
        self.client = client
        self.users = 0


class KubeCluster:
    """The cluster of an access, as :class:`~pillion.cluster.protocol.Cluster`.

    An answer that takes longer than ``seconds`` is an error; what a credential plugin takes does
    not count.

    Raises:
        ClusterError: The access says something that is not supported, or that is wrong.
    """

    def __init__(self, access: Access, seconds: float = SECONDS) -> None:
        for kind, key in _UNSUPPORTED:
            if getattr(access, kind).get(key):
                raise ClusterError(f"context {access.context}: {key} is not supported")
        self.name = access.context
        self._access = access
        self._title = f"the cluster of context {self.name} ({access.cluster.get('server', '')})"
        self._seconds = seconds
        self._credentials = Credentials(access.user)
        fixed = self._credentials.fixed
        self._connection = None if fixed is None else self._connected(fixed)

    async def get(self, resource: Resource, name: str, namespace: str = "") -> Object:
        """As the protocol says."""
        return await self._ask(_Request("GET", _path(resource, namespace, name), {}))

    async def list(self, resource: Resource, namespace: str = "", *, fields: str = "") -> Listed:
        """As the protocol says; items say their kind, as they do not in an API server's list.

        Raises:
            ExpiredError: The objects changed so much meanwhile that no further page can be had.
        """
        params = {"limit": str(PAGE)} | _selector(fields)
        items: list[Object] = []
        while True:
            page = await self._ask(_Request("GET", _path(resource, namespace), params))
            kind = {"apiVersion": resource.api_version, "kind": resource.kind}
            items.extend(kind | item for item in page.get("items") or ())
            metadata = page.get("metadata") or {}
            if not metadata.get("continue"):
                return Listed(items, metadata.get("resourceVersion", ""))
            params = params | {"continue": metadata["continue"]}

    async def watch(
        self, resource: Resource, namespace: str = "", *, version: str, fields: str = ""
    ) -> AsyncIterator[Change]:
        """As the protocol says."""
        seconds = random.randint(*WATCH_SECONDS)  # noqa: S311 - so that not all end at once
        params = {
            "watch": "true",
            "resourceVersion": version,
            "allowWatchBookmarks": "true",
            "timeoutSeconds": str(seconds),
        }
        request = _Request("GET", _path(resource, namespace), params | _selector(fields))
        silence = seconds + _WATCH_GRACE
        async with AsyncExitStack() as stack:
            response = await self._opened(request, silence, stack)
            async for line in self._lines(response, silence):
                yield self._change(line)

    async def create(self, resource: Resource, made: Object) -> Object:
        """As the protocol says."""
        path = _path(resource, _namespace(made))
        return await self._ask(_Request("POST", path, _managed(), _typed(resource, made)))

    async def replace(self, resource: Resource, changed: Object) -> Object:
        """As the protocol says."""
        path = _path(resource, _namespace(changed), _name(changed))
        return await self._ask(_Request("PUT", path, _managed(), _typed(resource, changed)))

    async def patch(
        self, resource: Resource, name: str, patch: Patch, namespace: str = ""
    ) -> Object:
        """As the protocol says."""
        path = _path(resource, namespace, name)
        return await self._ask(_Request("PATCH", path, _managed(), patch, _JSON_PATCH))

    async def apply(
        self, resource: Resource, wanted: Object, *, force: bool = False, dry_run: bool = False
    ) -> Object:
        """As the protocol says."""
        path = _path(resource, _namespace(wanted), _name(wanted))
        params = _managed() | ({"force": "true"} if force else {})
        params |= {"dryRun": "All"} if dry_run else {}
        return await self._ask(_Request("PATCH", path, params, _typed(resource, wanted), _APPLY))

    async def close(self) -> None:
        """As the protocol says."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.client.aclose()

    async def _ask(self, request: _Request) -> Object:
        async def send(credential: Credential) -> httpx2.Response:
            async with self._using(credential) as client:
                built = _built(client, request, httpx2.Timeout(self._seconds))
                with self._said():
                    async with asyncio.timeout(self._seconds):
                        return await client.send(built, auth=_auth(credential))

        response = await self._authenticated(send)
        return answers.object_of(self._title, response.status_code, response.content)

    async def _opened(
        self, request: _Request, silence: float, stack: AsyncExitStack
    ) -> httpx2.Response:
        """The answer of which the body is still to come; ``stack`` closes it."""
        timeout = httpx2.Timeout(self._seconds, read=silence)

        async def send(credential: Credential) -> httpx2.Response:
            client = await stack.enter_async_context(self._using(credential))
            built = _built(client, request, timeout)
            with self._said():
                async with asyncio.timeout(self._seconds):
                    response = await client.send(built, auth=_auth(credential), stream=True)
                    stack.push_async_callback(response.aclose)
                    if not response.is_success:
                        await response.aread()
            return response

        response = await self._authenticated(send)
        if not response.is_success:
            raise answers.error_of(self._title, response.status_code, response.content)
        return response

    async def _authenticated(
        self, send: Callable[[Credential], Awaitable[httpx2.Response]]
    ) -> httpx2.Response:
        """What ``send`` answers; it is called again, once, where other credentials may help."""
        credential = await self._credentials.current()
        response = await send(credential)
        if response.status_code != answers.UNAUTHORIZED:
            return response
        renewed = await self._credentials.renewed(credential)
        return response if renewed is None else await send(renewed)

    async def _lines(self, response: httpx2.Response, silence: float) -> AsyncIterator[bytes]:
        """The lines of a body.

        Raises:
            ClusterError: The connection breaks, or brings nothing for ``silence`` seconds.
        """
        pieces: list[bytes] = []
        try:
            async for chunk in response.aiter_bytes():
                *ends, rest = chunk.split(b"\n")
                for end in ends:
                    yield b"".join((*pieces, end))
                    pieces.clear()
                pieces.append(rest)
        except httpx2.ReadTimeout as error:
            problem = f"says nothing on a watch for {silence:g} seconds"
            raise ClusterError(f"{self._title} {problem}") from error
        except _FAILED as error:
            raise ClusterError(f"{self._title} broke off a watch: {_reason(error)}") from error

    def _change(self, line: bytes) -> Change:
        event = answers.object_of(self._title, httpx2.codes.OK, line)
        found, kind = event.get("object"), event.get("type")
        if kind in ("ADDED", "MODIFIED", "DELETED", "BOOKMARK") and isinstance(found, dict):
            return Change(kind, found)
        raise answers.error_of_status(self._title, found)

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say the errors of the way to the cluster in its name."""
        try:
            yield
        except (httpx2.TimeoutException, TimeoutError) as error:
            problem = f"does not answer within {self._seconds:g} seconds"
            raise ClusterError(f"{self._title} {problem}") from error
        except _FAILED as error:
            raise ClusterError(f"{self._title} cannot be asked: {_reason(error)}") from error

    @asynccontextmanager
    async def _using(self, credential: Credential) -> AsyncIterator[httpx2.AsyncClient]:
        """The client of a credential; one that others have replaced is closed by its last user."""
        connection = await self._connection_of(credential.identity)
        connection.users += 1
        try:
            yield connection.client
        finally:
            connection.users -= 1
            if connection is not self._connection and not connection.users:
                await connection.client.aclose()

    async def _connection_of(self, identity: Identity) -> _Connection:
        before = self._connection
        if before is not None and before.identity == identity:
            return before
        made = self._connection = self._connected(identity)
        if before is not None and not before.users:
            await before.client.aclose()
        return made

    def _connected(self, identity: Identity) -> _Connection:
        parameters = client_adapter.ConnectionParams(
            timeout=httpx2.Timeout(self._seconds), proxy=self._access.cluster.get("proxy-url")
        )
        try:
            config = KubeConfig.from_dict(_one_context(self._access, identity.user)).get()
            if config is None:
                raise ConfigError("there is no context")
            return _Connection(identity, client_adapter.AsyncClient(config, parameters))
        except (*_MALFORMED, httpx2.InvalidURL, OSError) as error:
            raise ClusterError(f"context {self.name}: {error}") from error


def _one_context(access: Access, user: dict[str, Any]) -> dict[str, Any]:
    """A kubeconfig with nothing but the access; lightkube wants a user, though it be nobody."""
    name = access.context
    context = {"cluster": name, "user": name}
    return {
        "current-context": name,
        "contexts": [{"name": name, "context": context}],
        "clusters": [{"name": name, "cluster": access.cluster}],
        "users": [{"name": name, "user": user}],
    }


def _built(
    client: httpx2.AsyncClient, request: _Request, timeout: httpx2.Timeout
) -> httpx2.Request:
    headers = {"Accept": _JSON, "User-Agent": f"{MANAGER}/{__version__}"}
    content = None
    if request.body is not None:
        headers["Content-Type"] = request.content_type
        content = json.dumps(request.body).encode()
    return client.build_request(
        request.method,
        request.path,
        params=request.params,
        headers=headers,
        content=content,
        timeout=timeout,
    )


def _auth(credential: Credential) -> Any:
    """How a request is authenticated: by the token, or as the connection was made to."""
    if credential.token:
        return client_adapter.BearerAuth(credential.token)
    return httpx2.USE_CLIENT_DEFAULT


def _path(resource: Resource, namespace: str, name: str = "") -> str:
    group = ("apis", resource.group) if resource.group else ("api",)
    inside = ("namespaces", namespace) if namespace else ()
    named = (name,) if name else ()
    parts = (*group, resource.version, *inside, resource.plural, *named)
    return "/".join(quote(part, safe="") for part in parts)


def _selector(fields: str) -> dict[str, str]:
    return {"fieldSelector": fields} if fields else {}


def _managed() -> dict[str, str]:
    return {"fieldManager": MANAGER}


def _typed(resource: Resource, found: Object) -> Object:
    return {"apiVersion": resource.api_version, "kind": resource.kind} | found


def _namespace(found: Object) -> str:
    return str(found["metadata"].get("namespace", ""))


def _name(found: Object) -> str:
    return str(found["metadata"]["name"])


def _reason(error: BaseException) -> str:
    """What the operating system said, if it did: the client's own words hide it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError | socket.gaierror):
            return str(cause)
        if isinstance(cause, OSError) and cause.errno is not None:
            # asyncio has words of its own in place of the system's
            return f"[Errno {cause.errno}] {os.strerror(cause.errno)}"
        if isinstance(cause, ExceptionGroup):
            return "; ".join(dict.fromkeys(map(_reason, cause.exceptions)))
        cause = cause.__cause__ or cause.__context__
    return str(error) or type(error).__name__
