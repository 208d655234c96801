"""sprig's regular expressions; those without ``must`` panic as Go's ``MustCompile`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.golang import regexp
from pillion.golang.values import Slice
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.signatures import STRINGS, strings

if TYPE_CHECKING:
    from collections.abc import Callable


def match(pattern: str, text: str) -> bool:
    """Whether the pattern matches anywhere; a wrong pattern does not."""
    try:
        return regexp.compile_pattern(pattern).matches(text)
    except regexp.RegexpError:
        return False


def _must_match(compiled: regexp.Regexp, text: str) -> bool:
    return compiled.matches(text)


def _find(compiled: regexp.Regexp, text: str) -> str:
    return compiled.find(text)


def _find_all(compiled: regexp.Regexp, text: str, limit: int) -> Slice:
    found = compiled.find_all(text, limit)
    return strings(found) if found else Slice(STRINGS, is_nil=True)


def _replace_all(compiled: regexp.Regexp, text: str, template: str) -> str:
    return compiled.replace_all(text, template)


def _replace_all_literal(compiled: regexp.Regexp, text: str, replacement: str) -> str:
    return compiled.replace_all_literal(text, replacement)


def _split(compiled: regexp.Regexp, text: str, limit: int) -> Slice:
    parts = compiled.split(text, limit)
    return Slice(STRINGS, is_nil=True) if parts is None else strings(parts)


def _panicking(work: Callable[..., Any]) -> Callable[..., Any]:
    """``work`` on the pattern that ``MustCompile`` makes of the first argument."""

    def call(pattern: str, *arguments: Any) -> Any:
        try:
            compiled = regexp.must_compile(pattern)
        except regexp.MustCompileError as error:
            raise FunctionError(str(error)) from error
        return work(compiled, *arguments)

    return call


def _failing(work: Callable[..., Any]) -> Callable[..., Any]:
    """``work`` on the pattern that ``Compile`` makes of the first argument."""

    def call(pattern: str, *arguments: Any) -> Any:
        try:
            compiled = regexp.compile_pattern(pattern)
        except regexp.RegexpError as error:
            raise FunctionError(str(error)) from error
        return work(compiled, *arguments)

    return call


_TEXT, _TWO, _LIMITED = ("string",) * 2, ("string",) * 3, ("string", "string", "int")

FUNCTIONS = {
    "regexMatch": Function(match, _TEXT, result="bool"),
    "mustRegexMatch": Function(_failing(_must_match), _TEXT, result="bool"),
    "regexFind": Function(_panicking(_find), _TEXT, result="string"),
    "mustRegexFind": Function(_failing(_find), _TEXT, result="string"),
    "regexFindAll": Function(_panicking(_find_all), _LIMITED, result=STRINGS),
    "mustRegexFindAll": Function(_failing(_find_all), _LIMITED, result=STRINGS),
    "regexReplaceAll": Function(_panicking(_replace_all), _TWO, result="string"),
    "mustRegexReplaceAll": Function(_failing(_replace_all), _TWO, result="string"),
    "regexReplaceAllLiteral": Function(_panicking(_replace_all_literal), _TWO, result="string"),
    "mustRegexReplaceAllLiteral": Function(_failing(_replace_all_literal), _TWO, result="string"),
    "regexSplit": Function(_panicking(_split), _LIMITED, result=STRINGS),
    "mustRegexSplit": Function(_failing(_split), _LIMITED, result=STRINGS),
    "regexQuoteMeta": Function(regexp.quote_meta, ("string",), result="string"),
}
