"""For which pods webhooks are called, as the API server decides by their rules and selectors."""

from __future__ import annotations

from itertools import combinations, groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pillion.kubernetes.selector import Requirement
    from pillion.server.registration_entries import Entry

    Labels = Mapping[str, str]


class Pod(NamedTuple):
    """What selectors look at: the labels of a pod and of its namespace."""

    namespace: Labels
    labels: Labels


class Overlap(NamedTuple):
    """Two entries that are both called for some pods, and the labels of one that shows it."""

    first: Entry
    second: Entry
    pod: Pod


def refusals(entry: Entry, pod: Pod) -> list[str]:
    """Why the entry is not called for the creation of a pod; nothing if it is."""
    found = [] if entry.creates_pods else ["its rules are not about the creation of pods"]
    for whose, selector, labels in (
        ("namespace", entry.namespaces, pod.namespace),
        ("pod", entry.pods, pod.labels),
    ):
        unmet = [str(one) for one in selector.requirements if not one.matches(labels)]
        if unmet:
            found.append(f"the labels of the {whose} do not meet {','.join(unmet)}")
    return found


def overlaps(entries: Sequence[Entry]) -> list[Overlap]:
    """One overlap for every two configurations, or for one alone, that have any."""
    found: dict[tuple[str, str], Overlap] = {}
    for first, second in combinations(entries, 2):
        between = first.configuration, second.configuration
        pod = None if between in found else common(first, second)
        if pod is not None:
            found[between] = Overlap(first, second, pod)
    return list(found.values())


def common(first: Entry, second: Entry) -> Pod | None:
    """Labels for which both entries are called; None if there are none.

    Conditions in CEL (``matchConditions``) are not looked at.
    """
    for one in (first, second):
        if one.deactivated or not one.creates_pods:
            return None
    namespace = example((*first.namespaces.requirements, *second.namespaces.requirements))
    labels = example((*first.pods.requirements, *second.pods.requirements))
    return None if namespace is None or labels is None else Pod(namespace, labels)


def example(requirements: Iterable[Requirement]) -> dict[str, str] | None:
    """The fewest labels that meet all requirements; None if no labels do."""
    labels: dict[str, str] = {}
    by_key = groupby(sorted(requirements, key=_key), key=_key)
    for key, of_key in by_key:
        found = _example(key, list(of_key))
        if found is None:
            return None
        labels |= found
    return labels


def _key(requirement: Requirement) -> str:
    return requirement.key


def _example(key: str, requirements: list[Requirement]) -> dict[str, str] | None:
    """No label, or one of a value that is named, or one of a value that is not, as it fits."""
    named = {value for one in requirements for value in one.values}
    # one more than are named, so that one at least is new
    other = min({f"any{number or ''}" for number in range(len(named) + 1)} - named)
    tried: list[dict[str, str]] = [{}, *({key: value} for value in (*sorted(named), other))]
    return next((one for one in tried if all(each.matches(one) for each in requirements)), None)
