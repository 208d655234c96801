"""sprig's regular expressions; those without ``must`` panic as Go's ``MustCompile`` does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pillion.golang import regexp
from pillion.golang.slices import OwnSlice
from pillion.golang.values import Slice
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.signatures import STRINGS

if TYPE_CHECKING:
    from collections.abc import Callable


def match(pattern: str, text: str) -> bool:
    """Whether the pattern matches anywhere; a wrong pattern does not."""
    try:
        return regexp.compile_pattern(pattern).matches(text)
    except regexp.RegexpError:
        return False


def _find_all(compiled: regexp.Regexp, text: str, limit: int) -> Slice:
    found = compiled.find_all(text, limit)
    return OwnSlice(STRINGS, found, _ROOM) if found else Slice(STRINGS, is_nil=True)


def _split(compiled: regexp.Regexp, text: str, limit: int) -> Slice:
    parts = compiled.split(text, limit)
    return Slice(STRINGS, is_nil=True) if parts is None else parts


_ROOM = 10
"""How many matches Go makes room for before it looks for any."""


def _on_pattern(
    compiled_by: Callable[[str], regexp.Regexp], work: Callable[..., Any]
) -> Callable[..., Any]:
    """``work`` on what is made of the first argument, the pattern."""

    def call(pattern: str, *arguments: Any) -> Any:
        try:
            compiled = compiled_by(pattern)
        except (regexp.RegexpError, regexp.MustCompileError) as error:
            raise FunctionError(str(error)) from error
        return work(compiled, *arguments)

    return call


_panicking = partial(_on_pattern, regexp.must_compile)
_failing = partial(_on_pattern, regexp.compile_pattern)

_TEXT, _TWO, _LIMITED = ("string",) * 2, ("string",) * 3, ("string", "string", "int")

FUNCTIONS = {
    "regexMatch": Function(match, _TEXT, result="bool"),
    "mustRegexMatch": Function(_failing(regexp.Regexp.matches), _TEXT, result="bool"),
    "regexFind": Function(_panicking(regexp.Regexp.find), _TEXT, result="string"),
    "mustRegexFind": Function(_failing(regexp.Regexp.find), _TEXT, result="string"),
    "regexFindAll": Function(_panicking(_find_all), _LIMITED, result=STRINGS),
    "mustRegexFindAll": Function(_failing(_find_all), _LIMITED, result=STRINGS),
    "regexReplaceAll": Function(_panicking(regexp.Regexp.replace_all), _TWO, result="string"),
    "mustRegexReplaceAll": Function(_failing(regexp.Regexp.replace_all), _TWO, result="string"),
    "regexReplaceAllLiteral": Function(
        _panicking(regexp.Regexp.replace_all_literal), _TWO, result="string"
    ),
    "mustRegexReplaceAllLiteral": Function(
        _failing(regexp.Regexp.replace_all_literal), _TWO, result="string"
    ),
    "regexSplit": Function(_panicking(_split), _LIMITED, result=STRINGS),
    "mustRegexSplit": Function(_failing(_split), _LIMITED, result=STRINGS),
    "regexQuoteMeta": Function(regexp.quote_meta, ("string",), result="string"),
}
