"""Where the configuration of a run comes from: files, then a profile, then a cluster.

What no file gives is taken from the profile of ``--profile``; without one from the cluster of the
kubeconfig; and where there is none from the embedded profile of the configuration's own generation.
Standard error says so, a line for each part.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from pillion import profiles
from pillion.cli.errors import UsageError
from pillion.cli.sources import name_of, read_text
from pillion.errors import PillionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.cli.arguments import Options
    from pillion.injection.config import InjectionConfig
    from pillion.injection.injector import Injector
    from pillion.injection.native_sidecars import NativeSidecars
    from pillion.injection.templates import TemplateCache
    from pillion.mesh.config import MeshConfig
    from pillion.mesh.values import Values

_T = TypeVar("_T")
CONFIG_KEY, MESH_KEY, VALUES_KEY = "config", "mesh", "values"
_NAMES = {
    CONFIG_KEY: "injection configuration",
    MESH_KEY: "mesh configuration",
    VALUES_KEY: "values",
}


class Text(NamedTuple):
    """A part of the configuration as text, and where it was read from."""

    text: str
    origin: str


class Source(Protocol):
    """Where parts come from that no file gives."""

    def find(self, key: str) -> Text | None:
        """The text of a part; None where there is none of any.

        Raises:
            ClusterError: It should have one, and has not.
        """


class Loaded(NamedTuple):
    """The parts of a configuration, and the texts that they were made of by their keys."""

    config: InjectionConfig
    mesh: MeshConfig
    values: Values | None
    texts: dict[str, Text]


def load(options: Options, say: Callable[[str], None]) -> Injector:
    """The injector that a command line asks for; ``say`` gets each line for standard error.

    Raises:
        UsageError: For a profile nobody knows or a ``--set`` that is not ``key=value``.
        InputError: For a file that cannot be read or is not what its flag says.
        ClusterError: For a cluster that does not answer, or lacks the configuration.
    """
    from pillion.cli import cluster_source
    from pillion.injection.injector import Injector

    with cluster_source.of(options, say) as cluster:
        found = load_parts(options, say, cluster)
    return Injector(
        found.config,
        found.mesh,
        found.values,
        revision=options.revision or "",
        native_sidecars=_native_sidecars(say),
    )


def load_parts(
    options: Options,
    say: Callable[[str], None],
    cluster: Source | None = None,
    cache: TemplateCache | None = None,
) -> Loaded:
    """The parts that a command line asks for, from ``cluster`` where no file gives one.

    Compiled templates are kept in ``cache``, or in the user's.

    Raises:
        UsageError: For a profile nobody knows or a ``--set`` that is not ``key=value``.
        InputError: For a file that cannot be read or is not what its flag says.
        ClusterError: ``cluster`` does.
    """
    parts = _Parts(options, say, cluster, cache)
    config = parts.config()
    return Loaded(config, parts.mesh(config), parts.values(config), parts.used)


def _native_sidecars(say: Callable[[str], None]) -> NativeSidecars:
    """What the environment says of native sidecars; as in istioctl no nodes are asked."""
    from pillion.injection import native_sidecars

    setting = native_sidecars.read_setting(os.environ.get(native_sidecars.VARIABLE))
    if setting.problem:
        say(setting.problem)
    return native_sidecars.detect(setting.mode)


class _Parts:
    """Finds each part once, and says where it came from if nobody named it."""

    def __init__(
        self,
        options: Options,
        say: Callable[[str], None],
        cluster: Source | None,
        cache: TemplateCache | None,
    ) -> None:
        self._options = options
        self._say = say
        self._cluster = cluster
        self._cache = cache
        if options.profile is not None and options.profile not in profiles.NAMES:
            known = " and ".join(profiles.NAMES)
            raise UsageError(f"--profile {options.profile}: no such profile; there are {known}")
        files = (options.config_file, options.mesh_file, options.values_file)
        self._nothing_named = not any(files)
        self._texts: dict[str, str] = {}
        self.used: dict[str, Text] = {}

    def config(self) -> InjectionConfig:
        from pillion.cli import template_cache
        from pillion.injection.config import load_config

        found = self._given(self._options.config_file, CONFIG_KEY)
        if found is None:
            found = self._embedded(CONFIG_KEY, self._options.profile or profiles.DEFAULT)
        self.used[CONFIG_KEY] = found
        cache = self._cache or template_cache.open_cache()
        config = _loaded(found, lambda text: load_config(text, cache=cache))
        for note in config.notes:
            self._say(f"{found.origin}: {note}")
        return config

    def mesh(self, config: InjectionConfig) -> MeshConfig:
        from pillion.mesh.config import load_mesh

        found = self._given(self._options.mesh_file, MESH_KEY)
        if found is None:
            found = self._embedded(MESH_KEY, self._profile_of(config))
        self.used[MESH_KEY] = found
        return _loaded(found, lambda text: load_mesh(text, config.generation.value))

    def values(self, config: InjectionConfig) -> Values | None:
        from pillion.injection.generation import Generation
        from pillion.mesh.values import load_values

        if config.generation is Generation.LEGACY:
            self._tell_of_unused_values()
            return None
        found = self._file(self._options.values_file, VALUES_KEY) or self._beside_config()
        if found is None:
            found = self._in_cluster(VALUES_KEY)
        if found is None:
            found = self._embedded(VALUES_KEY, self._profile_of(config))
        self.used[VALUES_KEY] = found
        return self._overridden(_loaded(found, load_values))

    def _overridden(self, values: Values) -> Values:
        from pillion.mesh.values import override

        try:
            return override(values, self._options.assignments)
        except PillionError as error:
            from pillion.cli import failures

            raise UsageError(str(failures.in_configuration("--set", "", error))) from error

    def _tell_of_unused_values(self) -> None:
        given = {"--valuesFile": self._options.values_file, "--set": self._options.assignments}
        for flag in filter(given.get, given):
            self._say(f"{flag} has no effect: a configuration of Istio 1.1 has no values")

    def _given(self, path: str | None, key: str) -> Text | None:
        return self._file(path, key) or self._in_cluster(key)

    def _in_cluster(self, key: str) -> Text | None:
        return None if self._cluster is None else self._cluster.find(key)

    def _file(self, path: str | None, key: str) -> Text | None:
        if path is None:
            return None
        from pillion.injection import configmap

        text = self._text(path)
        entry = configmap.find(text, key)
        if entry is not None:
            return Text(entry, f"{name_of(path)}, data.{key}")
        whole = Text(text, name_of(path))
        return Text(_loaded(whole, lambda text: configmap.data(text, key)), whole.origin)

    def _text(self, path: str) -> str:
        """The text of a file, read once: it may be a pipe."""
        if path not in self._texts:
            self._texts[path] = read_text(path).decode("utf-8", "surrogateescape")
        return self._texts[path]

    def _beside_config(self) -> Text | None:
        """The values that stand in the same ConfigMap as the configuration."""
        path = self._options.config_file
        if path is None:
            return None
        from pillion.injection import configmap

        if configmap.find(self._text(path), VALUES_KEY) is None:
            return None
        return self._file(path, VALUES_KEY)

    def _profile_of(self, config: InjectionConfig) -> str:
        fitting = f"istio-{config.generation.value}"
        if self._options.profile not in (None, fitting):
            raise UsageError(
                f"--profile {self._options.profile} does not fit a configuration of Istio "
                f"{config.generation.value}; use {fitting}, or give every part as a file"
            )
        return fitting

    def _embedded(self, key: str, profile: str) -> Text:
        text = getattr(profiles.load(profile), key)
        if self._nothing_named:
            self._tell_of_profile(key, profile)
        else:
            self._say(f"no {_NAMES[key]} given: that of the embedded profile {profile} is used")
        return Text(text, f"profile {profile}")

    def _tell_of_profile(self, key: str, profile: str) -> None:
        if self._options.profile is not None or key != CONFIG_KEY:
            return
        self._say(f"no configuration given: the embedded profile {profile} is used")


def _loaded(found: Text, load: Callable[[str], _T]) -> _T:
    """What ``load`` makes of a text; an error of it says where in which file it stands."""
    try:
        return load(found.text)
    except PillionError as error:
        from pillion.cli import failures

        raise failures.in_configuration(found.origin, found.text, error) from error
