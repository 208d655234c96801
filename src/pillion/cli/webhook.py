"""``pillion webhook``: the configuration by which an API server asks the injector about pods."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pillion.cli import arguments
from pillion.cli.errors import InputError, UsageError
from pillion.cli.flags import Flag
from pillion.cli.values import duration, port
from pillion.server import registration

if TYPE_CHECKING:
    from pillion.cli.arguments import Given
    from pillion.server.registration import Registration, Selection, Selector, Service

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

_USAGE = "usage: pillion webhook render [flags]; pillion webhook render --help tells them"
_LONGEST_SECONDS = 30

_FLAGS = (
    Flag("name", "NAME", "the configuration's name (as Istio names that of the revision)"),
    Flag(
        "webhook-name",
        "NAME",
        f"the name of its webhooks ({registration.DEFAULT_WEBHOOK_NAME})",
        default=registration.DEFAULT_WEBHOOK_NAME,
    ),
    Flag("revision", "NAME", "the injector's revision (default)", default="default"),
    Flag(
        "service",
        "NAME",
        f"the injector's Service ({registration.DEFAULT_NAME})",
        default=registration.DEFAULT_NAME,
    ),
    Flag(
        "istioNamespace",
        "NAME",
        "the Service's namespace (istio-system)",
        short="i",
        default="istio-system",
    ),
    Flag("port", "PORT", "the Service's port (443)", default="443"),
    Flag("path", "PATH", "the path to call there (/inject)", default="/inject"),
    Flag("url", "URL", "the injector's address, instead of a Service"),
    Flag(
        "caCertFile", "FILE", "the certificates to trust; without, caBundle can be patched in later"
    ),
    Flag(
        "namespace-selector",
        "SELECTOR",
        "ask about pods of these namespaces, as in istio-injection=enabled; an empty one is all",
        repeated=True,
    ),
    Flag(
        "object-selector",
        "SELECTOR",
        "ask about pods with these labels; an empty one is all",
        repeated=True,
    ),
    Flag(
        "failure-policy",
        "POLICY",
        "without an answer, Fail refuses the pod (so by default), Ignore lets it in as it is",
        default="Fail",
    ),
    Flag("timeout", "DURATION", "wait this long for an answer, 1s to 30s (10s)", default="10s"),
    Flag(
        "reinvocation-policy",
        "POLICY",
        "once later webhooks changed the pod, IfNeeded asks again, Never does not (Never)",
        default="Never",
    ),
    Flag("include-kube-system", None, "ask about pods of kube-system too"),
    Flag("include-own-namespace", None, "ask about pods of the Service's namespace too"),
    Flag("events", None, "the injector writes Events: side effects, but none on dry runs"),
    Flag("help", None, "print this help", short="h"),
)


def run(given: list[str]) -> int:
    """Run the command; its errors are :class:`~pillion.errors.PillionError`."""
    if given[:1] in (["--help"], ["-h"]):
        sys.stdout.write(f"{_USAGE}\n")
        return 0
    if given[:1] != ["render"]:
        raise UsageError(_USAGE)
    found = arguments.parse_table(given[1:], _FLAGS)
    sys.stdout.write(_help() if found.flag("help") else _rendered(found))
    return 0


def _help() -> str:
    from pillion.cli import help as help_text

    return help_text.text_of_table("webhook render", DESCRIPTION, EPILOG, _FLAGS)


def _rendered(found: Given) -> str:
    from pillion.kubernetes import yaml_writer

    return yaml_writer.dump(registration.render(_registration(found)))


def _registration(found: Given) -> Registration:
    values = found.values
    return registration.Registration(
        name=values["name"] or registration.default_name(values["revision"]),
        webhook_name=values["webhook-name"],
        revision=values["revision"],
        reached_at=_reached_at(values),
        ca_bundle=_ca_bundle(values["caCertFile"]),
        selections=_selections(found),
        left_out=_left_out(found),
        failure_policy=_one_of(values, "failure-policy", ("Fail", "Ignore")),
        timeout_seconds=_seconds(values["timeout"]),
        reinvocation_policy=_one_of(values, "reinvocation-policy", ("Never", "IfNeeded")),
        events=found.flag("events"),
    )


def _reached_at(values: dict[str, str]) -> Service | str:
    url = values["url"]
    if not url:
        number = port("port", values["port"])
        return registration.Service(
            values["service"], values["istioNamespace"], values["path"], number
        )
    if not url.startswith("https://"):
        raise UsageError(f"--url {url}: an API server calls https addresses alone")
    return url


def _ca_bundle(path: str) -> bytes:
    if not path:
        return b""
    from pillion.cli.sources import read_text

    bundle = read_text(path)
    if b"-----BEGIN CERTIFICATE-----" not in bundle:
        raise InputError(path, "holds no certificate in PEM")
    return bundle


def _selections(found: Given) -> tuple[Selection, ...]:
    """Istio's own selections, or one of the selectors that were given."""
    namespaces, pods = found.lists["namespace-selector"], found.lists["object-selector"]
    if not namespaces and not pods:
        return registration.istio_selections(found.values["revision"])
    return (
        registration.Selection(
            "", _selector("namespace-selector", namespaces), _selector("object-selector", pods)
        ),
    )


def _selector(flag: str, texts: tuple[str, ...]) -> Selector:
    """What meets every selector of ``texts``."""
    from pillion.kubernetes import selector_text
    from pillion.kubernetes.errors import SelectorError

    try:
        return selector_text.parse(",".join(filter(None, texts)))
    except SelectorError as error:
        raise UsageError(f"--{flag}: {error}") from error


def _left_out(found: Given) -> tuple[str, ...]:
    own = () if found.flag("include-own-namespace") else (found.values["istioNamespace"],)
    system = () if found.flag("include-kube-system") else (registration.KUBE_SYSTEM,)
    return tuple(dict.fromkeys((*system, *own)))


def _one_of(values: dict[str, str], name: str, known: tuple[str, ...]) -> str:
    value = values[name]
    if value not in known:
        raise UsageError(f"--{name} {value}: there are {' and '.join(known)}")
    return value


def _seconds(text: str) -> int:
    seconds = duration("timeout", text)
    if not (seconds.is_integer() and 1 <= seconds <= _LONGEST_SECONDS):
        raise UsageError(f"--timeout {text}: an API server waits for 1 to 30 whole seconds")
    return int(seconds)
