"""What is wrong with the registration that a cluster has, as far as it can be told from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.server import registration_matching as matching
from pillion.server.registration_entries import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pillion.server.registration_bundle import Bundle
    from pillion.server.registration_entries import Entry
    from pillion.server.registration_matching import Overlap

_PATIENT_SECONDS = 10
"""What API servers wait without a ``timeoutSeconds``, and Istio's own webhooks too."""


def of_entry(entry: Entry, bundle: Bundle) -> list[str]:
    """What is wrong with one entry, whose ``caBundle`` holds ``bundle``."""
    seconds = entry.said.get("timeoutSeconds", 0)
    found = [bundle.problem] if bundle.problem else []
    if entry.said["clientConfig"].get("service") and not entry.ca_bundle:
        found.append("without a caBundle the API server does not trust the injector")
    if not entry.creates_pods:
        found.append("its rules are not about the creation of pods, so nothing is injected")
    elif wide := [written(one) for one in entry.rules if not _narrow(one)]:
        found.append(f"its rules are about more than CREATE pods: {'; '.join(wide)}")
    if seconds > _PATIENT_SECONDS:
        found.append(f"an injector that hangs holds up every pod for {seconds}s")
    return found


def between(entries: Sequence[Entry]) -> list[str]:
    """What several entries together do wrong: be called for the same pods."""
    return list(map(_overlap, matching.overlaps(entries)))


def between_others(name: str, entries: Sequence[Entry]) -> list[str]:
    """Of that, what other configurations do together with the configuration ``name``."""
    found = matching.overlaps(entries)
    return [_overlap(one) for one in found if _names(one) != {name} and name in _names(one)]


def labels(found: Mapping[str, str], nothing: str) -> str:
    """Labels as ``kubectl`` writes them; ``nothing`` where there are none."""
    return ",".join(f"{key}={value}" for key, value in sorted(found.items())) or nothing


def _names(overlap: Overlap) -> set[str]:
    return {overlap.first.configuration, overlap.second.configuration}


def _overlap(overlap: Overlap) -> str:
    first, second, pod = overlap
    same = first.place == second.place
    what = "the same injector is asked twice" if same else "two injectors are asked"
    of = _both(first, second)
    return (
        f"{what} about a pod with {labels(pod.labels, 'no labels')} in a namespace with "
        f"{labels(pod.namespace, 'no labels')}: by {of}"
    )


def _both(*entries: Entry) -> str:
    return " and ".join(f"{one.name} of {one.configuration}" for one in entries)


def _narrow(rule: Mapping[str, Iterable[str]]) -> bool:
    wanted = {"operations": ["CREATE"], "apiGroups": [""], "resources": ["pods"]}
    return all(list(rule.get(key) or ()) == value for key, value in wanted.items())
