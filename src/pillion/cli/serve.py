"""``pillion serve``: inject as the cluster's admission webhook."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pillion.cli import arguments, serve_flags
from pillion.cli.errors import UsageError
from pillion.cli.messages import say

if TYPE_CHECKING:
    from pillion.cli.arguments import Given

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

  # in a pod: the cluster's own ConfigMaps, a certificate of the server's making, and the caBundle
  # of the webhooks that lead to its Service
  pillion serve --service istiod --certSecret pillion-certificate

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
    from pillion.server import extra

    extra.require()
    from pillion.cli import serve_cluster, serve_configuration, serve_settings
    from pillion.server import logs, run

    access = serve_cluster.access_of(found)
    sources = serve_configuration.sources_of(found, has_cluster=access is not None)
    cluster = serve_cluster.settings_of(found, sources) if access is not None else None
    settings = serve_settings.settings_of(found, cluster)
    try:
        logs.set_up(found.values["log_output_level"], as_json=found.flag("log_as_json"))
    except logs.LevelError as error:
        raise UsageError(f"--log_output_level: {error}") from error
    load = serve_configuration.loader(sources)
    run.run(settings, load, sources.paths, access and serve_cluster.connecting(access))
