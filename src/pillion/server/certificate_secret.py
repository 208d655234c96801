"""The server's own certificate in a Secret, which all replicas share and the leader renews."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pillion.cluster.errors import ClusterError, ConflictError, NotFoundError
from pillion.cluster.informer import Informer
from pillion.cluster.resources import SECRETS
from pillion.server import authority, logs
from pillion.server.certificate import Pem, Pems
from pillion.server.errors import CertificateError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from pillion.cluster.lease import Leadership
    from pillion.cluster.protocol import Cluster, Object
    from pillion.cluster.trouble import Tell
    from pillion.server.authority import Keys, Lifetimes

_log = logs.logger("certificate")
_LONGEST_LOOK = 60.0
"""Seconds between two looks at the age of the certificate."""

_LOOKS_OF_A_LIFE = 60


class CertificateSecret:
    """The Secret ``name``, once :meth:`begin` has found or made it.

    The certificate is for the host names ``names``.
    """

    def __init__(
        self,
        cluster: Cluster,
        name: str,
        namespace: str,
        names: Sequence[str],
        lifetimes: Lifetimes,
    ) -> None:
        self._cluster = cluster
        self._name = name
        self._namespace = namespace
        self._names = names
        self._lifetimes = lifetimes
        self._object: Object | None = None
        self._keys: Keys | None = None
        self._told: Keys | None = None
        self._is_refused = False

    @property
    def origin(self) -> str:
        """What messages call it."""
        return f"Secret {self._name} in {self._namespace}"

    @property
    def bundle(self) -> bytes:
        """The authorities by which the certificate is trusted, as PEM."""
        return self._known.bundle

    @property
    def _known(self) -> Keys:
        if self._keys is None:
            raise CertificateError(f"{self.origin}: it is not read yet")
        return self._keys

    def pems(self) -> Pems:
        """The certificate and its key."""
        keys = self._known
        chain, key = (f"{self.origin}, {one}" for one in (authority.CHAIN, authority.KEY))
        return Pems(Pem(keys.chain, chain), Pem(keys.key, key))

    async def begin(self) -> None:
        """Read the Secret, or make it; another replica may be quicker.

        Raises:
            ClusterError: It can be neither read nor made.
            CertificateError: It holds something else, which is left alone.
        """
        try:
            found = await self._cluster.get(SECRETS, self._name, self._namespace)
        except NotFoundError:
            found = await self._make()
        if not found.get("data"):  # made beforehand, to be filled
            keys = authority.make(self._names, _now(), self._lifetimes)
            try:
                found = await self._cluster.replace(SECRETS, found | {"data": keys.data()})
            except ConflictError:
                found = await self._cluster.get(SECRETS, self._name, self._namespace)
        self._take(found)
        self._told = self._keys

    async def _make(self) -> Object:
        keys = self._keys or authority.make(self._names, _now(), self._lifetimes)
        metadata = {"name": self._name, "namespace": self._namespace}
        made: Object = {"metadata": metadata, "type": "kubernetes.io/tls", "data": keys.data()}
        try:
            return await self._cluster.create(SECRETS, made)
        except ConflictError:
            return await self._cluster.get(SECRETS, self._name, self._namespace)

    def _take(self, found: Object) -> None:
        """Use what the Secret holds.

        Raises:
            CertificateError: It holds something else.
        """
        try:
            keys = authority.read(found.get("data") or {})
            authority.renewed(keys, self._names, _now(), self._lifetimes)
        except CertificateError as error:
            raise CertificateError(f"{self.origin}: {error}") from error
        self._keys, self._object = keys, found

    async def run(
        self,
        leadership: Leadership,
        changed: Callable[[], Awaitable[None]],
        trouble: Tell,
        failed: Callable[[Exception], None],
        refused: Callable[[CertificateError], None],
    ) -> None:
        """Follow the Secret, and renew what it holds while this replica leads, until cancelled.

        ``refused`` is told of what somebody put there that is no use; what was there before stays
        in use.
        """

        async def noticed(objects: Mapping[tuple[str, str], Object]) -> None:
            self._is_refused = False
            if not objects:
                self._object = None
            for found in objects.values():
                try:
                    self._take(found)
                except CertificateError as error:
                    self._is_refused = True
                    refused(error)
            if self._keys != self._told:
                await changed()
                self._told = self._keys  # and not before: what fails is tried again

        informer = Informer(
            self._cluster,
            SECRETS,
            self._namespace,
            fields=f"metadata.name={self._name}",
            changed=noticed,
            trouble=trouble,
            failed=failed,
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(informer.run())
            group.create_task(self._renew(leadership))

    async def _renew(self, leadership: Leadership) -> None:
        pause = min(_LONGEST_LOOK, self._lifetimes.certificate / _LOOKS_OF_A_LIFE)
        while True:
            await asyncio.sleep(pause)
            await leadership.until(leading=True)
            try:
                await self._renew_once()
            except ConflictError:
                continue  # another replica was quicker, which the watch shows
            except ClusterError as error:
                fields = {"secret": self._name, "error": str(error)}
                logs.say(_log, logging.ERROR, "the Secret cannot be written", fields)

    async def _renew_once(self) -> None:
        if self._object is None:
            await self._make()
            logs.say(_log, logging.WARNING, "the Secret was gone, and is made again", {})
            return
        keys, why = authority.renewed(self._known, self._names, _now(), self._lifetimes)
        if why and self._is_refused:
            raise ClusterError(f"{self.origin}: {why}, but somebody has put something else there")
        if why:
            changed = self._object | {"data": keys.data()}
            await self._cluster.replace(SECRETS, changed)
            logs.say(_log, logging.INFO, "the Secret has a new certificate", {"because": why})


def _now() -> datetime:
    return datetime.now(UTC)
