"""``pillion inject``: do what a cluster with the same configuration would do."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

from pillion.cli import command
from pillion.cli.messages import say, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pillion.injection.cluster_inject import Outcome

DESCRIPTION = """\
Do to the workloads of the manifests what a cluster with this configuration would do to their pods:
policy, selectors, labels and annotations decide, and all templates count. A line on standard error
for each object says whether it was injected, and by which rule.
"""

EPILOG = """\
examples:
  pillion inject -f app.yaml --profile istio-1.30 > injected.yaml
  pillion inject -f manifests/ -n shop --injectConfigFile injector.yaml -o injected.yaml
"""


def run(arguments: list[str]) -> int:
    """Run the command; its errors are :class:`~pillion.errors.PillionError`."""
    found = command.options("inject", arguments)
    if found.help:
        from pillion.cli import help as help_text

        sys.stdout.write(help_text.text("inject", DESCRIPTION, EPILOG))
        return 0
    from pillion.cli import configuration
    from pillion.injection.cluster_inject import cluster_inject

    injector = configuration.load(found, say)

    def inject(stream: IO[bytes]) -> Iterator[str]:
        return cluster_inject(injector, stream, report, namespace=found.namespace or "default")

    def report(outcome: Outcome) -> None:
        tell(str(outcome))

    command.run(found, inject)
    return 0
