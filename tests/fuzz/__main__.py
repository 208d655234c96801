"""Ask pillion and the reference the same questions for a while: ``python -m tests.fuzz SECONDS [SEED [FAMILY]]``.

Each round takes one generator and a batch of its questions, drawn from the seed and the number of the
round, so that a run can be repeated. A batch is sent whole before its answers are read: the reference
works on it while pillion does. Ends with one line for each mode, and status 1 where answers differed.
"""

from __future__ import annotations

import itertools
import random
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tests.fuzz import answers, manifests, patches, reference, templates
from tests.fuzz.source import Source, recorded, replayed, shrunk

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzz.reference import Question, Reference

GENERATORS: dict[str, Callable[[Source], Question]] = {
    f"{mode}/{name}": generate
    for mode, generators in (
        ("template", templates.GENERATORS),
        ("roundtrip", manifests.GENERATORS),
        ("smp", patches.GENERATORS),
    )
    for name, generate in generators.items()
}

BATCH = 100
ENOUGH = 6
"""A generator that has shown so many differences rests: it would show the same again."""
AGAIN, OFTEN = 10, 200
"""How often the reference is asked again whether its answer is that of chance: first, and at the end."""
ATTEMPTS = 1500
"""How often a question is made smaller to see whether it still shows the difference."""


class Difference(NamedTuple):
    """A question that the two sides answer differently, as small as it gets."""

    family: str
    question: Question
    expected: answers.Answer
    actual: str

    def __str__(self) -> str:
        return "\n".join(
            (
                f"--- {self.family}",
                f"input      {self.question.input!r}",
                f"body       {self.question.body}",
                f"reference  {self.expected}",
                f"pillion    {self.actual}",
            )
        )


class Fuzzer:
    """Asks questions, counts them, and keeps the differences."""

    def __init__(self, oracle: Reference) -> None:
        self.oracle = oracle
        self.asked: Counter[str] = Counter()
        self.crashed: Counter[str] = Counter()
        self.differences: list[Difference] = []

    def round(self, family: str, seed: int) -> None:
        """A batch of questions of one generator; the first difference among them."""
        if sum(found.family == family for found in self.differences) >= ENOUGH:
            return
        chance = random.Random(seed)  # noqa: S311 - the questions shall be the same again
        records: list[list[int]] = [[] for _ in range(BATCH)]
        questions = [GENERATORS[family](recorded(chance, record)) for record in records]
        for question, record, expected in zip(
            questions, records, self.oracle.ask_all(questions), strict=True
        ):
            self.asked[question.mode] += 1
            self.crashed[question.mode] += not answers.comparable(expected)
            if difference(family, question, expected) and self.steady(question, expected, OFTEN):
                self.keep(self.smallest(family, record))
                return

    def steady(self, question: Question, expected: answers.Answer, times: int) -> bool:
        """Whether the reference gives the same answer so many times again.

        Which of several errors in one map it names depends on Go's random order of maps, and an order
        may come up once in eight times only.
        """
        return all(one == expected for one in self.oracle.ask_all([question] * times))

    def smallest(self, family: str, record: list[int]) -> Difference | None:
        """The difference that a record shows, shrunk."""

        def shown(choices: list[int], times: int = AGAIN) -> Difference | None:
            question = GENERATORS[family](replayed(choices))
            expected = self.oracle.ask(question)
            found = difference(family, question, expected)
            return found if found and self.steady(question, expected, times) else None

        smallest = shrunk(record, lambda choices: shown(choices) is not None, ATTEMPTS)
        return shown(smallest, OFTEN)

    def keep(self, found: Difference | None) -> None:
        """Print a difference, unless it was shown before."""
        if found is not None and found not in self.differences:
            self.differences.append(found)
            print(found, flush=True)

    def report(self) -> str:
        """One line for each mode."""
        return "\n".join(
            f"{mode}: {self.asked[mode]} inputs ({self.crashed[mode]} not comparable),"
            f" {sum(found.question.mode == mode for found in self.differences)} differences"
            for mode in sorted(self.asked)
        )


def difference(family: str, question: Question, expected: answers.Answer) -> Difference | None:
    """How pillion's answer differs from what the reference expects, or None where it does not."""
    if not answers.comparable(expected):
        return None
    try:
        actual = answers.answer(question)
    except Exception as error:  # noqa: BLE001 - whatever is no error of pillion's own is a finding
        return Difference(family, question, expected, f"raised {error!r}")
    if answers.same(expected, actual):
        return None
    return Difference(family, question, expected, str(actual))


def main() -> int:
    """Run for the seconds that the command line names."""
    seconds, *rest = sys.argv[1:]
    seed = int(rest[0]) if rest else random.SystemRandom().randrange(10**9)
    print(f"seed {seed}", flush=True)
    families = [one for one in GENERATORS if one.startswith(rest[1] if len(rest) > 1 else "")]
    fuzzer = Fuzzer(reference.Reference(reference.build()))
    until = time.monotonic() + float(seconds)
    for number, family in enumerate(itertools.cycle(families)):
        if time.monotonic() >= until:
            break
        fuzzer.round(family, seed + number)
    fuzzer.oracle.close()
    print(fuzzer.report())
    return 1 if fuzzer.differences else 0


if __name__ == "__main__":
    sys.exit(main())
