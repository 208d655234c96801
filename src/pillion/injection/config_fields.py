"""Typed fields of an injection configuration, with the coercions of sigs.k8s.io/yaml.

Keys match in any case, null is the zero value, and a number or boolean where text is wanted becomes
the text YAML read it from: so Go's decoder treats them, and so ``policy: false`` loads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.injection.errors import ConfigError
from pillion.injection.generation import Generation

if TYPE_CHECKING:
    from collections.abc import Iterator

_JSON_NAMES = {str: "string", bool: "bool", int: "number", float: "number", list: "array"}


def read(text: str, generation: Generation | None) -> dict[str, Any]:
    """The top-level map of ``text``; an empty text is an empty map.

    Raises:
        ConfigError: the text is not YAML, or not a map.
    """
    from pillion.kubernetes import yaml_reader
    from pillion.kubernetes.errors import YAMLError

    prefix = _prefix(generation)
    try:
        value = yaml_reader.load(text)
    except YAMLError as error:
        raise ConfigError(f"{prefix}error converting YAML to JSON: {error}") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        where = "" if generation is Generation.LEGACY else "while decoding JSON: "
        raise ConfigError(
            f"{prefix}error unmarshaling JSON: {where}json: cannot unmarshal {_json_name(value)} "
            "into Go value of type inject.Config"
        )
    return value


def string(top: dict[str, Any], name: str) -> str:
    """The text of field ``name``, or the empty string."""
    return _string(_find(top, name), name)


def strings(top: dict[str, Any], name: str) -> list[str]:
    """The list of texts of field ``name``, or an empty one."""
    return _strings(_find(top, name), name)


def string_map(top: dict[str, Any], name: str) -> dict[str, str]:
    """The map of texts of field ``name``, or an empty one."""
    entries = _map(_find(top, name), name, "map[string]string")
    return {key: _string(value, name) for key, value in entries.items()}


def string_lists(top: dict[str, Any], name: str) -> dict[str, list[str]]:
    """The map of lists of texts of field ``name``, or an empty one."""
    entries = _map(_find(top, name), name, "map[string][]string")
    return {key: _strings(value, name) for key, value in entries.items()}


def selectors(top: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The label selectors of field ``name``, in canonical form."""
    for item in _list(_find(top, name), name, "[]v1.LabelSelector"):
        entries = _map(item, name, "v1.LabelSelector")
        labels = string_map(entries, "matchLabels")
        found: dict[str, Any] = {"matchLabels": labels} if labels else {}
        requirements = _list(
            _find(entries, "matchExpressions"), name, "[]v1.LabelSelectorRequirement"
        )
        if requirements:
            found["matchExpressions"] = [_requirement(one, name) for one in requirements]
        yield found


def _requirement(value: Any, name: str) -> dict[str, Any]:
    entries = _map(value, name, "v1.LabelSelectorRequirement")
    found: dict[str, Any] = {"key": string(entries, "key"), "operator": string(entries, "operator")}
    values = strings(entries, "values")
    if values:
        found["values"] = values
    return found


def _find(top: dict[str, Any], name: str) -> Any:
    """The last value whose key is ``name`` in any case, as encoding/json assigns them."""
    if len(top) == 1 or name in top:
        exact = top.get(name)
        if exact is not None:
            return exact
    folded = name.lower()
    return next((top[key] for key in reversed(top) if key.lower() == folded), None)


def _strings(value: Any, name: str) -> list[str]:
    return [_string(item, name) for item in _list(value, name, "[]string")]


def _string(value: Any, name: str) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        from pillion.golang import strconv

        return strconv.format_float(value)
    raise _wrong_type(value, name, "string")


def _list(value: Any, name: str, go_type: str) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list):
        return value
    raise _wrong_type(value, name, go_type)


def _map(value: Any, name: str, go_type: str) -> dict[str, Any]:
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise _wrong_type(value, name, go_type)


def _wrong_type(value: Any, name: str, go_type: str) -> ConfigError:
    return ConfigError(
        f"{_prefix(None)}error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
        f"{_json_name(value)} into Go struct field Config.{name} of type {go_type}",
        path=(name,),
    )


def _json_name(value: Any) -> str:
    return _JSON_NAMES.get(type(value), "object")


def _prefix(generation: Generation | None) -> str:
    return "" if generation is Generation.LEGACY else "failed to unmarshal injection template: "
