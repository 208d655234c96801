# ruff: noqa: E501 - what Go prints stands as it is printed
from __future__ import annotations

import re
from contextlib import suppress
from math import isinf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.kubernetes.errors import YAMLError
from pillion.kubernetes.yaml_reader import load, load_untyped
from pillion.kubernetes.yaml_writer import dump

# What sigs.k8s.io/yaml v1.6.0 makes of each text.
VALUES: list[tuple[str, str, Any]] = [
    (
        "booleans of YAML 1.1",
        "[y, Y, yes, On, n, NO, off, true, False]",
        [True, True, True, True, False, False, False, True, False],
    ),
    ("not quite booleans", "[yEs, tRUE, oN, nO]", ["yEs", "tRUE", "oN", "nO"]),
    ("nulls", "[~, null, Null, NULL, ]", [None, None, None, None]),
    ("nothing after a key", "a:\nb: \n", {"a": None, "b": None}),
    (
        "integers",
        "[0, 7, -7, +7, 1_000, 0x1F, 0X1f, 0o17, 017, 0b101, -0x10]",
        [0, 7, -7, 7, 1000, 31, 31, 15, 15, 5, -16],
    ),
    ("integers with odd zeros", "[08, 0_8, 00, -017, 0b-11]", [8, 8, 0, -15, -3]),
    ("not integers", "[0x, 0b2, 1a, '1', 1:30, 0o8]", ["0x", "0b2", "1a", "1", "1:30", "0o8"]),
    (
        "the largest integers",
        "[9223372036854775807, -9223372036854775808, 18446744073709551615]",
        [9223372036854775807, -9223372036854775808, 18446744073709551615],
    ),
    (
        "beyond the largest integers",
        "[18446744073709551616, -9223372036854775809]",
        [18446744073709552000, -9223372036854776000],
    ),
    (
        "floats",
        "[1.5, .5, 1., 1e3, 1.25e-3, +.5, 6.02e23, .5_0]",
        [1.5, 0.5, 1, 1000, 0.00125, 0.5, 6.02e23, 0.5],
    ),
    (
        "whole floats become integers",
        "[1.0, 1e15, 1e20, 123456789012345680000.0]",
        [1, 1000000000000000, 100000000000000000000, 123456789012345680000],
    ),
    ("not floats", "[., .e5, 1e, 1e400, e5]", [".", ".e5", "1e", "1e400", "e5"]),
    (
        "dates stay strings",
        "[2024-01-01, 2024-01-01T10:00:00Z, 2024-01-01 10:00:00]",
        ["2024-01-01", "2024-01-01T10:00:00Z", "2024-01-01 10:00:00"],
    ),
    ("signs and dots", "[+, -, '-', .., +a]", ["+", "-", "-", "..", "+a"]),
    ("equals and merge", "[=, <<]", ["=", "<<"]),
    ("quoted scalars are strings", "['yes', \"1\", '~']", ["yes", "1", "~"]),
    (
        "keys become strings",
        "{1: a, yes: b, 1.5: c, 0x10: d, 1e10: e, .inf: f, -1e300: g}",
        {
            "-.inf": "g",
            ".inf": "f",
            "1": "a",
            "1.5": "c",
            "16": "d",
            "1e+10": "e",
            "true": "b",
        },
    ),
    ("the last of equal keys counts", "a: 1\nb: 2\na: 3\n", {"a": 3, "b": 2}),
    (
        "anchors",
        "a: &x {k: 1}\nb: *x\nc: [*x, *x]\n",
        {"a": {"k": 1}, "b": {"k": 1}, "c": [{"k": 1}, {"k": 1}]},
    ),
    ("an anchor set twice", "a: &x 1\nb: *x\nc: &x 2\nd: *x\n", {"a": 1, "b": 1, "c": 2, "d": 2}),
    (
        "merge after a key",
        "a: &x {k: 1, l: 1}\nb:\n  k: 2\n  <<: *x\n",
        {"a": {"k": 1, "l": 1}, "b": {"k": 1, "l": 1}},
    ),
    (
        "merge before a key",
        "a: &x {k: 1, l: 1}\nb:\n  <<: *x\n  k: 2\n",
        {"a": {"k": 1, "l": 1}, "b": {"k": 2, "l": 1}},
    ),
    ("merge of a list", "b:\n  <<: [{k: 1}, {k: 2, l: 2}]\n", {"b": {"k": 1, "l": 2}}),
    ("a quoted merge key is a key", "'<<': {a: 1}\n", {"<<": {"a": 1}}),
    (
        "tags of the core",
        "[!!str 1, !!int '7', !!float 3, !!bool 'no', !!null '', !!str ]",
        ["1", 7, 3, False, None, ""],
    ),
    ("binary", "[!!binary aGk=, !!binary /w==]", ["hi", "�"]),
    (
        "commas and brackets in tags",
        "[!x,y a, !![str b, !!str, c, !!str '', d]",
        ["a", "b", "c", "", "d"],
    ),
    ("a byte order mark and a comma in a tag", "\ufeff[!x, a]", ["a"]),
    ("a timestamp by tag", "!!timestamp 2024-02-29", "2024-02-29"),
    ("unknown tags give strings", "[!foo 1, !<tag:x> yes, !!set a]", ["1", "yes", "a"]),
    ("tags on collections", "!!omap [!x {a: !y 1}]", [{"a": "1"}]),
    ("the exclamation mark alone", "[! 1, ! yes]", ["1", "yes"]),
    (
        "literal and folded",
        "a: |\n  x\n   y\n\nb: >\n  x\n  y\n\n  z\nc: |-\n  x\nd: |+\n  x\n\n",
        {"a": "x\n y\n", "b": "x y\nz\n", "c": "x", "d": "x\n\n"},
    ),
    ("plain over lines", "a: b\n  c\n\n  d\n", {"a": "b c\nd"}),
    ("double quotes over lines", 'a: "b\n  c\\\n  d"\n', {"a": "b cd"}),
    (
        "escapes",
        '["\\x41\\u00e9\\U0001F600\\n\\t\\0\\_\\N\\L\\P\\e\\"\\\\"]',
        ['Aé😀\n\t\x00\xa0\x85\u2028\u2029\x1b"\\'],
    ),
    ("an escaped apostrophe", '["it\\\'s"]', ["it's"]),
    ("a colon in a flow list", "[{a:}, {b:c}, [d:]]", [{"a:": None}, {"b:c": None}, ["d:"]]),
    ("carriage returns", "a: 1\r\nb:\r\n- 2\r\n", {"a": 1, "b": [2]}),
    ("a byte order mark", "\ufeffa: 1\n", {"a": 1}),
    ("a byte order mark at the end", "a: \ufeff\n,", {"a": "\ufeff"}),
    ("two byte order marks", "\ufeff\ufeffab: c\nxd: e", {"ab": "c", "d": "e"}),
    ("an at sign behind an empty map", "{}: @", {}),
    ("a text behind an empty list", "[]a: 1", []),
    ("a byte order mark in a later line", "a: 1\nb: x\n---\n", {"a": 1, "b": "x"}),
    ("only the first document", "a: 1\n---\nb: 2\n", {"a": 1}),
    ("a document after a directive", "%YAML 1.1\n---\na: 1\n", {"a": 1}),
    ("a document after a directive with zeros", "%YAML 01.01\n---\na: 1\n", {"a": 1}),
    ("a directive after a text", "a: |\n%YAML 1.2\n", {"a": ""}),
    ("a directive for the next document", "a: 1\n...\n%YAML 1.2\n---\nb: 1\n", {"a": 1}),
    ("comments alone", "# nothing\n", None),
    ("explicit keys", "? a\n: 1\n? b\n", {"a": 1, "b": None}),
    ("lists at the column of the key", "a:\n- 1\n-\n  - 2\nb: 3\n", {"a": [1, [2]], "b": 3}),
    ("a single pair in a list", "[a: 1, b]", [{"a": 1}, "b"]),
    ("an empty list as the first key of all", "[]: b\nc: d\n", []),
    ("an alias as a key", "a: &x k\n*x : 1\n", {"a": "k", "k": 1}),
    ("tabs after a colon", "a:\t1\n", {"a": 1}),
]

