"""A compiled template as plain data, which is what a cache keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from types import CodeType

    from pillion.gotemplate.functions import Function

Signature: TypeAlias = tuple[tuple[str, ...], bool, str]
"""A function's parameters, whether it is variadic, and its result."""


def signature(function: Function) -> Signature:
    """The signature that code calling ``function`` was compiled for."""
    return function.params, function.variadic, function.result


class NodeRecord(NamedTuple):
    """Where a node stands: template, line, column, and which part of which text prints it."""

    template: str
    line: int
    column: int
    text: int
    start: int
    end: int


class Program(NamedTuple):
    """The code of a set of templates and what is needed to name the places in it.

    ``templates`` has for each template its Python function, and whether that is a generator.
    ``places`` has for a line of the code the number of its node, or the Python variable that holds
    it, the name of the function that the line calls, and the number of the node that its methods'
    errors name, if that is another one. ``signatures`` has the functions that the code calls, in
    the order of their Python names.
    """

    name: str
    missing_key: str
    code: CodeType
    templates: dict[str, tuple[str, bool]]
    places: dict[int, tuple[int | str, str, int | None]]
    nodes: list[NodeRecord]
    texts: list[str]
    signatures: list[tuple[str, Signature]]
