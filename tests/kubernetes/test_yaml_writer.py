# ruff: noqa: E501 - what Go prints stands as it is printed
from __future__ import annotations

from typing import Any

import pytest

from pillion.kubernetes.errors import YAMLError
from pillion.kubernetes.yaml_writer import dump

# What sigs.k8s.io/yaml v1.6.0 prints for each value.
STRINGS: list[tuple[str, str, str]] = [
    ("words", "plain words", "plain words\n"),
    ("empty", "", '""\n'),
    ("a boolean", "yes", '"yes"\n'),
    ("a letter that is a boolean", "y", '"y"\n'),
    ("a capital letter", "Y", '"Y"\n'),
    ("null", "null", '"null"\n'),
    ("tilde", "~", '"~"\n'),
    ("an integer", "1", '"1"\n'),
    ("an octal integer", "012", '"012"\n'),
    ("eight", "08", '"08"\n'),
    ("a float", "1.5", '"1.5"\n'),
    ("an exponent", "1e3", '"1e3"\n'),
    ("an infinity", ".inf", '".inf"\n'),
    ("a date", "2024-01-01", '"2024-01-01"\n'),
    ("not a date", "2024-13-01", "2024-13-01\n"),
    ("base 60", "12:30:45", '"12:30:45"\n'),
    ("equals", "=", "=\n"),
    ("merge", "<<", "<<\n"),
    ("colon and space", "a: b", "'a: b'\n"),
    ("colon at the end", "a:", "'a:'\n"),
    ("colon within", "a:b", "a:b\n"),
    ("hash after space", "a #b", "'a #b'\n"),
    ("hash within", "a#b", "a#b\n"),
    ("dash and space", "- a", "'- a'\n"),
    ("dash", "-", "'-'\n"),
    ("dash within", "-a", "-a\n"),
    ("question mark", "? a", "'? a'\n"),
    ("document start", "--- a", "'--- a'\n"),
    ("three dots", "...", "'...'\n"),
    ("leading space", " a", "' a'\n"),
    ("trailing space", "a ", "'a '\n"),
    ("an apostrophe first", "'a", "'''a'\n"),
    ("an apostrophe within", "it's", "it's\n"),
    ("a quote", 'say "hi"', 'say "hi"\n'),
    ("a quote first", '"hi"', "'\"hi\"'\n"),
    ("brackets", "[a]", "'[a]'\n"),
    ("braces", "{a}", "'{a}'\n"),
    ("ampersand", "&a", "'&a'\n"),
    ("asterisk", "*", "'*'\n"),
    ("percent", "%a", "'%a'\n"),
    ("at", "@a", "'@a'\n"),
    ("backquote", "`a", "'`a'\n"),
    ("a comma first", ",a", "',a'\n"),
    ("a pipe", "|", "'|'\n"),
    ("greater than", ">", "'>'\n"),
    ("a backslash", "a\\b", "a\\b\n"),
    ("a tab", "a\tb", '"a\\tb"\n'),
    ("a carriage return", "a\rb", '"a\\rb"\n'),
    ("nul", "\x00", '"\\0"\n'),
    ("escape", "\x1b[", '"\\e["\n'),
    ("no-break space", "a\xa0b", "a\xa0b\n"),
    ("next line", "a\x85b", "a b\n"),
    ("line separator", "a\u2028b", "'a\u2028  b'\n"),
    ("line separator and newline", "a\u2028\nb", "|-\n  a\u2028\n  b\n"),
    ("byte order mark first", "\ufeffab", '"\\uFEFF\\x61\\x62"\n'),
    ("byte order mark within", "a\ufeffb", '"a\\uFEFFb"\n'),
    ("an accent", "\xe9t\xe9", "\xe9t\xe9\n"),
    ("Chinese", "\u4e2d\u6587", "\u4e2d\u6587\n"),
    ("an emoji", "\U0001f600", '"\\U0001F600"\n'),
    ("an emoji and a space", "\U0001f600 x", '"\\U0001F600 x"\n'),
    ("lines", "a\nb\n", "|\n  a\n  b\n"),
    ("lines without the last break", "a\nb", "|-\n  a\n  b\n"),
    ("lines with more breaks", "a\nb\n\n", "|+\n  a\n  b\n\n"),
    ("a break alone", "\n", "|2+\n\n"),
    ("a break first", "\na", "|2-\n\n  a\n"),
    ("a space first in lines", " a\nb", "|2-\n   a\n  b\n"),
    ("a space before a break", "a \nb", '"a \\nb"\n'),
    ("a space at the end of lines", "a\nb ", '"a\\nb "\n'),
    ("a space after a break", "a\n b", "|-\n  a\n   b\n"),
    ("a tab in lines", "a\n\tb\n", '"a\\n\\tb\\n"\n'),
    ("an emoji in lines", "a\n\U0001f600\n", '"a\\n\\U0001F600\\n"\n'),
    (
        "long words",
        "word word word word word word word word word word word word word word word word word word word word end",
        "word word word word word word word word word word word word word word word word word\n  word word word end\n",
    ),
    (
        "long words with hazards",
        "it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: end",
        "'it''s: it''s: it''s: it''s: it''s: it''s: it''s: it''s: it''s: it''s: it''s: it''s:\n  it''s: it''s: it''s: it''s: end'\n",
    ),
    (
        "long words with escapes",
        "\t word  word\t word  word\t word  word\t word  word\t word  word\t word  word\t word  word\t word  word",
        '"\\t word  word\\t word  word\\t word  word\\t word  word\\t word  word\\t word  word\\t\n  word  word\\t word  word"\n',
    ),
    (
        "no space to fold at",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
    ),
    (
        "spaces in pairs",
        "word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  end",
        "word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  word  end\n",
    ),
    (
        "a hundred characters and a space",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx y",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n  y\n",
    ),
    (
        "a line separator among long words",
        "word word word word word word word word word word word word word word word word word word \u2028word word word word word word word word word word word word word word word word word word end",
        '"word word word word word word word word word word word word word word word word word\n  word \\Lword word word word word word word word word word word word word word word\n  word word word end"\n',
    ),
]

