"""User and group ids on OpenShift, which gives every namespace a range of its own.

Follows ``GetProxyIDs`` and ``isSidecarUserMatchingAppUser`` of Istio's ``pkg/kube/inject``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pillion.injection.containers import INIT, PROXY, VALIDATION, change, proxy_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pillion.injection.containers import Container
    from pillion.injection.generation import JSON

PLATFORM = "openshift"
"""The platform whose namespaces carry ranges of user ids."""

DEFAULT_ID = 1337
UID_RANGE = "openshift.io/sa.scc.uid-range"
GROUPS = "openshift.io/sa.scc.supplemental-groups"

_UINT32 = 1 << 32
# What Sscanf reads with "%d/%d" or "%d-%d"; a number of more digits is past a uint32 anyway.
_BLOCK = r"[ \t\r]*0*([0-9]{1,10})([/-])[ \t\r]*0*([0-9]{1,10})(?![0-9])"


def annotations_by_name(namespaces: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """What :func:`proxy_ids` reads of namespaces, by their names.

    ``namespaces`` are the items of the API server's list. Other annotations are not kept: they may
    be large, and there may be thousands of namespaces.
    """
    found = {}
    for namespace in namespaces:
        metadata = namespace["metadata"]
        annotations = metadata.get("annotations") or {}
        kept = {name: annotations[name] for name in (UID_RANGE, GROUPS) if name in annotations}
        found[metadata["name"]] = kept
    return found


def proxy_ids(annotations: Mapping[str, str] | None) -> tuple[int, int]:
    """The proxy's user and group id in a namespace with ``annotations``.

    Each is the last of its range; where there is none, or it cannot be read, 1337.
    """
    annotations = annotations or {}
    user = _last(annotations.get(UID_RANGE, ""))
    groups = annotations.get(GROUPS, annotations.get(UID_RANGE, ""))
    lasts = [_last(block) for block in groups.split(",")]
    group = None if None in lasts else lasts[0]
    return (DEFAULT_ID if user is None else user, DEFAULT_ID if group is None else group)


def _last(block: str) -> int | None:
    """The last id of ``START/SIZE`` or ``START-END``, with the wrap-around of a Go uint32."""
    match = re.match(_BLOCK, block)
    if match is None or (match[2] == "/") != ("/" in block):
        return None
    start, other = int(match[1]), int(match[3])
    if start >= _UINT32 or other >= _UINT32:
        return None
    return (start + other - 1) % _UINT32 if match[2] == "/" else other


def reset_assigned_user(pod: JSON) -> JSON:
    """``pod`` without a user on its own proxy container where OpenShift put it there.

    OpenShift gives every container of a pod the same user. Were that taken for the user's wish, the
    proxy's traffic could not be told from the application's.
    """
    proxy = proxy_of(pod)
    if proxy is None or not proxy.get("securityContext") or not _same_user(pod):
        return pod
    return change(pod, PROXY, _without_user)


def _same_user(pod: JSON) -> bool:
    spec = pod["spec"]
    proxy_user = app_user = 0
    for container in (*(spec.get("containers") or ()), *(spec.get("initContainers") or ())):
        user = (container.get("securityContext") or {}).get("runAsUser")
        if user is None:
            continue
        if container["name"] == PROXY:
            proxy_user = user
        elif container["name"] not in {VALIDATION, INIT}:
            app_user = user
    return proxy_user == app_user


def _without_user(container: Container) -> Container:
    context = dict(container["securityContext"])
    context.pop("runAsUser", None)
    context.pop("runAsGroup", None)
    return {**container, "securityContext": context}
