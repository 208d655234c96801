"""``pillion serve``: inject as the cluster's admission webhook."""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING

from pillion.cli import command, flags, serve_flags
from pillion.cli.errors import UsageError
from pillion.cli.values import duration

if TYPE_CHECKING:
    from pillion.server.configuration import Loaded
    from pillion.server.settings import Health, Settings

DESCRIPTION = """\
Answer the API server, which asks the webhook about every new pod. Configuration, values, mesh and
certificate are read again when their files change; what is broken is refused, and what was good
stays.
"""

EPILOG = """\
examples:
  pillion serve --tlsCertFile tls.crt --tlsKeyFile tls.key --profile istio-1.30
  pillion serve --injectConfig /etc/istio/inject/config --meshConfig /etc/istio/config/mesh \\
      --port 9443 --healthCheckInterval 2s --healthCheckFile /tmp/health
"""

_HIGHEST_PORT = 65535


def run(arguments: list[str]) -> int:
    """Run the command; its errors are :class:`~pillion.errors.PillionError`."""
    found = flags.parser("serve", DESCRIPTION, EPILOG, serve_flags.ALL).parse_args(arguments)
    for flag in found.ignored:
        command.say(f"--{flag.name} has no effect: {flag.ignored}")
    settings = _settings(found)
    sources = _sources(found)
    from pillion.server import extra

    extra.require()
    from pillion.server import logs, run

    try:
        logs.set_up(found.log_output_level, as_json=_flag("log_as_json", found.log_as_json))
    except logs.LevelError as error:
        raise UsageError(f"--log_output_level: {error}") from error
    paths = (sources.injectConfigFile, sources.meshConfigFile, sources.valuesFile)
    run.run(settings, lambda: _load(sources), [path for path in paths if path])
    return 0


def _settings(found: Namespace) -> Settings:
    from pillion.server.settings import CertificateFiles, Ports, Settings

    return Settings(
        Ports(
            _port("port", found.port),
            _port("monitoringPort", found.monitoringPort),
            _port("adminPort", found.adminPort),
            found.address,
        ),
        CertificateFiles(found.tlsCertFile, found.tlsKeyFile, found.clientCACertFile or ""),
        _health(found),
        shadow=_flag("shadow", found.shadow),
        drain=duration("drainDuration", found.drainDuration),
        revision=found.revision,
        shown={
            flag.name: str(value)
            for flag in serve_flags.WORKING
            if (value := getattr(found, flag.name)) not in (None, "", [])
        },
    )


def _health(found: Namespace) -> Health | None:
    """The health file; as in Istio 1.1 there is none unless both its flags are set."""
    from pillion.server.settings import Health

    interval = duration("healthCheckInterval", found.healthCheckInterval)
    return Health(found.healthCheckFile, interval) if found.healthCheckFile and interval else None


def _port(name: str, text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= _HIGHEST_PORT:
        return int(text)
    raise UsageError(f"--{name} {text}: not a port")


def _flag(name: str, text: str | None) -> bool:
    """A boolean flag, as Go reads it."""
    from pillion.golang.strconv import NumError, parse_bool

    if text is None:
        return False
    try:
        return parse_bool(text)
    except NumError as error:
        raise UsageError(f"--{name}: {error}") from error


def _sources(found: Namespace) -> Namespace:
    """The options of :mod:`~pillion.cli.configuration`, with Istio's own places filled in."""
    config, mesh, values = found.injectConfig, found.meshConfig, found.injectValues
    if found.profile is None:
        config = config or _existing(serve_flags.CONFIG_FILE)
        mesh = mesh or _existing(serve_flags.MESH_FILE)
        if config is None:
            raise UsageError(
                f"no configuration: there is no {serve_flags.CONFIG_FILE}; "
                "give --injectConfig FILE or --profile NAME"
            )
    if values is None and config is not None and os.path.basename(config) == "config":
        values = _existing(os.path.join(os.path.dirname(config), "values"))
    return Namespace(
        injectConfigFile=config,
        meshConfigFile=mesh,
        valuesFile=values,
        profile=found.profile,
        set=found.set,
        revision=found.revision,
    )


def _existing(path: str) -> str | None:
    return path if os.path.exists(path) else None


def _load(sources: Namespace) -> Loaded:
    """Read and compile everything anew."""
    from pillion.cli import configuration
    from pillion.server import logs
    from pillion.server.configuration import Loaded, part

    injector, texts = configuration.load_with_texts(sources, logs.logger("configuration").warning)
    return Loaded(injector, {key: part(text.origin, text.text) for key, text in texts.items()})
