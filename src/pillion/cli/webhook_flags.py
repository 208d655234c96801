"""The flags that say what a registration says, which rendering and applying share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.cli.errors import InputError, UsageError
from pillion.cli.flags import Flag
from pillion.cli.values import duration, port
from pillion.server import registration

if TYPE_CHECKING:
    from pillion.cli.arguments import Given
    from pillion.cli.connection import Waited
    from pillion.server.registration import Registration, Selection, Selector, Service

_LONGEST_SECONDS = 30

FLAGS = (
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
)

CLUSTER = (
    Flag("kubeconfig", "FILE", "the kubeconfig that names the cluster (as kubectl's)", short="c"),
    Flag("context", "NAME", "its context (the current one)"),
)
HELP = Flag("help", None, "print this help", short="h")


def cluster_of(found: Given, wanted_by: str) -> Waited:
    """The cluster that a command line means.

    Raises:
        UsageError: There is none, or nothing installed that asks clusters.
        ClusterError: The kubeconfig cannot be used.
    """
    from pillion.cli import connection

    values = found.values
    return connection.Waited(
        connection.required(values["kubeconfig"], values["context"], wanted_by)
    )


def registration_of(found: Given) -> Registration:
    """The registration that a command line asks for.

    Raises:
        UsageError: A flag has a value that none can have.
        InputError: The file of certificates cannot be used.
    """
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
