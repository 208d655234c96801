"""Ranges of versions, such as ``>=1.2, <2 || ~3.1``, by the rules of Masterminds/semver 3.5.

Worth knowing: a version with a pre-release is in a range only where some constraint of the same
group names a pre-release too; ``1.2`` means ``1.2.x``; a comma and a space both mean *and*.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pillion.golang import regexp
from pillion.golang.strconv import quote
from pillion.golang.strings import byte_len
from pillion.gotemplate.functions import FunctionError
from pillion.gotemplate.sprig.semver import Version, compare_prereleases, parse

if TYPE_CHECKING:
    from collections.abc import Callable

Groups: TypeAlias = "tuple[tuple[Constraint, ...], ...]"

_MAX_LENGTH = 512
_MAX_GROUPS = 32

_NUMBER = r"[0-9|xX*]+"
_IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION = rf"v?{_NUMBER}(?:\.{_NUMBER})?(?:\.{_NUMBER})?(?:-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?"
_PARTS = rf"v?({_NUMBER})(\.{_NUMBER})?(\.{_NUMBER})?(-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?"
# The empty operator comes second, as in Masterminds/semver: the first alternative that fits wins.
_OPERATOR = r"(?:=||!=|>|<|>=|=>|<=|=<|~|~>|\^)"
_COMPARISON = rf"{_OPERATOR}\s*{_VERSION}"

_HYPHEN = rf"\s*({_VERSION})\s+-\s+({_VERSION})\s*"
_GROUP = rf"^\s*{_COMPARISON}\s*(?:(?:\s+|,\s*){_COMPARISON}\s*)*$"
_ONE = rf"^\s*({_OPERATOR})\s*({_PARTS})\s*$"


class Constraint(NamedTuple):
    """One comparison; the version's minor, or its patch alone, may match any number."""

    operator: str
    version: Version
    any_minor: bool
    any_patch: bool
    is_open: bool
    """Whether some number is missing or an ``x``."""


@lru_cache(maxsize=256)
def parse_constraints(text: str) -> Groups:
    """Read a range: groups of which one must hold, each of constraints that all must hold.

    Raises:
        FunctionError: the text is no range.
    """
    if byte_len(text) > _MAX_LENGTH:
        raise FunctionError(f"constraint string is too long (max {_MAX_LENGTH} bytes)")
    groups = _without_hyphens(text).split("||")
    if len(groups) > _MAX_GROUPS:
        raise FunctionError(f"too many constraint groups (max {_MAX_GROUPS})")
    return tuple(map(_parse_group, groups))


def satisfies(version: Version, groups: Groups) -> bool:
    """Whether the version is in the range."""
    return any(_in_group(version, group) for group in groups)


def _in_group(version: Version, group: tuple[Constraint, ...]) -> bool:
    if version.prerelease and not any(one.version.prerelease for one in group):
        return False
    return all(_CHECKS[one.operator](version, one) for one in group)


def _without_hyphens(text: str) -> str:
    """``1 - 2`` written as ``>= 1, <= 2``."""
    if "-" not in text:
        return text
    for whole, low, high in regexp.compile_pattern(_HYPHEN).find_all_groups(text):
        text = text.replace(whole, f">= {low}, <= {high} ", 1)
    return text


def _parse_group(text: str) -> tuple[Constraint, ...]:
    if not regexp.compile_pattern(_GROUP).matches(text):
        raise FunctionError(f"improper constraint: {quote(text)}")
    return tuple(map(_parse_one, regexp.compile_pattern(_COMPARISON).find_all(text)))


def _parse_one(text: str) -> Constraint:
    found = regexp.compile_pattern(_ONE).find_groups(text)
    if found is None:
        raise FunctionError(f"improper constraint: {quote(text)}")
    _, operator, _, major, minor, patch, prerelease = found
    any_major = major in _ANY
    any_minor = not any_major and minor[1:] in _ANY
    any_patch = not any_major and not any_minor and patch[1:] in _ANY
    numbers = "0.0.0" if any_major else major + (".0.0" if any_minor else minor)
    if not any_major and not any_minor:
        numbers += ".0" if any_patch else patch
    try:
        version = parse(numbers + prerelease)
    except FunctionError as error:
        raise FunctionError("constraint parser error") from error
    return Constraint(operator, version, any_minor, any_patch, any_major or any_minor or any_patch)


_ANY = {"", "x", "X", "*"}


def _not_equal(version: Version, wanted: Constraint) -> bool:
    bound = wanted.version
    if not wanted.is_open:
        return version.compare(bound) != 0
    if version.major != bound.major:
        return True
    if wanted.any_minor:
        return False
    if version.minor != bound.minor:
        return True
    if wanted.any_patch:
        return _prereleases_differ(version, bound)
    # The constraint is any version: its numbers are all zero.
    return version.compare(bound) != 0


def _prereleases_differ(version: Version, bound: Version) -> bool:
    return compare_prereleases(version.prerelease, bound.prerelease) != 0


def _greater(version: Version, wanted: Constraint) -> bool:
    bound = wanted.version
    if not wanted.is_open or not (wanted.any_minor or wanted.any_patch):
        return version.compare(bound) > 0
    if version.major != bound.major:
        return version.major > bound.major
    return not wanted.any_minor and version.minor > bound.minor


def _less(version: Version, wanted: Constraint) -> bool:
    return version.compare(wanted.version) < 0


def _at_least(version: Version, wanted: Constraint) -> bool:
    return version.compare(wanted.version) >= 0


def _at_most(version: Version, wanted: Constraint) -> bool:
    bound = wanted.version
    if not wanted.is_open:
        return version.compare(bound) <= 0
    if version.major != bound.major:
        return version.major < bound.major
    return wanted.any_minor or version.minor <= bound.minor


def _tilde(version: Version, wanted: Constraint) -> bool:
    bound = wanted.version
    if version.compare(bound) < 0:
        return False
    if bound.core == (0, 0, 0) and not wanted.any_minor and not wanted.any_patch:
        return True
    same_minor = wanted.any_minor or version.minor == bound.minor
    return version.major == bound.major and same_minor


def _equal(version: Version, wanted: Constraint) -> bool:
    return _tilde(version, wanted) if wanted.is_open else version.compare(wanted.version) == 0


def _caret(version: Version, wanted: Constraint) -> bool:
    bound = wanted.version
    if version.compare(bound) < 0 or version.major != bound.major:
        return False
    if bound.major or wanted.any_minor:
        return True
    if version.minor != bound.minor:
        return False
    return bool(bound.minor) or wanted.any_patch or version.patch == bound.patch


_CHECKS: dict[str, Callable[[Version, Constraint], bool]] = {
    "": _equal,
    "=": _equal,
    "!=": _not_equal,
    ">": _greater,
    "<": _less,
    ">=": _at_least,
    "=>": _at_least,
    "<=": _at_most,
    "=<": _at_most,
    "~": _tilde,
    "~>": _tilde,
    "^": _caret,
}
