"""What a configuration is made of, as plain data that can be handed to other processes.

Whoever reads it makes an injector of it at once, so that what is broken shows where it was read.
Other processes make theirs of the same texts and the same compiled templates.
"""

from __future__ import annotations

import hashlib
import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.injection.native_sidecars import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pillion.injection.config import InjectionConfig
    from pillion.injection.generation import JSON
    from pillion.injection.injector import Injector
    from pillion.injection.templates import TemplateCache
    from pillion.mesh.config import MeshConfig
    from pillion.mesh.values import Values


class Text(NamedTuple):
    """A part of the configuration as text, and where it was read from."""

    text: str
    origin: str

    @property
    def sha256(self) -> str:
        """The hash of the text, in hexadecimal."""
        return _sha256(self.text)


class Facts(NamedTuple):
    """What the cluster says that pods are injected by, beside the configuration.

    ``nodes`` are None where nobody could ask for them; of ``nodes`` and ``proxy_configs``, which
    are items of the API server's lists, only what counts is kept. ``namespaces`` are annotations by
    the namespace's name.
    """

    nodes: list[JSON] | None = None
    proxy_configs: Sequence[JSON] = ()
    namespaces: Mapping[str, Mapping[str, str]] = MappingProxyType({})

    def plain(self) -> list[Any]:
        """The facts as JSON has them."""
        return [self.nodes, list(self.proxy_configs), dict(self.namespaces)]


NO_FACTS = Facts()


class Material(NamedTuple):
    """Everything that an injector depends on.

    ``texts`` are the parts ``config``, ``mesh`` and perhaps ``values``; ``assignments`` override
    single values as Helm's ``--set`` does. ``native_sidecars`` is the setting's text.
    """

    texts: Mapping[str, Text]
    assignments: tuple[str, ...] = ()
    revision: str = ""
    native_sidecars: str = Mode.DISABLED.value
    platform: str = ""
    facts: Facts = NO_FACTS

    def build(self, cache: TemplateCache | None = None) -> Injector:
        """The injector.

        Raises:
            PillionError: A text is not what its place says.
        """
        from pillion.injection.config import load_config
        from pillion.mesh.config import load_mesh
        from pillion.mesh.values import load_values, override

        config = load_config(self.texts["config"].text, cache=cache)
        values = None
        if "values" in self.texts:
            values = override(load_values(self.texts["values"].text), self.assignments)
        return self.injector(
            config, load_mesh(self.texts["mesh"].text, config.generation.value), values
        )

    def injector(
        self, config: InjectionConfig, mesh: MeshConfig, values: Values | None
    ) -> Injector:
        """The injector of parts that have been loaded."""
        from pillion.injection import native_sidecars
        from pillion.injection.injector import Injector
        from pillion.mesh.proxy_resources import ProxyResources

        facts, mode = self.facts, Mode(self.native_sidecars)
        resources = ProxyResources(facts.proxy_configs, self.revision)
        return Injector(
            config,
            mesh,
            values,
            revision=self.revision,
            native_sidecars=native_sidecars.detect(mode, facts.nodes),
            platform=self.platform,
            namespaces=facts.namespaces,
            proxy_resources=resources if facts.proxy_configs else None,
        )

    @property
    def sha256(self) -> str:
        """The hash of the hashes of its parts, in hexadecimal."""
        parts = {name: one.sha256 for name, one in self.texts.items()}
        facts = self.facts.plain()
        if facts != NO_FACTS.plain():
            parts["cluster"] = _sha256(json.dumps(facts, sort_keys=True))
        whole = "\n".join(f"{name} {sha256}" for name, sha256 in sorted(parts.items()))
        return _sha256(whole)

    def dump(self) -> str:
        """The material as JSON, for :func:`load`."""
        return json.dumps(self._replace(facts=Facts(*self.facts.plain())))


def load(text: str) -> Material:
    """The material that :meth:`Material.dump` wrote."""
    texts, assignments, revision, native_sidecars, platform, facts = json.loads(text)
    named = {name: Text(*one) for name, one in texts.items()}
    return Material(named, tuple(assignments), revision, native_sidecars, platform, Facts(*facts))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


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

    def dump(self) -> dict[str, bytes]:
        """Everything that is kept."""
        return self._kept.copy()

    def fill(self, dumped: dict[str, bytes]) -> None:
        """Keep what :meth:`dump` gave."""
        self._kept |= dumped
