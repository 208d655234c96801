"""What the webhook's URL path says about the pod's cluster and network.

One injector may serve several clusters; the webhook configuration of each names it in the path:
``/inject/cluster/east/net/n1``. Follows ``parseInjectEnvs`` of Istio's ``pkg/kube/inject``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.golang.strings import upper

if TYPE_CHECKING:
    from collections.abc import Iterator

CLUSTER_ID = "ISTIO_META_CLUSTER_ID"
NETWORK = "ISTIO_META_NETWORK"

_PARAMETERS = {"cluster": CLUSTER_ID, "net": NETWORK}
_OLD_MARK = ":ENV:"
_SLASH = "--slash--"


def environment(path: str) -> dict[str, str]:
    """The environment variables that ``path`` sets in the proxy.

    Names other than ``cluster`` and ``net`` are taken in upper case. A last name without a value is
    ignored.
    """
    found = {}
    for name, value in _pairs(path.removesuffix("/")):
        variable = _PARAMETERS.get(name) or upper(name)
        if variable:
            found[variable] = value
    return found


def _pairs(path: str) -> Iterator[tuple[str, str]]:
    parts = path.split("/", 2)
    if len(parts) < 3:  # noqa: PLR2004 - the empty part before the slash, "inject" and the rest
        return
    rest = parts[2]
    if rest.startswith(_OLD_MARK):
        yield from _old_pairs(rest)
        return
    names = iter(rest.split("/"))
    for name, value in zip(names, names):  # noqa: B905 - a last name without value is ignored
        yield name, value.replace(_SLASH, "/")


def _old_pairs(rest: str) -> Iterator[tuple[str, str]]:
    for item in rest.split(_OLD_MARK)[1:]:
        name, equals, value = item.partition("=")
        if name and equals:
            yield name, value
