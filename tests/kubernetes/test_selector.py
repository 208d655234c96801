"""The wanted texts were checked against k8s.io/apimachinery 0.35.3."""

from __future__ import annotations

from typing import Any

import pytest

from pillion.kubernetes.errors import SelectorError
from pillion.kubernetes.selector import parse


def _expression(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


@pytest.mark.parametrize(
    ("selector", "labels", "matches"),
    [
        ({}, {}, True),
        ({"matchLabels": {"app": "web"}}, {"app": "web", "x": "y"}, True),
        ({"matchLabels": {"app": "web"}}, {"app": "db"}, False),
        ({"matchLabels": {"app": "web"}}, {}, False),
        ({"matchLabels": {"app": ""}}, {"app": ""}, True),
        ({"matchLabels": {"app": ""}}, {}, False),
        (_expression("app", "In", "web", "db"), {"app": "db"}, True),
        (_expression("app", "In", "web", "db"), {"app": "cache"}, False),
        (_expression("app", "In", "web"), {}, False),
        (_expression("app", "NotIn", "web"), {"app": "db"}, True),
        (_expression("app", "NotIn", "web"), {"app": "web"}, False),
        (_expression("app", "NotIn", "web"), {}, True),
        (_expression("app", "Exists"), {"app": ""}, True),
        (_expression("app", "Exists"), {}, False),
        (_expression("app", "DoesNotExist"), {}, True),
        (_expression("app", "DoesNotExist"), {"app": "web"}, False),
        ({"matchLabels": {"a": "1"}, **_expression("b", "Exists")}, {"a": "1", "b": "2"}, True),
        ({"matchLabels": {"a": "1"}, **_expression("b", "Exists")}, {"a": "1"}, False),
    ],
)
def test_matches(*, selector: dict[str, Any], labels: dict[str, str], matches: bool) -> None:
    assert parse(selector).matches(labels) is matches


@pytest.mark.parametrize(
    ("selector", "empty"),
    [
        ({}, True),
        ({"matchLabels": {}, "matchExpressions": []}, True),
        ({"matchLabels": None, "matchExpressions": None}, True),
        ({"matchLabels": {"a": "b"}}, False),
    ],
)
def test_empty(*, selector: dict[str, Any], empty: bool) -> None:
    assert parse(selector).empty is empty


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        ({}, ""),
        ({"matchLabels": {"b": "2", "a": "1"}}, "a=1,b=2"),
        (_expression("app", "In", "web", "db"), "app in (db,web)"),
        (_expression("app", "NotIn", "web"), "app notin (web)"),
        (_expression("app", "Exists"), "app"),
        (_expression("app", "DoesNotExist"), "!app"),
        ({"matchLabels": {"x": ""}, **_expression("a.b/c", "Exists")}, "a.b/c,x="),
    ],
)
def test_prints_as_kubectl_takes_it(selector: dict[str, Any], text: str) -> None:
    assert str(parse(selector)) == text


_NAME = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
    "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
_PREFIX = (
    "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
    "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
    "'example.com', regex used for validation is "
    r"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        (_expression("a", "in", "x"), '"in" is not a valid label selector operator'),
        (_expression("a", "Gt", "1"), '"Gt" is not a valid label selector operator'),
        ({"matchExpressions": [{"key": "a"}]}, '"" is not a valid label selector operator'),
        (
            _expression("a", "In"),
            "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty",
        ),
        (
            _expression("a", "Exists", "<x>"),
            (
                'values: Invalid value: ["\\u003cx\\u003e"]: values set must be empty for exists '
                f'and does not exist, values[0][a]: Invalid value: "<x>": {_VALUE}'
            ),
        ),
        (
            _expression("a", "DoesNotExist", "x"),
            'values: Invalid value: ["x"]: values set must be empty for exists and does not exist',
        ),
        ({"matchLabels": {"-a": "x"}}, f'key: Invalid value: "-a": name part {_NAME}'),
        (
            {"matchLabels": {"": "x"}},
            f'key: Invalid value: "": name part must be non-empty; name part {_NAME}',
        ),
        (
            {"matchLabels": {"a\n": "x"}},
            f'key: Invalid value: "a\\n": name part {_NAME}',
        ),
        (
            {"matchLabels": {"/a": "x"}},
            'key: Invalid value: "/a": prefix part must be non-empty',
        ),
        ({"matchLabels": {"A/a": "x"}}, f'key: Invalid value: "A/a": {_PREFIX}'),
        (
            {"matchLabels": {"a/b/c": "x"}},
            (
                f'key: Invalid value: "a/b/c": a valid label key {_NAME} with an optional DNS '
                "subdomain prefix and '/' (e.g. 'example.com/MyName')"
            ),
        ),
        (
            {"matchLabels": {"n" * 64: "x"}},
            f'key: Invalid value: "{"n" * 64}": name part must be no more than 63 bytes',
        ),
        (
            {"matchLabels": {"d" * 254 + "/n": "x"}},
            f'key: Invalid value: "{"d" * 254}/n": prefix part must be no more than 253 bytes',
        ),
        (
            {"matchLabels": {"a": "v" * 64}},
            f'values[0][a]: Invalid value: "{"v" * 64}": must be no more than 63 bytes',
        ),
        (
            {"matchLabels": {"-": "é"}},
            (
                f'key: Invalid value: "-": name part {_NAME}, '
                f'values[0][-]: Invalid value: "é": {_VALUE}'
            ),
        ),
    ],
)
def test_errors(selector: dict[str, Any], message: str) -> None:
    with pytest.raises(SelectorError) as caught:
        parse(selector)
    assert str(caught.value).strip("[]") == message.strip("[]")


def test_several_errors_stand_in_brackets() -> None:
    with pytest.raises(SelectorError) as caught:
        parse(_expression("/a", "In"))
    text = str(caught.value)
    assert text.startswith("[key: Invalid value")
    assert text.endswith("can't be empty]")
