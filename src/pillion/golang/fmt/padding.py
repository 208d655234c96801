"""Text brought to the width that a directive asks for, counted in characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pillion.golang.fmt.directives import Spec


def pad(text: str, spec: Spec) -> str:
    """Pad ``text`` with spaces, or with zeros on its left where the flag asks for them."""
    if spec.minus:
        return text.ljust(spec.width)
    return text.rjust(spec.width, "0" if spec.zero else " ")


def pad_with_spaces(text: str, spec: Spec) -> str:
    """Pad ``text`` with spaces whatever the flag for zeros says."""
    return text.ljust(spec.width) if spec.minus else text.rjust(spec.width)
