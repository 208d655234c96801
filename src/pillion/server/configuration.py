"""The configuration that is active, and how a new one takes its place.

A new configuration is loaded whole, templates and all, before anything changes. Where that fails
the old one stays, and what was refused is kept for whoever asks.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, NamedTuple

from pillion.errors import PillionError
from pillion.injection.admission import review
from pillion.injection.config import SIDECAR
from pillion.injection.generation import Generation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pillion.injection.injector import Injector

_ANY_POD = {"metadata": {"name": "any"}, "spec": {"containers": [{"name": "any", "image": "any"}]}}


class Part(NamedTuple):
    """One text of a configuration: where it came from, and its sha256."""

    origin: str
    sha256: str


class Loaded(NamedTuple):
    """An injector and the parts it was made of: ``config``, ``mesh`` and perhaps ``values``."""

    injector: Injector
    parts: Mapping[str, Part]


class Active(NamedTuple):
    """A configuration in use; ``since`` is the time in seconds since 1970."""

    injector: Injector
    parts: Mapping[str, Part]
    sha256: str
    since: float


class Refusal(NamedTuple):
    """A configuration that was not taken, when, and why."""

    message: str
    since: float


class Configuration:
    """Holds the active configuration; ``load`` makes a new one.

    Raises:
        PillionError: ``load`` does, and there is none to keep.
    """

    __slots__ = ("_load", "active", "refused")

    def __init__(self, load: Callable[[], Loaded]) -> None:
        self._load = load
        self.active: Active = _active(load())
        self.refused: Refusal | None = None

    def reload(self) -> Active | Refusal:
        """Load anew: what is active from now on, or why it is still what it was."""
        try:
            found = _active(self._load())
        except PillionError as error:
            self.refused = Refusal(str(error), time.time())
            return self.refused
        self.refused = None
        if found.sha256 != self.active.sha256:
            self.active = found
        return self.active


def part(origin: str, text: str) -> Part:
    """The part that ``text`` makes."""
    return Part(origin, hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest())


def _active(loaded: Loaded) -> Active:
    _warm_up(loaded.injector)
    text = "\n".join(f"{name} {one.sha256}" for name, one in sorted(loaded.parts.items()))
    return Active(
        loaded.injector, loaded.parts, hashlib.sha256(text.encode()).hexdigest(), time.time()
    )


def _warm_up(injector: Injector) -> None:
    """Make what is made when it is first needed: no pod waits, and no error comes late."""
    templates = injector.config.templates
    if injector.config.generation is Generation.LEGACY:
        templates[SIDECAR]
    else:
        for name in templates:
            templates[name]
    review(injector, _ANY_POD)
