"""Manifests: objects of every kind, walked along their types, and YAML in all its spellings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fuzz import values
from fuzz.pools import pool
from fuzz.reference import Question
from fuzz.yaml_text import block, flow, scalar_of, syntax
from pillion.kubernetes import schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from fuzz.source import Source

KINDS = {
    "Pod": ("v1", "core/v1.Pod"),
    "Deployment": ("apps/v1", "apps/v1.Deployment"),
    "DaemonSet": ("apps/v1", "apps/v1.DaemonSet"),
    "ReplicaSet": ("apps/v1", "apps/v1.ReplicaSet"),
    "StatefulSet": ("apps/v1", "apps/v1.StatefulSet"),
    "Job": ("batch/v1", "batch/v1.Job"),
    "CronJob": ("batch/v1", "batch/v1.CronJob"),
    "ReplicationController": ("v1", "core/v1.ReplicationController"),
    "List": ("v1", "core/v1.List"),
    "DeploymentConfig": ("apps.openshift.io/v1", "apps.openshift.io/v1.DeploymentConfig"),
}


def strings(source: Source) -> Question:
    """Texts in the places of strings, spelled in any style of YAML."""
    place = source.pick(
        (
            "metadata:\n  name: x\n  annotations:\n    k: {}\n",
            "metadata:\n  name: x\n  annotations:\n    {}: v\n",
            "spec:\n  containers:\n  - name: a\n    args: [x, {}]\n",
            "spec:\n  containers:\n  - name: a\n    args:\n    - {}\n",
            "metadata: {{labels: {{a: {}}}}}\n",
            "metadata:\n  name: {}\n",
        )
    )
    one_line = "[" in place or "{{" in place or "{}:" in place
    text = long_text(source) if source.chance(40) else values.text(source)
    spelled = flow(source, text) if one_line else scalar_of(source, text, 6)
    return _pod(place.format(spelled))


def scalars(source: Source) -> Question:
    """What is no string, or reads as none, in the places of every type."""
    place = source.pick(pool("scalar_places"))
    return _pod(place.format(scalar(source)))


def quantities(source: Source) -> Question:
    """Quantities."""
    digits = "".join(source.several(lambda: source.pick("0123456789."), 12))
    sign = source.pick(("", "-", "+", " "))
    suffix = source.pick(pool("suffixes"))
    text = f"{sign}{digits}{suffix}"
    spelled = values.quoted(text) if source.chance(60) or not text.strip() else text
    return _pod(
        f"spec:\n  containers:\n  - name: a\n    resources: {{limits: {{cpu: {spelled}}}}}\n"
    )


def kinds(source: Source) -> Question:
    """Objects of every kind with any of the fields that their types have."""
    kind = source.pick(tuple(KINDS))
    version, type_name = KINDS[kind]
    made = Objects(source).value(type_name, 5)
    made = {"apiVersion": version, "kind": kind, **(made if isinstance(made, dict) else {})}
    made.pop("apiVersion", None)
    made.pop("kind", None)
    rest = values.json_text(made)[1:-1] if source.chance(30) else None
    if rest is not None or not made:
        rest = rest or ""
        text = f'{{"apiVersion": "{version}", "kind": "{kind}"{", " if rest else ""}{rest}}}'
    else:
        text = f"apiVersion: {version}\nkind: {kind}\n" + block(source, made, 0)
    return Question("roundtrip", text)


def spelled(source: Source) -> Question:
    """YAML syntax around a pod: anchors, merges, tags, comments, directives, documents."""
    return Question("roundtrip", syntax(source))


def mutated(source: Source) -> Question:
    """A manifest that somebody mistyped."""
    make = source.pick((kinds, spelled, strings, scalars))
    text = make(source).input
    for _ in range(1 + source.below(2)):
        place = source.below(len(text) + 1)
        if source.chance(50):
            text = text[:place] + text[place + 1 + source.below(3) :]
        else:
            text = text[:place] + source.pick(_MISTAKES) + text[place:]
    # go-yaml loses an empty collection that is a key, and finds a newer escape before another
    # mistake; both sides refuse, in other words.
    if _EMPTY_KEY.search(text) or "\\/" in text:
        return Question("roundtrip", "kind: Pod")
    return Question("roundtrip", text)


_EMPTY_KEY = re.compile(r"[\[{]\s*[\]}]\s*[^\s,\]}#]")


_MISTAKES = pool("yaml_mistakes")


def long_text(source: Source) -> str:
    """A text that is longer than a line."""
    words = pool("long_words")
    few = [source.pick(words) for _ in range(1 + source.below(3))]
    return source.pick((" ", "", "  ", "\n", ",")).join(
        source.pick(few) for _ in range(8 + source.below(30))
    ) + source.pick(("", " ", "\n", "\n\n"))


def scalar(source: Source) -> str:
    """A scalar as it stands in a flow."""
    kind = source.below(7)
    if kind == 0:
        return source.pick(
            tuple(
                one
                for one in values.ODD_TEXTS
                if one.isprintable()
                and one.isascii()
                and not set(one) & set("[]{},*&!|>%@`'\"#\t:-")
                and one.strip()
            )
        )
    if kind == 1:
        return values.number(source)
    if kind == 2:
        return source.pick(_TAGGED)
    if kind == 3:
        return source.pick(pool("flow_values"))
    if kind == 4:
        return source.pick(_DATES)
    return flow(source, values.text(source))


_DATES = pool("yaml_dates")
_TAGGED = pool("yaml_tagged")


class Objects:
    """Makes values along the types of the schema, some of them of other types."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._special: dict[str, Callable[[], Any]] = {
            "string": self._string,
            "bool": lambda: source.chance(50),
            "int32": self._integer,
            "int64": self._integer,
        }

    def value(self, type_name: str, depth: int) -> Any:
        if self.source.chance(3):
            return values.value(self.source, 1)
        if self.source.chance(2):
            return None
        kind = schema.underlying(type_name)
        if kind == "struct":
            return self._struct(type_name, depth)
        if kind == "special":
            return self._special_value(type_name)
        if kind in self._special:
            return self._special[kind]()
        return self._composite(kind, depth)

    def _composite(self, kind: str, depth: int) -> Any:
        if kind.startswith("*"):
            return self.value(kind[1:], depth)
        if kind == "[]uint8":
            return self.source.pick(("YQ==", "", "x", "YWI"))
        if kind.startswith("[]"):
            count = self.source.below(3) if depth > 0 else 0
            return [self.value(kind[2:], depth - 1) for _ in range(count)]
        if kind.startswith("map["):
            count = self.source.below(3)
            _, _, element = kind.removeprefix("map[").partition("]")
            return {self._key(): self.value(element, depth - 1) for _ in range(count)}
        return values.Number(values.number(self.source))

    def _struct(self, type_name: str, depth: int) -> Any:
        names = tuple(schema.json_fields(type_name))
        if depth <= 0 or not names:
            return {}
        made: dict[str, Any] = {}
        count = 1 + self.source.below(4)
        for _ in range(count):
            wide = [
                one
                for one in ("spec", "metadata", "template", "containers", "jobTemplate")
                if one in names
            ]
            name = (
                self.source.pick(wide)
                if wide and self.source.chance(40)
                else self.source.pick(names)
            )
            field = schema.json_fields(type_name)[name].field
            made[self._spelling(name)] = self.value(field.type, depth - 1)
        return made

    def _spelling(self, name: str) -> str:
        if self.source.chance(96):
            return name
        return self.source.pick((name.upper(), name.capitalize(), name + "x", name.lower(), ""))

    def _special_value(self, type_name: str) -> Any:
        if type_name.endswith("Quantity"):
            return self.source.pick(
                ("1", "100m", "1Gi", "0", values.Number("1"), values.Number("0.5"), "1.5", "x", "")
            )
        if type_name.endswith("IntOrString"):
            return self.source.pick(
                (
                    values.Number("80"),
                    "http",
                    "8080",
                    values.Number("-1"),
                    values.Number("1.5"),
                    "25%",
                    True,
                )
            )
        if type_name.endswith("Time"):
            return self.source.pick(
                (
                    "2020-01-02T03:04:05Z",
                    None,
                    "2020-01-02T03:04:05.123456Z",
                    "x",
                    "2020-01-02T03:04:05+02:00",
                    values.Number("1"),
                )
            )
        return values.value(self.source, 2)

    def _string(self) -> Any:
        if self.source.chance(5):
            return values.value(self.source, 0)
        return (
            self.source.pick(values.PLAIN) if self.source.chance(70) else values.text(self.source)
        )

    def _integer(self) -> Any:
        if self.source.chance(15):
            return values.Number(values.number(self.source))
        return values.Number(self.source.pick(("1", "0", "-1", "8080", "2147483647", "1000")))

    def _key(self) -> str:
        return (
            values.key(self.source)
            if self.source.chance(30)
            else self.source.pick(
                ("a", "app", "cpu", "a9", "a10", "A", "x/y", "y", "1", "a-b", "é")
            )
        )


def _pod(rest: str) -> Question:
    return Question("roundtrip", f"apiVersion: v1\nkind: Pod\n{rest}")


GENERATORS = {
    "strings": strings,
    "scalars": scalars,
    "quantities": quantities,
    "kinds": kinds,
    "spelled": spelled,
    "mutated": mutated,
}
