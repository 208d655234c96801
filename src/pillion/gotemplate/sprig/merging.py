"""Merging maps in place, as mergo does."""

from __future__ import annotations

from typing import Any

from pillion.golang.values import is_nil, type_of
from pillion.gotemplate.functions import FunctionError
from pillion.gotemplate.sprig.defaults import empty


def merge(
    target: dict[str, Any], sources: tuple[dict[str, Any], ...], *, overwrite: bool
) -> dict[str, Any]:
    """Merge the sources, in turn, into ``target``, and return it.

    Without ``overwrite`` a key is set where the target lacks it or has an empty value; with it, a
    key's value is replaced by any value, empty or nil ones too. Maps are merged key by key. Values
    are shared with the sources, not copied. A nil target is replaced by a map of its own as soon as
    a source is not nil.

    Raises:
        FunctionError: a map of another type cannot hold a value.
    """
    for source in sources:
        if is_nil(target) and not is_nil(source):
            target = {}
        pending: list[tuple[dict[str, Any], dict[str, Any]]] = [(target, source)]
        seen: set[tuple[int, int]] = set()
        while pending:
            into, out_of = pending.pop()
            if (id(into), id(out_of)) not in seen:
                seen.add((id(into), id(out_of)))
                _merge_keys(into, out_of, pending, overwrite=overwrite)
    return target


def _merge_keys(
    target: dict[str, Any],
    source: dict[str, Any],
    pending: list[tuple[dict[str, Any], dict[str, Any]]],
    *,
    overwrite: bool,
) -> None:
    for key, value in source.items():
        mine = target.get(key)
        if value is None:
            if overwrite:
                _assign(target, source, key, value)
        elif isinstance(value, dict) and isinstance(mine, dict) and (mine or _has_value(value)):
            pending.append((mine, value))
        elif overwrite or empty(mine):
            _assign(target, source, key, value)


def _has_value(source: dict[str, Any]) -> bool:
    """Whether merging ``source`` into an empty map leaves anything there."""
    return any(value is not None for value in source.values())


def _assign(target: dict[str, Any], source: dict[str, Any], key: str, value: Any) -> None:
    held, given = (_element(mapping) for mapping in (target, source))
    if held not in {given, "interface {}"}:
        raise FunctionError(f"reflect.Set: value of type {given} is not assignable to type {held}")
    target[key] = value


def _element(mapping: dict[str, Any]) -> str:
    return type_of(mapping).partition("]")[2]
