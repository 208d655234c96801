"""The rules for load balancing between localities, which both generations share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pillion.mesh.failures import Failure, join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pillion.mesh.message import Message

_TOPOLOGY: Final = frozenset(
    (
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
        "topology.istio.io/subzone",
    )
)
_WHOLE: Final = 100
_DEPTH: Final = 3


def validate(setting: Message) -> Failure:
    """What is wrong with a setting, by the rules of Istio 1.30; some problems hide the rest."""
    failover = setting.get("failover")
    if setting.get("distribute") and failover:
        return "can not simultaneously specify 'distribute' and 'failover'"
    if failover:
        for label in setting.get("failover_priority"):
            if label in _TOPOLOGY:
                return (
                    "can not simultaneously set 'failover' and topology label "
                    f"'{label}' in 'failover_priority'"
                )
    return _distribution(setting)


def _distribution(setting: Message) -> Failure:
    failures: Failure = None
    sources = []
    for share in setting.get("distribute"):
        sources.append(share.get("from"))
        weights = share.get("to")
        if not all(0 < weight <= _WHOLE for weight in weights.values()):
            return join(failures, "locality weight must be in range [1, 100]")
        total = sum(weights.values())
        if total != _WHOLE:
            return join(failures, f"total locality weight {total} != 100")
        failures = join(failures, overlap_problem(weights))
    failures = join(failures, overlap_problem(sources))
    for pair in setting.get("failover"):
        for problem in _failover_problems(pair.get("from"), pair.get("to")):
            failures = join(failures, problem)
    return failures


def validate_legacy(setting: Message) -> Failure:
    """What is wrong with a setting, by the rules of Istio 1.1; the first problem hides the rest."""
    if setting.get("distribute") and setting.get("failover"):
        return "can not simultaneously specify 'distribute' and 'failover'"
    for share in setting.get("distribute"):
        weights = share.get("to")
        if 0 in weights.values():
            return "locality weight must not be in range [1, 100]"
        if sum(weights.values()) != _WHOLE:
            return f"total locality weight {sum(weights.values())} != 100"
        problem = overlap_problem(weights)
        if problem is not None:
            return problem
    sources = [share.get("from") for share in setting.get("distribute")]
    problems = [overlap_problem(sources)]
    for pair in setting.get("failover"):
        problems.extend(_failover_problems(pair.get("from"), pair.get("to")))
    return next(filter(None, problems), None)


def _failover_problems(source: str, target: str) -> list[str]:
    problems = []
    if source == target:
        problems.append("locality lb failover settings must specify different regions")
    if "/" in source + target:
        problems.append("locality lb failover only specify region")
    if "*" in source + target:
        problems.append("locality lb failover region should not contain '*' wildcard")
    return problems


def overlap_problem(localities: Iterable[str]) -> str | None:
    """Why localities, written ``region/zone/subzone``, do not stand beside each other; or None.

    A name that stops early stands for all below it, as one that ends in ``*`` does. Only a name
    that an *earlier* one covers is found, as in Istio.
    """
    taken: set[tuple[str, ...]] = set()
    for locality in localities:
        stars = locality.count("*")
        if stars > 1 or (stars and not locality.endswith("*")):
            return (
                f"locality {locality} wildcard '*' number can not exceed 1 and must be in the end"
            )
        parts = tuple(locality.split("/", 2))
        if any(region == "*" for region, _, _ in taken):
            return f"locality {locality} overlap with previous specified ones"
        if "" in parts:
            return f"locality {locality} must not contain empty region/zone/subzone info"
        if any(_covers(other, parts) for other in taken):
            return f"locality {locality} overlap with previous specified ones"
        taken.add((*parts, *["*"] * (_DEPTH - len(parts))))
    return None


def _covers(earlier: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Whether ``parts`` names something within ``earlier``, which is padded with stars."""
    if earlier[0] != parts[0] or len(parts) == 1:
        return earlier[0] == parts[0]
    if earlier[1] != parts[1] or len(parts) < _DEPTH:
        return earlier[1] in ("*", parts[1])
    return earlier[2] in ("*", parts[2])
