"""The order of a list after a strategic merge.

Elements that the patch names stand in the patch's order, the others in the original's. The two are
interleaved by the original's order as far as that is possible: an element that the original did not
have comes before the others. Follows ``normalizeElementOrder`` of k8s.io/apimachinery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable

Element = tuple["Hashable", Any]
"""What identifies an element in its list, and the element."""


def merged_order(
    elements: list[Element],
    patch_order: Collection[Hashable],
    original_order: Iterable[Hashable],
) -> list[Any]:
    """The values of ``elements`` in their final order."""
    patch_rank, original_rank = _ranks(patch_order), _ranks(original_order)
    from_patch = _sorted([e for e in elements if e[0] in patch_rank], patch_rank)
    others = _sorted([e for e in elements if e[0] not in patch_rank], original_rank)
    return _interleave(others, from_patch, original_rank)


def _ranks(keys: Iterable[Hashable]) -> dict[Hashable, int]:
    """The first position of each key."""
    ranks: dict[Hashable, int] = {}
    for position, key in enumerate(keys):
        if key not in ranks:
            ranks[key] = position
    return ranks


def _sorted(elements: list[Element], ranks: dict[Hashable, int]) -> list[Element]:
    to_delete = [e for e in elements if e[1].__class__ is dict and e[1].get("$patch") == "delete"]
    kept = [e for e in elements if e not in to_delete] if to_delete else elements
    try:
        kept = sorted(kept, key=lambda element: ranks[element[0]])
    except KeyError:
        kept = _sorted_with_strangers(kept, ranks)
    return kept + to_delete


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
    if left[0] in ranks and right[0] in ranks:
        return ranks[left[0]] < ranks[right[0]]
    return True


def _interleave(
    others: list[Element], from_patch: list[Element], original_rank: dict[Hashable, int]
) -> list[Any]:
    result = []
    upcoming = 0
    for key, value in others:
        while upcoming < len(from_patch) and not _precedes(
            key, from_patch[upcoming][0], original_rank
        ):
            result.append(from_patch[upcoming][1])
            upcoming += 1
        result.append(value)
    result += [element[1] for element in from_patch[upcoming:]]
    return result


def _precedes(left: Hashable, right: Hashable, original_rank: dict[Hashable, int]) -> bool:
    if left not in original_rank or right not in original_rank:
        return False
    return original_rank[left] < original_rank[right]
