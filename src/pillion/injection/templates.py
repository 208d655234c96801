"""The templates of a configuration, compiled once and kept.

Istio refuses a configuration when any of its templates does not parse, whether it is used or not.
Checking all of them takes longer than injecting a small file, so the command line passes a
:class:`TemplateCache`: a template found there was parsed before, and is not even read until a pod
needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pillion.injection.errors import ConfigError
from pillion.injection.generation import Generation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pillion.gotemplate import Template
    from pillion.gotemplate.functions import FunctionTable

NAME = "inject"
"""What every template calls itself, as the messages of Istio's injector have it."""

_DELIMITERS = {Generation.CURRENT: ("{{", "}}"), Generation.LEGACY: ("[[", "]]")}


class TemplateCache(Protocol):
    """Keeps compiled templates between processes; it may forget any of them at any time.

    A key is all that a compiled template depends on, its whole source included.
    """

    def __contains__(self, key: str) -> bool:
        """Tell whether ``key`` was stored."""

    def load(self, key: str) -> bytes | None:
        """What was stored under ``key``, or None."""

    def store(self, key: str, compiled: bytes) -> None:
        """Keep ``compiled`` under ``key``."""


class TemplateSet:
    """Named templates; raises :class:`ConfigError` where one of them does not parse.

    Those of the current generation are tried at once, the one of 1.1 when it is first asked for.
    """

    __slots__ = ("_cache", "_compiled", "_generation", "_sources")

    def __init__(
        self, sources: Mapping[str, str], generation: Generation, cache: TemplateCache | None = None
    ) -> None:
        self._sources = sources
        self._generation = generation
        self._cache = cache
        self._compiled: dict[str, Template] = {}
        if generation is Generation.LEGACY:
            return  # Istio 1.1 parses its template for each pod, and refuses the pod
        for name in sources:
            if cache is None or self._key(name) not in cache:
                self._compiled[name] = self._compile(name)

    def __contains__(self, name: str) -> bool:
        return name in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def source(self, name: str) -> str:
        """The text of template ``name``."""
        return self._sources[name]

    def __getitem__(self, name: str) -> Template:
        """The compiled template ``name``; KeyError where there is none."""
        found = self._compiled.get(name)
        if found is None:
            found = self._compiled[name] = self._cached(name) or self._compile(name)
        return found

    def are_pure(self) -> bool:
        """Whether each of them renders the same for the same data, and leaves the data alone.

        Setting keys of plain maps is not looked at. What does not parse is not pure.
        """
        from pillion.gotemplate import sprig

        try:
            return all(self[name].functions.isdisjoint(sprig.IMPURE) for name in self)
        except ConfigError:
            return False

    def _cached(self, name: str) -> Template | None:
        from pillion import gotemplate

        stored = self._cache.load(self._key(name)) if self._cache is not None else None
        if stored is None:
            return None
        try:
            return gotemplate.Template.load(stored, self._functions())
        except ValueError:  # it is of other functions, or damaged: it is compiled anew
            return None

    def _compile(self, name: str) -> Template:
        from pillion import gotemplate
        from pillion.gotemplate.errors import ParseError

        left, right = _DELIMITERS[self._generation]
        try:
            compiled = gotemplate.compile(
                self._sources[name], name=NAME, functions=self._functions(), left=left, right=right
            )
        except ParseError as error:
            raise ConfigError(str(error), path=self._path(name)) from error
        if self._cache is not None:
            self._cache.store(self._key(name), compiled.dump())
        return compiled

    def _functions(self) -> FunctionTable:
        from pillion.injection.function_table import table

        return table(self._generation)

    def _path(self, name: str) -> tuple[str, ...]:
        return ("template",) if self._generation is Generation.LEGACY else ("templates", name)

    def _key(self, name: str) -> str:
        from pillion import __version__

        return "\0".join((__version__, self._generation.value, self._sources[name]))
