"""``pillion serve``: inject as the cluster's admission webhook."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pillion.cli import arguments, serve_flags
from pillion.cli.arguments import Options
from pillion.cli.errors import UsageError
from pillion.cli.messages import say
from pillion.cli.values import count, duration, port

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.cli.arguments import Given
    from pillion.server.configuration import Loaded
    from pillion.server.settings import Health, Settings

DESCRIPTION = """\
Answer the API server, which asks the webhook about every new pod. Configuration, values, mesh and
certificate are read again when their files change; what is broken is refused, and what was good
stays.
"""

EPILOG = """\
The flags of Istio's own injector, 1.1 and later, are known by name: the others are ignored with a
word on standard error, or refused with a hint.

examples:
  pillion serve --tlsCertFile tls.crt --tlsKeyFile tls.key --profile istio-1.30
  pillion serve --injectConfig /etc/istio/inject/config --meshConfig /etc/istio/config/mesh \\
      --port 9443 --healthCheckInterval 2s --healthCheckFile /tmp/health
"""


def run(given: list[str]) -> int:
    """Run the command; its errors are :class:`~pillion.errors.PillionError`."""
    found = arguments.parse_table(given, serve_flags.ALL)
    if found.flag("help"):
        from pillion.cli import help as help_text

        sys.stdout.write(help_text.text_of_table("serve", DESCRIPTION, EPILOG, serve_flags.ALL))
        return 0
    for flag in found.ignored:
        say(f"--{flag.name} has no effect: {flag.ignored}")
    _serve(found)
    return 0


def _serve(found: Given) -> None:
    settings, sources = _settings(found), _sources(found)
    from pillion.server import extra

    extra.require()
    from pillion.server import logs, run

    try:
        logs.set_up(found.values["log_output_level"], as_json=found.flag("log_as_json"))
    except logs.LevelError as error:
        raise UsageError(f"--log_output_level: {error}") from error
    paths = (sources.config_file, sources.mesh_file, sources.values_file)
    run.run(settings, _loader(sources), [path for path in paths if path])


def _settings(found: Given) -> Settings:
    from pillion.server.settings import CertificateFiles, Ports, Settings

    values = found.values
    webhook, monitoring, admin = (
        port(name, values[name]) for name in ("port", "monitoringPort", "adminPort")
    )
    shown = {name: value for name, value in values.items() if value}
    return Settings(
        Ports(webhook, monitoring, admin, values["address"]),
        CertificateFiles(values["tlsCertFile"], values["tlsKeyFile"], values["clientCACertFile"]),
        _health(found),
        shadow=found.flag("shadow"),
        drain=duration("drainDuration", values["drainDuration"]),
        workers=count("workers", values["workers"]),
        revision=values["revision"],
        shown=shown | {name: ",".join(several) for name, several in found.lists.items() if several},
    )


def _health(found: Given) -> Health | None:
    """The health file; as in Istio 1.1 there is none unless both its flags are set."""
    from pillion.server.settings import Health

    file = found.values["healthCheckFile"]
    interval = duration("healthCheckInterval", found.values["healthCheckInterval"])
    return Health(file, interval) if file and interval else None


def _sources(found: Given) -> Options:
    """The options of :mod:`~pillion.cli.configuration`, with Istio's own places filled in."""
    places = ("injectConfig", "meshConfig", "injectValues", "profile")
    config, mesh, values, profile = (found.values[name] or None for name in places)
    if profile is None:
        config = config or _existing(serve_flags.CONFIG_FILE)
        mesh = mesh or _existing(serve_flags.MESH_FILE)
        if config is None:
            raise UsageError(
                f"no configuration: there is no {serve_flags.CONFIG_FILE}; "
                "give --injectConfig FILE or --profile NAME"
            )
    if values is None and config is not None and os.path.basename(config) == "config":
        values = _existing(os.path.join(os.path.dirname(config), "values"))
    return Options(
        config_file=config,
        mesh_file=mesh,
        values_file=values,
        assignments=found.lists["set"],
        profile=profile,
        revision=found.values["revision"],
    )


def _existing(path: str) -> str | None:
    return path if os.path.exists(path) else None


def _loader(sources: Options) -> Callable[[], Loaded]:
    """What reads and compiles everything anew, but for templates that it has met before."""
    from pillion.cli import configuration, template_cache
    from pillion.injection import native_sidecars
    from pillion.server import logs
    from pillion.server.configuration import Loaded
    from pillion.server.material import Material, MemoryCache, Text

    cache = MemoryCache(template_cache.open_cache())
    say = logs.logger("configuration").warning
    setting = native_sidecars.read_setting(os.environ.get(native_sidecars.VARIABLE))
    if setting.problem:
        say(setting.problem)

    def load() -> Loaded:
        parts = configuration.load_parts(sources, say, cache=cache)
        material = Material(
            {key: Text(one.text, one.origin) for key, one in parts.texts.items()},
            sources.assignments,
            sources.revision or "",
            setting.mode.value,
            os.environ.get(_PLATFORM, ""),
        )
        injector = material.injector(parts.config, parts.mesh, parts.values)
        return Loaded(injector, material, cache)

    return load


_PLATFORM = "PLATFORM"
"""The variable of Istio's environment that tells it of OpenShift."""
