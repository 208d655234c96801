"""The embedded profiles: what they hold, and that they make the pods that Istio's own texts make.

The recorded answers of Istio's injector with its default configurations lie beside the repository,
in ``../shared/conformance`` (or where ``PILLION_CONFORMANCE`` says). Their cases are answered here
with a profile in that configuration's place, and must come out the same. Where they are absent, as
on a user's machine, those tests say so and skip.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pillion import profiles
from pillion.injection.config import SIDECAR, load_config
from pillion.mesh.config import load_mesh
from pillion.mesh.values import load_values

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "profiles.md"
RECORDED = Path(
    os.environ.get("PILLION_CONFORMANCE", TESTS.parents[1] / "shared" / "conformance")
).resolve()

Case = dict[str, Any]

ISTIO = {
    "istio-1.30": {
        "config": "config/e1626edee6.yaml",
        "values": "values/531e24e5ae.json",
        "mesh": "mesh/f1d5760632.yaml",
    },
    "istio-1.1": {"config": "config/57a9ffe7a2.yaml"},
}
"""Istio's default texts, as the recorded cases name them."""

BUILDS = {
    "istio-1.30": {
        "hub: registry.istio.io/release": "hub: registry.istio.io/testing",
        "tag: 1.30.3": "tag: latest",
    },
    "istio-1.1": {
        "docker.io/istio/proxyv2:1.1.17": "gcr.io/istio-release/proxyv2:release-1.1-latest-daily",
        "docker.io/istio/proxy_init:1.1.17": (
            "gcr.io/istio-release/proxy_init:release-1.1-latest-daily"
        ),
    },
}
"""The images of the profiles, and those of the builds that answered."""

recorded = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recorded answers are not beside the repository"
)


@pytest.mark.parametrize("name", profiles.NAMES)
def test_a_profile_loads_and_nothing_is_to_be_said_of_it(name: str) -> None:
    profile = profiles.load(name)
    config = load_config(profile.config)
    assert f"istio-{config.generation.value}" == name
    assert config.notes == ()
    load_mesh(profile.mesh, config.generation.value)
    if profile.values is not None:
        load_values(profile.values)


def test_the_default_is_a_profile() -> None:
    assert profiles.DEFAULT in profiles.NAMES


def test_nobody_knows_another_profile() -> None:
    with pytest.raises(KeyError):
        profiles.load("istio-1.2")


def test_the_page_names_every_profile_and_template() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in profiles.NAMES:
        for template in (name, *load_config(profiles.load(name).config).templates):
            assert f"`{template}`" in page


@recorded
@pytest.mark.parametrize(
    ("name", "suite", "parts"),
    [
        ("istio-1.30", "istio-1.30-golden", "config"),
        ("istio-1.30", "istio-1.30-diff", "config"),
        ("istio-1.30", "real", "config"),
        ("istio-1.30", "istio-1.30-golden", "values+mesh"),
        ("istio-1.30", "istio-1.30-golden", "config+values+mesh"),
        ("istio-1.1", "istio-1.1-golden", "config"),
        ("istio-1.1", "istio-1.1-diff", "config"),
    ],
)
def test_pods_are_those_of_istios_own_texts(
    tmp_path: Path, name: str, suite: str, parts: str
) -> None:
    cases = tmp_path / "cases.jsonl"
    with cases.open("w", encoding="utf-8") as file:
        for case in replaced(name, RECORDED / suite, parts.split("+"), tmp_path):
            file.write(json.dumps(case) + "\n")
    answers = tmp_path / "answers.jsonl"
    answers.write_text(as_of_istio(name, suite, answer(cases)), encoding="utf-8")
    everything_passes, told = compared(cases, answers)
    print(f"{suite} with {parts} of {name}\n{told}")  # noqa: T201 - shown by pytest -rP
    assert cases.stat().st_size
    assert everything_passes, told


def replaced(name: str, folder: Path, parts: list[str], place: Path) -> Iterator[Case]:
    """The cases with Istio's default ``parts``, those of the profile in their place."""
    own = {part: str(place / f"{part}.yaml") for part in parts}
    for part, path in own.items():
        Path(path).write_text(built(name, part), encoding="utf-8")
    for line in (folder / "cases.jsonl").read_text(encoding="utf-8").split("\n"):
        case: Case = json.loads(line) if line.strip() else {}
        if not all(case.get(part) == ISTIO[name][part] for part in parts):
            continue
        texts = {part: case.get(part) for part in ("config", "values", "mesh")}
        yield case | {part: file and str(folder / file) for part, file in texts.items()} | own


def built(name: str, part: str) -> str:
    """A text of the profile with the images of the builds that answered."""
    text: str = getattr(profiles.load(name), part)
    for ours, theirs in BUILDS[name].items():
        text = text.replace(ours, theirs)
    return text


def as_of_istio(name: str, suite: str, answers: str) -> str:
    """Answers with the version of Istio's template: 1.1 writes a hash of its template into pods."""
    theirs = (RECORDED / suite / ISTIO[name]["config"]).read_text(encoding="utf-8")
    return answers.replace(version(built(name, "config")), version(theirs))


def version(config: str) -> str:
    """The hash of a configuration's sidecar, as a pod's status of Istio 1.1 holds it."""
    return hashlib.sha256(load_config(config).templates.source(SIDECAR).encode()).hexdigest()


def answer(cases: Path) -> str:
    """What pillion answers to the cases."""
    command: list[str | Path] = [sys.executable, TESTS / "conformance" / "answer.py", cases]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def compared(cases: Path, answers: Path) -> tuple[bool, str]:
    """Whether every case passes, and the figures and differences in words."""
    command: list[str | Path] = [sys.executable, RECORDED / "compare.py", cases, answers]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout or done.stderr
