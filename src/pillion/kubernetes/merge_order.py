"""The order of a list after a strategic merge.

Elements that the patch names stand in the patch's order, the others in the original's. The two are
interleaved by the original's order as far as that is possible: an element that the original did not
have comes before the others. Follows ``normalizeElementOrder`` of k8s.io/apimachinery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable


class Element(NamedTuple):
    """An element of a list, with what identifies it there."""

    key: Hashable
    value: Any


def merged_order(
    elements: list[Element],
    named: set[Hashable],
    patch_order: Iterable[Hashable],
    original_order: Iterable[Hashable],
) -> list[Any]:
    """The values of ``elements`` in their final order; ``named`` are the keys the patch names."""
    original_rank = _ranks(original_order)
    from_patch = _sorted([e for e in elements if e.key in named], _ranks(patch_order))
    others = _sorted([e for e in elements if e.key not in named], original_rank)
    return _interleave(others, from_patch, original_rank)


def _ranks(keys: Iterable[Hashable]) -> dict[Hashable, int]:
    """The first position of each key."""
    ranks: dict[Hashable, int] = {}
    for position, key in enumerate(keys):
        ranks.setdefault(key, position)
    return ranks


def _sorted(elements: list[Element], ranks: dict[Hashable, int]) -> list[Element]:
    kept = [element for element in elements if not _to_delete(element.value)]
    if all(element.key in ranks for element in kept):
        kept.sort(key=lambda element: ranks[element.key])
    else:
        kept = _sorted_with_strangers(kept, ranks)
    return kept + [element for element in elements if _to_delete(element.value)]


def _to_delete(value: Any) -> bool:
    return isinstance(value, dict) and value.get("$patch") == "delete"


def _sorted_with_strangers(elements: list[Element], ranks: dict[Hashable, int]) -> list[Element]:
    """The insertion sort of Go's ``sort.SliceStable``, for elements of which some have no rank.

    Such an element is smaller than any and greater than any, so only the same steps give the same
    order.
    """
    result: list[Element] = []
    for element in elements:
        place = len(result)
        while place and _less(element, result[place - 1], ranks):
            place -= 1
        result.insert(place, element)
    return result


def _less(left: Element, right: Element, ranks: dict[Hashable, int]) -> bool:
    if left.key in ranks and right.key in ranks:
        return ranks[left.key] < ranks[right.key]
    return True


def _interleave(
    others: list[Element], from_patch: list[Element], original_rank: dict[Hashable, int]
) -> list[Any]:
    result = []
    remaining = iter(from_patch)
    upcoming = next(remaining, None)
    for other in others:
        while upcoming is not None and not _precedes(other, upcoming, original_rank):
            result.append(upcoming.value)
            upcoming = next(remaining, None)
        result.append(other.value)
    if upcoming is not None:
        result.append(upcoming.value)
        result.extend(element.value for element in remaining)
    return result


def _precedes(other: Element, element: Element, original_rank: dict[Hashable, int]) -> bool:
    if other.key not in original_rank or element.key not in original_rank:
        return False
    return original_rank[other.key] < original_rank[element.key]
