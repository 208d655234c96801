"""The texts of YAML's tokens: scalars, tags, anchors and directives.

Each function follows the one of go-yaml's ``scannerc.go`` that its docstring names.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pillion.kubernetes.yaml_text import BLANKS_AND_END, BREAKS, END, Mark, Text

_BLANK = " \t"
_BLANKS = re.compile("[ \t]+")
_UP_TO_BREAK = re.compile(f"[^{BREAKS}{END}]+")
_WORD = re.compile("[0-9A-Za-z_-]+")
_DIGITS = re.compile("[0-9]+")


def _of_plain(beside: str) -> re.Pattern[str]:
    return re.compile(f"(?:[^:{BLANKS_AND_END}{beside}]|:(?![{BLANKS_AND_END}]))+")


_PLAIN = _of_plain("")
_PLAIN_IN_FLOW = _of_plain(r",?\[\]{}")


class Scalar(NamedTuple):
    """The text of a scalar, and where it ends."""

    value: str
    end: Mark
    breaks_line: bool = False
    """Whether the scanner went on to another line behind it."""


class _Folded:
    """Blanks and line breaks between the words of a scalar."""

    def __init__(self) -> None:
        self.blanks = ""
        self.first: str | None = None
        self.others: list[str] = []

    def take(self, text: Text) -> None:
        """Pass blanks or a line break."""
        if text.char in BREAKS:
            text.need(2)
            if self.first is None:
                self.blanks = ""
                self.first = text.line_break()
            else:
                self.others.append(text.line_break())
            text.need(1)
        elif self.first is None:
            self.blanks = text.run(_BLANKS)
        else:
            text.skip()
            text.need(1)

    def join(self) -> str:
        """What they become between two words; after that there are none."""
        first, others, blanks = self.first, "".join(self.others), self.blanks
        self.first, self.others, self.blanks = None, [], ""
        if first is None:
            return blanks
        return (others or " ") if first == "\n" else first + others


def plain(text: Text, indent: int, *, in_flow: bool) -> Scalar:
    """A scalar without quotes, of ``yaml_parser_scan_plain_scalar``."""
    start = end = text.mark
    words: list[str] = []
    between = _Folded()
    while True:
        text.need(4)
        if text.at_document_indicator() or text.char == "#":
            break
        word = text.run(_PLAIN_IN_FLOW if in_flow else _PLAIN, 2)
        if word:
            words += (between.join(), word)
            end = text.mark
        if text.char not in _BLANK and text.char not in BREAKS:
            break
        text.need(1)
        while text.char in _BLANK or text.char in BREAKS:
            if between.first is not None and text.column <= indent and text.char == "\t":
                problem = "found a tab character that violates indentation"
                raise text.error(problem, start)
            between.take(text)
        if not in_flow and text.column <= indent:
            break
    return Scalar("".join(words), end, between.first is not None)


def quoted(text: Text) -> Scalar:
    """A scalar in quotes, of ``yaml_parser_scan_flow_scalar``."""
    start = text.mark
    quote = text.char
    text.skip()
    words: list[str] = []
    while True:
        text.need(4)
        if text.at_document_indicator():
            raise text.error("found unexpected document indicator", start)
        if text.char == END:
            raise text.error("found unexpected end of stream", start)
        between = _Folded()
        while text.char not in BLANKS_AND_END:
            word = _single_quoted(text) if quote == "'" else _double_quoted(text, start)
            if word is None:
                break
            if word == _ESCAPED_BREAK:
                between.first = ""
                break
            words.append(word)
            text.need(2)
        text.need(1)
        if text.char == quote:
            break
        while text.char in _BLANK or text.char in BREAKS:
            between.take(text)
        words.append(between.join())
    text.skip()
    return Scalar("".join(words), text.mark)


_IN_SINGLE = re.compile(f"[^'{BLANKS_AND_END}]+")
_IN_DOUBLE = re.compile(rf'[^"\\{BLANKS_AND_END}]+')
_ESCAPED_BREAK = "\\\n"


def _single_quoted(text: Text) -> str | None:
    """The next piece of a scalar in single quotes, or None at its end."""
    if text.char != "'":
        return text.run(_IN_SINGLE, 2)
    if text.ahead(1) != "'":
        return None
    text.skip(2)
    return "'"


def _double_quoted(text: Text, start: Mark) -> str | None:
    """The next piece of a scalar in double quotes, or None at its end."""
    if text.char == '"':
        return None
    if text.char != "\\":
        return text.run(_IN_DOUBLE, 2)
    escaped = text.ahead(1)
    if escaped in BREAKS:
        text.need(3)
        text.skip()
        text.line_break()
        return _ESCAPED_BREAK
    length = _CODE_LENGTHS.get(escaped)
    if length is None and escaped not in _ESCAPES:
        raise text.error("found unknown escape character", start)
    text.skip(2)
    return _ESCAPES[escaped] if length is None else _escape_code(text, length, start)


_CODE_LENGTHS = {"x": 2, "u": 4, "U": 8}
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "'": "'",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


def _escape_code(text: Text, length: int, start: Mark) -> str:
    text.need(length)
    digits = text.ahead(0, length)
    if not _HEX.fullmatch(digits):
        raise text.error("did not find expected hexdecimal number", start)
    code = int(digits, 16)
    if code in _SURROGATES or code > _LAST_CHARACTER:
        raise text.error("found invalid Unicode character escape code", start)
    text.skip(length)
    return chr(code)


_HEX = re.compile("[0-9A-Fa-f]+")
_SURROGATES = range(0xD800, 0xE000)
_LAST_CHARACTER = 0x10FFFF


def block(text: Text, indent: int) -> Scalar:
    """A literal or folded scalar in an ``indent``, of ``yaml_parser_scan_block_scalar``."""
    start = text.mark
    folded = text.char == ">"
    text.skip()
    chomping, increment = _block_header(text, start)
    _end_of_line(text, start)
    wanted = max(indent, 0) + increment if increment else 0
    lines = _Lines(text, start, wanted)
    lines.skip_breaks(indent)
    text.need(1)
    pieces: list[str] = []
    first, leading_blank = "", False
    while text.column == lines.indent and text.char != END:
        trailing_blank = text.char in _BLANK
        if folded and first == "\n" and not leading_blank and not trailing_blank:
            pieces.append("" if lines.breaks else " ")
        else:
            pieces.append(first)
        pieces += lines.breaks
        leading_blank = trailing_blank
        pieces.append(text.run(_UP_TO_BREAK))
        text.need(2)
        first = text.line_break()
        lines.skip_breaks(indent)
    if chomping != "-":
        pieces.append(first)
    if chomping == "+":
        pieces += lines.breaks
    return Scalar("".join(pieces), lines.end)


def _block_header(text: Text, start: Mark) -> tuple[str, int]:
    """The indicators for chomping and indentation, in any order."""
    text.need(1)
    chomping = _chomping(text)
    if chomping:
        text.need(1)
    increment = 0
    if text.char in "0123456789":
        if text.char == "0":
            raise text.error("found an indentation indicator equal to 0", start)
        increment = int(text.char)
        text.skip()
        if not chomping:
            text.need(1)
            chomping = _chomping(text)
    text.need(1)
    return chomping, increment


def _chomping(text: Text) -> str:
    if text.char not in "+-":
        return ""
    found = text.char
    text.skip()
    return found


def _end_of_line(text: Text, start: Mark) -> None:
    """Pass blanks, a comment, and the line break."""
    text.run(_BLANKS)
    if text.char == "#":
        text.run(_UP_TO_BREAK)
    if text.char not in BREAKS and text.char != END:
        raise text.error("did not find expected comment or line break", start)
    if text.char in BREAKS:
        text.need(2)
        text.line_break()


class _Lines:
    """The indentation of a block scalar, which its first line decides, and its empty lines."""

    def __init__(self, text: Text, start: Mark, indent: int) -> None:
        self.indent = indent
        self.breaks: list[str] = []
        self.end = text.mark
        self._text = text
        self._start = start

    def skip_breaks(self, outer: int) -> None:
        """Pass indentation and empty lines, of ``yaml_parser_scan_block_scalar_breaks``."""
        text = self._text
        self.breaks = []
        self.end = text.mark
        deepest = 0
        while True:
            text.need(1)
            while (not self.indent or text.column < self.indent) and text.char == " ":
                text.skip()
                text.need(1)
            deepest = max(deepest, text.column)
            if (not self.indent or text.column < self.indent) and text.char == "\t":
                problem = "found a tab character where an indentation space is expected"
                raise text.error(problem, self._start)
            if text.char not in BREAKS:
                break
            text.need(2)
            self.breaks.append(text.line_break())
            self.end = text.mark
        if not self.indent:
            self.indent = max(deepest, outer + 1, 1)


def anchor(text: Text) -> str:
    """An anchor or alias without its indicator, of ``yaml_parser_scan_anchor``."""
    start = text.mark
    text.skip()
    text.need(1)
    name = text.run(_WORD)
    if not name or (text.char not in BLANKS_AND_END and text.char not in "?:,]}%@`"):
        raise text.error("did not find expected alphabetic or numeric character", start)
    return name


def tag(text: Text) -> tuple[str, str]:
    """The handle and the suffix of a tag, of ``yaml_parser_scan_tag``."""
    start = text.mark
    text.need(2)
    if text.ahead(1) == "<":
        text.skip(2)
        handle, suffix = "", _tag_uri(text, "", start)
        if text.char != ">":
            raise text.error("did not find the expected '>'", start)
        text.skip()
    else:
        handle = _tag_handle(text, start)
        if len(handle) > 1 and handle.endswith("!"):
            suffix = _tag_uri(text, "", start)
        else:
            suffix = _tag_uri(text, handle, start)
            handle, suffix = ("!", suffix) if suffix else ("", "!")
    text.need(1)
    if text.char not in BLANKS_AND_END:
        raise text.error("did not find expected whitespace or line break", start)
    return handle, suffix


def _tag_handle(text: Text, start: Mark, *, of_directive: bool = False) -> str:
    text.need(1)
    if text.char != "!":
        raise text.error("did not find expected '!'", start)
    text.skip()
    text.need(1)
    handle = "!" + text.run(_WORD)
    if text.char == "!":
        text.skip()
        return handle + "!"
    if of_directive and handle != "!":
        raise text.error("did not find expected '!'", start)
    return handle


def _tag_uri(text: Text, head: str, start: Mark) -> str:
    """The rest of a tag behind ``head``, of ``yaml_parser_scan_tag_uri``."""
    uri = head[1:].encode()
    text.need(1)
    found = bool(head)
    while True:
        if text.char == "%":
            uri += _uri_escapes(text, start)
            text.need(1)
        elif piece := text.run(_URI):
            uri += piece.encode()
        else:
            break
        found = True
    if not found:
        raise text.error("did not find expected tag URI", start)
    return uri.decode("utf-8", "surrogateescape")


_URI = re.compile(r"[0-9A-Za-z_;/?:@&=+$,.!~*'()\[\]-]+")


def _uri_escapes(text: Text, start: Mark) -> bytes:
    """The bytes of one character, of ``yaml_parser_scan_uri_escapes``."""
    octets = bytearray()
    width = 0
    while not octets or len(octets) < width:
        text.need(3)
        match = _URI_ESCAPE.fullmatch(text.ahead(0, 3))
        if match is None:
            raise text.error("did not find URI escaped octet", start)
        octet = int(match[1], 16)
        if not octets:
            width = _width(octet)
            if not width:
                raise text.error("found an incorrect leading UTF-8 octet", start)
        elif octet & 0xC0 != _TRAILING:
            raise text.error("found an incorrect trailing UTF-8 octet", start)
        octets.append(octet)
        text.skip(3)
    return bytes(octets)


_URI_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_TRAILING = 0x80


def _width(octet: int) -> int:
    """How many bytes the character has that starts with ``octet``; 0 where none does."""
    for mask, lead, width in ((0x80, 0, 1), (0xE0, 0xC0, 2), (0xF0, 0xE0, 3), (0xF8, 0xF0, 4)):
        if octet & mask == lead:
            return width
    return 0


def directive(text: Text) -> tuple[str, str] | tuple[int, int]:
    """The numbers of a version, or the handle and prefix of a tag directive.

    It follows ``yaml_parser_scan_directive``.
    """
    start = text.mark
    text.skip()
    text.need(1)
    name = text.run(_WORD)
    if not name:
        raise text.error("could not find expected directive name", start)
    if text.char not in BLANKS_AND_END:
        raise text.error("found unexpected non-alphabetical character", start)
    if name not in {"YAML", "TAG"}:
        raise text.error("found unknown directive name", start)
    text.need(1)
    text.run(_BLANKS)
    value = _version(text, start) if name == "YAML" else _tag_directive(text, start)
    text.need(1)
    _end_of_line(text, start)
    return value


def _version(text: Text, start: Mark) -> tuple[int, int]:
    major = _version_number(text, start)
    if text.char != ".":
        raise text.error("did not find expected digit or '.' character", start)
    text.skip()
    return major, _version_number(text, start)


def _version_number(text: Text, start: Mark) -> int:
    text.need(1)
    digits = text.run(_DIGITS)
    if len(digits) > _LONGEST_VERSION:
        raise text.error("found extremely long version number", start)
    if not digits:
        raise text.error("did not find expected version number", start)
    return int(digits)


_LONGEST_VERSION = 2


def _tag_directive(text: Text, start: Mark) -> tuple[str, str]:
    handle = _tag_handle(text, start, of_directive=True)
    text.need(1)
    if text.char not in _BLANK:
        raise text.error("did not find expected whitespace", start)
    text.run(_BLANKS)
    prefix = _tag_uri(text, "", start)
    text.need(1)
    if text.char not in BLANKS_AND_END:
        raise text.error("did not find expected whitespace or line break", start)
    return handle, prefix
