"""sprig's functions on text; lengths and positions count bytes, as Go's do."""

from __future__ import annotations

from typing import Any

from pillion.golang import fmt, strconv
from pillion.golang import strings as gostrings
from pillion.golang.slices import OwnSlice
from pillion.golang.strings import byte_len, byte_slice, from_bytes, to_bytes
from pillion.golang.values import Kind, Map, Slice, kind_of
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.cast import to_text
from pillion.gotemplate.sprig.panics import MAX_BYTES, out_of_range, too_large
from pillion.gotemplate.sprig.signatures import ANY, STRING_MAP, STRINGS, string_map, strings
from pillion.gotemplate.sprig.wrapping import abbreviate, wrap

_MIN_WIDTH = 4
_MIN_WIDTH_OF_MIDDLE = 7


def hello() -> str:
    """A greeting, for trying a template out."""
    return "Hello!"


def abbrev(width: int, text: str) -> str:
    """``text`` cut to ``width`` with an ellipsis."""
    return text if width < _MIN_WIDTH else abbreviate(text, 0, width)


def abbrev_both(left: int, right: int, text: str) -> str:
    """``text`` cut at both ends."""
    if right < _MIN_WIDTH or (left > 0 and right < _MIN_WIDTH_OF_MIDDLE):
        return text
    return abbreviate(text, left, right)


def trunc(count: int, text: str) -> str:
    """The first ``count`` bytes, or the last ones where ``count`` is negative."""
    length = byte_len(text)
    if count >= 0:
        return byte_slice(text, 0, count) if length > count else text
    return byte_slice(text, length + count, length) if length + count > 0 else text


def substr(start: int, end: int, text: str) -> str:
    """The bytes from ``start`` to ``end``; a bound below 0 stands for that end of the text.

    Raises:
        FunctionError: the bounds are not in the text.
    """
    length = byte_len(text)
    if start < 0:
        if end < 0 or end > length:
            raise out_of_range(f"[:{end}]" + (f" with length {length}" if end >= 0 else ""))
        return byte_slice(text, 0, end)
    stop = length if end < 0 or end > length else end
    if start > stop:
        raise out_of_range(f"[{start}:{stop}]")
    return byte_slice(text, start, stop)


def repeat(count: int, text: str) -> str:
    """``text`` that many times.

    Raises:
        FunctionError: the count is negative, or the result too large.
    """
    if count < 0:
        raise FunctionError("strings: negative Repeat count")
    if count * len(text) > MAX_BYTES:
        raise too_large("the repeated text")
    return text * count


def indent(spaces: int, text: str) -> str:
    """``text`` with every line moved to the right.

    Raises:
        FunctionError: ``spaces`` is negative, or the result too large.
    """
    pad = repeat(spaces, " ")
    if spaces * text.count("\n") > MAX_BYTES:
        raise too_large("the indented text")
    return pad + text.replace("\n", "\n" + pad)


def nindent(spaces: int, text: str) -> str:
    """``indent`` after a line break."""
    return "\n" + indent(spaces, text)


def trim_all(cutset: str, text: str) -> str:
    """``text`` without the characters of ``cutset`` at its ends."""
    return gostrings.trim(text, cutset)


def nospace(text: str) -> str:
    """``text`` without white space; what is left is read as Latin-1 where something was removed."""
    data = to_bytes(text)
    kept = bytes(byte for byte in data if not gostrings.is_space(chr(byte)))
    return text if len(kept) == len(data) else kept.decode("latin-1")


def initials(text: str) -> str:
    """The first byte, read as Latin-1, of every word."""
    letters = []
    at_start = True
    for char in to_bytes(text).decode("latin-1"):
        is_gap = gostrings.is_space(char)
        if at_start and not is_gap:
            letters.append(char)
        at_start = is_gap
    return "".join(letters)


def untitle(text: str) -> str:
    """``text`` with the first letter of every word in lower case."""
    letters = []
    at_start = True
    for rune in gostrings.runes(text):
        letters.append(gostrings.rune_lower(rune) if at_start else rune)
        at_start = gostrings.is_space(rune)
    return "".join(letters)


def quote(*values: Any) -> str:
    """The values that are not nil, each in double quotes with Go's escapes."""
    return " ".join(strconv.quote(to_text(value)) for value in values if value is not None)


def squote(*values: Any) -> str:
    """The values that are not nil, each in single quotes without escapes."""
    return " ".join(f"'{_printed(value)}'" for value in values if value is not None)


def cat(*values: Any) -> str:
    """The values that are not nil, joined by spaces."""
    return " ".join(_printed(value) for value in values if value is not None)


def _printed(value: Any) -> str:
    return value if type(value) is str else fmt.sprintf("%v", value)


def replace(old: str, new: str, text: str) -> str:
    """``text`` with every ``old`` replaced."""
    return gostrings.replace(text, old, new)


def plural(one: str, many: str, count: int) -> str:
    """``one`` where the count is 1, else ``many``."""
    return one if count == 1 else many


def contains(part: str, text: str) -> bool:
    """Whether ``part`` is in ``text``."""
    return to_bytes(part) in to_bytes(text)


def has_prefix(prefix: str, text: str) -> bool:
    """Whether ``text`` starts with ``prefix``."""
    return to_bytes(text).startswith(to_bytes(prefix))


