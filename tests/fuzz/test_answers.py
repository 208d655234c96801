"""Whatever the fuzzer can ask, pillion answers, or refuses with an error of its own."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz import answers, manifests, patches, templates
from fuzz.source import Source, recorded, replayed, shrunk, strategy

if TYPE_CHECKING:
    from collections.abc import Callable

    from fuzz.reference import Question

GENERATORS = [
    *templates.GENERATORS.values(),
    *manifests.GENERATORS.values(),
    *patches.GENERATORS.values(),
]


@pytest.mark.parametrize("generate", GENERATORS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_question_has_an_answer(
    generate: Callable[[Source], Question], data: st.DataObject
) -> None:
    question = data.draw(strategy(generate))
    assert answers.answer(question).keys() <= {"output", "parseError", "error"}


@pytest.mark.parametrize("generate", GENERATORS)
def test_recorded_choices_make_the_same_question_again(
    generate: Callable[[Source], Question],
) -> None:
    record: list[int] = []
    question = generate(recorded(random.Random(1), record))  # noqa: S311 - any questions will do
    assert generate(replayed(record)) == question


def test_a_record_shrinks_to_the_choices_that_matter() -> None:
    assert shrunk([5, 9, 0, 7, 3, 8], lambda record: sum(record) > 9, 1000) in (
        [10],
        [2, 8],
        [1, 9],
    )


def test_bytes_that_are_no_text_are_replaced_one_by_one_as_in_go() -> None:
    assert answers.as_json_text("a\udce9\udc80é") == "a��é"
