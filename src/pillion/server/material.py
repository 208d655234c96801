"""What a configuration is made of, as plain data that can be handed to other processes.

Whoever reads it makes an injector of it at once, so that what is broken shows where it was read.
Other processes make theirs of the same texts and the same compiled templates.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.injector import Injector
    from pillion.injection.templates import TemplateCache


class Text(NamedTuple):
    """A part of the configuration as text, and where it was read from."""

    text: str
    origin: str

    @property
    def sha256(self) -> str:
        """The hash of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogateescape")).hexdigest()


class Material(NamedTuple):
    """Everything that an injector depends on.

    ``texts`` are the parts ``config``, ``mesh`` and perhaps ``values``; ``assignments`` override
    single values as Helm's ``--set`` does.
    """

    texts: Mapping[str, Text]
    assignments: tuple[str, ...] = ()
    revision: str = ""
    native_sidecars: bool = False

    def build(self, cache: TemplateCache | None = None) -> Injector:
        """The injector.

        Raises:
            PillionError: A text is not what its place says.
        """
        from pillion.injection.config import load_config
        from pillion.injection.injector import Injector
        from pillion.mesh.config import load_mesh
        from pillion.mesh.values import load_values, override

        config = load_config(self.texts["config"].text, cache=cache)
        values = None
        if "values" in self.texts:
            values = override(load_values(self.texts["values"].text), self.assignments)
        return Injector(
            config,
            load_mesh(self.texts["mesh"].text, config.generation.value),
            values,
            revision=self.revision,
            native_sidecars=self.native_sidecars,
        )

    @property
    def sha256(self) -> str:
        """The hash of the hashes of its parts, in hexadecimal."""
        parts = sorted((name, one.sha256) for name, one in self.texts.items())
        whole = "\n".join(f"{name} {sha256}" for name, sha256 in parts)
        return hashlib.sha256(whole.encode()).hexdigest()

    def dump(self) -> str:
        """The material as JSON, for :func:`load`."""
        return json.dumps(self)


def load(text: str) -> Material:
    """The material that :meth:`Material.dump` wrote."""
    texts, assignments, *rest = json.loads(text)
    named = {name: Text(*one) for name, one in texts.items()}
    return Material(named, tuple(assignments), *rest)


class MemoryCache:
    """A template cache in memory, above another one where there is one.

    Implements :class:`pillion.injection.templates.TemplateCache`.
    """

    def __init__(self, beneath: TemplateCache | None = None) -> None:
        self._beneath = beneath
        self._kept: dict[str, bytes] = {}
        self._used: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return self.load(key) is not None

    def load(self, key: str) -> bytes | None:
        """What was stored under ``key``, or None."""
        self._used.add(key)
        if key not in self._kept and self._beneath is not None:
            found = self._beneath.load(key)
            if found is not None:
                self._kept[key] = found
        return self._kept.get(key)

    def store(self, key: str, compiled: bytes) -> None:
        """Keep ``compiled``."""
        self._used.add(key)
        self._kept[key] = compiled
        if self._beneath is not None:
            self._beneath.store(key, compiled)

    def prune(self) -> None:
        """Forget what nobody asked for since the last call."""
        self._kept = {key: one for key, one in self._kept.items() if key in self._used}
        self._used.clear()

    def dump(self) -> dict[str, str]:
        """Everything that is kept, for JSON."""
        return {key: base64.b64encode(one).decode("ascii") for key, one in self._kept.items()}

    def fill(self, dumped: dict[str, Any]) -> None:
        """Keep what :meth:`dump` gave."""
        for key, one in dumped.items():
            self._kept[key] = base64.b64decode(one)
