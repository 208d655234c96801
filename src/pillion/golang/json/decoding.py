"""JSON text into Python values, as Go decodes it into an ``interface {}``.

Python's own decoder, written in C, does the work. Where it refuses a text, or takes what Go does
not, :mod:`pillion.golang.json.strict` reads the text again by Go's rules.
"""

from __future__ import annotations

import re
from functools import cache
from json.decoder import JSONDecoder
from math import isinf
from typing import Any, NoReturn

from pillion.golang.json.escapes import replace_surrogates
from pillion.golang.json.numbers import small_integer

_SPACE = re.compile(r"[ \t\r\n]*")
_ALWAYS_FITS = 18
"""Characters of an integer that 64 bits hold whatever they are."""

_NUMBER_GOES_ON = frozenset(".eE")
"""Where Python's decoder ends a number with a broken fraction or exponent, and Go's fails."""


def unmarshal(text: str, *, integers: bool = False) -> Any:
    """The value that ``text`` spells, as ``json.Unmarshal`` reads it.

    Every number is a float, unless ``integers`` asks to keep those that are written as integers and
    fit 64 bits, as Kubernetes does for its objects. Of equal keys the last wins; what is not UTF-8,
    and surrogates without their other half, become U+FFFD.

    Raises:
        JSONError: ``text`` is not one JSON value, or holds a number beyond a float64.
    """
    replaced = _replace_invalid(text)
    try:
        return _DECODERS[integers].decode(replaced)
    except (ValueError, RecursionError):
        from pillion.golang.json import strict

        return strict.decode(text, replaced, integers=integers)


def unmarshal_first(text: str, start: int = 0, *, integers: bool = False) -> tuple[Any, int]:
    """The first value in ``text`` from ``start`` on, and where it ends; as ``json.Decoder`` reads.

    Raises:
        JSONError: no value stands there; the message is ``EOF`` where nothing but space is left.
    """
    replaced = _replace_invalid(text)
    begin = _SPACE.match(replaced, start)
    try:
        value, end = _DECODERS[integers].raw_decode(replaced, begin.end() if begin else start)
        if replaced[end : end + 1] not in _NUMBER_GOES_ON:
            return value, end
    except (ValueError, RecursionError):
        pass
    from pillion.golang.json import strict

    return strict.decode_first(text, replaced, start, integers=integers)


def _replace_invalid(text: str) -> str:
    """Put U+FFFD where Go does, in as many characters: for lone surrogates and bad bytes."""
    text = replace_surrogates(text)
    if r"\ud" in text or r"\uD" in text:
        text = _escapes().sub(_replace_lone, text)
    return text


@cache
def _escapes() -> re.Pattern[str]:
    """Every escape of a string, where half of a surrogate pair goes by the name ``lone``."""
    return re.compile(
        r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
        r"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})"
        r"|.)",
        re.DOTALL,
    )


def _replace_lone(match: re.Match[str]) -> str:
    return r"\ufffd" if match["lone"] else match[0]


def _finite(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise ValueError(text)
    return value


def _integer(text: str) -> float:
    if len(text) <= _ALWAYS_FITS:
        return int(text)
    value = small_integer(text)
    return _finite(text) if value is None else value


def _refuse(constant: str) -> NoReturn:
    """Refuse the names of infinities and NaN, which Python's decoder would take."""
    raise ValueError(constant)


_DECODERS = {
    False: JSONDecoder(parse_float=_finite, parse_int=_finite, parse_constant=_refuse),
    True: JSONDecoder(parse_float=_finite, parse_int=_integer, parse_constant=_refuse),
}
