"""What can be wrong with a mesh configuration."""

from __future__ import annotations

from pillion.errors import PillionError


class MeshError(PillionError):
    """A mesh configuration, or a proxy configuration merged over one, is wrong.

    ``message`` is Istio's own text; it names every problem found. ``path`` leads to the field that
    a value does not fit.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.path: tuple[str, ...] = ()
