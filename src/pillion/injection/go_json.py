"""Canonical objects as Go prints them: the fields of a struct in the order of declaration."""

from __future__ import annotations

from typing import Any


def encode(value: Any, type_name: str) -> str:
    """The JSON that Go prints of ``value``, a canonical value of the schema type ``type_name``."""
    from pillion.golang import json
    from pillion.kubernetes.views import view

    return json.marshal(view(value, type_name))
