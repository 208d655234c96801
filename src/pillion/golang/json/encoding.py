"""Values into JSON text, as Go's ``json.Marshal`` writes it.

Plain data goes through Python's own encoder, written in C; what that would write differently from
Go (floats, typed values, deep nesting) is written by :mod:`pillion.golang.json.walk`.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from json.encoder import JSONEncoder
from typing import Any

from pillion.golang.json import walk
from pillion.golang.json.escapes import escape, has_surrogates

_PLAIN = frozenset({str, int, bool, type(None), dict, list})
_CONTAINERS = frozenset({dict, list})
_KEYS = frozenset({str})
_MAX_PLAIN_DEPTH = 200
_MAX_PLAIN_VALUES = 200_000
_ENCODE = JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
).encode


def marshal(value: Any, escape_html: bool = True) -> str:  # noqa: FBT001, FBT002 - mirrors Go's flag
    """``value`` as JSON text: keys sorted, no spaces; as ``json.Marshal`` writes it.

    ``escape_html`` writes ``<``, ``>`` and ``&`` as escapes, as Go does unless told otherwise. A
    :class:`~pillion.golang.values.Struct` is written as what its method ``json_value`` returns, a
    :class:`~pillion.golang.values.Record` if its fields are to keep their order.

    Raises:
        JSONError: ``value`` holds what JSON cannot carry.
    """
    if _is_plain(value):
        try:
            text = _ENCODE(value)
        except RecursionError:
            return walk.encode(value, escape_html=escape_html)
        if not has_surrogates(text):
            return escape(text, escape_html=escape_html)
    return walk.encode(value, escape_html=escape_html)


def marshal_indent(value: Any, prefix: str, indent: str) -> str:
    """``value`` as JSON text on several lines, as ``json.MarshalIndent`` writes it.

    Raises:
        JSONError: ``value`` holds what JSON cannot carry.
    """
    lines = [""]
    depth = 0
    for part in _parts().findall(marshal(value)):
        if part in {"{", "["}:
            depth += 1
            lines[-1] += part
            lines.append(prefix + indent * depth)
        elif part in {"}", "]"}:
            depth -= 1
            lines.append(prefix + indent * depth + part)
        elif part == ",":
            lines[-1] += part
            lines.append(prefix + indent * depth)
        else:
            lines[-1] += ": " if part == ":" else part
    return "\n".join(lines)


@cache
def _parts() -> re.Pattern[str]:
    """The strings, punctuation, empty containers and other scalars of JSON without spaces."""
    return re.compile(r'[{\[][}\]]|[{}\[\],:]|"(?:[^"\\]++|\\.)*+"|[^"{}\[\],:]++')


def _is_plain(value: Any) -> bool:
    """Whether ``value`` holds nothing but what Python's encoder writes as Go does."""
    level = [value]
    seen = 0
    for _ in range(_MAX_PLAIN_DEPTH):
        kinds = set(map(type, level))
        seen += len(level)
        if not kinds <= _PLAIN or seen > _MAX_PLAIN_VALUES:
            return False
        if kinds.isdisjoint(_CONTAINERS):
            return True
        dicts = [item for item in level if type(item) is dict]
        lists = [item for item in level if type(item) is list]
        if not _KEYS.issuperset(map(type, chain.from_iterable(dicts))):
            return False
        level = list(chain(*map(dict.values, dicts), *lists))
    return False
