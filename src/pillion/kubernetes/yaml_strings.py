"""How a string is written in YAML: plain, in quotes or as a literal block, as go-yaml v2 decides.

A string is analysed once and its flat form is kept, as manifests repeat most of theirs; where it
stands decides only whether it is folded.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from pillion.kubernetes.yaml_scalars import is_timestamp, resolve

_WIDTH = 80  # a line is folded at the first space beyond this column
_MAX_SIMPLE_KEY = 128  # bytes; a longer key is written after "? "
_MAX_JSON_KEY = 1024  # characters; go-yaml, which reads the JSON, takes no longer key
_CACHED_LENGTH = 128
_CACHED_STRINGS = 8192


class _Style(Enum):
    PLAIN = ""
    SINGLE = "'"
    DOUBLE = '"'
    LITERAL = "|"


_ORDINARY = re.compile(r"[A-Za-z/_][A-Za-z0-9/_.-]*", re.ASCII)
_UNPRINTABLE = re.compile(  # named one by one: the complement takes ten times as long to compile
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\U00010000-\U0010ffff]"
)
_BREAKS = "\n\u2028\u2029"
_ANY_BREAK = re.compile(f"[{_BREAKS}]")
_SPACE_BEFORE_BREAK = re.compile(f" [{_BREAKS}]")
_SPACE_AFTER_BREAK = re.compile(f"[{_BREAKS}] ")
_NOT_PLAIN = re.compile(
    r"""[#,\[\]{}&*!|>'"%@`]"""  # an indicator at the start
    r"|[-?](?:[ \t]|\Z)"
    r"|---|\.\.\.| "
    r"|.*(?::(?:[ \t]|\Z)|[ \t]#| \Z)",
    re.DOTALL,
)
_BASE60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", re.ASCII)


def _style(text: str) -> _Style:
    """How ``text`` is written where nothing forbids a line break."""
    if _UNPRINTABLE.search(text) or _SPACE_BEFORE_BREAK.search(text):
        return _Style.DOUBLE
    if "\n" in text:
        return _Style.DOUBLE if text.endswith(" ") else _Style.LITERAL
    if not _stays_string(text):
        return _Style.DOUBLE
    if _SPACE_AFTER_BREAK.search(text):
        return _Style.DOUBLE
    if _NOT_PLAIN.match(text) or _ANY_BREAK.search(text):
        return _Style.SINGLE
    return _Style.PLAIN


def _stays_string(text: str) -> bool:
    """Whether ``text`` without quotes is read as a string, also by other YAML 1.1 readers."""
    return isinstance(resolve(text), str) and not is_timestamp(text) and not _BASE60.fullmatch(text)


class Refused(Exception):  # noqa: N818 - the writer finds out which error it is
    """go-yaml does not read back the JSON in which this string stands."""


def as_value(text: str, column: int, indent: int) -> str:
    """``text`` as it stands from ``column`` on to the end of its last line, line break included.

    Further lines start at column ``indent``.

    Raises:
        Refused: go-yaml refuses a character of ``text``.
    """
    flat = _known_flat(text) if len(text) <= _CACHED_LENGTH else _flat(text)
    if flat is not None and (column + len(flat) <= _WIDTH + 2 or " " not in flat):
        return flat
    return _laid_out(_through_json(text), column, indent)


@lru_cache(maxsize=_CACHED_STRINGS)
def as_key(text: str) -> str | None:
    """``text`` as a key that stands on a line with its value, or None where it cannot.

    Raises:
        Refused: go-yaml refuses a character of ``text``, or its length.
    """
    if "\x85" in text or _json_length(text) > _MAX_JSON_KEY:
        raise Refused
    flat = _flat(text)
    if flat is None or _ANY_KEY_BREAK.search(text) or _utf8_length(text) > _MAX_SIMPLE_KEY:
        return None
    return flat[:-1]


def _json_length(text: str) -> int:
    """An upper bound of the length of ``text`` in JSON, exact where it might pass the limit."""
    if len(text) * 6 + 2 <= _MAX_JSON_KEY:
        return len(text)
    from json import dumps  # for long keys alone

    return len(dumps(text, ensure_ascii=False)) + 5 * len(re.findall(_ESCAPED_IN_GO, text))


_ESCAPED_IN_GO = "[<>&\u2028\u2029]"
_ANY_KEY_BREAK = re.compile(f"[\r{_BREAKS}]")


def _utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(_through_json(text).encode())


def _flat(text: str) -> str | None:
    """``text`` on one line, with its line break, or None where it takes several."""
    if _ORDINARY.fullmatch(text) and isinstance(resolve(text), str):
        return f"{text}\n"
    text = _through_json(text)
    style = _style(text)
    if style is _Style.PLAIN:
        return f"{text}\n"
    if style is _Style.DOUBLE:
        return _all_escaped(text) if text.startswith(_BOM) else f'"{_escaped(text)}"\n'
    if style is _Style.LITERAL or _ANY_BREAK.search(text):
        return None
    return "'" + text.replace("'", "''") + "'\n"


_known_flat = lru_cache(maxsize=_CACHED_STRINGS)(_flat)

