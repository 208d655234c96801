"""Regular expressions as Go's ``regexp`` package has them, on RE2."""

from pillion.golang.regexp.errors import MustCompileError, RegexpError
from pillion.golang.regexp.matching import Regexp, compile_pattern, must_compile, quote_meta

__all__ = [
    "MustCompileError",
    "Regexp",
    "RegexpError",
    "compile_pattern",
    "must_compile",
    "quote_meta",
]
