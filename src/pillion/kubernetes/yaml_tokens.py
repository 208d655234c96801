"""The tokens of a YAML text, in the order and with the errors of go-yaml's scanner.

It follows ``scannerc.go`` of go.yaml.in/yaml/v2, mistakes included. How far it reads ahead for a
token decides which of two errors comes first, the parser's or the scanner's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum, auto
from typing import TYPE_CHECKING, NamedTuple

from pillion.kubernetes import yaml_token_text
from pillion.kubernetes.yaml_text import BLANKS_AND_END, BREAKS, END, Mark, Text

if TYPE_CHECKING:
    from collections.abc import Callable


class Kind(IntEnum):
    """What a token is."""

    STREAM_END = auto()
    VERSION = auto()
    TAG_DIRECTIVE = auto()
    DOCUMENT_START = auto()
    DOCUMENT_END = auto()
    SEQUENCE_START = auto()
    MAPPING_START = auto()
    BLOCK_END = auto()
    FLOW_SEQUENCE_START = auto()
    FLOW_SEQUENCE_END = auto()
    FLOW_MAPPING_START = auto()
    FLOW_MAPPING_END = auto()
    FLOW_ENTRY = auto()
    BLOCK_ENTRY = auto()
    KEY = auto()
    VALUE = auto()
    ALIAS = auto()
    ANCHOR = auto()
    TAG = auto()
    SCALAR = auto()


class Token(NamedTuple):
    """A token; its ``value`` and ``detail`` are what its kind has, as a tag's handle and suffix."""

    kind: Kind
    start: Mark
    end: Mark
    value: str = ""
    detail: str = ""
    """Of a scalar, the character that its style starts with; nothing for a plain one."""
    version: tuple[int, int] = (0, 0)


@dataclass
class _Key:
    """A place where a key may be that no question mark announces."""

    mark: Mark
    number: int
    possible: bool = False
    required: bool = False


