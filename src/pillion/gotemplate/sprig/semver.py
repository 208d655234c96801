"""Versions, by the rules of Masterminds/semver 3.5, which reads ``1.2`` and ``v1`` too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pillion.golang import strconv
from pillion.golang.values import MISSING, Bytes, Struct, Uint64
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.methods import bound
from pillion.gotemplate.sprig.panics import nil_dereference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_POINTER = "*semver.Version"
_VALUE = "semver.Version"
_MAX_VERSION = 256
_MAX_UINT64 = (1 << 64) - 1
_VERSION = re.compile(
    r"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?"
    r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)


class Version(Struct):
    """A ``semver.Version``, or a pointer to one."""

    __slots__ = ("core", "go_type", "metadata", "original", "prerelease")
    unexported_fields = frozenset({"major", "minor", "patch", "pre", "metadata", "original"})

    def __init__(
        self,
        core: tuple[int, int, int],
        prerelease: str,
        metadata: str,
        *,
        original: str,
        go_type: str = _POINTER,
    ) -> None:
        self.core = core
        self.prerelease = prerelease
        self.metadata = metadata
        self.original = original
        self.go_type = go_type

    @property
    def major(self) -> int:
        """The first number."""
        return self.core[0]

    @property
    def minor(self) -> int:
        """The second number."""
        return self.core[1]

    @property
    def patch(self) -> int:
        """The third number."""
        return self.core[2]

    def string(self) -> str:
        """The version without a leading ``v``."""
        text = ".".join(map(str, self.core))
        text += f"-{self.prerelease}" if self.prerelease else ""
        return text + (f"+{self.metadata}" if self.metadata else "")

    def json_value(self) -> str:
        """The version is a text in JSON."""
        return self.string()

    def field(self, name: str) -> Any:
        """No field is exported."""
        del name
        return MISSING

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The fields, none of which is exported."""
        yield from zip(("major", "minor", "patch"), map(Uint64, self.core), strict=True)
        yield "pre", self.prerelease
        yield "metadata", self.metadata
        yield "original", self.original

    def method(self, name: str) -> Callable[..., Any] | None:
        """The method as a :class:`Function`, bound; a value lacks those of its pointer."""
        found = _VALUE_METHODS.get(name)
        if found is None and self.go_type == _POINTER:
            found = _POINTER_METHODS.get(name)
        return None if found is None else bound(found, self)

    def compare(self, other: Version) -> int:
        """-1, 0 or 1, as this version comes before, with or after the other, but for metadata."""
        if self.core != other.core:
            return -1 if self.core < other.core else 1
        return compare_prereleases(self.prerelease, other.prerelease)


def parse(text: str) -> Version:
    """Read a version; minor and patch may be missing, and numbers may have leading zeros.

    Raises:
        FunctionError: the text is no version.
    """
    if len(text) > _MAX_VERSION:
        raise FunctionError(f"version string is too long (max {_MAX_VERSION} bytes)")
    match = _VERSION.fullmatch(text)
    if match is None:
        raise FunctionError("invalid semantic version")
    major, minor, patch, prerelease, metadata = match.groups("")
    core = _segment(major), _segment(minor or "0"), _segment(patch or "0")
    _check_prerelease(prerelease)
    return Version(core, prerelease, metadata, original=text)


def _segment(digits: str) -> int:
    try:
        return strconv.parse_uint(digits)
    except strconv.NumError as error:
        raise FunctionError(f"error parsing version segment: {error}") from error


def _check_prerelease(prerelease: str) -> None:
    for part in prerelease.split("."):
        if part.isdigit() and len(part) > 1 and part[0] == "0":
            raise FunctionError("version segment starts with 0")


def compare_prereleases(left: str, right: str) -> int:
    """-1, 0 or 1 by the order of pre-releases."""
    if not left or not right:
        # A version without a pre-release comes after those that have one.
        return bool(right) - bool(left)
    ours, theirs = left.split("."), right.split(".")
    for at in range(max(len(ours), len(theirs))):
        difference = _compare_parts(ours[at : at + 1], theirs[at : at + 1])
        if difference:
            return difference
    return 0


