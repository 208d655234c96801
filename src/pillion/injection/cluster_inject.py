"""What a cluster would do with the same configuration, applied to manifests.

Each workload's pod template is treated as the webhook treats the pods made of it: policy,
selectors, labels and annotations decide, and all templates, aliases and added annotations count.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, NamedTuple

from pillion.injection import documents
from pillion.injection.containers import with_metadata
from pillion.injection.decision import decide
from pillion.injection.kube_inject import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pillion.injection.decision import Decision
    from pillion.injection.generation import Owner
    from pillion.injection.injector import Injector
    from pillion.injection.manifests import Manifest


class Outcome(NamedTuple):
    """What became of one workload: injected, or skipped and by which rule."""

    kind: str
    namespace: str
    name: str
    decision: Decision

    def __str__(self) -> str:
        """One line for a person: ``Deployment shop/web: injected (the policy is enabled)``."""
        name = f"{self.namespace}/{self.name}" if self.namespace else self.name
        verb = "injected" if self.decision.inject else "skipped"
        step = self.decision.trace[-1]
        return f"{self.kind} {name}: {verb}, {self.decision.reason.text} ({step.field})"


def cluster_inject(
    injector: Injector,
    stream: IO[bytes] | bytes,
    report: Callable[[Outcome], None],
    *,
    namespace: str = "",
) -> Iterator[str]:
    """Yield the documents of ``stream`` as a cluster with this configuration would run them.

    ``report`` is called for every workload. ``namespace`` is that of objects that name none.

    Raises:
        DocumentError: a document cannot be injected; those before it were yielded.
    """
    from pillion.injection import manifests

    def inject(manifest: Manifest) -> Manifest:
        return _manifest(injector, manifest, report, namespace)

    for document in documents.read(stream, injector.config.generation):
        with documents.errors_of(document):
            yield manifests.rewrite(
                document.text, injector.config.generation, inject, in_cluster=True
            )
        yield SEPARATOR


def _manifest(
    injector: Injector, manifest: Manifest, report: Callable[[Outcome], None], namespace: str
) -> Manifest:
    pod, place = manifest.pod, manifest.owner.namespace or namespace
    decision = decide(injector.config, pod, place)
    report(Outcome(manifest.owner.kind, place, manifest.owner.name, decision))
    if not decision.inject:
        return manifest
    own = pod["metadata"].get("namespace", "")
    injected = injector.inject_pod(
        with_metadata(pod, namespace=place), _in_cluster(manifest.owner, place)
    )
    return manifest.with_pod(with_metadata(injected, namespace=own))


def _in_cluster(owner: Owner, namespace: str) -> Owner:
    """``owner`` as the webhook would guess it from a pod in ``namespace``."""
    if owner.kind == "DeploymentConfig":  # guessed from the ReplicationController in between
        owner = owner._replace(api_version="v1")
    return owner._replace(namespace=namespace)
