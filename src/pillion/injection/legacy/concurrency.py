"""The proxy's worker threads: as many as its CPUs, where the template does not say.

Follows ``applyConcurrency`` of ``pilot/pkg/kube/inject`` at 1.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.injection.legacy.proxy_arguments import flag_value

if TYPE_CHECKING:
    from pillion.injection.containers import Container

_MILLI = 1000


def with_concurrency(proxy: Container) -> Container:
    """``proxy`` with ``--concurrency`` for its CPU limit, else its CPU request, rounded up.

    A positive number that stands there already is kept.
    """
    if (flag_value(proxy, "concurrency") or 0) > 0:
        return proxy
    resources = proxy.get("resources") or {}
    for kind in ("limits", "requests"):
        threads = _threads((resources.get(kind) or {}).get("cpu"))
        if threads > 0:
            return {**proxy, "args": [*(proxy.get("args") or ()), "--concurrency", str(threads)]}
    return proxy


def _threads(cpu: str | None) -> int:
    from pillion.kubernetes import quantity

    if cpu is None:
        return 0
    return -(-quantity.milli_value(quantity.parse(cpu)) // _MILLI)
