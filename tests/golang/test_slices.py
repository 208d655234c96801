"""The room of slices; every figure was measured in Go."""

from __future__ import annotations

import pytest

from pillion.golang.slices import OwnSlice, capacity, grown, part
from pillion.golang.values import Bytes, Slice

LIST, STRINGS, INTS = "[]interface {}", "[]string", "[]int"

GROWN_FROM_NOTHING = [
    (1, 1, 1),
    (2, 2, 2),
    (3, 4, 4),
    (5, 8, 8),
    (9, 16, 16),
    (32, 32, 32),
    (33, 71, 64),
    (71, 71, 128),
    (72, 143, 128),
    (144, 303, 256),
    (290, 303, 512),
    (304, 591, 512),
]

GROWN_BY_ONE = [
    (0, 1),
    (3, 6),
    (6, 12),
    (7, 14),
    (15, 30),
    (31, 63),
    (63, 127),
    (143, 303),
    (199, 407),
    (289, 591),
    (303, 591),
]


@pytest.mark.parametrize(("length", "of_pointers", "of_numbers"), GROWN_FROM_NOTHING)
def test_a_slice_that_grew_item_by_item(length: int, of_pointers: int, of_numbers: int) -> None:
    items = [0] * length
    assert capacity(items) == of_pointers
    assert capacity(OwnSlice(STRINGS, items, 0)) == of_pointers
    assert capacity(OwnSlice(INTS, items, 0)) == of_numbers


@pytest.mark.parametrize(("length", "wanted"), GROWN_BY_ONE)
def test_a_slice_that_one_item_was_appended_to(length: int, wanted: int) -> None:
    assert capacity(OwnSlice(LIST, [0] * (length + 1), length)) == wanted


@pytest.mark.parametrize(
    ("length", "wanted"), [(2, 2), (3, 3), (17, 18), (33, 35), (72, 79), (200, 215), (304, 335)]
)
def test_a_slice_that_many_items_were_appended_to(length: int, wanted: int) -> None:
    assert grown(1, length, LIST) == wanted


@pytest.mark.parametrize(("length", "wanted"), [(10, 10), (11, 20), (33, 43), (130, 191)])
def test_a_slice_that_was_made_with_room(length: int, wanted: int) -> None:
    assert capacity(OwnSlice(STRINGS, ["x"] * length, 10)) == wanted


def test_a_large_slice_takes_whole_pages() -> None:
    assert grown(2048, 2049, LIST) == 3072
    assert grown(2100, 2101, LIST) == 3072


@pytest.mark.parametrize("value", [Slice(STRINGS, ["a"] * 5), OwnSlice(LIST, [1] * 5), b"abcde"])
def test_other_slices_have_no_room(value: Slice) -> None:
    assert capacity(value) == 5


def test_a_part_knows_what_lies_behind_it() -> None:
    first = part(OwnSlice(STRINGS, ["a", "b", "c"], 4), 1, 2)
    assert (first, first.go_type, capacity(first)) == (["b"], STRINGS, 3)
    assert part(first, 0, 3) == ["b", "c", ""]
    assert capacity(part(first, 0, 1, 2)) == 2
    assert part(Bytes(b"abc"), 1, 2) == b"b"
    assert part([1, 2, 3], 2, 4) == [3, None]
