"""Versions and their ranges; wanted values were checked against sprig itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from pillion import gotemplate
from pillion.gotemplate import sprig

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("semverCompare", ("=1.2.3", "1.2.3"), True),
    ("semverCompare", ("=1.2.3", "0.2.4"), False),
    ("semverCompare", ("=1.2.3", "1.2.4-beta"), False),
    ("semverCompare", ("=1.2.3", "2.0.0"), False),
    ("semverCompare", ("!=1.2", "1.2.3"), False),
    ("semverCompare", ("!=1.2", "0.2.4"), True),
    ("semverCompare", ("!=1.2", "1.2.4-beta"), False),
    ("semverCompare", ("!=1.2", "2.0.0"), True),
    ("semverCompare", (">1.2", "1.2.3"), False),
    ("semverCompare", (">1.2", "0.2.4"), False),
    ("semverCompare", (">1.2", "1.2.4-beta"), False),
    ("semverCompare", (">1.2", "2.0.0"), True),
    ("semverCompare", (">=1.2.3", "1.2.3"), True),
    ("semverCompare", (">=1.2.3", "0.2.4"), False),
    ("semverCompare", (">=1.2.3", "1.2.4-beta"), False),
    ("semverCompare", (">=1.2.3", "2.0.0"), True),
    ("semverCompare", ("<2", "1.2.3"), True),
    ("semverCompare", ("<2", "0.2.4"), True),
    ("semverCompare", ("<2", "1.2.4-beta"), False),
    ("semverCompare", ("<2", "2.0.0"), False),
    ("semverCompare", ("<=1.2", "1.2.3"), True),
    ("semverCompare", ("<=1.2", "0.2.4"), True),
    ("semverCompare", ("<=1.2", "1.2.4-beta"), False),
    ("semverCompare", ("<=1.2", "2.0.0"), False),
    ("semverCompare", ("~1.2.3", "1.2.3"), True),
    ("semverCompare", ("~1.2.3", "0.2.4"), False),
    ("semverCompare", ("~1.2.3", "1.2.4-beta"), False),
    ("semverCompare", ("~1.2.3", "2.0.0"), False),
    ("semverCompare", ("~1", "1.2.3"), True),
    ("semverCompare", ("~1", "0.2.4"), False),
    ("semverCompare", ("~1", "1.2.4-beta"), False),
    ("semverCompare", ("~1", "2.0.0"), False),
    ("semverCompare", ("^1.2", "1.2.3"), True),
    ("semverCompare", ("^1.2", "0.2.4"), False),
    ("semverCompare", ("^1.2", "1.2.4-beta"), False),
    ("semverCompare", ("^1.2", "2.0.0"), False),
    ("semverCompare", ("^0.2.3", "1.2.3"), False),
    ("semverCompare", ("^0.2.3", "0.2.4"), True),
    ("semverCompare", ("^0.2.3", "1.2.4-beta"), False),
    ("semverCompare", ("^0.2.3", "2.0.0"), False),
    ("semverCompare", ("^0.0.3", "1.2.3"), False),
    ("semverCompare", ("^0.0.3", "0.2.4"), False),
    ("semverCompare", ("^0.0.3", "1.2.4-beta"), False),
    ("semverCompare", ("^0.0.3", "2.0.0"), False),
    ("semverCompare", ("^0.0", "1.2.3"), False),
    ("semverCompare", ("^0.0", "0.2.4"), False),
    ("semverCompare", ("^0.0", "1.2.4-beta"), False),
    ("semverCompare", ("^0.0", "2.0.0"), False),
    ("semverCompare", ("*", "1.2.3"), True),
    ("semverCompare", ("*", "0.2.4"), True),
    ("semverCompare", ("*", "1.2.4-beta"), False),
    ("semverCompare", ("*", "2.0.0"), True),
    ("semverCompare", ("1.x", "1.2.3"), True),
    ("semverCompare", ("1.x", "0.2.4"), False),
    ("semverCompare", ("1.x", "1.2.4-beta"), False),
    ("semverCompare", ("1.x", "2.0.0"), False),
    ("semverCompare", (">=1.2 <2", "1.2.3"), True),
    ("semverCompare", (">=1.2 <2", "0.2.4"), False),
    ("semverCompare", (">=1.2 <2", "1.2.4-beta"), False),
    ("semverCompare", (">=1.2 <2", "2.0.0"), False),
    ("semverCompare", ("1.2.3 - 1.4", "1.2.3"), True),
    ("semverCompare", ("1.2.3 - 1.4", "0.2.4"), False),
    ("semverCompare", ("1.2.3 - 1.4", "1.2.4-beta"), False),
    ("semverCompare", ("1.2.3 - 1.4", "2.0.0"), False),
    ("semverCompare", (">=3||<2", "1.2.3"), True),
    ("semverCompare", (">=3||<2", "0.2.4"), True),
    ("semverCompare", (">=3||<2", "1.2.4-beta"), False),
    ("semverCompare", (">=3||<2", "2.0.0"), False),
    ("semverCompare", (">=1.2.3-alpha", "1.2.3"), True),
    ("semverCompare", (">=1.2.3-alpha", "0.2.4"), False),
    ("semverCompare", (">=1.2.3-alpha", "1.2.4-beta"), True),
    ("semverCompare", (">=1.2.3-alpha", "2.0.0"), True),
    ("semverCompare", ("!=1.x", "1.2.3"), False),
    ("semverCompare", ("!=1.x", "0.2.4"), True),
    ("semverCompare", ("!=1.x", "1.2.4-beta"), False),
    ("semverCompare", ("!=1.x", "2.0.0"), True),
    ("semverCompare", (">*", "1.2.3"), True),
    ("semverCompare", (">*", "0.2.4"), True),
    ("semverCompare", (">*", "1.2.4-beta"), False),
    ("semverCompare", (">*", "2.0.0"), True),
]

FAILURES: list[tuple[str, tuple[Any, ...], str]] = [
    ("semverCompare", ("bad", "1"), 'improper constraint: "bad"'),
    ("semverCompare", ("^1", "bad"), "invalid semantic version"),
    ("semverCompare", ("", "1"), 'improper constraint: ""'),
    ("semverCompare", (">", "1"), 'improper constraint: ">"'),
    ("semverCompare", ("x" * 513, "1"), "constraint string is too long (max 512 bytes)"),
    ("semverCompare", ("99999999999999999999", "1"), "constraint parser error"),
    ("semver", ("bad",), "invalid semantic version"),
    ("semver", ("",), "invalid semantic version"),
    ("semver", ("1.2.3-01",), "version segment starts with 0"),
    ("semver", ("1.x",), "invalid semantic version"),
    ("semver", ("1" * 257,), "version string is too long (max 256 bytes)"),
]


@pytest.mark.parametrize(("name", "arguments", "wanted"), VALUES)
def test_value(
    name: str, arguments: tuple[Any, ...], wanted: Any, call: Callable[..., Any]
) -> None:
    assert call(name, *arguments) == wanted


@pytest.mark.parametrize(("name", "arguments", "wanted"), FAILURES)
def test_failure(
    name: str, arguments: tuple[Any, ...], wanted: str, failure: Callable[..., str]
) -> None:
    assert failure(name, *arguments) == wanted


def test_an_unexported_field_is_named_as_such() -> None:
    template = gotemplate.compile('{{ (semver "1").pre }}', functions=sprig.FUNCTIONS)
    wanted = "pre is an unexported field of struct type *semver.Version"
    with pytest.raises(gotemplate.ExecError, match=re.escape(wanted)):
        template.render({})


def test_a_deep_copy_of_a_version_is_empty(call: Callable[..., Any]) -> None:
    copied = call("deepCopy", [call("semver", "1.2.3-rc.1")])
    assert [version.string() for version in copied] == ["0.0.0"]
    assert call("typeOf", copied[0]) == "*semver.Version"


def test_a_version_has_its_parts_and_methods(call: Callable[..., Any]) -> None:
    version = call("semver", "v1.2.3-rc.1+build")
    assert version.string() == "1.2.3-rc.1+build"
    methods = {name: version.method(name).call() for name in ("Major", "Prerelease", "Original")}
    assert methods == {"Major": 1, "Prerelease": "rc.1", "Original": "v1.2.3-rc.1+build"}
    assert version.method("IncPatch").call().string() == "1.2.3"
    assert version.method("IncMinor").call().method("Original") is None
    assert version.method("Compare").call(call("semver", "1.2.3")) == -1


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ('(semver "v1.2.3-a.1+b").IncPatch', "1.2.3"),
        ('(semver "1.2.3").IncPatch', "1.2.4"),
        ('(semver "1.2.3").IncMinor', "1.3.0"),
        ('(semver "v1.2-a").Value | upper', "1.2.0-A"),
        ('(semver "1.2").IncMajor.MarshalText', "[50 46 48 46 48]"),
        ('(semver "1.2").MarshalJSON | printf "%s"', '"1.2.0"'),
        ('(semver "1.2.3").IncMajor', "2.0.0"),
        ('(semver "v1.2.3").SetPrerelease "b.1"', "1.2.3-b.1"),
        ('(semver "1.2.3").SetMetadata "m.1"', "1.2.3+m.1"),
        ('(semver "1.2-x+y").Metadata', "y"),
        ('(semver "1.2.3").LessThan (semver "1.2.4-a")', "true"),
        ('(semver "1.2.3").Compare (semver "1.2.3+x")', "0"),
        ('(semver "1.2.3").Equal (semver "1.2.3+x")', "true"),
        ('(semver "1.2.3-a.2").GreaterThanEqual (semver "1.2.3-a.10")', "false"),
        ('(semver "1.2.3-1").LessThan (semver "1.2.3-a")', "true"),
    ],
)
def test_methods_in_templates(expression: str, wanted: str) -> None:
    template = gotemplate.compile(f"{{{{{expression}}}}}", functions=sprig.FUNCTIONS)
    assert template.render() == wanted


def test_comparing_with_nothing() -> None:
    template = gotemplate.compile('{{(semver "1.2.3").Compare nil}}', functions=sprig.FUNCTIONS)
    with pytest.raises(gotemplate.ExecError, match=r"nil pointer dereference$"):
        template.render()
