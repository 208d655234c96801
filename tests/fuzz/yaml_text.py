"""Spells values as YAML, in all the styles that YAML has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fuzz import values

if TYPE_CHECKING:
    from tests.fuzz.source import Source


def block(source: Source, value: Any, indent: int) -> str:
    """A value in block style, without the indentation of its first line's start."""
    if isinstance(value, dict) and value:
        lines = (f"{' ' * indent}{_pair(source, key, one, indent)}" for key, one in value.items())
        return "".join(lines)
    if isinstance(value, list) and value:
        return "".join(f"{' ' * indent}-{_under(source, one, indent + 2)}" for one in value)
    return f"{' ' * indent}{flow(source, value)}\n"


def _pair(source: Source, key: str, value: Any, indent: int) -> str:
    return f"{flow(source, key)}:{_under(source, value, indent + 2)}"


def _under(source: Source, value: Any, indent: int) -> str:
    """What stands behind a colon or a dash: on its line or below it."""
    if isinstance(value, (dict, list)) and value and source.chance(85):
        return "\n" + block(source, value, indent)
    if isinstance(value, str) and not isinstance(value, values.Number):
        return f" {scalar_of(source, value, indent)}\n"
    return f" {flow(source, value)}\n"


def flow(source: Source, value: Any) -> str:
    """A value on one line."""
    if isinstance(value, values.Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(source, key)}: {flow(source, one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(source, one) for one in value) + "]"
    if isinstance(value, str):
        return _one_line(source, value)
    return source.pick(("null", "~")) if value is None else source.pick(_BOOLS[bool(value)])


_BOOLS = {True: ("true", "yes", "on", "True"), False: ("false", "no", "off", "FALSE")}


def _one_line(source: Source, text: str) -> str:
    if _plain(text) and source.chance(60):
        return text
    if source.chance(30) and "\n" not in text and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return double_quoted(source, text)


def _plain(text: str) -> bool:
    return text.isalnum() and text.isascii()


def double_quoted(source: Source, text: str) -> str:
    """A text in double quotes, with some of YAML's own escapes."""
    written = json.dumps(text, ensure_ascii=source.chance(30))
    # JSON writes what lies beyond the BMP as two escapes, which are no characters in YAML.
    if "\\ud" in written:
        written = json.dumps(text, ensure_ascii=False)
    if source.chance(10) and text.isprintable():
        escape = source.pick(("\\x41", "\\e", "\\_", "\\N", "\\L", "\\P", "\\a", "\\0", "\\U0001F600", "\\/", "\\ ", "\\\n   ", "\\z", "\\x4", "\\ud800", "\\v"))
        return f'{written[:-1]}{escape}"'
    return written


def scalar_of(source: Source, text: str, indent: int) -> str:
    """A text in any style; a block style's lines are indented."""
    if source.chance(35) and text.strip() and "\r" not in text:
        header = source.pick(("|", ">", "|-", ">-", "|+", ">+", "|2", ">1", "|2-", ">+2"))
        pad = " " * indent
        lines = (pad + line if line else line for line in text.split("\n"))
        return f"{header}\n" + "\n".join(lines)
    if source.chance(15) and text.strip() == text and text and "\n" not in text:
        return text
    return _one_line(source, text)


_ANCHORS = (
    "labels: &l {a: b}", "annotations: *l", "labels: {<<: *l, c: d}", "annotations: {<<: {a: b}, a: c}", "labels: {<<: [{a: b}, {a: c, d: e}]}",
    "name: &n x", "namespace: *n", "labels: {*n : a}", "labels: {a: &b c, d: *b}", "annotations: &x {a: *x}", "labels: {<<: x}", "labels: {<<: null}",
    "labels: {a: 1, a: 2}", "labels: {1: a, '1': b}", "labels: {true: a, yes: b}", "labels: {? a : b}", "labels: {? a}", "labels: {a, b}", "labels: {a: }",
    "labels: {\"a\":b}", "labels: {a:b}", "labels: {y: n, n: y}", "labels: {~: a}", "labels: {1.5: a}", "labels: {0x10: a}", "labels: {2001-01-01: a}",
    "labels: {[a]: b}", "labels: {{a: b}: c}", "labels: {.inf: a}", "labels: {1e3: a}", "labels: !!map {a: b}", "labels: !x {a: b}", "labels: {!!str 1: a}",
    "labels:\n    a: b\n    # c\n    d: e", "labels:\n    ? a\n    : b", "labels:\n    ? [a]\n    : b", "labels:\n    a:\n      b", "labels:\n    a: b\n     c",
    "labels:\n    a: |\n      x\n       y\n\n    b: >\n      x\n      y\n\n      z", "annotations:\n    a: 'x\n      y'\n    b: \"x\\\n      y\"", "labels:\n    - a",
    "finalizers: [a, b,]", "finalizers:\n  - a\n  - b", "finalizers:\n    - a\n    -\n    - - b", "labels: {a: b,}", "labels: {a: b", "name: a b c", "name: a #b",
    "name: a#b", "name: 'a", "name: \"a\\q\"", "name: a: b", "name: - a", "name: %a", "name: @a", "name: `a", "name: &a", "name: *a", "name: !", "name: !a b",
    "name: |", "name: |x", "name: |9\n   a", "name: >\n  a", "name: ? a", "name: [a", "name: a]", "name: 'a' b", "name:\n  a", "name:\n\n\n  a", "\tname: a",
    "<<: {name: m}", "<<: [{name: m}, {namespace: o}]", "<<: *l", "<<: 5", "name: x\n  <<: {name: y}", "labels: {<<: {<<: {a: b}}}", "labels: {<<: {a: b}, <<: {c: d}}",
    "labels: &a {a: b}\n  annotations: &a {c: d}\n  <<: *a", "name: x\n  name: y", "Name: X\n  name: y", "name: y\n  NAME: X", "labels: {a: ~}", "labels: {a: [b]}", "labels: {a: {}}",
    "generation: 5", "generation: '5'", "generation: 1.0", "generation: 1e2", "generation: 0o17", "generation: 017", "generation: 1_0", "generation: +5", "labels: {a: 1_0.5, b: 017, c: 0o17, d: 1:30}",
    "labels: {=: a, a: =}", "labels: {!: a}", "labels: {a: '<<'}", "labels: {'<<': a}", "annotations: {a: !!binary YQ==}", "annotations: {a: !!float 1}", "annotations: {a: !!binary /w==}",
    "labels: {\"a\\u00e9\": b}", "labels: {a: b}   # c", "labels: #c\n    a: b", "labels: {a: 'it''s'}", "labels: { a : b , c : d }", "labels: {a: b}\n \n  name: x", "labels: {a: 0b11, b: -0x1F, c: .5, d: -.5, e: 1., f: 1e400}",
)  # fmt: skip

_HEADS = (
    "", "---\n", "%YAML 1.1\n---\n", "# c\n", "\n\n", "--- # c\n", "%TAG ! tag:x,2000:\n---\n", "%YAML 2.0\n---\n", "\ufeff", "---\n---\n", "--- \n", "--- foo\n", "%X\n---\n", "...\n", "%YAML 1.2\n---\n",
    "%TAG !e! tag:yaml.org,2002:\n---\n", "%YAML 1.1\n%YAML 1.1\n---\n", "--- {}\n", "%YAML\n---\n", "...\n---\n", "\r\n", "--- !!map\n", "--- &root\n", "--- |\n",
)  # fmt: skip

_TAILS = ("", "\n", "---\n", "...\n", "---\nkind: Pod\n", "# end", "\n---\n[", "...\nx: y\n", "  ", "...\n---\na: b\n", "\t", "\x00", "\n\n# c\n  # d\n", "--- x", "... x", "...\n%YAML 1.1\n---\n")


def syntax(source: Source) -> str:
    """A pod's metadata in odd spellings."""
    lines = [source.pick(_ANCHORS) for _ in range(1 + source.below(3))]
    head = source.pick(_HEADS) if source.chance(30) else ""
    tail = source.pick(_TAILS) if source.chance(30) else ""
    spec = source.pick(("", "spec: {containers: []}\n", "spec:\n  containers:\n  - name: a\n", "spec: ~\n", "spec:\n", "kind: Pod\n", "SPEC: {hostNetwork: true}\n"))
    body = "".join(f"  {line}\n" for line in lines)
    text = f"{head}apiVersion: v1\nkind: Pod\nmetadata:\n{body}{spec}{tail}"
    return text.replace("\n", "\r\n") if source.chance(5) else text
