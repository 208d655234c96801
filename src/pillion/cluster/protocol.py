"""What pillion asks of a cluster.

Objects are the API server's own JSON, whole: nothing that an API server knows and pillion does not
is lost between reading and writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pillion.cluster.resources import Resource

MANAGER = "pillion"
"""The field manager of everything that is written."""

Object = dict[str, Any]
Patch = list[Object]
"""The operations of a JSON patch."""


class Listed(NamedTuple):
    """Objects as they were at ``version``, from which a watch goes on."""

    items: list[Object]
    version: str


class Change(NamedTuple):
    """One event of a watch; a bookmark's object carries nothing but its version."""

    type: Literal["ADDED", "MODIFIED", "DELETED", "BOOKMARK"]
    object: Object


class Cluster(Protocol):
    """A cluster; ``name`` is how people know it.

    Every call raises a :class:`~pillion.cluster.errors.ClusterError` where the cluster refuses or
    does not answer within some seconds. ``namespace`` is empty for what has none.
    """

    @property
    def name(self) -> str:
        """The context of the kubeconfig, say."""

    async def get(self, resource: Resource, name: str, namespace: str = "") -> Object:
        """One object.

        Raises:
            NotFoundError: There is none of that name.
        """

    async def list(self, resource: Resource, namespace: str = "", *, fields: str = "") -> Listed:
        """All objects of ``namespace``, or of all; ``fields`` is a field selector."""

    def watch(
        self, resource: Resource, namespace: str = "", *, version: str, fields: str = ""
    ) -> AsyncIterator[Change]:
        """The changes since ``version``, with bookmarks; it ends when the API server ends it.

        Raises:
            ExpiredError: ``version`` is too old.
        """

    async def create(self, resource: Resource, made: Object) -> Object:
        """Make an object; its namespace stands in its metadata.

        Raises:
            ConflictError: There is one of that name.
        """

    async def replace(self, resource: Resource, changed: Object) -> Object:
        """Replace an object.

        Raises:
            ConflictError: Its ``resourceVersion`` is not the newest any more.
        """

    async def patch(
        self, resource: Resource, name: str, patch: Patch, namespace: str = ""
    ) -> Object:
        """Change an object by a JSON patch.

        Raises:
            ConflictError: A ``test`` of the patch fails.
            NotFoundError: There is none of that name.
        """

    async def apply(
        self, resource: Resource, wanted: Object, *, force: bool = False, dry_run: bool = False
    ) -> Object:
        """Server-side apply, as the field manager ``pillion``; of a dry run nothing is kept.

        Raises:
            ConflictError: Another manager owns a field, and ``force`` does not take it over; or it
                is the manager ``pillion``, but of another kind of write than an apply.
        """

    async def close(self) -> None:
        """Give the connections back."""
