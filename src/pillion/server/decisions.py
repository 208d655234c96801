"""The decisions of late, as records: for the log, the metrics and ``/debug/decisions``.

A pod that is not among them was never asked about: the API server's own selectors left it out.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.injection.owner import owner_of

if TYPE_CHECKING:
    from pillion.injection.admission import Answer
    from pillion.injection.reasons import Reason

KEPT = 1024
"""How many decisions are remembered."""


class Result(StrEnum):
    """What became of a pod."""

    INJECTED = "injected"
    SKIPPED = "skipped"
    FAILED = "failed"


class Decision(NamedTuple):
    """One answered review.

    ``owner`` is the workload as ``Kind/name``, and ``controller`` what made the pod: API version,
    kind, name and uid. ``duration`` is in seconds, ``time`` in seconds
    since 1970. ``shadow`` says that the API server was told nothing of this.
    """

    result: Result
    reason: Reason
    rule: str
    template: str
    pod: str
    namespace: str
    owner: str
    uid: str
    message: str
    configuration: str
    duration: float
    time: float
    dry_run: bool
    shadow: bool
    controller: tuple[str, str, str, str] | None = None

    def shown(self) -> dict[str, Any]:
        """The fields but the time, for people and tools; those without a value are left out."""
        fields = self._asdict()
        milliseconds = round(fields.pop("duration") * 1000, 3)
        del fields["time"], fields["controller"]
        return {name: one for name, one in fields.items() if one not in ("", False)} | {
            "duration_ms": milliseconds
        }


def decision_of(answer: Answer, *, duration: float, time: float, shadow: bool) -> Decision | None:
    """The record of ``answer``, or None where HTTP alone refused it."""
    review, request = answer.review, answer.request
    if review is None:
        return None
    annotations = answer.annotations
    namespace = request.namespace if request is not None else ""
    pod, owner, controller = "", "", None
    if review.pod is not None:
        found = owner_of(review.pod)
        metadata = review.pod["metadata"]
        pod = metadata.get("name") or metadata.get("generateName") or ""
        owner = f"{found.kind}/{found.name or pod}"
        namespace = metadata.get("namespace") or namespace
        controller = _controller(metadata)
    return Decision(
        _result(allowed=review.allowed, patched=review.patch is not None),
        review.reason,
        annotations.get("rule", ""),
        annotations.get("template", ""),
        pod,
        namespace,
        owner,
        request.uid if request is not None else "",
        review.message,
        annotations["configuration"],
        duration,
        time,
        request is not None and request.dry_run,
        shadow,
        controller,
    )


def _controller(metadata: dict[str, Any]) -> tuple[str, str, str, str] | None:
    for one in metadata.get("ownerReferences") or ():
        if one.get("controller"):
            return (one["apiVersion"], one["kind"], one["name"], one["uid"])
    return None


def _result(*, allowed: bool, patched: bool) -> Result:
    if not allowed:
        return Result.FAILED
    return Result.INJECTED if patched else Result.SKIPPED


class Decisions:
    """The last decisions; the oldest is forgotten first."""

    __slots__ = ("_kept",)

    def __init__(self, kept: int = KEPT) -> None:
        self._kept: deque[Decision] = deque(maxlen=kept)

    def add(self, decision: Decision) -> None:
        """Remember ``decision``."""
        self._kept.append(decision)

    def find(self, namespace: str = "", owner: str = "") -> list[Decision]:
        """The decisions, youngest first, of ``namespace`` and ``owner`` where they are given.

        ``owner`` is a name, or ``Kind/name``; the pod's own name does as well.
        """
        return [
            one
            for one in reversed(self._kept)
            if namespace in {"", one.namespace}
            and owner in {"", one.owner, one.owner.partition("/")[2], one.pod}
        ]
