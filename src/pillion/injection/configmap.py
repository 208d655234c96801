"""A whole ConfigMap where one of its keys is wanted.

``kubectl get configmap istio-sidecar-injector -o yaml`` is what people save; asking them to cut
``data.config`` out of it first would only invite mistakes.
"""

from __future__ import annotations

from typing import Any

from pillion.injection.errors import ConfigError


def data(text: str, key: str) -> str:
    """What stands under ``data`` and ``key`` if ``text`` is a ConfigMap, else ``text`` itself.

    Raises :class:`ConfigError` where the ConfigMap has no such key.
    """
    found = find(text, key)
    if found is not None:
        return found
    entries = _entries(text)
    if entries is None:
        return text
    present = ", ".join(sorted(entries)) or "nothing"
    raise ConfigError(f"the ConfigMap has no key {key!r} in its data, which holds {present}")


def find(text: str, key: str) -> str | None:
    """What stands under ``data`` and ``key`` if ``text`` is a ConfigMap with that key."""
    entries = _entries(text) or {}
    return str(entries[key]) if key in entries else None


def _entries(text: str) -> dict[str, Any] | None:
    from pillion.kubernetes import yaml_reader
    from pillion.kubernetes.errors import YAMLError

    if "ConfigMap" not in text:
        return None
    try:
        value = yaml_reader.load(text)
    except YAMLError:
        return None  # not a ConfigMap; whoever reads the text next says what is wrong with it
    if not isinstance(value, dict) or value.get("kind") != "ConfigMap":
        return None
    entries = value.get("data")
    return entries if isinstance(entries, dict) else {}
