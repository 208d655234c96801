"""Answer recorded cases through the package's real entry points.

    python tests/conformance/answer.py CASES.jsonl [CASES.jsonl ...]

prints one JSON object a line: the ``id`` of a case and what pillion makes of it, in the fields that
the case's mode asks for. Files that a case names stand beside its own file.
"""

from __future__ import annotations

import base64
import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pillion import gotemplate
from pillion.errors import PillionError
from pillion.golang import json as go_json
from pillion.gotemplate.errors import ParseError
from pillion.injection import annotations as current_annotations
from pillion.injection.admission import respond
from pillion.injection.config import load_config
from pillion.injection.decision import decide
from pillion.injection.errors import DocumentError
from pillion.injection.function_table import table as function_table
from pillion.injection.generation import Generation
from pillion.injection.injector import OPENSHIFT, Injector
from pillion.injection.kube_inject import kube_inject
from pillion.injection.legacy import annotations as legacy_annotations
from pillion.injection.overlay import NOT_JSON, merge_yaml
from pillion.kubernetes import codec, schema, yaml_writer
from pillion.mesh.config import load_mesh
from pillion.mesh.values import load_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Case = dict[str, Any]
Answer = dict[str, Any]

TEMPLATE_NAME = "inject"
NAMESPACE = "test-ns"


def template(case: Case) -> Answer:
    """Render ``input`` over the JSON ``body``."""
    table = function_table(Generation.CURRENT)
    try:
        compiled = gotemplate.compile(case["input"], name=TEMPLATE_NAME, functions=table)
    except ParseError as error:
        return {"parseError": str(error)}
    return {"output": compiled.render(json.loads(case["body"], parse_int=float))}


def smp(case: Case) -> Answer:
    """Merge the YAML ``input`` into the pod ``body``."""
    try:
        pod = go_json.unmarshal(case["body"])
    except go_json.JSONError:
        return {"error": NOT_JSON}
    if not isinstance(pod, dict | None):
        return {"error": NOT_JSON}
    return {"output": go_json.marshal(merge_yaml(pod or {}, case["input"]))}


def roundtrip(case: Case) -> Answer:
    """Read a manifest into its type and print it."""
    _, value = codec.decode_manifest(case["input"])
    return {"output": yaml_writer.dump(value)}


def validate(case: Case) -> Answer:
    """Check annotations."""
    checks = current_annotations if case["version"] == "1.30" else legacy_annotations
    checks.validate(json.loads(case["body"]))
    return {"output": "ok"}


def mesh_config(case: Case) -> Answer:
    """The effective mesh configuration, the annotation over it."""
    config = load_mesh(case["mesh"])
    if "body" in case:
        config = config.merge_proxy_config(case["body"])
    return {"output": config.to_yaml()}


def decision(case: Case) -> Answer:
    """Whether the pod is injected."""
    pod = codec.decode_yaml(case["input"], schema.POD)
    config = load_config(case["config"], generation=Generation(case["version"]))
    return {"inject": decide(config, pod).inject}


def manifests(case: Case) -> Answer:
    """What kube-inject prints."""
    warnings: list[str] = []
    pieces = kube_inject(injector(case, ""), encoded(case.get("input", "")), warnings.append)
    return {"output": "".join(pieces), "warnings": warnings}


def webhook(case: Case) -> Answer:
    """What the webhook answers to each of the case's reviews.

    A case without reviews is one whose configuration or manifest cannot be read.
    """
    if "reviews" not in case["expect"]:
        injector(case, "default")
        codec.decode_manifest(case["input"])
    reviews = []
    for expected in case["expect"].get("reviews", []):
        body = json.dumps(expected["request"]).encode()
        response = answer_http(case, body, "application/json")
        answered = json.loads(response["body"])["response"]
        patch = answered.get("patch")
        reviews.append(
            {
                "allowed": answered["allowed"],
                "message": (answered.get("status") or {}).get("message", ""),
                "patch": json.loads(base64.b64decode(patch)) if patch else None,
            }
        )
    return {"reviews": reviews}


def http(case: Case) -> Answer:
    """What the endpoint answers to a body."""
    given = case.get("bodyBase64")
    body = base64.b64decode(given) if given is not None else encoded(case.get("body", ""))
    body += b" " * case.get("bodyPadSpaces", 0)
    return answer_http(case, body, case["contentType"])


def answer_http(case: Case, body: bytes, content_type: str) -> Answer:
    """One request to the endpoint."""
    headers = {"Content-Type": content_type} if content_type else {}
    response = respond(injector(case, "default"), case.get("path") or "/inject", headers, body)
    return {"status": response.status, "body": response.body.decode("utf-8", "replace")}


MODES: dict[str, Callable[[Case], Answer]] = {
    "template": template,
    "smp": smp,
    "roundtrip": roundtrip,
    "validate": validate,
    "mesh": mesh_config,
    "decide": decision,
    "kube-inject": manifests,
    "webhook": webhook,
    "http": http,
}


class PartError(Exception):
    """A part of the configuration is wrong; ``field`` is the answer that says so."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def injector(case: Case, revision: str) -> Injector:
    """The injector of a case."""
    namespace = case.get("namespaceAnnotations")
    return Injector(
        *parts(case["version"], case["config"], case.get("values"), case["mesh"]),
        revision=case.get("revision", revision),
        native_sidecars=bool(case.get("nativeSidecars")),
        platform=OPENSHIFT if case.get("platform") == "openshift" else "",
        namespaces={NAMESPACE: namespace} if namespace else {},
    )


@cache
def parts(version: str, config: str, values: str | None, mesh_text: str) -> tuple[Any, Any, Any]:
    """Configuration, mesh and values; the same texts are read once."""
    loaded = part("configError", lambda: configuration(version, config))
    effective = part("meshError", lambda: load_mesh(mesh_text, Generation(version).value))
    if values is None:
        return loaded, effective, None
    return loaded, effective, part("valuesError", lambda: load_values(values))


@cache
def configuration(version: str, text: str) -> Any:
    """A configuration with its compiled templates, whatever the mesh and the values."""
    return load_config(text, generation=Generation(version))


def part(field: str, load: Callable[[], Any]) -> Any:
    """What ``load`` gives, or a :class:`PartError` for ``field``."""
    try:
        return load()
    except PillionError as error:
        raise PartError(field, str(error)) from error


def encoded(text: str) -> bytes:
    """The bytes of a case's text."""
    return text.encode("utf-8", "surrogatepass")


def answer(case: Case) -> Answer:
    """The answer to one case, or the error; ``crash`` where that is none of pillion's own."""
    try:
        return MODES[case["mode"]](case)
    except PartError as error:
        return {error.field: str(error)}
    except DocumentError as error:
        return {"error": error.message}
    except PillionError as error:
        return {"error": str(error)}
    except Exception as failure:  # noqa: BLE001 - a crash fails its own case, not those after it
        return {"crash": repr(failure)}


def cases(path: Path) -> Iterator[Case]:
    """The cases of a file, with the files that they name read in."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        case = json.loads(line)
        if case["mode"] not in {"template", "mesh"}:
            for field in ("config", "values", "mesh"):
                if case.get(field) is not None:
                    case[field] = named(path.parent / case[field])
        yield case


@cache
def named(path: Path) -> str:
    """The text of a file."""
    return path.read_bytes().decode("utf-8", "surrogateescape")


def main() -> None:
    """Answer every case of every file."""
    for path in map(Path, sys.argv[1:]):
        for case in cases(path):
            print(json.dumps({"id": case["id"], **answer(case)}))  # noqa: T201 - its purpose


if __name__ == "__main__":
    main()