NESTED: list[tuple[str, Any, str]] = [
    (
        "numbers",
        [
            0,
            -1,
            9223372036854775807,
            18446744073709551615,
            1.5,
            1000.0,
            1000000.0,
            1234567.5,
            12345678.9,
            1e20,
            1e21,
            1e-06,
            1e-07,
            -0.0,
            0.1,
        ],
        "- 0\n- -1\n- 9223372036854775807\n- 18446744073709551615\n- 1.5\n- 1000\n- 1000000\n- 1.2345675e+06\n- 1.23456789e+07\n- 1e+20\n- 1e+21\n- 1e-06\n- 1e-07\n- 0\n- 0.1\n",
    ),
    ("constants", [None, True, False], "- null\n- true\n- false\n"),
    ("empty collections", {"a": {}, "b": [], "c": [[], {}]}, "a: {}\nb: []\nc:\n- []\n- {}\n"),
    ("nested lists", [[1, [2, [3]]], []], "- - 1\n  - - 2\n    - - 3\n- []\n"),
    ("lists of maps", {"a": [{"b": 1, "c": [{"d": 2}]}]}, "a:\n- b: 1\n  c:\n  - d: 2\n"),
    ("maps in maps", {"a": {"b": {"c": {}}}}, "a:\n  b:\n    c: {}\n"),
    (
        "natural order",
        {
            "a10": 0,
            "a9": 0,
            "a": 0,
            "b": 0,
            "A": 0,
            "a-1": 0,
            "a.1": 0,
            "_a": 0,
            "1": 0,
            "10": 0,
            "9": 0,
        },
        '_a: 0\n"1": 0\n"9": 0\n"10": 0\nA: 0\na: 0\na-1: 0\na.1: 0\na9: 0\na10: 0\nb: 0\n',
    ),
    (
        "natural order of zeros",
        {"a01": 0, "a1": 0, "a001": 0, "a10": 0, "a010": 0},
        "a1: 0\na01: 0\na001: 0\na10: 0\na010: 0\n",
    ),
    (
        "keys that need quotes",
        {"": 1, "yes": 2, "1": 3, "a: b": 4, "- a": 5, "\t": 6, "<<": 7},
        '"": 1\n"\\t": 6\n\'- a\': 5\n<<: 7\n"1": 3\n\'a: b\': 4\n"yes": 2\n',
    ),
    (
        "a long key",
        {
            "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk": {
                "a": [1]
            },
            "m": 1,
        },
        "? kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\n: a:\n  - 1\nm: 1\n",
    ),
    (
        "a long key of a list",
        {
            "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk": [
                "a",
                {"b": 1},
            ]
        },
        "? kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\n: - a\n  - b: 1\n",
    ),
    ("a key with a break", {"a\nb": 1}, "? |-\n  a\n  b\n: 1\n"),
    (
        "a long key with spaces",
        {
            "word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word end": [
                "x"
            ]
        },
        "? word word word word word word word word word word word word word word word word\n  word word word word word word word word word word word word word word end\n: - x\n",
    ),
    (
        "lines in a list of lists",
        [["a\nb\n", "c\n d"]],
        "- - |\n    a\n    b\n  - |-\n    c\n     d\n",
    ),
    (
        "folds count the key's columns",
        {
            "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk": "word word word word"
        },
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk: word word\n  word word\n",
    ),
    (
        "folds count the depth",
        {
            "a": {
                "b": [
                    {
                        "c": "word word word word word word word word word word word word word word word word word word word word end"
                    }
                ]
            }
        },
        "a:\n  b:\n  - c: word word word word word word word word word word word word word word word\n      word word word word word end\n",
    ),
]


@pytest.mark.parametrize(("value", "wanted"), [pytest.param(v, w, id=n) for n, v, w in STRINGS])
def test_strings(value: str, wanted: str) -> None:
    assert dump(value) == wanted


@pytest.mark.parametrize(("value", "wanted"), [pytest.param(v, w, id=n) for n, v, w in NESTED])
def test_nested_values(value: Any, wanted: str) -> None:
    assert dump(value) == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (float("inf"), "json: unsupported value: +Inf"),
        (float("nan"), "json: unsupported value: NaN"),
        ({"a": "\x7f"}, "yaml: control characters are not allowed"),
        ({"a": ["\ufffe"]}, "yaml: control characters are not allowed"),
        ({"k" * 1023: 1}, "yaml: did not find expected ',' or '}'"),
    ],
)
def test_values_that_go_refuses(value: Any, wanted: str) -> None:
    with pytest.raises(YAMLError) as caught:
        dump(value)
    assert str(caught.value) == wanted


def test_bytes_that_are_not_utf8_are_replaced() -> None:
    assert dump(b"a\xffb".decode("utf-8", "surrogateescape")) == "a\ufffdb\n"


def test_deep_values_need_no_stack() -> None:
    value: Any = "x"
    for _ in range(9000):
        value = [value]
    assert dump(value) == "- " * 9000 + "x\n"


def test_values_that_are_too_deep() -> None:
    value: Any = "x"
    for _ in range(10_001):
        value = [value]
    with pytest.raises(YAMLError, match="exceeded max depth of 10000"):
        dump(value)
