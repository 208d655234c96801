"""The two generations of the injection configuration, and what an engine for one of them offers.

A configuration says by its own keys which generation it is (:mod:`.config`). Everything that both
share stands in this package: the decision, the admission endpoint, reading documents. What differs,
from template data to the merged pod, is behind :class:`Engine`: :mod:`.current` for 1.30, the
package ``legacy`` for 1.1.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from pillion.injection.witness import Witness

JSON = dict[str, Any]


class Generation(StrEnum):
    """A generation, named by the release of Istio whose answers are recorded for it."""

    LEGACY = "1.1"
    CURRENT = "1.30"


class Owner(NamedTuple):
    """The workload a pod belongs to: the template's DeploymentMeta and TypeMeta.

    ``metadata`` is the whole of the workload's, where it is at hand.
    """

    name: str
    namespace: str
    kind: str
    api_version: str
    metadata: JSON | None = None


class Request(NamedTuple):
    """One pod to inject.

    ``pod`` is canonical (as :func:`pillion.kubernetes.codec.decode` gives it) and is never changed.
    ``path`` is the webhook's URL path and empty in kube-inject. ``local`` marks kube-inject, whose
    template is ``sidecar`` unless an annotation asks for others, and which knows no namespace.
    ``witness`` is told what templates see and render.
    """

    pod: JSON
    owner: Owner
    path: str = ""
    local: bool = False
    witness: Witness | None = None


class Engine(Protocol):
    """Injects pods by one generation's rules.

    All methods raise :class:`~.errors.InjectionError` where Istio's injector refuses.
    """

    def local_skip(self, pod: JSON) -> str | None:
        """Why kube-inject leaves ``pod`` alone, as its warning ends, or None."""

    def inject(self, request: Request) -> JSON:
        """The canonical pod of ``request`` with its sidecar, as a new object."""

    def patch(self, raw: JSON, request: Request) -> list[JSON]:
        """The JSON patch of the webhook.

        It applies to ``raw``, the pod as the API server sent it, of which ``request`` has the
        canonical form. It neither removes nor changes a field of ``raw`` that the schema does not
        know.
        """