_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdef", "bcdefg", strict=True)
)

_NO_COLON_IN_LINE_3 = "yaml: line 3: could not find expected ':'"
_NO_COLON_IN_LINE_4 = "yaml: line 4: could not find expected ':'"
_NO_KEY_IN_LINE_2 = "yaml: line 2: did not find expected key"
_INCOMPATIBLE = "yaml: found incompatible YAML document"
_IN_LINE_1 = "yaml: line 1: found incompatible YAML document"
_TOO_LONG = "yaml: found extremely long version number"
_TOO_LONG_IN_LINE_2 = "yaml: line 2: found extremely long version number"

ERRORS: list[tuple[str, str | bytes, str]] = [
    ("unclosed list", "a: [1", "yaml: line 1: did not find expected ',' or ']'"),
    ("unclosed list, second line", "a: 1\nb: [1", "yaml: line 2: did not find expected ',' or ']'"),
    (
        "a colon in a value",
        "a: 1\nb: c: d\n",
        "yaml: line 2: mapping values are not allowed in this context",
    ),
    ("a key too far left", "a:\n    b: 1\n  c: 2\n", "yaml: line 2: did not find expected key"),
    ("no colon", "a: 1\nb\n", "yaml: line 3: could not find expected ':'"),
    ("no colon after a flow map over lines", "a: 1\n{b: 2,\n c: 3\n", _NO_COLON_IN_LINE_3),
    ("no colon after a quoted text over lines", "a: 1\n[b,\n 'c\n d']\n", _NO_COLON_IN_LINE_4),
    ("no colon before spaces at the end", "a: 1\n{b: 2,\n  ", _NO_COLON_IN_LINE_4),
    ("no colon before a quoted text", "a: 1\n'b'\n'c\n d\n", _NO_COLON_IN_LINE_3),
    ("no colon before a quoted text in a list", "a: 1\n['b',\n'c\n d', e\n", _NO_COLON_IN_LINE_4),
    ("no colon after two texts", "a: 1\n'b' 'c'\n  ", _NO_COLON_IN_LINE_4),
    (
        "no colon before an at sign",
        "a: 1\n'b'\n@\n",
        "yaml: line 3: found character that cannot start any token",
    ),
    (
        "no colon before an unknown escape",
        "a: 1\n[b,\n'c' \"\\q\"\n",
        _NO_COLON_IN_LINE_3,
    ),
    (
        "no colon before an unknown escape in the first text of a line",
        'a: 1\n[b,\n"\\q"\n',
        "yaml: line 3: found unknown escape character",
    ),
    (
        "an unknown escape before an invalid one",
        '- {a: {b: "\\/", "c\\ud800": d}}',
        "yaml: found unknown escape character",
    ),
    (
        "an at sign behind a question mark that may be a key",
        '[{a b"?\n@"\n|<&>"}]',
        "yaml: line 2: found character that cannot start any token",
    ),
    (
        "an at sign in the line of an unknown alias",
        "- *x @",
        "yaml: found character that cannot start any token",
    ),
    (
        "a comma behind a tag that nothing asks for",
        "'a'{'b', !<c>,",
        "yaml: did not find expected whitespace or line break",
    ),
    (
        "a question mark in a list that nothing asks for",
        "'a'[b? \n|",
        "yaml: line 2: found character that cannot start any token",
    ),
    (
        "two byte order marks",
        "\ufeff\ufeff\na: 1\n",
        "yaml: line 1: did not find expected key",
    ),
    ("an empty map for a key", "a: 1\n{}\n", "yaml: line 1: did not find expected key"),
    ("an empty map in the column of its key", "a:\n{}\nb: 1\n", _NO_COLON_IN_LINE_3),
    ("an empty list in the column of its key", "a:\n[\n]\nb: 1\n", _NO_COLON_IN_LINE_4),
    ("an empty map as a key", "a: 1\n{}: b\n", "yaml: line 1: did not find expected key"),
    ("an empty map as the first key", "a:\n  b:\n    {}: c\n", _NO_KEY_IN_LINE_2),
    (
        "an empty map as an explicit key",
        "a: 1\n? {} : b\n",
        "yaml: line 1: did not find expected key",
    ),
    (
        "an empty list as the key of an item",
        "- []: b\n",
        "yaml: did not find expected '-' indicator",
    ),
    (
        "an empty list as a key behind a tag",
        "!x []: b\n",
        "yaml: invalid map key: []interface {}{}",
    ),
    (
        "an empty list as a key in a list",
        "[[]: b]\n",
        "yaml: invalid map key: []interface {}{}",
    ),
    (
        "an empty list in the line of its document",
        "--- []: b\n",
        "yaml: mapping values are not allowed in this context",
    ),
    ("an empty map over lines", "a: 1\nb: 2\n{ # c\n}\nd: 1\n", _NO_KEY_IN_LINE_2),
    ("an empty list for an item", "- a\n[]\n", "yaml: line 1: did not find expected '-' indicator"),
    ("a tab", "a:\n\tb: 1\n", "yaml: line 2: found character that cannot start any token"),
    ("an unknown escape", 'a: "\\q"', "yaml: found unknown escape character"),
    ("an escaped slash", 'k: v\na: "x\\/y"\n', "yaml: line 2: found unknown escape character"),
    (
        "a question mark in a flow list",
        "a: 1\nb: [x?y]\n",
        "yaml: line 1: did not find expected ',' or ']'",
    ),
    ("a question mark in a flow map", "{a: {b?c: 1}}", "yaml: did not find expected ',' or '}'"),
    (
        "a question mark in a flow map with a tag",
        "a: !!map {a: b?  }",
        "yaml: did not find expected ',' or '}'",
    ),
    (
        "a question mark in a flow map with an anchor",
        "a:\n  &x\n  {a: b?  }",
        "yaml: line 2: did not find expected ',' or '}'",
    ),
    (
        "a question mark after a flow map as the key of a pair",
        "a: [{b}: c?]",
        "yaml: did not find expected ',' or ']'",
    ),
    ("an unclosed quote", "a: 1\nb: 'x\n", "yaml: line 3: found unexpected end of stream"),
    ("an unknown anchor", "a: *x", "yaml: unknown anchor 'x' referenced"),
    ("an anchor in itself", "a: &x [*x]", "yaml: anchor 'x' value contains itself"),
    ("a control character", "a: \x01", "yaml: control characters are not allowed"),
    ("delete", "a: \x7f", "yaml: control characters are not allowed"),
    ("half a character", b"a: \xc3", "yaml: incomplete UTF-8 octet sequence"),
    ("one in a comment", b"# caf\xe9\n", "yaml: incomplete UTF-8 octet sequence"),
    ("not UTF-8", b"a: \xff", "yaml: invalid leading UTF-8 octet"),
    (
        "an at sign in UTF-16",
        "a: 1\nb: @".encode("utf-16"),
        "yaml: line 2: found character that cannot start any token",
    ),
    ("a surrogate", b"a: \xed\xa0\x80", "yaml: invalid Unicode character"),
    ("an infinity", "a: .inf", "json: unsupported value: +Inf"),
    ("not a number", "a: .nan", "json: unsupported value: NaN"),
    ("a null key", "~: 1", "unsupported map key of type: %!s(<nil>), key: <nil>, value: 1"),
    (
        "a null key of a map",
        "? \n: {a: [1, ~, 1.5, yes]}",
        'unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{"a":[]interface {}{1, interface {}(nil), 1.5, true}}',
    ),
    (
        "a map as a key",
        "? {a: b}\n: 1",
        'yaml: invalid map key: map[interface {}]interface {}{"a":"b"}',
    ),
    (
        "a map with many types of keys as a key",
        "? {b: 1, ~: 2, 10: 3, 9: 4, true: 5, 1.5: 6, .nan: 7, 18446744073709551615: 8}",
        'yaml: invalid map key: map[interface {}]interface {}{interface {}(nil):2, "b":1, 0xffffffffffffffff:8, 9:4, 10:3, NaN:7, 1.5:6, true:5}',
    ),
    ("a list as a key", "? [1]\n: 1", "yaml: invalid map key: []interface {}{1}"),
    (
        "a key beyond int64",
        "18446744073709551615: x",
        'unsupported map key of type: uint64, key: 0xffffffffffffffff, value: "x"',
    ),
    (
        "a merge of a scalar",
        "a: 1\n<<: 2\n",
        "yaml: map merge requires map or sequence of maps as the value",
    ),
    (
        "a merge of an alias to a scalar",
        "a: &x 1\n<<: *x\n",
        "yaml: map merge requires map or sequence of maps as the value",
    ),
    (
        "a young document with an error after its version",
        "%YAML 1.2\n ---\na: b\n",
        "yaml: found incompatible YAML document",
    ),
    ("a wrong integer", "!!int foo", "yaml: cannot decode !!str `foo` as a !!int"),
    (
        "a wrong timestamp",
        "!!timestamp 2023-02-29",
        "yaml: cannot decode !!str `2023-02-29` as a !!timestamp",
    ),
    ("wrong base 64", "!!binary a", "yaml: !!binary value contains invalid base64 data"),
    ("a later YAML", "%YAML 1.2\n---\na: 1\n", "yaml: found incompatible YAML document"),
    ("a later YAML after a mark", "\ufeff%YAML 1.2\n---\na: 1\n", _INCOMPATIBLE),
    ("a later YAML after a carriage return", "# x\r%YAML 1.2\r---\ra: 1\r", _IN_LINE_1),
    ("a later YAML after a tag", "%TAG ! !x\n%YAML 1.2\n---\na: 1\n", _IN_LINE_1),
    ("a later YAML before a wrong directive", "%YAML 1.2\n%FOO\n---\na: 1\n", _INCOMPATIBLE),
    (
        "a later YAML before a directive again",
        "%YAML 1.2\n%TAG ! !x\n%TAG ! !x\n---\na: 1\n",
        _INCOMPATIBLE,
    ),
    (
        "a directive again before a later YAML",
        "%TAG ! !x\n%TAG ! !x\n%YAML 1.2\n---\na: 1\n",
        "yaml: line 1: found duplicate %TAG directive",
    ),
    ("a YAML of three digits", "%YAML 1.001\n---\na: 1\n", _TOO_LONG),
    ("a YAML of three digits before the point", "# x\n%YAML 001.1\n---\n", _TOO_LONG_IN_LINE_2),
    ("an unknown directive", "%FOO\n---\na: 1\n", "yaml: found unknown directive name"),
    ("an undefined tag handle", "!x!y 1", "yaml: found undefined tag handle"),
    ("a list in a map", "a: 1\n- b\n", "yaml: line 1: did not find expected key"),
    ("two roots", "a: 1\n]\n", "yaml: line 1: did not find expected key"),
    ("an at sign", "a: @b", "yaml: found character that cannot start any token"),
    ("a backquote", "a: 1\nb: `c`", "yaml: line 2: found character that cannot start any token"),
    (
        "a bad indentation indicator",
        "a: |0\n  x",
        "yaml: found an indentation indicator equal to 0",
    ),
    ("too deep", "[" * 10_001, "yaml: exceeded max depth of 10000"),
    ("excessive aliasing", _BOMB, "yaml: document contains excessive aliasing"),
]