class Tokens:
    """The tokens; the parser looks at the first one and takes it."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._queue: list[Token] = []
        self._parsed = 0
        self._available = False
        self._indent = -1
        self._indents: list[int] = []
        self._flow_level = 0
        self._key_allowed = True
        self._keys = [_Key(text.mark, 0)]
        self._keys_by_token: dict[int, int] = {}
        self._fetch: dict[str, Callable[[], None]] = {
            "[": lambda: self._flow_start(Kind.FLOW_SEQUENCE_START),
            "{": lambda: self._flow_start(Kind.FLOW_MAPPING_START),
            "]": lambda: self._flow_end(Kind.FLOW_SEQUENCE_END),
            "}": lambda: self._flow_end(Kind.FLOW_MAPPING_END),
            ",": self._flow_entry,
            "*": lambda: self._anchor(Kind.ALIAS),
            "&": lambda: self._anchor(Kind.ANCHOR),
            "!": self._tag,
            "'": self._quoted,
            '"': self._quoted,
        }

    def peek(self) -> Token:
        """The first token.

        Raises:
            YAMLError: go-yaml's scanner fails before it has it.
        """
        if not self._available:
            while not self._queue or self._may_follow_a_key():
                self._fetch_next()
            self._available = True
        return self._queue[0]

    def skip(self) -> Token:
        """Take the first token, which must have been looked at; the one that follows it."""
        self.take()
        return self.peek()

    def take(self) -> Token:
        """Take the first token, which must have been looked at."""
        self._available = False
        self._parsed += 1
        return self._queue.pop(0)

    def _may_follow_a_key(self) -> bool:
        """Whether the first token may be that of a key, so that KEY would come before it.

        go-yaml crashes where the level of the key has gone; here that is no key.
        """
        level = self._keys_by_token.get(self._parsed)
        return level is not None and level < len(self._keys) and self._is_valid(self._keys[level])

    def _fetch_next(self) -> None:
        """Add at least one token, of ``yaml_parser_fetch_next_token``."""
        text = self._text
        text.need(1)
        self._to_next_token()
        self._unroll(text.column)
        text.need(4)
        if text.char == END:
            self._stream_end()
        elif text.column == 0 and text.char == "%":
            self._directive()
        elif text.at_document_indicator():
            self._document_indicator()
        elif text.char in self._fetch:
            self._fetch[text.char]()
        else:
            self._entry_or_scalar()

    def _entry_or_scalar(self) -> None:
        text = self._text
        char = text.char
        ends = text.ahead(1) in BLANKS_AND_END
        if char == "-" and ends:
            self._block_entry()
        elif char == "?" and (self._flow_level or ends):
            self._key()
        elif char == ":" and (self._flow_level or ends):
            self._value()
        elif char in "|>" and not self._flow_level:
            self._block_scalar()
        elif char in _NOT_IN_FRONT or char in BLANKS_AND_END:
            raise text.error("found character that cannot start any token", text.mark)
        else:
            self._plain()

    def _to_next_token(self) -> None:
        """Pass blanks, comments and line breaks, of ``yaml_parser_scan_to_next_token``."""
        text = self._text
        while True:
            text.need(1)
            text.skip_byte_order_mark()
            text.need(1)
            tabs = self._flow_level or not self._key_allowed
            text.run(_BLANKS if tabs else _SPACES)
            if text.char == "#":
                text.run(_COMMENT)
            if text.char not in BREAKS:
                return
            text.need(2)
            text.line_break()
            if not self._flow_level:
                self._key_allowed = True

    def _is_valid(self, key: _Key) -> bool:
        """Whether ``key`` may still be one, of ``yaml_simple_key_is_valid``."""
        if not key.possible:
            return False
        text = self._text
        if key.mark.line >= text.line and key.mark.offset + _LONGEST_KEY >= text.index:
            return True
        self._give_up(key)
        return False

    def _give_up(self, key: _Key) -> None:
        if key.required:
            raise self._text.error("could not find expected ':'", key.mark)
        key.possible = False

    def _save_key(self) -> None:
        """Note that a key may start here, if it may; of ``yaml_parser_save_simple_key``."""
        if not self._key_allowed:
            return
        text = self._text
        required = not self._flow_level and self._indent == text.column
        key = _Key(text.mark, self._next_number(), possible=True, required=required)
        self._remove_key()
        self._keys[-1] = key
        self._keys_by_token[key.number] = len(self._keys) - 1

    def _remove_key(self) -> None:
        """Take the last key of this level for none, of ``yaml_parser_remove_simple_key``."""
        key = self._keys[-1]
        if key.possible:
            self._give_up(key)
            self._keys_by_token.pop(key.number, None)

    def _next_number(self) -> int:
        return self._parsed + len(self._queue)

    def _roll(self, column: int, number: int, kind: Kind, mark: Mark) -> None:
        """Open a block collection that starts in ``column``, of ``yaml_parser_roll_indent``."""
        if self._flow_level or self._indent >= column:
            return
        self._indents.append(self._indent)
        self._indent = column
        if len(self._indents) > _DEEPEST:
            problem = f"exceeded max depth of {_DEEPEST}"
            raise self._text.error(problem, self._keys[-1].mark)
        self._insert(number, Token(kind, mark, mark))

    def _unroll(self, column: int) -> None:
        """Close the block collections that are further in, of ``yaml_parser_unroll_indent``."""
        if self._flow_level:
            return
        mark = self._text.mark
        while self._indent > column:
            self._queue.append(Token(Kind.BLOCK_END, mark, mark))
            self._indent = self._indents.pop()

    def _insert(self, number: int, token: Token) -> None:
        """Put ``token`` before the one with ``number``; behind all, where that has gone."""
        place = number - self._parsed
        self._queue.insert(place if place >= 0 else len(self._queue), token)

    def _pass(self, kind: Kind, length: int = 1) -> None:
        """Pass the characters of a token, and add it."""
        start = self._text.mark
        self._text.skip(length)
        self._queue.append(Token(kind, start, self._text.mark))

    def _stream_end(self) -> None:
        text = self._text
        if text.column:
            text.column = 0
            text.line += 1
        self._unroll(-1)
        self._remove_key()
        self._key_allowed = False
        self._queue.append(Token(Kind.STREAM_END, text.mark, text.mark))

    def _directive(self) -> None:
        self._unroll(-1)
        self._remove_key()
        self._key_allowed = False
        start = self._text.mark
        first, second = yaml_token_text.directive(self._text)
        end = self._text.mark
        if isinstance(first, int) and isinstance(second, int):
            self._queue.append(Token(Kind.VERSION, start, end, version=(first, second)))
        else:
            self._queue.append(Token(Kind.TAG_DIRECTIVE, start, end, str(first), str(second)))

    def _document_indicator(self) -> None:
        self._unroll(-1)
        self._remove_key()
        self._key_allowed = False
        is_start = self._text.char == "-"
        self._pass(Kind.DOCUMENT_START if is_start else Kind.DOCUMENT_END, 3)

    def _flow_start(self, kind: Kind) -> None:
        self._save_key()
        mark = self._text.mark
        self._keys.append(_Key(mark, self._next_number()))
        self._flow_level += 1
        if self._flow_level > _DEEPEST:
            raise self._text.error(f"exceeded max depth of {_DEEPEST}", mark)
        self._key_allowed = True
        self._pass(kind)

    def _flow_end(self, kind: Kind) -> None:
        """A collection that had no key leaves with the entry of its bracket in ``keys_by_token``.

        So does ``yaml_parser_decrease_flow_level``.
        """
        self._remove_key()
        if self._flow_level:
            self._flow_level -= 1
            self._keys_by_token.pop(self._keys.pop().number, None)
        self._key_allowed = False
        self._pass(kind)

    def _flow_entry(self) -> None:
        self._remove_key()
        self._key_allowed = True
        self._pass(Kind.FLOW_ENTRY)

    def _block_entry(self) -> None:
        if not self._flow_level:
            problem = "block sequence entries are not allowed in this context"
            self._open_block(Kind.SEQUENCE_START, problem)
        self._remove_key()
        self._key_allowed = True
        self._pass(Kind.BLOCK_ENTRY)

    def _key(self) -> None:
        if not self._flow_level:
            self._open_block(Kind.MAPPING_START, "mapping keys are not allowed in this context")
        self._remove_key()
        self._key_allowed = not self._flow_level
        self._pass(Kind.KEY)

    def _open_block(self, kind: Kind, problem: str) -> None:
        text = self._text
        if not self._key_allowed:
            raise text.error(problem, text.mark)
        self._roll(text.column, self._next_number(), kind, text.mark)

    def _value(self) -> None:
        """The colon, which makes a key of what may be one; of ``yaml_parser_fetch_value``."""
        key = self._keys[-1]
        if self._is_valid(key):
            self._insert(key.number, Token(Kind.KEY, key.mark, key.mark))
            self._roll(key.mark.column, key.number, Kind.MAPPING_START, key.mark)
            key.possible = False
            self._keys_by_token.pop(key.number, None)
            self._key_allowed = False
        else:
            if not self._flow_level:
                problem = "mapping values are not allowed in this context"
                self._open_block(Kind.MAPPING_START, problem)
            self._key_allowed = not self._flow_level
        self._pass(Kind.VALUE)

    def _anchor(self, kind: Kind) -> None:
        self._save_key()
        self._key_allowed = False
        start = self._text.mark
        name = yaml_token_text.anchor(self._text)
        self._queue.append(Token(kind, start, self._text.mark, name))

    def _tag(self) -> None:
        self._save_key()
        self._key_allowed = False
        start = self._text.mark
        handle, suffix = yaml_token_text.tag(self._text)
        self._queue.append(Token(Kind.TAG, start, self._text.mark, handle, suffix))

    def _block_scalar(self) -> None:
        self._remove_key()
        self._key_allowed = True
        start, style = self._text.mark, self._text.char
        scalar = yaml_token_text.block(self._text, self._indent)
        self._queue.append(Token(Kind.SCALAR, start, scalar.end, scalar.value, style))

    def _quoted(self) -> None:
        self._save_key()
        self._key_allowed = False
        start, style = self._text.mark, self._text.char
        scalar = yaml_token_text.quoted(self._text)
        self._queue.append(Token(Kind.SCALAR, start, scalar.end, scalar.value, style))

    def _plain(self) -> None:
        self._save_key()
        start = self._text.mark
        in_flow = self._flow_level > 0
        scalar = yaml_token_text.plain(self._text, self._indent, in_flow=in_flow)
        self._key_allowed = scalar.breaks_line
        self._queue.append(Token(Kind.SCALAR, start, scalar.end, scalar.value))


_NOT_IN_FRONT = "#|>%@`"
_LONGEST_KEY = 1024
_DEEPEST = 10_000
_BLANKS = re.compile("[ \t]+")
_SPACES = re.compile(" +")
_COMMENT = re.compile(f"[^{BREAKS}{END}]+")
