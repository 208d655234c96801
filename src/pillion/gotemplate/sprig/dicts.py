"""sprig's functions on maps."""

from __future__ import annotations

from typing import Any

from pillion.golang.slices import OwnSlice
from pillion.golang.values import Map, Slice, type_of
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.cast import to_text
from pillion.gotemplate.sprig.copying import deep_copy
from pillion.gotemplate.sprig.merging import merge
from pillion.gotemplate.sprig.panics import conversion
from pillion.gotemplate.sprig.signatures import ANY, DICT, LIST, STRINGS

_FEWEST_TO_DIG = 3


def make_dict(*pairs: Any) -> dict[str, Any]:
    """A map of keys, as text, and values in turn; a last key alone has an empty text."""
    keys = map(to_text, pairs[::2])
    given = pairs[1::2]
    if len(pairs) % 2:
        given = (*given, "")
    return dict(zip(keys, given, strict=True))


def get(mapping: dict[str, Any], key: str) -> Any:
    """The value of the key, or an empty text."""
    return mapping.get(key, "")


def set_key(mapping: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The same map, with the key set in it.

    Raises:
        FunctionError: the map is nil.
    """
    if isinstance(mapping, Map) and mapping.is_nil:
        raise FunctionError("assignment to entry in nil map")
    mapping[key] = value
    return mapping


def unset(mapping: dict[str, Any], key: str) -> dict[str, Any]:
    """The same map, without the key."""
    mapping.pop(key, None)
    return mapping


def has_key(mapping: dict[str, Any], key: str) -> bool:
    """Whether the map has the key."""
    return key in mapping


def pluck(key: str, *mappings: dict[str, Any]) -> list[Any]:
    """The values of the key in the maps that have it."""
    return [mapping[key] for mapping in mappings if key in mapping]


def keys(*mappings: dict[str, Any]) -> Slice:
    """The keys of all maps; Go's order is random, this one is that of the maps."""
    return OwnSlice(STRINGS, (key for mapping in mappings for key in mapping), 0)


def values(mapping: dict[str, Any]) -> list[Any]:
    """The values; Go's order is random, this one is that of the map."""
    return list(mapping.values())


def pick(mapping: dict[str, Any], *wanted: str) -> dict[str, Any]:
    """A map of the wanted keys that the map has."""
    return {key: mapping[key] for key in wanted if key in mapping}


def omit(mapping: dict[str, Any], *unwanted: str) -> dict[str, Any]:
    """A map of all keys but these."""
    return {key: value for key, value in mapping.items() if key not in unwanted}


def merge_into(target: dict[str, Any], *sources: dict[str, Any]) -> Any:
    """The first map, in which what it lacks was set from the others."""
    return merge(target, sources, overwrite=False)


def merge_over(target: dict[str, Any], *sources: dict[str, Any]) -> Any:
    """The first map, over which the others were written."""
    return merge(target, sources, overwrite=True)


def dig(*arguments: Any) -> Any:
    """The value under a path of keys, given before a default and the map.

    Raises:
        FunctionError: there are too few arguments, a key is no text, or the path leads through
            something other than a map.
    """
    if len(arguments) < _FEWEST_TO_DIG:
        raise FunctionError("dig needs at least three arguments")
    *path, fallback, found = arguments
    _require_map(found)
    for key in path:
        if type_of(key) != "string":
            raise conversion(key, "string")
    for key in path:
        _require_map(found)
        if key not in found:
            return fallback
        found = found[key]
    return found


def _require_map(value: Any) -> None:
    if type_of(value) != DICT:
        raise conversion(value, DICT)


FUNCTIONS = {
    "dict": Function(make_dict, (ANY,), variadic=True, result=DICT),
    "get": Function(get, (DICT, "string")),
    "set": Function(set_key, (DICT, "string", ANY), result=DICT),
    "unset": Function(unset, (DICT, "string"), result=DICT),
    "hasKey": Function(has_key, (DICT, "string"), result="bool"),
    "pluck": Function(pluck, ("string", DICT), variadic=True, result=LIST),
    "keys": Function(keys, (DICT,), variadic=True, result=STRINGS),
    "values": Function(values, (DICT,), result=LIST),
    "pick": Function(pick, (DICT, "string"), variadic=True, result=DICT),
    "omit": Function(omit, (DICT, "string"), variadic=True, result=DICT),
    "merge": Function(merge_into, (DICT, DICT), variadic=True),
    "mustMerge": Function(merge_into, (DICT, DICT), variadic=True),
    "mergeOverwrite": Function(merge_over, (DICT, DICT), variadic=True),
    "mustMergeOverwrite": Function(merge_over, (DICT, DICT), variadic=True),
    "deepCopy": Function(deep_copy, (ANY,)),
    "mustDeepCopy": Function(deep_copy, (ANY,)),
    "dig": Function(dig, (ANY,), variadic=True),
}