@pytest.mark.parametrize(("text", "wanted"), [pytest.param(t, w, id=n) for n, t, w in VALUES])
def test_values(text: str, wanted: Any) -> None:
    value = load(text)
    assert value == wanted
    assert repr(value) == repr(wanted) or isinstance(value, dict)


@pytest.mark.parametrize(("text", "wanted"), [pytest.param(t, w, id=n) for n, t, w in ERRORS])
def test_errors_are_worded_as_in_go(text: str | bytes, wanted: str) -> None:
    with pytest.raises(YAMLError) as caught:
        load(text)
    assert str(caught.value) == wanted


def test_an_untyped_value_keeps_its_floats() -> None:
    value = load_untyped("[1.0, 1e3, .inf, 08]")
    assert [type(item) for item in value] == [float, float, float, float]
    assert isinf(value[2])


def test_an_error_knows_its_line() -> None:
    with pytest.raises(YAMLError) as caught:
        load("a: 1\nb:\n  c: d: e\n")
    assert caught.value.line == 3


def test_an_error_of_syntax_comes_before_one_of_meaning() -> None:
    with pytest.raises(YAMLError, match="did not find expected"):
        load("a: !!int x\nb: [\n")


def test_a_forbidden_character_is_found_when_its_portion_is_read() -> None:
    near, far = "a: b: c\n\x01", "a: b: c\n" + "# \n" * 300 + "\x01"
    with pytest.raises(YAMLError, match="control characters"):
        load(near)
    with pytest.raises(YAMLError, match="mapping values"):
        load(far)


