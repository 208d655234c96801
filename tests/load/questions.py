"""Reviews, and what is right to answer to each: the engine's own answers, byte for byte."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion import profiles
from pillion.injection.admission import respond
from pillion.injection.config import load_config
from pillion.injection.injector import Injector
from pillion.mesh.config import load_mesh
from pillion.mesh.values import load_values

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN, EDITED = "plain", "edited"
"""Names of two configurations."""

PATH = "/inject"
CONTENT_TYPE = {"content-type": "application/json"}
_HEAD = (
    b"POST %s HTTP/1.1\r\nHost: injector\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n"
)
_REVIEW = Path(__file__).parents[2] / "bench" / "review.json"
_INJECT = "sidecar.istio.io/inject"
_PORTS = "traffic.sidecar.istio.io/excludeInboundPorts"


class Question(NamedTuple):
    """A whole request, and the right answer's body by the name of the configuration."""

    request: bytes
    answers: Mapping[str, bytes]


def texts(profile: str) -> dict[str, dict[str, str]]:
    """Two configurations of the generation of 1.30, as files of one mount.

    They differ in both files, so that an answer from one file of each is the answer of neither.
    """
    found = profiles.load(profile)
    assert found.values is not None
    plain = {"config": found.config, "values": found.values}
    edited = {
        "config": _edited(found.config, "injectedAnnotations: {}", "injectedAnnotations: {a: b}"),
        "values": _edited(found.values, "logLevel: warning", "logLevel: debug"),
    }
    return {PLAIN: plain, EDITED: edited}


def _edited(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def engines(profile: str) -> dict[str, Injector]:
    """The engine with each of the configurations, as the server makes it."""
    mesh, found = profiles.load(profile).mesh, {}
    for name, files in texts(profile).items():
        config = load_config(files["config"])
        effective = load_mesh(mesh, config.generation.value)
        values = load_values(files["values"])
        found[name] = Injector(config, effective, values, revision="default")
    return found


def reviews(count: int) -> list[bytes]:
    """Bodies that all differ: most pods are injected, some are left alone, some refused."""
    base = json.loads(_REVIEW.read_bytes())
    return [json.dumps(_varied(base, number)).encode() for number in range(count)]


def _varied(base: dict[str, Any], number: int) -> dict[str, Any]:
    """The review ``number``: its uid and its pod's name are its own."""
    made = copy.deepcopy(base)
    request = made["request"]
    request["uid"] = f"uid-{number}"
    metadata = request["object"]["metadata"]
    metadata["name"] = f"pod-{number}"
    if number % 16 == 5:
        metadata["labels"][_INJECT] = "false"
    elif number % 16 == 11:
        metadata["annotations"] = {_PORTS: "none"}
    elif number % 16 == 13:
        made["apiVersion"] = "admission.k8s.io/v1beta1"
    return made


def request_of(body: bytes) -> bytes:
    """The HTTP request with ``body``."""
    return _HEAD % (PATH.encode(), len(body)) + body


def questions(by_name: Mapping[str, Injector], count: int = 64) -> list[Question]:
    """Requests with the answers of the engines ``by_name``."""
    return [
        Question(
            request_of(body),
            {name: respond(one, PATH, CONTENT_TYPE, body).body for name, one in by_name.items()},
        )
        for body in reviews(count)
    ]
