"""What a label's key and value may look like, in the words of k8s.io/apimachinery."""

from __future__ import annotations

import re

_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = f"({_NAME})?"
_DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_DNS_LABEL}(\.{_DNS_LABEL})*"

_MAX_NAME = 63
_MAX_SUBDOMAIN = 253

_NAME_RULE = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    f"validation is '{_NAME}')"
)
_VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  "
    f"or '12345', regex used for validation is '{_VALUE}')"
)
_SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    f"for validation is '{_SUBDOMAIN}')"
)


def key_problems(key: str) -> list[str]:
    """What is wrong with a label's key; nothing where it is a good one."""
    prefix, slash, name = key.rpartition("/")
    if "/" in prefix:
        optional = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        return [f"a valid label key {_NAME_RULE} {optional}"]
    problems = [f"prefix part {problem}" for problem in _prefix_problems(prefix) if slash]
    return problems + [f"name part {problem}" for problem in _name_problems(name)]


def value_problems(value: str) -> list[str]:
    """What is wrong with a label's value; nothing where it is a good one."""
    return _text_problems(value, _MAX_NAME, _VALUE, _VALUE_RULE)


def _prefix_problems(prefix: str) -> list[str]:
    if not prefix:
        return ["must be non-empty"]
    return _text_problems(prefix, _MAX_SUBDOMAIN, _SUBDOMAIN, _SUBDOMAIN_RULE)


def _name_problems(name: str) -> list[str]:
    empty = [] if name else ["must be non-empty"]
    return empty + _text_problems(name, _MAX_NAME, _NAME, _NAME_RULE)


def _text_problems(text: str, limit: int, pattern: str, rule: str) -> list[str]:
    problems = [_too_long(limit)] if _size(text) > limit else []
    if not re.fullmatch(pattern, text):
        problems.append(rule)
    return problems


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


def _too_long(limit: int) -> str:
    return f"must be no more than {limit} bytes"
