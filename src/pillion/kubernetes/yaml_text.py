"""The characters of a YAML text, as go-yaml's reader hands them to its scanner."""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from yaml.events import StreamEndEvent
from yaml.reader import ReaderError

from pillion.kubernetes.errors import YAMLError
from pillion.kubernetes.yaml_events import events

if TYPE_CHECKING:
    from collections.abc import Iterator


class Mark(NamedTuple):
    """A place in a text, counted in characters from zero."""

    offset: int
    line: int
    column: int


def syntax_error(
    problem: str, line: int, context_line: int = 0, *, of_scanner: bool = False
) -> YAMLError:
    """``problem`` as ``parser.fail`` of go-yaml's decode.go words it.

    It prints the line of a parser's error counted from zero, that of a scanner's from one, and no
    line where it is zero.
    """
    shown = line + of_scanner if line else context_line
    where = f"line {shown}: " if shown else ""
    return YAMLError(f"yaml: {where}{problem}", line + 1)


BREAKS = "\r\n\x85\u2028\u2029"
END = "\0"
"""What stands behind the last character; NUL itself is forbidden."""
BLANKS_AND_END = f" \t{BREAKS}{END}"


class Text:
    """A text and a place in it, of ``readerc.go`` and the macros of ``scannerc.go``.

    go-yaml reads portions of 512 bytes. A character that YAML forbids is found when its portion is
    read, which decides whether that error comes before another one: :meth:`need` is called where
    go-yaml makes sure of characters.
    """

    def __init__(self, data: bytes) -> None:
        data = _utf8(data)
        text = data.removeprefix(_BOM).decode("utf-8", "surrogateescape")
        self._forbidden = _FORBIDDEN.search(text)
        self._text = text + END * _LONGEST_LOOK
        self._data = data
        self._portions = _portions(data)
        self._portion = 0  # where go-yaml's buffer starts
        is_read_at_once = self._forbidden is None and "\ufeff" not in text
        self._read: float = inf if is_read_at_once else 0
        self.index = 0
        self.line = 0
        self.column = 0

    @property
    def mark(self) -> Mark:
        """The place."""
        return Mark(self.index, self.line, self.column)

    @property
    def char(self) -> str:
        """The character at the place."""
        return self._text[self.index]

    def ahead(self, offset: int, length: int = 1) -> str:
        """The characters from ``offset`` behind the place on."""
        return self._text[self.index + offset : self.index + offset + length]

    def need(self, length: int) -> None:
        """Make sure of so many characters.

        Raises:
            YAMLError: there is a forbidden one in the portions that hold them.
        """
        if self.index + length > self._read:
            self._fill(length)

    def _fill(self, length: int) -> None:
        """Read portions, and, where there is none, the end; of ``yaml_parser_update_buffer``."""
        self._portion = self.index
        while self.index + length > self._read:
            read = next(self._portions, None)
            if read is None:
                self._read += 1
                return
            if self._forbidden is not None and self._forbidden.start() < read:
                raise _reader_error(self._data, self._text[: self._forbidden.start()])
            self._read = read

    def skip(self, length: int = 1) -> None:
        """Pass characters that break no line."""
        self.index += length
        self.column += length

    def run(self, characters: re.Pattern[str], look: int = 1) -> str:
        """Pass all that ``characters`` matches, which breaks no line, and return it.

        Behind each character, ``look`` characters are made sure of.
        """
        match = characters.match(self._text, self.index)
        if match is None:
            return ""
        start, end = match.span()
        while end + look > self._read:
            self.index = max(int(self._read) - look, start) + 1
            self._fill(look)
        self.index = end
        self.column += end - start
        return match.group()

    def line_break(self) -> str:
        """Pass a line break, if there is one, and return what it becomes in a scalar."""
        found = self.char
        if found not in BREAKS:
            return ""
        self.index += 2 if self.ahead(0, 2) == "\r\n" else 1
        self.line += 1
        self.column = 0
        return found if found in "\u2028\u2029" else "\n"

    def skip_byte_order_mark(self) -> None:
        """Pass what go-yaml takes for a byte order mark at the start of a line.

        ``is_bom`` looks at the start of the buffer, wherever the place is.
        """
        if self.column == 0 and self._text[self._portion] == "\ufeff":
            self.skip()

    def at_document_indicator(self) -> bool:
        """Whether a document starts or ends here."""
        return (
            self.column == 0
            and self.ahead(0, 3) in ("---", "...")
            and self.ahead(3) in BLANKS_AND_END
        )

    def error(self, problem: str, context: Mark) -> YAMLError:
        """The scanner's error at the place."""
        return syntax_error(problem, self.line, context.line, of_scanner=True)


def _utf8(data: bytes) -> bytes:
    """``data`` in UTF-8; a byte order mark tells UTF-16, of ``yaml_parser_determine_encoding``."""
    if not data.startswith(_UTF_16_MARKS):
        return data
    text = data[: len(data) // 2 * 2].decode("utf-16", "surrogatepass")
    return text.encode("utf-8", "surrogatepass")


_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
_LONGEST_LOOK = 16
_FORBIDDEN = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PORTION = 512


def _portions(data: bytes) -> Iterator[int]:
    """Where each portion ends, as an index of characters; a character is never cut."""
    start = index = 0
    while start < len(data):
        portion = data[start : start + _PORTION]
        if start + _PORTION < len(data):
            portion = portion[: len(portion) - _incomplete(portion)]
        text = portion if start else portion.removeprefix(_BOM)
        index += len(text.decode("utf-8", "surrogateescape"))
        start += len(portion)
        yield index


def _incomplete(portion: bytes) -> int:
    """How many bytes at the end of ``portion`` belong to a UTF-8 sequence that goes on after it."""
    for length, leads in ((1, _LEADS_OF_2), (2, _LEADS_OF_3), (3, _LEADS_OF_4)):
        if portion[-length] >= leads:
            return length
        if portion[-length] < _LEADS_OF_1:
            return 0
    return 0


_LEADS_OF_1 = 0x80
_LEADS_OF_2, _LEADS_OF_3, _LEADS_OF_4 = 0xC0, 0xE0, 0xF0


def _reader_error(data: bytes, before: str) -> YAMLError:
    """What libyaml, in the words of go-yaml, says of the forbidden character behind ``before``.

    It is shown that character in a comment, where the bytes tell no encoding.
    """
    offset = len(before.encode("utf-8", "surrogateescape"))
    rest = data.removeprefix(_BOM)[offset : offset + _LONGEST_CHARACTER]
    problem = "control characters are not allowed"
    next_event = events(b"#" + rest)
    try:
        while not isinstance(next_event(), StreamEndEvent):
            continue
    except ReaderError as error:
        problem = error.reason
    return YAMLError(f"yaml: {problem}")


_LONGEST_CHARACTER = 4