def _compare_parts(ours: list[str], theirs: list[str]) -> int:
    if ours == theirs:
        return 0
    if not ours or not theirs:
        return 1 if ours else -1
    return -1 if _rank(ours[0]) < _rank(theirs[0]) else 1


def _rank(part: str) -> tuple[bool, int, str]:
    """Numbers, by value, come before texts; what no uint64 holds is a text."""
    if part.isdigit() and int(part) <= _MAX_UINT64:
        return False, int(part), ""
    return True, 0, part


def _derived(
    version: Version, core: tuple[int, int, int], prerelease: str = "", metadata: str = ""
) -> Version:
    """A version made of another one, whose leading ``v`` it keeps."""
    made = Version(core, prerelease, metadata, original="", go_type=_VALUE)
    made.original = ("v" if version.original.startswith("v") else "") + made.string()
    return made


def _increased(number: int, name: str) -> int:
    if number == _MAX_UINT64:
        raise FunctionError(f"{name} version increment would overflow uint64")
    return number + 1


def _inc_patch(version: Version) -> Version:
    if version.prerelease:
        return _derived(version, version.core)
    patch = _increased(version.patch, "patch")
    return _derived(version, (version.major, version.minor, patch))


def _inc_minor(version: Version) -> Version:
    return _derived(version, (version.major, _increased(version.minor, "minor"), 0))


def _inc_major(version: Version) -> Version:
    return _derived(version, (_increased(version.major, "major"), 0, 0))


_PARTS = re.compile(r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*")


def _set_prerelease(version: Version, prerelease: str) -> Version:
    if prerelease and not _PARTS.fullmatch(prerelease):
        raise FunctionError("invalid prerelease string")
    _check_prerelease(prerelease)
    return _derived(version, version.core, prerelease, version.metadata)


def _set_metadata(version: Version, metadata: str) -> Version:
    if metadata and not _PARTS.fullmatch(metadata):
        raise FunctionError("invalid metadata string")
    return _derived(version, version.core, version.prerelease, metadata)


def _judged(*wanted: int) -> Function:
    """A method that compares with another version; ``wanted`` are the outcomes it is true for."""

    def judge(version: Version, other: Version) -> bool:
        return version.compare(_given(other)) in wanted

    return Function(judge, (_POINTER,), result="bool")


def _given(version: Version | None) -> Version:
    if version is None:
        raise nil_dereference()
    return version


def _text(name: str) -> Function:
    return Function(lambda version: getattr(version, name), result="string")


def _number(name: str) -> Function:
    return Function(lambda version: Uint64(getattr(version, name)), result="uint64")


_VALUE_METHODS: dict[str, Function] = {
    "String": Function(Version.string, result="string"),
    "Value": Function(Version.string, result="driver.Value"),
    "MarshalText": Function(lambda version: Bytes(version.string().encode()), result="[]uint8"),
    "MarshalJSON": Function(
        lambda version: Bytes(f'"{version.string()}"'.encode()), result="[]uint8"
    ),
    "Major": _number("major"),
    "Minor": _number("minor"),
    "Patch": _number("patch"),
    "Prerelease": _text("prerelease"),
    "Metadata": _text("metadata"),
    "IncPatch": Function(_inc_patch, result=_VALUE),
    "IncMinor": Function(_inc_minor, result=_VALUE),
    "IncMajor": Function(_inc_major, result=_VALUE),
    "SetPrerelease": Function(_set_prerelease, ("string",), result=_VALUE),
    "SetMetadata": Function(_set_metadata, ("string",), result=_VALUE),
}

_POINTER_METHODS: dict[str, Function] = {
    "Original": _text("original"),
    "Compare": Function(
        lambda version, other: version.compare(_given(other)), (_POINTER,), result="int"
    ),
    "LessThan": _judged(-1),
    "LessThanEqual": _judged(-1, 0),
    "GreaterThan": _judged(1),
    "GreaterThanEqual": _judged(0, 1),
    "Equal": Function(
        lambda version, other: other is not None and version.compare(other) == 0,
        (_POINTER,),
        result="bool",
    ),
}
