"""The order of containers in the injected pod.

Follows ``reorderPod`` of Istio's ``pkg/kube/inject``. A proxy among the init containers comes right
after what sets up its traffic, so that the other init containers are part of the mesh already; else
that set-up comes last, because nothing would answer the traffic it redirects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.injection.containers import (
    CORE_DUMP,
    INIT,
    PROXY,
    VALIDATION,
    find,
    move_first,
    move_last,
    with_spec,
)

if TYPE_CHECKING:
    from pillion.injection.containers import Container
    from pillion.injection.generation import JSON


def reorder(pod: JSON, *, hold: bool) -> JSON:
    """``pod`` with its containers in order; ``hold`` starts the proxy before the application."""
    spec = pod["spec"]
    move = move_first if hold else move_last
    return with_spec(
        pod,
        containers=move(spec.get("containers"), PROXY),
        initContainers=_init_containers(spec.get("initContainers") or []),
    )


def _init_containers(items: list[Container]) -> list[Container]:
    if find(PROXY, items) is not None:
        for name in (CORE_DUMP, PROXY, VALIDATION, INIT):
            items = move_first(items, name)
        return items
    items = move_first(items, VALIDATION)
    return move_last(move_last(items, INIT), CORE_DUMP)
