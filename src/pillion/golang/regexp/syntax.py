"""Go's syntax of regular expressions: checked as Go does, and written as RE2 reads it.

RE2 and Go share a syntax, but for the words of their errors, the names of Unicode classes, any byte
(which Go lacks), and groups that share a name. Nothing here recurses, however deep a pattern nests.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pillion.golang.regexp.classes import unicode_class
from pillion.golang.regexp.errors import RegexpError

_MAX_REPEAT = 1000
_MAX_DEPTH = 1000
_MAX_RUNE = 0x10FFFF

_REPEAT = re.compile(r"\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}")
_WORD = re.compile(r"[A-Za-z0-9_]+")
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_OCTAL = re.compile(r"\\(0[0-7]{0,2}|[1-7][0-7]{1,2})")
_HEX = re.compile(r"\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})")
_HEX_START = re.compile(r"\\x(?:\{[0-9A-Fa-f]*.?|.{0,2})", re.DOTALL)
_LETTER_ESCAPES = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_POSIX_NAMES = "alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit"
_POSIX_CLASSES = frozenset(
    f"[:{sign}{name}:]" for sign in ("", "^") for name in _POSIX_NAMES.split()
)


class Pattern(NamedTuple):
    """A pattern for RE2, and the names of its groups in order; those without one are empty."""

    text: str
    groups: tuple[str, ...]


def parse(source: str) -> Pattern:
    """Check a pattern and translate it.

    Raises:
        RegexpError: Go does not accept the pattern.
    """
    return _Parser(source).parse()


class _Parser:
    """One pass over a pattern; every method starts at ``_at`` and leaves it behind what it read."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._out: list[str] = []
        self._groups: list[str] = []
        self._depth = 0
        # Whether there is something before here that a repetition could repeat.
        self._repeatable = False
        # Where the repetition began that ends here; -1 where none does.
        self._repeat_start = -1
        self._steps = {
            "(": self._open,
            ")": self._close,
            "|": self._alternate,
            "[": self._class,
            "*": self._repeat,
            "+": self._repeat,
            "?": self._repeat,
            "{": self._count,
            "\\": self._escape,
            "^": self._symbol,
            "$": self._symbol,
            ".": self._symbol,
        }

    def parse(self) -> Pattern:
        while self._at < len(self._source):
            before = self._at
            self._steps.get(self._source[before], self._literal)()
            if self._repeat_start < before:
                self._repeat_start = -1
        if self._depth:
            raise RegexpError("missing closing )", self._source)
        return Pattern("".join(self._out), tuple(self._groups))

    def _fail(self, reason: str, start: int, end: int | None = None) -> RegexpError:
        return RegexpError(reason, self._source[start:end])

    def _check_utf8(self, start: int, end: int) -> None:
        bad = _NOT_UTF8.search(self._source, start, end)
        if bad is not None:
            raise self._fail("invalid UTF-8", bad.start(), end)

    def _rune(self) -> str:
        """Take one character; nothing is left where it is empty."""
        rune = self._source[self._at : self._at + 1]
        if _NOT_UTF8.match(rune):
            raise self._fail("invalid UTF-8", self._at)
        self._at += len(rune)
        return rune

    def _atom(self, text: str) -> None:
        self._out.append(text)
        self._repeatable = True

    def _symbol(self) -> None:
        self._atom(self._rune())

    def _literal(self) -> None:
        self._atom(_quoted(self._rune()))

    def _alternate(self) -> None:
        self._out.append(self._rune())
        self._repeatable = False

    def _close(self) -> None:
        if not self._depth:
            raise self._fail("unexpected )", 0)
        self._depth -= 1
        self._atom(self._rune())

    def _open(self) -> None:
        rest = self._source[self._at : self._at + 5]
        if not rest.startswith("(?"):
            self._at += 1
            self._open_group("(", "")
        elif (rest.startswith("(?P<") and len(rest) > len("(?P<")) or (
            rest.startswith("(?<") and len(rest) > len("(?<")
        ):
            self._open_named()
        else:
            self._flags()

    def _open_group(self, text: str, name: str | None) -> None:
        self._out.append(text)
        self._repeatable = False
        self._depth += 1
        if self._depth >= _MAX_DEPTH:
            raise self._fail("expression nests too deeply", 0)
        if name is not None:
            self._groups.append(name)

    def _open_named(self) -> None:
        start = self._at
        name_start = self._source.index("<", start) + 1
        end = self._source.find(">", start)
        if end < 0:
            self._check_utf8(start, len(self._source))
            raise self._fail("invalid named capture", start)
        self._check_utf8(name_start, end)
        name = self._source[name_start:end]
        if not _WORD.fullmatch(name):
            raise self._fail("invalid named capture", start, end + 1)
        self._at = end + 1
        self._open_group("(", name)

    def _flags(self) -> None:
        """``(?i)`` or ``(?i:``, with a sign and other letters perhaps."""
        start = self._at
        self._at += len("(?")
        signed = seen = False
        while (rune := self._rune()) and (rune in "imsU" or (rune == "-" and not signed)):
            signed = signed or rune == "-"
            seen = rune != "-"
        if rune not in {":", ")"} or (signed and not seen):
            raise self._fail("invalid or unsupported Perl syntax", start, self._at)
        text = self._source[start : self._at]
        if rune == ":":
            self._open_group(text, None)
        elif text != "(?)":
            self._out.append(text)

    def _repeat(self) -> None:
        self._end_repeat(self._at + 1)

    def _count(self) -> None:
        counts = _REPEAT.match(self._source, self._at)
        if counts is None:
            self._literal()
            return
        low, comma, high = counts.groups()
        least, most = int(low), int(high) if high else int(low) if not comma else -1
        if max(least, most) > _MAX_REPEAT or 0 <= most < least:
            raise self._fail("invalid repeat count", self._at, counts.end())
        self._end_repeat(counts.end())

    def _end_repeat(self, end: int) -> None:
        start = self._at
        if self._source.startswith("?", end):
            end += 1
        if self._repeat_start >= 0:
            raise self._fail("invalid nested repetition operator", self._repeat_start, end)
        if not self._repeatable:
            raise self._fail("missing argument to repetition operator", start, end)
        self._out.append(self._source[start:end])
        self._at = end
        self._repeat_start = start

    def _escape(self) -> None:
        letter = self._source[self._at + 1 : self._at + 2]
        if letter == "Q":
            self._quotation()
        elif letter in {"p", "P"}:
            self._atom(f"[{self._unicode_class()}]")
        elif letter and letter in "AbBzdDsSwW":
            self._at += 2
            self._atom(f"\\{letter}")
        else:
            self._atom(_quoted(self._character_escape()))

    def _quotation(self) -> None:
        start = self._at + len("\\Q")
        end = self._source.find("\\E", start)
        self._at = len(self._source) if end < 0 else end + len("\\E")
        stop = len(self._source) if end < 0 else end
        self._check_utf8(start, stop)
        if start < stop:
            self._atom("".join(map(_quoted, self._source[start:stop])))

    def _character_escape(self) -> str:
        start = self._at
        number = _OCTAL.match(self._source, start)
        if number is not None:
            self._at = number.end()
            return chr(int(number[1], 8))
        if self._source.startswith("\\x", start):
            return self._hex_escape()
        self._at += 1
        if self._at == len(self._source):
            raise RegexpError("trailing backslash at end of expression", "")
        rune = self._rune()
        if rune in _LETTER_ESCAPES:
            return _LETTER_ESCAPES[rune]
        if rune.isascii() and not rune.isalnum():
            return rune
        raise self._fail("invalid escape sequence", start, self._at)

    def _hex_escape(self) -> str:
        start = self._at
        number = _HEX.match(self._source, start)
        if number is not None and int(number[1] or number[2], 16) <= _MAX_RUNE:
            self._at = number.end()
            return chr(int(number[1] or number[2], 16))
        self._at += len("\\x")
        in_braces = self._rune() == "{"
        value = 0
        while (digit := self._rune()) and in_braces and _is_hex(digit):
            value = value * 16 + int(digit, 16)
            if value > _MAX_RUNE:
                break
        raise self._fail("invalid escape sequence", start, self._at)

    def _unicode_class(self) -> str:
        start = self._at
        self._at += len("\\p")
        name = self._rune()
        if name == "{":
            end = self._source.find("}", start)
            if end < 0:
                self._check_utf8(start, len(self._source))
                raise self._fail("invalid character class range", start)
            self._check_utf8(self._at, end)
            name, self._at = self._source[self._at : end], end + 1
        negated = (self._source[start + 1] == "P") != name.startswith("^")
        ranges = unicode_class(name.removeprefix("^"), negated=negated)
        if ranges is None:
            raise self._fail("invalid character class range", start, self._at)
        return ranges

    def _class(self) -> None:
        start = self._at
        self._at += 1
        out = ["["]
        if self._source.startswith("^", self._at):
            self._at += 1
            out.append("^")
        first = True
        while first or not self._source.startswith("]", self._at):
            first = False
            out.append(self._class_item(start))
        self._at += 1
        self._atom("".join([*out, "]"]))

    def _class_item(self, start: int) -> str:
        """One range or named class of the class that started at ``start``."""
        source, at = self._source, self._at
        if source.startswith("[:", at) and (end := source.find(":]", at + 2)) >= 0:
            self._at = end + 2
            if source[at : self._at] not in _POSIX_CLASSES:
                raise self._fail("invalid character class range", at, self._at)
            return source[at : self._at]
        if source.startswith(("\\p", "\\P"), at):
            return self._unicode_class()
        if source.startswith(("\\d", "\\D", "\\s", "\\S", "\\w", "\\W"), at):
            self._at += 2
            return source[at : self._at]
        return self._class_range(start)

    def _class_range(self, start: int) -> str:
        begin = self._at
        low = high = self._class_character(start)
        if self._source.startswith("-", self._at) and self._source[self._at + 1 :][:1] not in {
            "",
            "]",
        }:
            self._at += 1
            high = self._class_character(start)
            if high < low:
                raise self._fail("invalid character class range", begin, self._at)
        return f"\\x{{{ord(low):x}}}-\\x{{{ord(high):x}}}"

    def _class_character(self, start: int) -> str:
        if self._at == len(self._source):
            raise self._fail("missing closing ]", start)
        if self._source[self._at] == "\\":
            return self._character_escape()
        return self._rune()


def _is_hex(digit: str) -> bool:
    return digit in "0123456789abcdefABCDEF"


def _quoted(rune: str) -> str:
    """The rune as a literal of a pattern."""
    return rune if rune.isalnum() or not rune.isascii() else f"\\x{{{ord(rune):x}}}"
