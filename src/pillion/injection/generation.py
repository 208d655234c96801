"""The two generations of the injection configuration, and what an engine for one of them offers.

A configuration says by its own keys which generation it is (:mod:`.config`). Everything that both
share stands in this package: the decision, the admission endpoint, reading documents. What differs,
from template data to the merged pod, is behind :class:`Engine`: :mod:`.current` for 1.30, the
package ``legacy`` for 1.1.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = dict[str, Any]


class Generation(str, Enum):
    """A generation, named by the release of Istio whose answers are recorded for it."""

    LEGACY = "1.1"
    CURRENT = "1.30"


class Owner(NamedTuple):
    """The workload a pod belongs to: the template's DeploymentMeta and TypeMeta."""

    name: str
    namespace: str
    kind: str
    api_version: str


class Request(NamedTuple):
    """One pod to inject.

    ``pod`` is canonical (as :func:`pillion.kubernetes.codec.decode` gives it) and is never changed.
    ``path`` is the webhook's URL path and empty in kube-inject. ``local`` marks kube-inject, which
    takes the template ``sidecar`` alone and knows no namespace.
    """

    pod: JSON
    owner: Owner
    path: str = ""
    local: bool = False
    namespace_annotations: Mapping[str, str] | None = None


class Engine(Protocol):
    """Injects pods by one generation's rules."""

    def inject(self, request: Request) -> JSON:
        """The pod of ``request`` with its sidecar, as a new canonical object.

        Raises :class:`~.errors.InjectionError` where Istio's injector refuses.
        """
