"""Whether a proxy runs as a native sidecar: an init container that Kubernetes keeps running.

The control plane has a setting for it, ``ENABLE_NATIVE_SIDECARS``; ``auto`` asks the nodes. Follows
``DetectNativeSidecar`` of Istio's ``pkg/kube/inject`` and the reading of versions by
hashicorp/go-version. A pod's own annotation comes before all of this (:mod:`.rendering`).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.errors import PillionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VARIABLE = "ENABLE_NATIVE_SIDECARS"
"""The variable of Istio's environment that holds the setting."""
OLDEST_MINOR = 33
"""The minor version of Kubernetes in which native sidecars became stable."""


class Mode(StrEnum):
    """What the setting says."""

    ENABLED = "true"
    DISABLED = "false"
    AUTO = "auto"


class Setting(NamedTuple):
    """A setting that was read; ``problem`` is Istio's warning about a word it does not know."""

    mode: Mode
    problem: str = ""


class NativeSidecars(NamedTuple):
    """Where proxies run as native sidecars, and a sentence that says why.

    ``native`` is about pods that are bound to no node, or to one that is not known; ``by_node``
    about pods that are bound to a node. ``elsewhere`` is about pods of another cluster and of
    kube-inject, whose nodes nobody asks.
    """

    native: bool
    reason: str
    by_node: Mapping[str, bool]
    elsewhere: bool

    def on(self, node: str) -> bool:
        """Whether the proxy of a pod is native that is bound to ``node``, or to none if empty."""
        return self.by_node.get(node, self.native)


class VersionError(PillionError):
    """A text is not a version; the message is that of hashicorp/go-version."""


def read_setting(text: str | None) -> Setting:
    """The setting as Istio reads it: none is ``auto``, and a word it does not know ``false``."""
    if text is None:
        return Setting(Mode.AUTO)
    try:
        return Setting(Mode(text))
    except ValueError:
        return Setting(Mode.DISABLED, f"Unknown value for {VARIABLE}: {text}, defaulting to false")


def always(*, native: bool) -> NativeSidecars:
    """What holds for every pod, whatever its node."""
    word = Mode.ENABLED if native else Mode.DISABLED
    return NativeSidecars(native, f"{VARIABLE} is {word}", {}, native)


def detect(mode: Mode, nodes: Iterable[Mapping[str, Any]] | None = None) -> NativeSidecars:
    """Where proxies are native in a cluster of ``nodes``, the items of the API server's list.

    ``auto`` means that the kubelet of every node is at least 1.33, which holds for no nodes. None
    stands for a cluster whose nodes cannot be known: there ``auto`` is ``false``.
    """
    if mode is not Mode.AUTO:
        return always(native=mode is Mode.ENABLED)
    if nodes is None:
        return NativeSidecars(False, f"{VARIABLE} is auto, and no nodes can be asked", {}, False)
    problems = {node["metadata"]["name"]: _problem(node) for node in nodes}
    reason = next(filter(None, problems.values()), "")
    by_node = {name: not problem for name, problem in problems.items()}
    shown = reason or _no_problem(len(problems))
    return NativeSidecars(not reason, f"{VARIABLE} is auto, and {shown}", by_node, False)


def _no_problem(count: int) -> str:
    if not count:
        return "there are no nodes"
    return f"the kubelets of all {count} nodes are at least 1.{OLDEST_MINOR}"


def _problem(node: Mapping[str, Any]) -> str:
    """Why a node keeps sidecars from being native, or nothing.

    As in Istio the major version plays no part.
    """
    version = node.get("status", {}).get("nodeInfo", {}).get("kubeletVersion", "")
    subject = f"the kubelet of node {node['metadata']['name']}"
    try:
        minor = _minor(version)
    except VersionError as error:
        return f"{subject} has a version that cannot be read: {error}"
    return f"{subject} is {version}, older than 1.{OLDEST_MINOR}" if minor < OLDEST_MINOR else ""


def _minor(version: str) -> int:
    """The second number of a version, of which a version of one number has none, so that it is 0.

    Raises:
        VersionError: ``version`` is none, or a number of it does not fit in 64 bits.
    """
    match = _VERSION.fullmatch(version)
    if match is None:
        raise VersionError(f"malformed version: {version}")
    numbers = [_int64(digits) for digits in match[1].split(".")]
    return numbers[1] if len(numbers) > 1 else 0


def _int64(digits: str) -> int:
    significant = digits.lstrip("0") or "0"
    if len(significant) <= _MOST_DIGITS and int(significant) <= _INT64_MAX:
        return int(significant)
    problem = f'strconv.ParseInt: parsing "{digits}": value out of range'
    raise VersionError(f"error parsing version: {problem}")


_WORDS = r"[0-9A-Za-z~-]+(?:\.[0-9A-Za-z~-]+)*"
_VERSION = re.compile(rf"v?([0-9]+(?:\.[0-9]+)*)(?:(?![0-9]){_WORDS})?(?:\+{_WORDS})?")
"""Numbers, then what precedes a release, then what tells builds apart."""
_INT64_MAX = 2**63 - 1
_MOST_DIGITS = 19
