"""Where generators get their choices from.

A generator is a plain function of a :class:`Source`; every choice is a number below a limit. So one
generator serves three ways: with the choices of a random number generator, which is fast; with
recorded choices made smaller one by one, which shrinks a question that shows a difference; and as a
hypothesis strategy. Generators name the plainest option first, since choices shrink towards 0.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

T = TypeVar("T")


class Source:
    """Choices for a generator: ``choose`` gives a number from 0 up to a limit, which is excluded."""

    __slots__ = ("below",)

    def __init__(self, choose: Callable[[int], int]) -> None:
        self.below = choose

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred cases; shrinks to False."""
        return self.below(100) >= 100 - percent

    def several(self, make: Callable[[], T], most: int) -> list[T]:
        """Up to ``most`` things."""
        return [make() for _ in range(self.below(most + 1))]


def recorded(random: Random, record: list[int]) -> Source:
    """Random choices, which are appended to ``record``."""

    def choose(limit: int) -> int:
        choice = int(random.random() * limit)
        record.append(choice)
        return choice

    return Source(choose)


def replayed(record: Sequence[int]) -> Source:
    """Recorded choices again; where the record ends or does not fit, the first option."""
    rest = iter(record)

    def choose(limit: int) -> int:
        choice = next(rest, 0)
        return choice if choice < limit else 0

    return Source(choose)


def shrunk(record: list[int], fails: Callable[[list[int]], bool], attempts: int) -> list[int]:
    """The smallest record found, within so many attempts, for which ``fails`` still holds."""
    best = record
    improved = True
    while improved:
        improved = False
        for smaller in _smaller(best):
            if not attempts:
                return best
            attempts -= 1
            if fails(smaller):
                best, improved = smaller, True
                break
    return best


def _smaller(record: list[int]) -> Iterator[list[int]]:
    """Records that are shorter, then records of which one choice is nearer to the first option."""
    length = len(record) // 2
    while length:
        for start in range(0, len(record), max(1, length // 2)):
            yield record[:start] + record[start + length :]
        length //= 2
    for place, choice in enumerate(record):
        for lower in sorted({0, choice // 2, choice - 1}):
            if 0 <= lower < choice:
                yield [*record[:place], lower, *record[place + 1 :]]


@cache
def strategy(generate: Callable[[Source], T]) -> st.SearchStrategy[T]:
    """The hypothesis strategy of a generator."""

    @st.composite
    def generated(draw: Any) -> T:
        return generate(Source(lambda limit: draw(_below(limit))))

    return generated()


@cache
def _below(limit: int) -> st.SearchStrategy[int]:
    return st.integers(0, limit - 1)