_REFUSED = "[\x7f-\x84\x86-\x9f\ufffe\uffff]"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_NEXT_LINES = re.compile(" *\x85[ \x85]*")
_CHANGED_BY_JSON = re.compile("[\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _through_json(text: str) -> str:
    """``text`` as go-yaml reads it from the JSON that encoding/json printed."""
    if not _CHANGED_BY_JSON.search(text):
        return text
    if re.search(_REFUSED, text):
        raise Refused
    text = _LONE_SURROGATE.sub("\ufffd", text)
    return _NEXT_LINES.sub(lambda match: "\n" * (match[0].count("\x85") - 1) or " ", text)


_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\u2028": "\\L",
    "\u2029": "\\P",
}
_ESCAPED = _UNPRINTABLE.pattern[:-1] + r'\n"\\\u2028\u2029]'
_BOM = "\ufeff"


def _escaped(text: str) -> str:
    """``text`` as it stands between double quotes."""
    return re.sub(_ESCAPED, lambda match: _escape(match[0]), text)


def _all_escaped(text: str) -> str:
    """``text`` in double quotes, all in escapes.

    That is how go-yaml writes a text that starts with a byte order mark, for which it looks at the
    start of the text each time.
    """
    return '"' + "".join(map(_escape, text)) + '"\n'


def _escape(character: str) -> str:
    named = _ESCAPES.get(character)
    if named is not None:
        return named
    code = ord(character)
    if code == _NO_BREAK_SPACE:
        return "\\_"
    if code <= _LAST_LATIN_1:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= _LAST_OF_16_BITS else f"\\U{code:08X}"


_NO_BREAK_SPACE = 0xA0
_LAST_LATIN_1 = 0xFF
_LAST_OF_16_BITS = 0xFFFF


def _laid_out(text: str, column: int, indent: int) -> str:
    """``text`` on as many lines as it takes."""
    style = _style(text)
    if style is _Style.LITERAL:
        return _literal(text, indent)
    if style is _Style.SINGLE and _ANY_BREAK.search(text):
        return _single_with_breaks(text, column, indent)
    if style is _Style.DOUBLE:
        return _double(text, column, indent)
    words = _LONE_SPACE.split(text)
    if style is _Style.SINGLE:
        words = [word.replace("'", "''") for word in words]
        words[0] = "'" + words[0]
        words[-1] += "'"
    return _folded(words, column, indent)


_LONE_SPACE = re.compile("(?<=[^ ]) (?=[^ ])")


def _folded(words: list[str], column: int, indent: int) -> str:
    """``words`` with a space or a line break between them."""
    pad = "\n" + " " * indent
    pieces = [words[0]]
    column += len(words[0])
    for word in words[1:]:
        if column > _WIDTH:
            pieces.append(pad)
            column = indent + len(word)
        else:
            pieces.append(" ")
            column += 1 + len(word)
        pieces.append(word)
    pieces.append("\n")
    return "".join(pieces)


_SPACES_AFTER_WORD = re.compile("(?<=[^ ]) +")


def _double(text: str, column: int, indent: int) -> str:
    """``text`` in double quotes; where a line ends among spaces, a backslash keeps the others."""
    if text.startswith(_BOM):
        return _all_escaped(text)
    pieces = ['"']
    column += 1
    done = 0
    for match in _SPACES_AFTER_WORD.finditer(text):
        start, end = match.span()
        word = _escaped(text[done:start])
        column += len(word)
        spaces = match[0]
        if column > _WIDTH and start < len(text) - 1:
            spaces = "\n" + " " * indent + ("\\" + spaces[1:] if len(spaces) > 1 else "")
            column = len(spaces) - 1
        else:
            column += len(spaces)
        pieces += (word, spaces)
        done = end
    pieces += (_escaped(text[done:]), '"\n')
    return "".join(pieces)


def _single_with_breaks(text: str, column: int, indent: int) -> str:
    """``text``, which has Unicode's line breaks and no other, in single quotes."""
    pieces = ["'"]
    column += 1
    for line in _LINE.findall(text):
        content = line.rstrip(_BREAKS)
        if column == 0 and content:
            pieces.append(" " * indent)
            column = indent
        words = [word.replace("'", "''") for word in _LONE_SPACE.split(content)]
        pieces.append(_folded(words, column, indent)[:-1])
        pieces.append(line[len(content) :])
        column = 0
    pieces.append("'\n")
    return "".join(pieces)


_LINE = re.compile(f"[^{_BREAKS}]*[{_BREAKS}]|[^{_BREAKS}]+\\Z")


def _literal(text: str, indent: int) -> str:
    """``text`` as a literal block, whose header says what its first and last lines do not."""
    header = "|2" if text[0] in _FIRST_NEEDS_HINT else "|"
    ends_open = text[-1] in _BREAKS
    if not ends_open:
        header += "-"
    elif len(text) == 1 or text[-2] in _BREAKS:
        header += "+"
    pad = " " * indent
    lines = [line if line[0] in _BREAKS else pad + line for line in _LINE.findall(text)]
    return header + "\n" + "".join(lines) + ("" if ends_open else "\n")


_FIRST_NEEDS_HINT = " " + _BREAKS
