"""``pillion kube-inject``: rewrite manifests as ``istioctl kube-inject`` does."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

from pillion.cli import command
from pillion.cli.messages import say, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_REVISION = "default"

DESCRIPTION = """\
Put the sidecar into every workload of the manifests, as istioctl kube-inject does: whatever policy
and selectors say, from the template "sidecar" unless an annotation names others. What is no
workload passes as it is.
"""

EPILOG = """\
examples:
  pillion kube-inject -f app.yaml | kubectl apply -f -
  pillion kube-inject -f app.yaml -o app-injected.yaml --profile istio-1.30

  # with the configuration of a cluster, which pillion[cluster] reads
  pillion kube-inject -f app.yaml --context prod

  # with a saved one
  kubectl -n istio-system get configmap istio-sidecar-injector -o yaml > injector.yaml
  kubectl -n istio-system get configmap istio -o yaml > mesh.yaml
  pillion kube-inject -f app.yaml --injectConfigFile injector.yaml --meshConfigFile mesh.yaml
"""


def run(arguments: list[str]) -> int:
    """Run the command; its errors are :class:`~pillion.errors.PillionError`."""
    found = command.options("kube-inject", arguments)
    if found.help:
        from pillion.cli import help as help_text

        sys.stdout.write(help_text.text("kube-inject", DESCRIPTION, EPILOG))
        return 0
    if found.namespace is not None:
        say("--namespace has no effect: kube-inject takes objects as they are")
    from pillion.cli import configuration
    from pillion.injection.kube_inject import kube_inject

    if found.revision == DEFAULT_REVISION:
        found = found._replace(revision=None)  # istioctl renders templates without that name
    injector = configuration.load(found, say)

    def inject(stream: IO[bytes]) -> Iterator[str]:
        return kube_inject(injector, stream, tell)

    command.run(found, inject)
    return 0
