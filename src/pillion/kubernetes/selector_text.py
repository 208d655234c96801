"""Label selectors as people write them: ``app=web,tier in (a,b),!canary``.

Follows ``labels.Parse`` and ``metav1.ParseToLabelSelector`` of k8s.io/apimachinery: what a flag
holds becomes the ``matchLabels`` and ``matchExpressions`` that an object holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pillion.kubernetes import selector
from pillion.kubernetes.errors import SelectorError

if TYPE_CHECKING:
    from collections.abc import Iterator

_REQUIREMENT = re.compile(
    r"""\s*(?:
        !\s*(?P<absent>[^\s,=!()<>]+)
      | (?P<key>[^\s,=!()<>]+)
        (?: \s*(?P<equality>==|=|!=)\s*(?P<value>[^\s,=!()<>]*)
          | \s+(?P<operator>in|notin)\s*\((?P<values>[^()]*)\)
        )?
    )\s*(?:,|$)""",
    re.VERBOSE,
)
_OPERATORS = {"in": "In", "notin": "NotIn", "!=": "NotIn"}


def parse(text: str) -> dict[str, Any]:
    """The ``meta/v1.LabelSelector`` that ``text`` says; an empty text selects everything.

    Raises:
        SelectorError: The text is no selector, or a key or value is none that a label may have.
    """
    labels: dict[str, str] = {}
    expressions: list[dict[str, Any]] = []
    for found in _requirements(text):
        if found["equality"] in {"=", "=="} and found["key"] not in labels:
            labels[found["key"]] = found["value"]
        else:
            expressions.append(_expression(found))
    made: dict[str, Any] = {}
    if labels:
        made["matchLabels"] = labels
    if expressions:
        made["matchExpressions"] = expressions
    selector.parse(made)
    return made


def _requirements(text: str) -> Iterator[re.Match[str]]:
    position = 0
    more = bool(text.strip())
    while more:
        found = _REQUIREMENT.match(text, position)
        if found is None:
            raise SelectorError(f"cannot read the selector {text!r} at {text[position:]!r}")
        yield found
        position = found.end()
        more = found[0].endswith(",")


def _expression(found: re.Match[str]) -> dict[str, Any]:
    if found["absent"]:
        return {"key": found["absent"], "operator": "DoesNotExist"}
    if found["equality"]:
        operator = _OPERATORS.get(found["equality"], "In")
        return {"key": found["key"], "operator": operator, "values": [found["value"]]}
    if found["operator"]:
        values = sorted({value.strip() for value in found["values"].split(",")})
        return {"key": found["key"], "operator": _OPERATORS[found["operator"]], "values": values}
    return {"key": found["key"], "operator": "Exists"}
