"""Regular expressions; wanted values were checked against sprig itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("regexMatch", ("^a+$", "aaa"), True),
    ("regexMatch", ("(", "a"), False),
    ("mustRegexMatch", ("b", "abc"), True),
    ("regexFind", ("b+", "abbc"), "bb"),
    ("regexFind", ("x", "abc"), ""),
    ("regexFindAll", ("a.", "aabac", -1), ["aa", "ac"]),
    ("regexFindAll", ("a", "aaa", 2), ["a", "a"]),
    ("regexFindAll", ("a*", "baac", -1), ["", "aa", ""]),
    ("regexFindAll", ("x", "a", -1), []),
    ("regexFindAll", ("a", "a", 0), []),
    ("regexReplaceAll", ("a(x*)b", "-ab-axxb-", "${1}W"), "-W-xxW-"),
    ("regexReplaceAll", ("a(x*)b", "-ab-axxb-", "$1W"), "---"),
    ("regexReplaceAll", ("(?P<n>a)", "ab", "<$n>"), "<a>b"),
    ("regexReplaceAll", ("", "abc", "-"), "-a-b-c-"),
    ("regexReplaceAll", ("a*", "baac", "-"), "-b-c-"),
    ("regexReplaceAll", ("a", "a", "$$"), "$"),
    ("regexReplaceAll", ("a", "a", "${"), "${"),
    ("regexReplaceAllLiteral", ("a(b)", "ab", "$1"), "$1"),
    ("regexSplit", (",", "a,b,c", -1), ["a", "b", "c"]),
    ("regexSplit", (",", "a,b,c", 2), ["a", "b,c"]),
    ("regexSplit", (",", "a,b,c", 0), []),
    ("regexSplit", ("", "日b", -1), ["日", "b"]),
    ("regexSplit", ("a*", "baac", -1), ["b", "c"]),
    ("regexSplit", (",", "", -1), [""]),
    ("regexSplit", ("$", "ab", -1), ["ab"]),
    ("regexQuoteMeta", ("a.b*[c]\\",), "a\\.b\\*\\[c\\]\\\\"),
]

FAILURES: list[tuple[str, tuple[Any, ...], str]] = [
    ("mustRegexMatch", ("(", "a"), "error parsing regexp: missing closing ): `(`"),
    (
        "regexFind",
        ("a**", "a"),
        "regexp: Compile(`a**`): error parsing regexp: invalid nested repetition operator: `**`",
    ),
    (
        "mustRegexFind",
        ("a**", "a"),
        "error parsing regexp: invalid nested repetition operator: `**`",
    ),
    (
        "regexReplaceAll",
        ("[", "a", "b"),
        "regexp: Compile(`[`): error parsing regexp: missing closing ]: `[`",
    ),
    ("mustRegexSplit", ("(", "a", -1), "error parsing regexp: missing closing ): `(`"),
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
