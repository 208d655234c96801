"""How long one admission review takes, in units of the same review read and printed as JSON.

    python bench/injection.py --body REVIEW.json --config F --mesh F [--values F] [--json]

prints, in microseconds for one review:

unit_us       ``json.dumps(json.loads(body))``, measured in the same run
repeated_us   replicas of one Deployment: reviews that differ in the request's uid and, as the API
              server makes it, the random suffix of the kube-api-access volume and its mounts
distinct_us   every pod different in name, labels, image, ports and annotations

Each figure is the median of several rounds, and the rounds of the three take turns, so that their
ratios hold on a machine whose speed drifts. Without files, the embedded profile and a pod of the
bookinfo application are measured.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import string
import time
import uuid
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from pillion import profiles
from pillion.injection.admission import respond
from pillion.injection.config import load_config
from pillion.injection.injector import Injector
from pillion.mesh.config import load_mesh
from pillion.mesh.values import load_values

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 15
REVIEWS = 40
HEADERS = {"Content-Type": "application/json"}
ACCESS = "kube-api-access-"


def suffix(rng: random.Random) -> str:
    """A random suffix as the API server makes it."""
    return "".join(rng.choices(string.ascii_lowercase + string.digits, k=5))


def repeated(review: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The same pod once more, as another replica of its Deployment."""
    one = copy.deepcopy(review)
    one["request"]["uid"] = str(uuid.UUID(int=rng.getrandbits(128)))
    name = ACCESS + suffix(rng)
    spec = one["request"]["object"]["spec"]
    mounts = [m for c in spec.get("containers", []) for m in c.get("volumeMounts", [])]
    for named in (*spec.get("volumes", []), *mounts):
        if named["name"].startswith(ACCESS):
            named["name"] = name
    return one


def distinct(review: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """A pod that no other equals: name, labels, images, ports and annotations differ."""
    one = repeated(review, rng)
    pod = one["request"]["object"]
    mark = suffix(rng)
    metadata = pod["metadata"]
    metadata["name" if "name" in metadata else "generateName"] = f"pod-{mark}-"
    metadata["labels"] = (metadata.get("labels") or {}) | {"app": f"app-{mark}", "mark": mark}
    metadata["annotations"] = (metadata.get("annotations") or {}) | {"example.com/mark": mark}
    for container in pod["spec"]["containers"]:
        container["image"] = f"example.com/{mark}:1"
        container["ports"] = [{"containerPort": rng.randrange(1024, 15000), "name": f"p{mark}"}]
    return one


def bookinfo() -> dict[str, Any]:
    """A review of a pod as a real API server sends it."""
    text = (Path(__file__).parent / "review.json").read_text(encoding="utf-8")
    review: dict[str, Any] = json.loads(text)
    return review


def timed(run: Callable[[bytes], object], bodies: list[bytes]) -> float:
    """Microseconds for one of ``bodies``."""
    start = time.perf_counter()
    for body in bodies:
        run(body)
    return (time.perf_counter() - start) / len(bodies) * 1e6


def measure(review: dict[str, Any], injector: Injector) -> dict[str, float]:
    """The three figures."""
    rng = random.Random(1)

    def answer(body: bytes) -> None:
        response = respond(injector, "/inject", HEADERS, body)
        assert response.status == 200, response  # noqa: S101,PLR2004 - a benchmark of errors is none

    def unit(body: bytes) -> None:
        json.dumps(json.loads(body))

    seconds: dict[str, list[float]] = {"unit_us": [], "repeated_us": [], "distinct_us": []}
    for _ in range(ROUNDS + 1):
        same, other = (
            [json.dumps(make(review, rng)).encode() for _ in range(REVIEWS)]
            for make in (repeated, distinct)
        )
        seconds["unit_us"].append(timed(unit, same))
        seconds["repeated_us"].append(timed(answer, same))
        seconds["distinct_us"].append(timed(answer, other))
    return {name: median(values[1:]) for name, values in seconds.items()}  # the first warms up


def load_injector(options: argparse.Namespace) -> Injector:
    """The injector of the files that were named, the rest from the profile of their generation."""

    def text(path: Path | None, otherwise: str | None) -> str | None:
        return path.read_text(encoding="utf-8") if path else otherwise

    default = profiles.load(profiles.DEFAULT)
    config = load_config(text(options.config, default.config) or "")
    profile = profiles.load(f"istio-{config.generation.value}")
    values = text(options.values, profile.values)
    return Injector(
        config,
        load_mesh(text(options.mesh, profile.mesh) or "", config.generation.value),
        load_values(values) if values is not None else None,
        revision="default",
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("body", "config", "values", "mesh"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    review = json.loads(options.body.read_bytes()) if options.body else bookinfo()
    figures = measure(review, load_injector(options))
    if options.json:
        print(json.dumps(figures))
        return
    unit = figures["unit_us"]
    for name, value in figures.items():
        print(f"{name:12} {value:8.1f}  {value / unit:6.2f} units")


if __name__ == "__main__":
    main()
