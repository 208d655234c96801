"""Texts; wanted values were checked against sprig itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pillion import gotemplate
from pillion.golang.values import Bytes, Slice
from pillion.gotemplate.sprig import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("abbrev", (5, "hello world"), "he..."),
    ("abbrev", (3, "hello"), "hello"),
    ("abbrevboth", (5, 10, "1234 5678 9123"), "...5678..."),
    ("abbrevboth", (20, 8, "1234 5678 9123"), "... 9123"),
    ("abbrevboth", (6, 7, "1234567890123"), "...7..."),
    ("trunc", (3, "hello"), "hel"),
    ("trunc", (-3, "hello"), "llo"),
    ("trunc", (4, "日本"), "日\udce6"),
    ("substr", (1, 3, "hello"), "el"),
    ("substr", (-1, 3, "hello"), "hel"),
    ("substr", (2, -1, "hello"), "llo"),
    ("substr", (2, 99, "hello"), "llo"),
    ("repeat", (3, "ab"), "ababab"),
    ("indent", (2, "a\nb"), "  a\n  b"),
    ("nindent", (2, "a\nb"), "\n  a\n  b"),
    ("trim", (" \xa0\u2003x\x85\n",), "x"),
    ("trimAll", ("$-", "$-x-$"), "x"),
    ("trimAll", ("", "x"), "x"),
    ("trimPrefix", ("ab", "abab"), "ab"),
    ("trimSuffix", ("ab", "abab"), "ab"),
    ("upper", ("straße ŉ",), "STRAßE ŉ"),
    ("lower", ("İ",), "i"),
    ("title", ("hello-world ǆ foo_bar",), "Hello-World ǅ Foo_bar"),
    ("untitle", ("Hello World",), "hello world"),
    ("nospace", ("a b\tc",), "abc"),
    ("nospace", ("héllo ☃",), "hÃ©lloâ\x98\x83"),
    ("nospace", ("héllo",), "héllo"),
    ("initials", ("hello big\xa0world",), "hbw"),
    ("quote", ('a"b', None, 1, 2.5, True), '"a\\"b" "1" "2.5" "true"'),
    ("squote", ("it's", None, 1), "'it's' '1'"),
    ("cat", ("a", None, 1, [1, "x"]), "a 1 [1 x]"),
    ("replace", ("", "-", "ab"), "-a-b-"),
    ("replace", ("a", "b", "banana"), "bbnbnb"),
    ("plural", ("one", "many", 1), "one"),
    ("plural", ("one", "many", 0), "many"),
    ("contains", ("", "x"), True),
    ("hasPrefix", ("ab", "abc"), True),
    ("hasSuffix", ("bc", "abc"), True),
    ("toString", (None,), "<nil>"),
    ("toString", (1e21,), "1e+21"),
    ("toString", (Bytes(b"ab"),), "ab"),
    ("toStrings", ([1, None, "a", [2]],), ["1", "a", "[2]"]),
    ("toStrings", (None,), []),
    ("toStrings", ("x",), ["x"]),
    ("join", ("-", [1, None, 2.5]), "1-2.5"),
    ("join", ("-", Slice("[]int", [1, 2])), "1-2"),
    ("sortAlpha", (["b", "a", None, 10, 9],), ["10", "9", "a", "b"]),
    ("sortAlpha", (None,), ["<nil>"]),
    ("sortAlpha", ("x",), ["x"]),
    ("split", ("/", "a/b"), {"_0": "a", "_1": "b"}),
    ("split", ("", "äb"), {"_0": "ä", "_1": "b"}),
    ("splitn", ("/", 2, "a/b/c"), {"_0": "a", "_1": "b/c"}),
    ("splitn", ("/", 0, "a"), {}),
    ("splitList", (",", ""), [""]),
    ("splitList", ("", ""), []),
    ("splitList", ("", "日b"), ["日", "b"]),
    ("wrap", (5, "hello world foo"), "hello\nworld\nfoo"),
    ("wrap", (3, "abcdefgh ij"), "abcdefgh\nij"),
    ("wrap", (0, "a b"), "a\nb"),
    ("wrapWith", (5, "\t", "HelloWorld you"), "Hello\tWorld\tyou"),
    ("wrapWith", (3, "", "abcdefg"), "abc\ndef\ng"),
    ("snakecase", ("HTTPServerID42Foo",), "http_server_id42_foo"),
    ("snakecase", ("http2xx",), "http_2xx"),
    ("snakecase", ("Bld4Floor3rd",), "bld4_floor_3rd"),
    ("snakecase", ("a.b-C d__e",), "a.b_c_d__e"),
    ("snakecase", ("日本Go",), "日本_go"),
    ("kebabcase", ("FirstName",), "first-name"),
    ("kebabcase", ("NoHTTPS",), "no-https"),
    ("kebabcase", ("--x__y",), "--x--y"),
    ("camelcase", ("some_words here",), "SomeWordsHere"),
    ("camelcase", ("__x--y",), "__X-Y"),
    ("camelcase", ("HTTP_server",), "HttpServer"),
    ("camelcase", ("--",), "---"),
    ("camelcase", ("_",), "__"),
    ("swapcase", ("This Is a tEst ǅ",), "tHIS iS A TeST ǆ"),
    ("hello", (), "Hello!"),
]

FAILURES: list[tuple[str, tuple[Any, ...], str]] = [
    ("substr", (4, 2, "hello"), "runtime error: slice bounds out of range [4:2]"),
    ("substr", (9, -1, "hello"), "runtime error: slice bounds out of range [9:5]"),
    ("substr", (-1, 9, "hello"), "runtime error: slice bounds out of range [:9] with length 5"),
    ("substr", (-1, -1, "hello"), "runtime error: slice bounds out of range [:-1]"),
    ("repeat", (-1, "ab"), "strings: negative Repeat count"),
    ("indent", (-1, "a"), "strings: negative Repeat count"),
]


@pytest.mark.parametrize(("name", "arguments", "wanted"), VALUES)
def test_value(
    name: str, arguments: tuple[Any, ...], wanted: Any, call: Callable[..., Any]
) -> None:
    assert call(name, *arguments) == wanted


def test_nil_slice_stays_nil_when_sorted(call: Callable[..., Any]) -> None:
    assert call("sortAlpha", Slice("[]string", is_nil=True)).is_nil
    assert not call("sortAlpha", Slice("[]string")).is_nil


def test_texts_of_the_template_are_sorted_where_they_lie(call: Callable[..., Any]) -> None:
    parts = call("splitList", ",", "c,b,a")
    assert call("sortAlpha", parts) is parts
    assert parts == ["a", "b", "c"]


@pytest.mark.parametrize("variables", ["$e", "$i, $e"])
def test_a_loop_sees_what_is_sorted_while_it_runs(variables: str) -> None:
    text = "{{$x := splitList `,` `c,b,a`}}{{range %s := $x}}{{$e}}{{$_ := sortAlpha $x}}{{end}}"
    assert gotemplate.compile(text % variables, functions=FUNCTIONS).render() == "cbc"


def test_texts_of_the_data_are_sorted_in_a_copy(call: Callable[..., Any]) -> None:
    shared = Slice("[]string", ["b", "a"])
    assert call("sortAlpha", shared) == ["a", "b"]
    assert shared == ["b", "a"]


@pytest.mark.parametrize(("name", "arguments", "wanted"), FAILURES)
def test_failure(
    name: str, arguments: tuple[Any, ...], wanted: str, failure: Callable[..., str]
) -> None:
    assert failure(name, *arguments) == wanted
