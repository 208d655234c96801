"""``pillion webhook render``: print the registration, without a cluster."""

from __future__ import annotations

import sys

from pillion.cli import arguments, webhook_flags
from pillion.server import registration

DESCRIPTION = """\
Print a MutatingWebhookConfiguration: it has the API server ask the injector about the creation of
pods, and of nothing else. Without selectors it asks about the pods that Istio asks about.
"""

EPILOG = """\
examples:
  # the injector behind the Service istiod in istio-system, for Istio's labels
  pillion webhook render --service istiod --caCertFile ca.pem | kubectl apply -f -

  # a revision, for the namespaces and pods that name it by istio.io/rev
  pillion webhook render --revision canary --service istiod-canary --caCertFile ca.pem

  # one selector of one's own, as in Istio 1.1; an injector outside of the cluster
  pillion webhook render --namespace-selector istio-injection=enabled \\
    --url https://injector.example.com/inject --caCertFile ca.pem
"""

_FLAGS = (*webhook_flags.FLAGS, webhook_flags.HELP)


def run(given: list[str]) -> int:
    """Run the command; its errors are :class:`~pillion.errors.PillionError`."""
    found = arguments.parse_table(given, _FLAGS)
    if found.flag("help"):
        from pillion.cli import help as help_text

        text = help_text.text_of_table("webhook render", DESCRIPTION, EPILOG, _FLAGS)
        sys.stdout.write(text)
        return 0
    made = registration.render(webhook_flags.registration_of(found))
    from pillion.kubernetes import yaml_writer

    sys.stdout.write(yaml_writer.dump(made))
    return 0
