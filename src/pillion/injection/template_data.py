"""What a template sees: the fields of Istio's ``SidecarTemplateData``, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.golang.values import MISSING, Struct

if TYPE_CHECKING:
    from collections.abc import Iterator


class TemplateData(Struct):
    """A Go struct made of a dict; ``go_type`` is what error messages call it."""

    __slots__ = ("_fields", "go_type")

    def __init__(self, go_type: str, fields: dict[str, Any]) -> None:
        self.go_type = go_type
        self._fields = fields

    def field(self, name: str) -> Any:
        """The value of the field ``name``, or MISSING."""
        return self._fields.get(name, MISSING)

    def fields(self) -> Iterator[tuple[str, Any]]:
        """Every field, in the order of its declaration."""
        return iter(self._fields.items())
