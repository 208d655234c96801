"""Regular expressions; wanted values and messages were checked against Go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.golang.regexp import (
    MustCompileError,
    RegexpError,
    compile_pattern,
    must_compile,
    quote_meta,
)

WRONG = [
    ("(", "missing closing ): `(`"),
    ("a(?:b", "missing closing ): `a(?:b`"),
    ("a)", "unexpected ): `a)`"),
    ("[a", "missing closing ]: `[a`"),
    ("x[]", "missing closing ]: `[]`"),
    ("[z-a]", "invalid character class range: `z-a`"),
    ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
    (r"\p{Nope}", r"invalid character class range: `\p{Nope}`"),
    (r"\pé", r"invalid character class range: `\pé`"),
    (r"\p{Greek", r"invalid character class range: `\p{Greek`"),
    (r"[a-\d]", r"invalid escape sequence: `\d`"),
    (r"\8", r"invalid escape sequence: `\8`"),
    (r"\C", r"invalid escape sequence: `\C`"),
    (r"\é", r"invalid escape sequence: `\é`"),
    (r"\xz", r"invalid escape sequence: `\xz`"),
    (r"\x{110000}", r"invalid escape sequence: `\x{110000`"),
    (r"\x{}", r"invalid escape sequence: `\x{}`"),
    ("a\\", "trailing backslash at end of expression: ``"),
    ("*", "missing argument to repetition operator: `*`"),
    ("a|+?", "missing argument to repetition operator: `+?`"),
    ("({2})", "missing argument to repetition operator: `{2}`"),
    ("(?i)*", "missing argument to repetition operator: `*`"),
    ("a**", "invalid nested repetition operator: `**`"),
    ("a+?{2}", "invalid nested repetition operator: `+?{2}`"),
    ("a{1001}", "invalid repeat count: `{1001}`"),
    ("a{2,1}", "invalid repeat count: `{2,1}`"),
    ("(a{100}){100}", "invalid repeat count: `{100}`"),
    ("(?z)", "invalid or unsupported Perl syntax: `(?z`"),
    ("(?i", "invalid or unsupported Perl syntax: `(?i`"),
    ("(?i-)", "invalid or unsupported Perl syntax: `(?i-)`"),
    ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
    ("(?<=a)", "invalid named capture: `(?<=a)`"),
    ("(?P<n", "invalid named capture: `(?P<n`"),
    ("(?P<n-x>a)", "invalid named capture: `(?P<n-x>`"),
    ("a\udcffb", "invalid UTF-8: `\udcffb`"),
    ("(" * 1000 + ")" * 1000, f"expression nests too deeply: `{'(' * 1000 + ')' * 1000}`"),
]


@pytest.mark.parametrize(("pattern", "wanted"), WRONG)
def test_wrong_pattern(pattern: str, wanted: str) -> None:
    with pytest.raises(RegexpError) as caught:
        compile_pattern(pattern)
    assert str(caught.value) == f"error parsing regexp: {wanted}"


def test_must_compile_names_the_pattern() -> None:
    with pytest.raises(MustCompileError) as caught:
        must_compile("(`")
    assert (
        str(caught.value) == 'regexp: Compile("(`"): error parsing regexp: missing closing ): `(``'
    )


MATCHES = [
    (r"a{,2}", "a{,2}", True),
    (r"\Qa.b\E+", "a.bbb", True),
    (r"\Qa.b", "axb", False),
    (r"(?i)straße", "STRASSE", False),
    (r"^\p{greek}+$", "αβγ", True),
    (r"^\p{Letter}\P{^Lu}$", "aB", True),
    (r"[^\p{L}]", "ab", False),
    (r"^[\PN\d]$", "5", True),
    (r"\p{Assigned}", "\u0378", False),
    (r"\p{Cn}", "\u0378", True),
    (r"\pC", "\u0378", True),
    (r"^[[:word:]]\x41\x{1F389}\101\a$", "xA🎉A\a", True),
    (r"^\_\-\ $", "_- ", True),
    (r"(?s)^.$", "\n", True),
    (r"^.$", "\n", False),
    (r"(?m)^b$", "a\nb", True),
    (r"b$", "b\n", False),
    (r"^.$", "\udcff", True),
    (r"^\x{fffd}$", "\udcff", True),
    (r"(?U)^a+$", "aaa", True),
    (r"[]a]", "]", True),
    (r"[a\-z]", "m", False),
    (r"^*", "", True),
    (r"(?)a(?:)", "a", True),
]


@pytest.mark.parametrize(("pattern", "text", "wanted"), MATCHES)
def test_match(pattern: str, text: str, wanted: bool) -> None:
    assert compile_pattern(pattern).matches(text) is wanted


FOUND = [
    ("a*", "baac", -1, ["", "aa", ""]),
    ("", "日b", -1, ["", "", ""]),
    ("a|ab", "abab", -1, ["a", "a"]),
    ("(a)(b)?", "aab", 1, ["a"]),
    ("a", "aaa", 0, []),
    (".", "a\udcffé", -1, ["a", "\udcff", "é"]),
    (r"\b", "ab c", -1, ["", "", "", ""]),
]


@pytest.mark.parametrize(("pattern", "text", "limit", "wanted"), FOUND)
def test_find_all(pattern: str, text: str, limit: int, wanted: list[str]) -> None:
    assert compile_pattern(pattern).find_all(text, limit) == wanted


REPLACED = [
    ("a(x*)b", "-ab-axxb-", "$1W", "---"),
    ("a(x*)b", "-ab-axxb-", "${1}W", "-W-xxW-"),
    ("(?P<n>a)|(?P<n>b)", "ab", "<$n>", "<a><b>"),
    ("a", "a", "$0$$${0}$", "a$a$"),
    ("a", "a", "${0", "${0"),
    ("a", "a", "$01", ""),
    ("a", "a", "$é-", "-"),
    ("a*", "baaac", "x", "xbxcx"),
    ("(a)|b", "ab", "[$1]", "[a][]"),
]


@pytest.mark.parametrize(("pattern", "text", "template", "wanted"), REPLACED)
def test_replace_all(pattern: str, text: str, template: str, wanted: str) -> None:
    assert compile_pattern(pattern).replace_all(text, template) == wanted


SPLIT = [
    (",", "a,b,c", -1, ["a", "b", "c"]),
    (",", "a,b,c", 2, ["a", "b,c"]),
    (",", "a,b,c", 0, None),
    (",", "", -1, [""]),
    ("", "", -1, []),
    ("", "日b", -1, ["日", "b"]),
    ("b*", "abbc", -1, ["a", "c"]),
    ("$", "ab", -1, ["ab"]),
]


@pytest.mark.parametrize(("pattern", "text", "limit", "wanted"), SPLIT)
def test_split(pattern: str, text: str, limit: int, wanted: list[str] | None) -> None:
    assert compile_pattern(pattern).split(text, limit) == wanted


def test_groups_that_took_no_part_are_empty() -> None:
    assert compile_pattern("(a)|(b)").find_groups("b") == ("b", "", "b")
    assert compile_pattern("(a)|(b)").find_groups("c") is None


@given(st.text())
def test_a_quoted_text_matches_itself_alone(text: str) -> None:
    assert compile_pattern(f"^(?:{quote_meta(text)})$").matches(text)


def test_what_backtracks_elsewhere_takes_no_time() -> None:
    assert not compile_pattern("(a*)*b").matches("a" * 50_000)


BETWEEN_RUNES = [
    # RE2 sees bytes: \B matches inside a character there, and nowhere in Go
    ("aé", "aé_"),
    ("éa", "_éa"),
    ("é", "_é_"),
    ("x😀y", "x😀y"),
    ("null😀ǄΣ.]", "n_u_l_l😀_Ǆ_Σ_._]_"),
]


@pytest.mark.parametrize(("text", "wanted"), BETWEEN_RUNES)
def test_nothing_matches_inside_a_character(text: str, wanted: str) -> None:
    found = compile_pattern(r"\B")
    assert found.replace_all_literal(text, "_") == wanted
    assert found.matches(text) is (wanted != text)
