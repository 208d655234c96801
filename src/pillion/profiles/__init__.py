"""The embedded configurations, which make pillion work without a cluster or a file.

Each is a folder with the three texts that a cluster keeps in ConfigMaps: ``config.yaml``,
``mesh.yaml`` and, where the generation has values, ``values.yaml``.
"""

from __future__ import annotations

import os
from typing import NamedTuple

DEFAULT = "istio-1.30"
"""The profile that is used where none is named."""

NAMES = ("istio-1.1", "istio-1.30")
"""The profiles there are."""


class Profile(NamedTuple):
    """The texts of one embedded configuration; ``values`` is None in the generation of 1.1."""

    name: str
    config: str
    mesh: str
    values: str | None


def load(name: str) -> Profile:
    """The profile of that name.

    Raises:
        KeyError: For a name that is not in :data:`NAMES`.
    """
    if name not in NAMES:
        raise KeyError(name)
    return Profile(name, _text(name, "config"), _text(name, "mesh"), _optional(name, "values"))


def _path(name: str, part: str) -> str:
    folder = name.replace("-", "_").replace(".", "_")
    return os.path.join(os.path.dirname(__file__), folder, f"{part}.yaml")


def _text(name: str, part: str) -> str:
    with open(_path(name, part), encoding="utf-8") as file:
        return file.read()


def _optional(name: str, part: str) -> str | None:
    return _text(name, part) if os.path.exists(_path(name, part)) else None
