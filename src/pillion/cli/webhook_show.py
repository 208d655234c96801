"""``pillion webhook show``: what the API servers of a cluster do about new pods."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pillion.cli import arguments, webhook_flags
from pillion.cli.errors import UsageError
from pillion.cli.flags import Flag
from pillion.cluster.errors import ClusterError
from pillion.cluster.resources import NAMESPACES, WEBHOOK_CONFIGURATIONS
from pillion.server import registration_entries as reading

if TYPE_CHECKING:
    from pillion.cli.arguments import Given
    from pillion.cli.connection import Waited
    from pillion.cluster.protocol import Object
    from pillion.server.registration_entries import Configuration

DESCRIPTION = """\
Tell which MutatingWebhookConfigurations of a cluster inject sidecars, whoever installed them: where
each of their webhooks leads, which pods it is about, and what is wrong with it. With --namespace,
tell which of them the API server would ask about a pod there, and what keeps it from the others.
"""

EPILOG = """\
examples:
  pillion webhook show
  pillion webhook show --revision canary

  # who is asked about a pod, and if nobody is, why
  pillion webhook show --namespace shop --pod-labels app=web,sidecar.istio.io/inject=true
"""

_FLAGS = (
    Flag("name", "NAME", "the configuration of this name alone, whatever it does"),
    Flag("revision", "NAME", "the configurations of this revision alone", short="r"),
    Flag("namespace", "NAME", "who is asked about a pod in this namespace", short="n"),
    Flag(
        "pod-labels", "LABELS", "the pod's labels, as in app=web,tier=front (none)", repeated=True
    ),
    *webhook_flags.CLUSTER,
    Flag("output", "FORMAT", "yaml or json: the objects as they are", short="o"),
    webhook_flags.HELP,
)
_FORMATS = ("", "json", "yaml")


def run(given: list[str]) -> int:
    """Run the command; its errors are :class:`~pillion.errors.PillionError`."""
    found = arguments.parse_table(given, _FLAGS)
    if found.flag("help"):
        from pillion.cli import help as help_text

        sys.stdout.write(help_text.text_of_table("webhook show", DESCRIPTION, EPILOG, _FLAGS))
        return 0
    _check(found)
    pod_labels = _labels(found.lists["pod-labels"])
    with webhook_flags.cluster_of(found, "pillion webhook show") as cluster:
        configurations = _configurations(cluster, found)
        namespace = _namespace(cluster, found.values["namespace"])
    sys.stdout.write(_text(found.values["output"], configurations, namespace, pod_labels))
    return 0


def _check(found: Given) -> None:
    values = found.values
    if values["output"] not in _FORMATS:
        raise UsageError(f"--output {values['output']}: there are yaml and json")
    if values["namespace"] and values["output"]:
        raise UsageError("--namespace answers in words, which --output does not change")
    if found.lists["pod-labels"] and not values["namespace"]:
        raise UsageError("--pod-labels: name the pod's --namespace too")


def _labels(texts: tuple[str, ...]) -> dict[str, str]:
    """The labels of ``app=web,tier=front``."""
    from pillion.kubernetes import label_syntax

    labels: dict[str, str] = {}
    for one in filter(None, ",".join(texts).split(",")):
        key, equals, value = one.partition("=")
        problems = [*label_syntax.key_problems(key), *label_syntax.value_problems(value)]
        if not equals or problems:
            reason = problems[0] if problems else "it has no value"
            raise UsageError(f"--pod-labels: {one} is no label: {reason}")
        labels[key] = value
    return labels


def _configurations(cluster: Waited, found: Given) -> list[Configuration]:
    """Those that are asked for.

    Raises:
        ClusterError: There are none.
    """
    name, revision = found.values["name"], found.values["revision"]
    if name:
        made = [cluster.ask(lambda one: one.get(WEBHOOK_CONFIGURATIONS, name))]
    else:
        made = reading.injecting(cluster.ask(lambda one: one.list(WEBHOOK_CONFIGURATIONS)).items)
    kept = [one for one in made if revision in ("", reading.revision_of(one))]
    if not kept:
        of = f" of the revision {revision}" if revision else ""
        where = f"the cluster of context {cluster.name}"
        raise ClusterError(f"{where} has no MutatingWebhookConfiguration{of} that injects sidecars")
    return kept


def _namespace(cluster: Waited, name: str) -> Object | None:
    return cluster.ask(lambda one: one.get(NAMESPACES, name)) if name else None


def _text(
    output: str,
    configurations: list[Configuration],
    namespace: Object | None,
    pod_labels: dict[str, str],
) -> str:
    if output:
        return _objects(output, list(map(_without_managers, configurations)))
    from pillion.cli import webhook_text

    if namespace is None:
        return webhook_text.described(configurations)
    return webhook_text.asked_about(configurations, namespace, pod_labels)


def _without_managers(configuration: Configuration) -> Configuration:
    metadata = configuration["metadata"]
    kept = {key: value for key, value in metadata.items() if key != "managedFields"}
    return configuration | {"metadata": kept}


def _objects(output: str, configurations: list[Configuration]) -> str:
    """The objects: YAML documents, or a List in JSON."""
    if output == "json":
        import json

        found = {"apiVersion": "v1", "kind": "List", "items": configurations}
        return f"{json.dumps(found, indent=4)}\n"
    from pillion.kubernetes import yaml_writer

    return "---\n".join(map(yaml_writer.dump, configurations))
