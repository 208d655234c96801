"""Where ``pillion serve`` has its configuration from, and how it is read again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from pillion.cli import cluster_source, configuration, serve_flags, template_cache
from pillion.cli.arguments import Options
from pillion.cli.configuration import CONFIG_KEY, MESH_KEY, VALUES_KEY, Text
from pillion.cli.errors import UsageError
from pillion.injection import native_sidecars
from pillion.server import logs, material, watch
from pillion.server.configuration import Loaded
from pillion.server.material import NO_FACTS, Material, MemoryCache

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pillion.cli.arguments import Given
    from pillion.injection.injector import Injector
    from pillion.injection.native_sidecars import Setting
    from pillion.server.cluster_side import ClusterSide

PLATFORM = "PLATFORM"
"""The variable of Istio's environment that tells it of OpenShift."""


class Sources(NamedTuple):
    """Where the parts come from: ``options`` as the injecting commands have them.

    ``config_maps`` are the ConfigMaps of those parts that come from the cluster.
    """

    options: Options
    config_maps: Mapping[str, str]
    native_sidecars: Setting
    platform: str

    @property
    def paths(self) -> list[str]:
        """The files."""
        found = (self.options.config_file, self.options.mesh_file, self.options.values_file)
        return [path for path in found if path]


def sources_of(found: Given, *, has_cluster: bool) -> Sources:
    """What the flags say, with Istio's own places filled in.

    Raises:
        UsageError: No configuration is given, and there is none in its usual place.
    """
    places = ("injectConfig", "meshConfig", "injectValues", "profile")
    config, mesh, values, profile = (found.values[name] or None for name in places)
    if profile is None:
        config = config or _existing(serve_flags.CONFIG_FILE)
        mesh = mesh or _existing(serve_flags.MESH_FILE)
        if config is None and not has_cluster:
            raise UsageError(
                f"no configuration: there is no {serve_flags.CONFIG_FILE}, and no cluster; "
                "give --injectConfig FILE, --profile NAME or --kubeconfig FILE"
            )
    if values is None and config is not None and os.path.basename(config) == "config":
        values = _existing(os.path.join(os.path.dirname(config), "values"))
    options = Options(
        config_file=config,
        mesh_file=mesh,
        values_file=values,
        assignments=found.lists["set"],
        profile=profile,
        revision=found.values["revision"],
        config_map=found.values["injectConfigMapName"] or None,
        mesh_map=found.values["meshConfigMapName"] or None,
    )
    setting = native_sidecars.read_setting(os.environ.get(native_sidecars.VARIABLE))
    maps = _config_maps(options) if has_cluster else {}
    return Sources(options, maps, setting, os.environ.get(PLATFORM, ""))


def _config_maps(options: Options) -> dict[str, str]:
    """The ConfigMaps that are read: those of parts without a file, if a file gives none of all."""
    names = cluster_source.config_map_names(options)
    wanted = set()
    if options.profile is None and options.config_file is None:
        wanted |= {CONFIG_KEY, MESH_KEY, VALUES_KEY}
    if options.mesh_map:
        wanted.add(MESH_KEY)
    given = {
        CONFIG_KEY: options.config_file,
        MESH_KEY: options.mesh_file,
        VALUES_KEY: options.values_file,
    }
    return {key: name for key, name in names.items() if key in wanted and not given[key]}


def _existing(path: str) -> str | None:
    return path if os.path.exists(path) else None


def loader(sources: Sources) -> Callable[[ClusterSide | None], Loaded]:
    """What reads and compiles everything anew, but for templates that it has met before."""
    cache = MemoryCache(template_cache.open_cache())
    say = logs.logger("configuration").warning
    told: set[str] = set()
    if sources.native_sidecars.problem:
        say(sources.native_sidecars.problem)

    def load_once(cluster: ClusterSide | None) -> Loaded:
        source = None if cluster is None else _Watched(cluster, sources.config_maps)
        parts = configuration.load_parts(sources.options, say, source, cache)
        made = Material(
            {key: material.Text(one.text, one.origin) for key, one in parts.texts.items()},
            sources.options.assignments,
            sources.options.revision or "",
            sources.native_sidecars.mode.value,
            sources.platform,
            NO_FACTS if cluster is None else cluster.facts,
        )
        injector = made.injector(parts.config, parts.mesh, parts.values)
        for problem in _problems(injector) - told:
            say(problem)
            told.add(problem)
        return Loaded(injector, made, cache)

    def load(cluster: ClusterSide | None) -> Loaded:
        return _of_one_moment(sources.paths, lambda: load_once(cluster))

    return load


def _of_one_moment(paths: list[str], load: Callable[[], Loaded]) -> Loaded:
    """What ``load`` makes of files none of which is replaced between it reading one and another."""
    for _ in range(_LOADS):
        before = watch.signature(paths)
        loaded = load()
        if watch.signature(paths) == before:
            break
    return loaded


_LOADS = 5
"""After so many loads the last one counts, though files still change: more changes follow it."""


def _problems(injector: Injector) -> set[str]:
    resources = injector.proxy_resources
    return set(resources.problems) if resources is not None else set()


class _Watched:
    """The ConfigMaps that a server follows, each as it was when it was first asked for.

    Implements :class:`pillion.cli.configuration.Source`.
    """

    def __init__(self, cluster: ClusterSide, names: Mapping[str, str]) -> None:
        self._cluster = cluster
        self._names = names
        self._read: dict[str, Mapping[str, str]] = {}

    def find(self, key: str) -> Text | None:
        """The text of a part; None for one that does not come from the cluster."""
        name = self._names.get(key)
        if name is None:
            return None
        place = f"ConfigMap {name} in {self._cluster.namespace} of context {self._cluster.name}"
        if name not in self._read:
            self._read[name] = self._cluster.config_map(name)
        return cluster_source.text_of(self._read[name], key, place)
