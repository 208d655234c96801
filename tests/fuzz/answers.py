"""Pillion's answers to the reference's questions, and whether two answers are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion import gotemplate
from pillion.errors import PillionError
from pillion.golang import json as go_json
from pillion.gotemplate import sprig
from pillion.gotemplate.errors import ParseError
from pillion.injection.overlay import NOT_JSON, merge_yaml
from pillion.kubernetes import codec, yaml_writer
from pillion.kubernetes.errors import MergeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzz.reference import Question

Answer = dict[str, Any]

TEMPLATE_NAME = "inject"


def answer(question: Question) -> Answer:
    """What pillion answers: ``output``, ``parseError`` or ``error``."""
    try:
        return {"output": _MODES[question.mode](question)}
    except ParseError as error:
        return {"parseError": str(error)}
    except PillionError as error:
        return {"error": str(error)}


def comparable(expected: Answer) -> bool:
    """Whether the reference's answer is one to compare with.

    Where Go's library crashes there is nothing to agree with; pillion answers with an error of its own.
    An address of memory differs from run to run.
    """
    return "panic" not in expected and "0xc0" not in expected.get("output", "")


def same(expected: Answer, actual: Answer) -> bool:
    """Whether the outcome is the same, letter by letter."""
    return expected == {kind: as_json_text(text) for kind, text in actual.items()}


def as_json_text(text: str) -> str:
    """The text as encoding/json writes it: each byte that is not UTF-8 becomes U+FFFD."""
    if text.isascii():
        return text
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return "".join("�" if "\udc80" <= one <= "\udcff" else one for one in whole)


def _template(question: Question) -> str:
    compiled = gotemplate.compile(
        question.input, name=TEMPLATE_NAME, functions=sprig.FUNCTIONS
    )
    return compiled.render(go_json.unmarshal(question.body))


def _roundtrip(question: Question) -> str:
    _, value = codec.decode_manifest(question.input)
    return yaml_writer.dump(value)


def _smp(question: Question) -> str:
    try:
        pod = go_json.unmarshal(question.body)
    except go_json.JSONError as error:
        raise MergeError(NOT_JSON) from error
    if not isinstance(pod, dict | None):
        raise MergeError(NOT_JSON)
    return go_json.marshal(merge_yaml(pod or {}, question.input))


_MODES: dict[str, Callable[[Question], str]] = {
    "template": _template,
    "roundtrip": _roundtrip,
    "smp": _smp,
}
