"""Configurations of the injection: one that is ready for requests, one that was refused."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, NamedTuple

from pillion.injection.admission import review
from pillion.injection.config import SIDECAR
from pillion.injection.generation import Generation

if TYPE_CHECKING:
    from pillion.injection.injector import Injector
    from pillion.server.material import Material, MemoryCache

_ANY_POD = {"metadata": {"name": "any"}, "spec": {"containers": [{"name": "any", "image": "any"}]}}


class Loaded(NamedTuple):
    """An injector, what it was made of, and its compiled templates."""

    injector: Injector
    material: Material
    cache: MemoryCache


class Active(NamedTuple):
    """A configuration in use; ``since`` is the time in seconds since 1970."""

    injector: Injector
    material: Material
    compiled: dict[str, bytes]
    sha256: str
    since: float


class Refusal(NamedTuple):
    """A configuration that was not taken, when, and why."""

    message: str
    since: float


def activated(loaded: Loaded) -> Active:
    """A configuration that is ready for requests.

    Raises:
        PillionError: A template of it cannot be compiled.
    """
    injector, material, cache = loaded
    _warm_up(injector)
    cache.prune()
    return Active(injector, material, cache.dump(), material.sha256, time.time())


def clear_away() -> None:
    """Free a configuration that was active before, which nothing but a collection does.

    An injector and its parts refer to each other, and what is frozen at the start makes collections
    rare: configurations that change often would pile up.
    """
    gc.collect()


def _warm_up(injector: Injector) -> None:
    """Make what is made when it is first needed: no pod waits, and no error comes late."""
    templates = injector.config.templates
    if injector.config.generation is Generation.LEGACY:
        templates[SIDECAR]
    else:
        for name in templates:
            templates[name]
    review(injector, _ANY_POD)
