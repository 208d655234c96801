"""Numbers and quoted strings as text, by the rules of Go's ``strconv``."""

from pillion.golang.strconv.atof import parse_float
from pillion.golang.strconv.errors import NumError, QuoteError
from pillion.golang.strconv.floats import round_to_float32
from pillion.golang.strconv.ftoa import format_float
from pillion.golang.strconv.integers import atoi, parse_bool, parse_int, parse_uint
from pillion.golang.strconv.printable import is_print
from pillion.golang.strconv.quoting import (
    can_backquote,
    quote,
    quote_rune,
    quote_rune_to_ascii,
    quote_to_ascii,
)
from pillion.golang.strconv.unquoting import unquote, unquote_char

__all__ = [
    "NumError",
    "QuoteError",
    "atoi",
    "can_backquote",
    "format_float",
    "is_print",
    "parse_bool",
    "parse_float",
    "parse_int",
    "parse_uint",
    "quote",
    "quote_rune",
    "quote_rune_to_ascii",
    "quote_to_ascii",
    "round_to_float32",
    "unquote",
    "unquote_char",
]
