"""What compiled templates call while they run: printing, loops, calls and limits.

Fields are in :mod:`~pillion.gotemplate.access`, arguments in :mod:`~pillion.gotemplate.arguments`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from pillion.golang.fmt import sorted_keys, sprint
from pillion.golang.values import (
    Bytes,
    Integer,
    Kind,
    Pointer,
    Struct,
    Uint8,
    kind_of,
    type_of,
)
from pillion.gotemplate.failures import UnlocatedError
from pillion.gotemplate.functions import NO_VALUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEEPEST_CALL = 100_000
"""How many calls of templates Go lets nest in each other."""

UNSET = object()
"""The value of a variable whose declaration has not run."""


class Limits(NamedTuple):
    """What a template may use up before it is stopped.

    ``output`` counts the characters that it prints, ``steps`` the rounds of its loops and the
    templates it calls. None is no limit.
    """

    output: int | None = None
    steps: int | None = None


class Run:
    """One run of a template, as far as it is limited: ``free`` where its steps are not counted."""

    __slots__ = ("free", "left", "limit")

    def __init__(self, steps: int | None) -> None:
        self.free = steps is None
        self.limit = self.left = steps or 0

    def step(self) -> None:
        """Count a step.

        Raises:
            UnlocatedError: it was one too many.
        """
        self.left -= 1
        if self.left < 0:
            raise UnlocatedError(f"exceeded maximum number of steps ({self.limit})", is_limit=True)

    def counted(self, items: Iterable[Any]) -> Iterator[Any]:
        """``items``, each of which is a step."""
        for item in items:
            self.step()
            yield item


class LimitedOutput(list[str]):
    """The pieces that a template has printed, if they may not grow without bound."""

    __slots__ = ("left", "limit")

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = self.left = limit

    def append(self, piece: str, /) -> None:
        """Add a piece.

        Raises:
            UnlocatedError: the limit is reached.
        """
        self.left -= len(piece)
        if self.left < 0:
            raise UnlocatedError(f"exceeded maximum output size ({self.limit})", is_limit=True)
        super().append(piece)


def fail(message: str) -> NoReturn:
    """Fail with what was known when the template was compiled.

    Raises:
        UnlocatedError: always.
    """
    raise UnlocatedError(message)


def undefined(name: str) -> NoReturn:
    """Fail because a variable's declaration has not run.

    Raises:
        UnlocatedError: always.
    """
    raise UnlocatedError(f"undefined variable: {name}")


def too_deep() -> NoReturn:
    """Fail because templates call each other too deep.

    Raises:
        UnlocatedError: always.
    """
    raise UnlocatedError(f"exceeded maximum template depth ({DEEPEST_CALL})", is_limit=True)


def text(value: Any) -> str:
    """What an action prints for ``value``."""
    kind = type(value)
    if kind is str:
        return str(value)
    if value is None or value is NO_VALUE:
        return "<no value>"
    if kind is int:
        return str(value)
    if kind_of(value) is Kind.FUNC and not hasattr(value, "string"):
        raise UnlocatedError(f"can't print {{node}} of type {type_of(value)}", names_node=True)
    return shown(value)


def shown(value: Any) -> str:
    """``value`` as ``fmt`` prints it, or what it points at unless the pointer has a ``String``."""
    if isinstance(value, Pointer) and not value.is_nil:
        value = value.target
    if not isinstance(value, Struct) or value.string() is not None:
        return sprint(value)
    method = None if value.is_nil else value.method("String")
    if method is not None:  # the pointer's, which Go takes where the value has an address
        return str(method())
    return sprint(value).removeprefix("&")


def values(container: Any) -> Iterable[Any]:
    """What a ``range`` with at most one variable goes through.

    Raises:
        UnlocatedError: ``container`` cannot be gone through.
    """
    container = _loopable(container)
    if isinstance(container, list):
        return container
    if isinstance(container, dict):
        return [container[key] for key in sorted_keys(container)]
    if type(container) is int:
        return range(container)
    if isinstance(container, Integer):
        return _IntegerRange(container)
    return [Uint8(byte) for byte in container]


def pairs(container: Any) -> Iterable[tuple[Any, Any]]:
    """What a ``range`` with two variables goes through: keys or indexes, and elements.

    Raises:
        UnlocatedError: ``container`` cannot be gone through, or has no keys.
    """
    container = _loopable(container)
    if isinstance(container, dict):
        return [(key, container[key]) for key in sorted_keys(container)]
    if isinstance(container, int):
        raise UnlocatedError(f"can't use {container} to iterate over more than one variable")
    items = values(container)
    return enumerate(items) if items else ()


def _loopable(value: Any) -> Any:
    if isinstance(value, Pointer) and not value.is_nil:
        value = value.target
    if value is None or value is NO_VALUE:
        return []
    if isinstance(value, list | dict | Bytes) or _is_integer(value):
        return value
    raise UnlocatedError(f"range can't iterate over {shown(value)}")


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


class _IntegerRange:
    """The numbers below an integer, of its own type."""

    __slots__ = ("_end",)

    def __init__(self, end: Integer) -> None:
        self._end = end

    def __bool__(self) -> bool:
        return self._end > 0

    def __iter__(self) -> Iterator[Integer]:
        return map(type(self._end), range(self._end))
