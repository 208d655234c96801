"""What the templates saw of a pod while it was injected.

The answer to a review may be given again to a replica of the pod only if nothing looked into what
replicas differ in. The engine's own stages compare names and copy them; what a template does with
them is its author's business, and is seen here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pillion.injection.generation import JSON

CONTAINER_LISTS = ("containers", "initContainers", "ephemeralContainers")
"""The lists of a pod's spec whose elements mount volumes."""


class Witness:
    """Watches one injection: did a template read the volume name ``token``?

    ``rendered`` are the values of what the templates rendered.
    """

    __slots__ = ("has_read", "rendered", "token")

    def __init__(self, token: str) -> None:
        self.token = token
        self.has_read = False
        self.rendered: list[Any] = []

    def watched(self, spec: JSON) -> JSON:
        """``spec`` for the eyes of a template: volumes and mounts tell who reads their names."""
        changed = self._watching(spec, "volumes")
        for kind in CONTAINER_LISTS:
            if spec.get(kind):
                changed[kind] = [self._watching(one, "volumeMounts") for one in spec[kind]]
        return changed

    def _watching(self, owner: JSON, field: str) -> JSON:
        """A copy of ``owner`` in which the elements of ``field`` that have the name are watched."""
        copy = owner.copy()
        if owner.get(field):
            copy[field] = [
                _Watched(one, self) if one.get("name") == self.token else one
                for one in owner[field]
            ]
        return copy


class _Watched(dict[str, Any]):
    """The object of a volume or a mount, of which any read of a value is told to ``witness``.

    Which keys it has is no secret: replicas have the same.
    """

    __slots__ = ("_witness",)

    def __init__(self, items: JSON, witness: Witness) -> None:
        super().__init__(items)
        self._witness = witness

    def __getitem__(self, key: str) -> Any:
        self._witness.has_read |= key == "name"
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._witness.has_read |= key == "name"
        return super().get(key, default)

    def values(self) -> Any:
        self._witness.has_read = True
        return super().values()

    def items(self) -> Any:
        self._witness.has_read = True
        return super().items()

    def copy(self) -> Any:
        self._witness.has_read = True
        return super().copy()

    def __iter__(self) -> Any:  # what copies a dict in C goes by this, and then past __getitem__
        self._witness.has_read = True
        return super().__iter__()

    def __eq__(self, other: object) -> bool:
        self._witness.has_read = True
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        self._witness.has_read = True
        return super().__ne__(other)

    __hash__ = None
