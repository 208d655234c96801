"""Reading a value into its type when one much like it was read before.

Two overlays that a template renders differ in a few scalars. Where the second is known to be the
first with these replaced, so is its canonical form.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pillion.kubernetes import fast_decode, schema

if TYPE_CHECKING:
    from pillion.kubernetes.fast_decode import Reader

Path = tuple[str | int, ...]


def decode(type_name: str, value: Any, other: Any, canonical: Any) -> Any:
    """The canonical form of ``value``, or None where it does not follow from that of ``other``.

    ``canonical`` is the form of ``other``, in which every key and element of ``other`` still has
    its place (see :func:`keeps_places`).
    """
    changes = _changes(value, other)
    if changes is None:
        return None
    try:
        for path, scalar in changes.items():
            read = _scalar_reader(type_name, path)
            found = read(scalar) if read is not None else None
            if not found:  # unknown, or a zero value, which may have to be left out
                return None
            canonical = _replaced(canonical, path, found)
    except (fast_decode.NotPlainError, KeyError):  # it does not fit, or the other was left out
        return None
    return canonical


def keeps_places(value: Any) -> bool:
    """Whether merging and reading ``value`` leaves all that it holds where it is, or out.

    Nulls in lists, the directives of strategic merge and keys that name one field twice do not.
    """
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if item.__class__ is dict:
            if any(key[:1] == "$" for key in item) or len({k.lower() for k in item}) < len(item):
                return False
            waiting.extend(item.values())
        elif item.__class__ is list:
            if None in item:
                return False
            waiting.extend(item)
    return True


def _changes(value: Any, other: Any) -> dict[Path, Any] | None:
    """The scalars of ``value`` that ``other`` has another one for; None where more differs."""
    found: dict[Path, Any] = {}
    waiting: list[tuple[Path, Any, Any]] = [((), value, other)]
    while waiting:
        path, new, old = waiting.pop()
        kind = new.__class__
        if kind is not old.__class__:
            return None
        if kind is dict:
            if list(new) != list(old):
                return None
            waiting += [((*path, k), new[k], old[k]) for k in new if new[k] is not old[k]]
        elif kind is list:
            if len(new) != len(old):
                return None
            pairs = enumerate(zip(new, old, strict=True))
            waiting += [((*path, i), a, b) for i, (a, b) in pairs if a is not b]
        elif new != old:
            found[path] = new
    return found


@lru_cache(maxsize=1024)
def _scalar_reader(type_name: str, path: Path) -> Reader | None:
    """The reader of what stands at ``path`` in the type; None where that is no known scalar."""
    for key in path:
        underlying = schema.underlying(type_name)
        if underlying.startswith("*"):
            type_name = schema.element(underlying)
            underlying = schema.underlying(type_name)
        if underlying == "struct":
            field = schema.json_fields(type_name).get(str(key))
            if field is None:
                return None
            type_name = field.field.type
        elif "[" in underlying:
            type_name = schema.element(underlying)
        else:
            return None
    return fast_decode.reader(type_name)


def _replaced(canonical: Any, path: Path, new: Any) -> Any:
    """``canonical`` with ``new`` at ``path``; KeyError where nothing is there."""
    if not path:
        return new
    key = path[0]
    copy = canonical.copy()
    copy[key] = _replaced(canonical[key], path[1:], new)
    return copy