def has_suffix(suffix: str, text: str) -> bool:
    """Whether ``text`` ends with ``suffix``."""
    return to_bytes(text).endswith(to_bytes(suffix))


def trim_prefix(prefix: str, text: str) -> str:
    """``text`` without ``prefix``."""
    return from_bytes(to_bytes(text).removeprefix(to_bytes(prefix)))


def trim_suffix(suffix: str, text: str) -> str:
    """``text`` without ``suffix``."""
    return from_bytes(to_bytes(text).removesuffix(to_bytes(suffix)))


def to_strings(value: Any) -> Slice:
    """The items that are not nil, as text; what is not a list is one item."""
    if isinstance(value, Slice) and value.go_type == STRINGS:
        return value
    if kind_of(value) in {Kind.SLICE, Kind.ARRAY}:
        texts = (to_text(item) for item in value if item is not None)
        return OwnSlice(STRINGS, texts, len(value))
    return strings(() if value is None else (to_text(value),))


def join(separator: str, value: Any) -> str:
    """The items as text, joined."""
    return separator.join(to_strings(value))


def sort_alpha(value: Any) -> Slice:
    """The items as text, sorted by their bytes; what is not a list is one item, nil too.

    A ``[]string`` is sorted where it lies, so that whoever holds it sees it sorted, and a nil one
    stays nil. One that comes with the data, which other templates may share, is copied first.
    """
    if kind_of(value) not in {Kind.SLICE, Kind.ARRAY}:
        return strings((to_text(value),))
    items = to_strings(value)
    if isinstance(items, OwnSlice):
        items.sort(key=to_bytes)
        return items
    return Slice(STRINGS, sorted(items, key=to_bytes), is_nil=items.is_nil)


def split(separator: str, text: str) -> Map:
    """The parts of ``text`` under the keys ``_0``, ``_1`` and so on."""
    return splitn(separator, -1, text)


def splitn(separator: str, count: int, text: str) -> Map:
    """At most ``count`` parts of ``text`` under the keys ``_0``, ``_1`` and so on."""
    parts = gostrings.split(text, separator, count)
    return string_map({f"_{index}": part for index, part in enumerate(parts)})


def split_list(separator: str, text: str) -> Slice:
    """The parts of ``text``."""
    return strings(gostrings.split(text, separator))


def wrap_words(width: int, text: str) -> str:
    """``text`` broken into lines at spaces; longer words stay whole."""
    return wrap(text, width, "\n", break_words=False)


def wrap_with(width: int, separator: str, text: str) -> str:
    """``text`` broken by ``separator``, inside words too where they are longer than ``width``."""
    return wrap(text, width, separator or "\n", break_words=True)


FUNCTIONS = {
    "hello": Function(hello, result="string"),
    "abbrev": Function(abbrev, ("int", "string"), result="string"),
    "abbrevboth": Function(abbrev_both, ("int", "int", "string"), result="string"),
    "trunc": Function(trunc, ("int", "string"), result="string"),
    "trim": Function(gostrings.trim_space, ("string",), result="string"),
    "upper": Function(gostrings.upper, ("string",), result="string"),
    "lower": Function(gostrings.lower, ("string",), result="string"),
    "title": Function(gostrings.title, ("string",), result="string"),
    "untitle": Function(untitle, ("string",), result="string"),
    "substr": Function(substr, ("int", "int", "string"), result="string"),
    "repeat": Function(repeat, ("int", "string"), result="string"),
    "trimall": Function(trim_all, ("string", "string"), result="string"),
    "trimAll": Function(trim_all, ("string", "string"), result="string"),
    "trimSuffix": Function(trim_suffix, ("string", "string"), result="string"),
    "trimPrefix": Function(trim_prefix, ("string", "string"), result="string"),
    "nospace": Function(nospace, ("string",), result="string"),
    "initials": Function(initials, ("string",), result="string"),
    "wrap": Function(wrap_words, ("int", "string"), result="string"),
    "wrapWith": Function(wrap_with, ("int", "string", "string"), result="string"),
    "contains": Function(contains, ("string", "string"), result="bool"),
    "hasPrefix": Function(has_prefix, ("string", "string"), result="bool"),
    "hasSuffix": Function(has_suffix, ("string", "string"), result="bool"),
    "quote": Function(quote, (ANY,), variadic=True, result="string"),
    "squote": Function(squote, (ANY,), variadic=True, result="string"),
    "cat": Function(cat, (ANY,), variadic=True, result="string"),
    "indent": Function(indent, ("int", "string"), result="string"),
    "nindent": Function(nindent, ("int", "string"), result="string"),
    "replace": Function(replace, ("string", "string", "string"), result="string"),
    "plural": Function(plural, ("string", "string", "int"), result="string"),
    "toString": Function(to_text, (ANY,), result="string"),
    "toStrings": Function(to_strings, (ANY,), result=STRINGS),
    "join": Function(join, ("string", ANY), result="string"),
    "sortAlpha": Function(sort_alpha, (ANY,), result=STRINGS),
    "split": Function(split, ("string", "string"), result=STRING_MAP),
    "splitn": Function(splitn, ("string", "int", "string"), result=STRING_MAP),
    "splitList": Function(split_list, ("string", "string"), result=STRINGS),
}