@pytest.mark.parametrize("flow", ["{b,\n c", "[]"])
def test_a_missing_colon_comes_before_a_forbidden_character_of_a_later_portion(flow: str) -> None:
    with pytest.raises(YAMLError, match=r"find expected (':'|key)"):
        load(f"a: 1\n{flow}\nd\n" + "# \n" * 600 + "\x01")


def test_deep_values_need_no_stack() -> None:
    value = load("[" * 9000 + "]" * 9000)
    depth = 0
    while value:
        value = value[0]
        depth += 1
    assert depth == 8999


def test_deep_values_with_anchors_need_no_stack() -> None:
    assert load("- " * 5000 + "&x y")


def test_values_of_an_alias_are_not_shared() -> None:
    value = load("a: &x {k: 1}\nb: *x\n")
    value["a"]["k"] = 2
    assert value["b"] == {"k": 1}


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text("abc-. :#01\n\"'[{&*!|>%@`", max_size=9), inner)
    ),
    max_leaves=20,
)


@given(_JSON)
def test_what_is_written_reads_as_it_was(value: Any) -> None:
    assert load(dump(value)) == value


_MARKUP = st.text(st.sampled_from("ab:-?[]{},#&*!|>'\"%@` \n\t1.<~"))


@given(_MARKUP)
def test_libyaml_and_the_rules_of_go_yaml_find_the_same(text: str) -> None:
    """An escaped slash, even in a comment, sees to it that libyaml is not asked."""
    assert _outcome(text) == _outcome(f"# \\/\n{text}")


def _outcome(text: str) -> object:
    try:
        return repr(load(text))
    except YAMLError as error:
        return re.sub(r"line \d+: ", "", str(error))


@given(_MARKUP)
def test_any_text_is_a_value_or_an_error(text: str) -> None:
    with suppress(YAMLError):
        load(text)
