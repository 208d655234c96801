"""Adding a network to the annotation of Multus, in either of the forms it may have."""

from __future__ import annotations

from typing import Any

from pillion.golang.strings import trim_space


def append_network(existing: str, network: str) -> str:
    """``existing`` with ``network`` (``NAMESPACE/NAME`` or ``NAME``) added, unless it is there.

    ``existing`` is a list of names with commas, or a JSON list of objects. JSON that cannot be read
    is left as it is.
    """
    if not existing:
        return network
    end = existing.rfind("]")
    if end >= 0:
        return _append_json(existing, end, network)
    if network in map(trim_space, existing.split(",")):
        return existing
    return f"{existing}, {network}"


def _append_json(existing: str, end: int, network: str) -> str:
    namespace, name = _split(network)
    networks = _networks(existing)
    if networks is None or any(_is_named(one, namespace, name) for one in networks):
        return existing
    place = f', "namespace": "{namespace}"' if namespace else ""
    return f'{existing[:end]}, {{"name": "{name}"{place}}}{existing[end:]}'


def _split(network: str) -> tuple[str, str]:
    parts = network.split("/")
    return ("", network) if len(parts) == 1 else (parts[0], parts[1])


def _networks(text: str) -> list[dict[str, Any]] | None:
    from pillion.golang import json

    try:
        value = json.unmarshal(text)
    except json.JSONError:
        return None
    if not isinstance(value, list) or not all(isinstance(one, dict | None) for one in value):
        return None
    return [one or {} for one in value]


def _is_named(one: dict[str, Any], namespace: str, name: str) -> bool:
    found = one.get("namespace")
    return one.get("name") == name and ("" if found is None else found) == namespace
