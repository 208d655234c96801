"""A server under load and under faults, with figures.

    scripts/load [--seconds 30 | --reviews 200000] [--connections 50] [--workers N]

prints a line for each scenario, and ends with status 1 where an answer was wrong, a request was
dropped, or memory grew with the number of requests. ``--reviews`` is for the steady scenario alone;
the others go by ``--seconds``. Client and server share the machine's processors.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from load import scenarios
from load.scenarios import Figures, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from load.client import Load

_SECONDS = 30
_RELOAD_SECONDS, _ROTATION_SECONDS, _KILL_SECONDS = 1, 5, 5
_EACH, _BODIES = 50, 10_000
_GROWTH = 1.2
"""How much more memory than after the first tenth is taken for growth."""


def show(text: str) -> None:
    """Print at once: some scenarios take minutes."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def enough(options: argparse.Namespace) -> Callable[[Load], None]:
    """What ends the steady scenario."""
    if options.reviews:
        return lambda load: load.until_answered(options.reviews, patience=scenarios.DAY)
    return lambda _: time.sleep(options.seconds)


def all_scenarios(options: argparse.Namespace) -> Iterator[Callable[[Stage], Figures]]:
    """The scenarios in their order."""
    seconds: int = options.seconds
    yield partial(scenarios.steady, enough=enough(options), warm_up=options.reviews // 10)
    yield partial(
        scenarios.reloads, times=max(2, seconds // _RELOAD_SECONDS), every=_RELOAD_SECONDS
    )
    yield partial(
        scenarios.rotations, times=max(2, seconds // _ROTATION_SECONDS), every=_ROTATION_SECONDS
    )
    yield scenarios.full_disk
    yield partial(scenarios.hostile_clients, each=_EACH, count=_BODIES)
    if options.workers:
        yield partial(scenarios.killed_workers, times=max(1, seconds // _KILL_SECONDS))


def problems(found: Figures) -> list[str]:
    """What was not as it must be."""
    before, after = found.memory
    grown = (
        [f"memory grew from {before:.1f} to {after:.1f} MiB"] if after > before * _GROWTH else []
    )
    return [*found.wrong, *found.dropped, *(grown if found.name == "steady" else [])]


def main() -> int:
    """Run all scenarios one after the other."""
    parser = argparse.ArgumentParser(prog="load", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=_SECONDS, help="for each scenario")
    parser.add_argument("--reviews", type=int, default=0, help="for the steady scenario")
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--workers", type=int, default=0, help="as for pillion serve")
    options = parser.parse_args()
    workers = [f"--workers={options.workers}"] if options.workers else []
    show(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")
    failed = False
    with (
        tempfile.TemporaryDirectory() as folder,
        Stage(Path(folder), *workers, connections=options.connections) as stage,
    ):
        for scenario in all_scenarios(options):
            found = scenario(stage)
            show(str(found))
            for problem in problems(found)[:5]:
                failed = True
                show(f"  {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
