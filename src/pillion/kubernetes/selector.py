"""Label selectors: ``matchLabels`` and ``matchExpressions``.

Follows ``LabelSelectorAsSelector`` of k8s.io/apimachinery and the checks of its package ``labels``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.golang import json, strconv
from pillion.kubernetes import label_syntax
from pillion.kubernetes.errors import SelectorError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_EQUALS = "="
_IN = "In"
_NOT_IN = "NotIn"
_EXISTS = "Exists"
_DOES_NOT_EXIST = "DoesNotExist"
_OPERATORS = frozenset((_IN, _NOT_IN, _EXISTS, _DOES_NOT_EXIST))


class Requirement(NamedTuple):
    """One condition on one label. ``operator`` is ``=`` or one that ``matchExpressions`` names."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether the labels meet the condition."""
        if self.operator == _NOT_IN:
            return self.key not in labels or labels[self.key] not in self.values
        if self.operator == _DOES_NOT_EXIST:
            return self.key not in labels
        return self.key in labels and (self.operator == _EXISTS or labels[self.key] in self.values)

    def __str__(self) -> str:
        """The condition as ``kubectl --selector`` takes it: ``app in (a,b)``, ``!app``."""
        values = ",".join(sorted(self.values))
        return {
            _EQUALS: f"{self.key}={values}",
            _IN: f"{self.key} in ({values})",
            _NOT_IN: f"{self.key} notin ({values})",
            _EXISTS: self.key,
            _DOES_NOT_EXIST: f"!{self.key}",
        }[self.operator]


class Selector(NamedTuple):
    """A label selector: all requirements, ordered by key.

    ``empty`` says that it has none. To Kubernetes an empty selector matches every object; some who
    use selectors have it match none, which is for the caller to say.
    """

    requirements: tuple[Requirement, ...]

    @property
    def empty(self) -> bool:
        """Whether there is no requirement."""
        return not self.requirements

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether the labels meet every requirement."""
        return all(requirement.matches(labels) for requirement in self.requirements)

    def __str__(self) -> str:
        """The selector as ``kubectl --selector`` takes it: ``app=web,!canary``."""
        return ",".join(map(str, self.requirements))


def parse(selector: Mapping[str, Any]) -> Selector:
    """The selector of a canonical ``meta/v1.LabelSelector``.

    Raises:
        SelectorError: an operator is none, or a key, a value or the number of values does not do.
    """
    requirements = [
        _requirement(key, _EQUALS, (value,))
        for key, value in (selector.get("matchLabels") or {}).items()
    ]
    for expression in selector.get("matchExpressions") or ():
        operator = expression.get("operator", "")
        if operator not in _OPERATORS:
            raise SelectorError(_not_an_operator(operator))
        key, values = expression.get("key", ""), expression.get("values") or ()
        requirements.append(_requirement(key, operator, values))
    return Selector(tuple(sorted(requirements, key=lambda requirement: requirement.key)))


def _not_an_operator(operator: str) -> str:
    return f"{strconv.quote(operator)} is not a valid label selector operator"


def _requirement(key: str, operator: str, values: Sequence[str]) -> Requirement:
    problems = list(dict.fromkeys(_problems(key, operator, values)))
    if problems:
        raise SelectorError(problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]")
    return Requirement(key, operator, tuple(values))


def _problems(key: str, operator: str, values: Sequence[str]) -> Iterator[str]:
    """What is wrong with a requirement, as ``labels.NewRequirement`` words it."""
    if problems := label_syntax.key_problems(key):
        yield _invalid("key", key, "; ".join(problems))
    if operator in (_IN, _NOT_IN) and not values:
        yield _invalid("values", None, "for 'in', 'notin' operators, values set can't be empty")
    if operator in (_EXISTS, _DOES_NOT_EXIST) and values:
        yield _invalid(
            "values", list(values), "values set must be empty for exists and does not exist"
        )
    for index, value in enumerate(values):
        if problems := label_syntax.value_problems(value):
            yield _invalid(f"values[{index}][{key}]", value, "; ".join(problems))


def _invalid(field: str, value: Any, detail: str) -> str:
    """An error on one field, as ``field.Invalid`` words it."""
    shown = strconv.quote(value) if isinstance(value, str) else json.marshal(value)
    return f"{field}: Invalid value: {shown}: {detail}"
