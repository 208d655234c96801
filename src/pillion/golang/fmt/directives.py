"""Format strings taken apart into text and directives.

What a directive does depends on the arguments only where it names one by its index or takes its
width or precision from one; the rest is known from the format string alone and is kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeAlias

_MAX_NUMBER = 1_000_000
_FLAGS = {"#": "sharp", "0": "zero", "+": "plus", "-": "minus", " ": "space"}
_DIGITS = frozenset("0123456789")
_SURROGATES = range(0xD800, 0xE000)
_SHORTEST_INDEX = len("[1]")


class Spec(NamedTuple):
    """How one directive's value is laid out.

    ``plus_v`` and ``sharp_v`` stand for ``%+v`` and ``%#v``, which print a value in another form
    and are not flags for the numbers in it. A ``precision`` of -1 is none.
    """

    width: int = 0
    precision: int = -1
    minus: bool = False
    plus: bool = False
    sharp: bool = False
    space: bool = False
    zero: bool = False
    plus_v: bool = False
    sharp_v: bool = False


class Directive(NamedTuple):
    """One ``%`` of a format string.

    ``verb`` is empty where the string ends too early. The indexes are those in brackets before
    width, precision and verb, counted from zero; ``is_bad`` says that brackets are wrong in
    themselves.
    """

    verb: str
    spec: Spec
    is_simple: bool = True
    is_bad: bool = False
    width_index: int | None = None
    takes_width: bool = False
    precision_index: int | None = None
    takes_precision: bool = False
    verb_index: int | None = None


Part: TypeAlias = str | Directive


class Format(NamedTuple):
    """A format string's parts; ``is_reordered`` where one of them names an argument by index."""

    parts: tuple[Part, ...]
    is_reordered: bool


@lru_cache(maxsize=1024)
def parse(text: str) -> Format:
    """Take the format string ``text`` apart."""
    parts: list[Part] = []
    is_reordered = False
    position = 0
    while position < len(text):
        percent = text.find("%", position)
        if percent < 0:
            percent = len(text)
        if percent > position:
            parts.append(text[position:percent])
        if percent < len(text):
            reader = _Reader(text, percent + 1)
            parts.append(reader.read())
            is_reordered |= reader.saw_index
            percent = reader.position
        position = percent
    return Format(tuple(parts), is_reordered)


class _Reader:
    """Reads one directive, from behind its ``%``."""

    __slots__ = ("_after_index", "_is_bad", "_text", "position", "saw_index")

    def __init__(self, text: str, position: int) -> None:
        self._text = text
        self._after_index = False
        self._is_bad = False
        self.position = position
        self.saw_index = False

    def read(self) -> Directive:
        flags = self._flags()
        width_index = self._index()
        width, takes_width = self._width()
        precision_index, precision, takes_precision = self._precision()
        verb_index = None if self._after_index else self._index()
        verb = self._verb()
        if verb in {"v", "w"}:
            plus, sharp = flags.pop("plus", False), flags.pop("sharp", False)
            flags |= {"plus_v": plus, "sharp_v": sharp}
        takes_more = takes_width or takes_precision or self.saw_index
        return Directive(
            verb=verb,
            spec=Spec(width=width, precision=precision, **flags),
            is_simple=not takes_more and verb not in {"", "%"},
            is_bad=self._is_bad,
            width_index=width_index,
            takes_width=takes_width,
            precision_index=precision_index,
            takes_precision=takes_precision,
            verb_index=verb_index,
        )

    def _peek(self) -> str:
        return self._text[self.position : self.position + 1]

    def _flags(self) -> dict[str, bool]:
        flags: dict[str, bool] = {}
        while self._peek() in _FLAGS:
            flags[_FLAGS[self._peek()]] = True
            self.position += 1
        return flags

    def _index(self) -> int | None:
        """The argument index in brackets, where one stands here and is well-formed."""
        self._after_index = False
        if self._peek() != "[":
            return None
        self.saw_index = True
        start = self.position
        end = self._text.find("]", start)
        if len(self._text) - start < _SHORTEST_INDEX or end < 0:
            self.position = start + 1
            self._is_bad = True
            return None
        number, stop = _number(self._text, start + 1, end)
        self.position = end + 1
        if number is None or stop != end:
            self._is_bad = True
            return None
        self._after_index = True
        return number - 1

    def _width(self) -> tuple[int, bool]:
        if self._peek() == "*":
            self.position += 1
            self._after_index = False
            return 0, True
        width, self.position = _number(self._text, self.position, len(self._text))
        if self._after_index and width is not None:
            self._is_bad = True
        return width or 0, False

    def _precision(self) -> tuple[int | None, int, bool]:
        """The index before the precision, the precision, and whether an argument gives it."""
        if self._peek() != "." or self.position + 1 >= len(self._text):
            return None, -1, False
        self.position += 1
        if self._after_index:
            self._is_bad = True
        index = self._index()
        if self._peek() == "*":
            self.position += 1
            self._after_index = False
            return index, -1, True
        precision, self.position = _number(self._text, self.position, len(self._text))
        return index, precision or 0, False

    def _verb(self) -> str:
        verb = self._peek()
        self.position += 1
        return "\ufffd" if verb and ord(verb) in _SURROGATES else verb


def _number(text: str, start: int, end: int) -> tuple[int | None, int]:
    """The number at ``start`` and where it ends; one too large swallows everything to ``end``."""
    number = 0
    position = start
    while position < end and text[position] in _DIGITS:
        if number > _MAX_NUMBER:
            return None, end
        number = number * 10 + int(text[position])
        position += 1
    return (number, position) if position > start else (None, position)
