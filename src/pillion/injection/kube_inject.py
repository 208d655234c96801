"""What ``istioctl kube-inject`` does: a stream of documents in, the same with sidecars out.

Follows ``IntoResourceFile`` and ``IntoObject`` of Istio's ``pkg/kube/inject``. The configuration's
policy, selectors, aliases and other templates play no part here; what a cluster would do is in
:mod:`.cluster_inject`.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from pillion.injection import documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pillion.injection.documents import Document
    from pillion.injection.injector import Injector
    from pillion.injection.manifests import Manifest

SEPARATOR = "---\n"


def kube_inject(
    injector: Injector, stream: IO[bytes] | bytes, warn: Callable[[str], None]
) -> Iterator[str]:
    """Yield the output of kube-inject, in pieces, as the input is read.

    What is no workload passes letter by letter; every document is followed by a separator. ``warn``
    is called with the text of each warning, for a workload that is skipped. Bytes that are not
    UTF-8 are surrogate-escaped.

    Raises:
        DocumentError: a document cannot be injected; those before it were yielded.
    """
    for document in documents.read(stream, injector.config.generation):
        with documents.errors_of(document):
            yield _document(injector, document, warn)
        yield SEPARATOR


def _document(injector: Injector, document: Document, warn: Callable[[str], None]) -> str:
    from pillion.injection import manifests

    def inject(manifest: Manifest) -> Manifest:
        return _manifest(injector, manifest, warn)

    return manifests.rewrite(document.text, injector.config.generation, inject)


def _manifest(injector: Injector, manifest: Manifest, warn: Callable[[str], None]) -> Manifest:
    skipped = injector.engine.local_skip(manifest.pod)
    if skipped is not None:
        warn(f"===> Skipping injection because {manifest.title} has {skipped}\n")
        return manifest
    pod = injector.inject_pod(manifest.pod, manifest.owner, local=True)
    return manifest.with_pod(pod)
