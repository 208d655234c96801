"""Tokens: the smallest pieces of a template that mean something."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from pillion.golang.strconv import quote
from pillion.golang.strings import byte_len


class Kind(Enum):
    """What a token is."""

    ERROR = auto()
    BOOL = auto()
    CHAR = auto()
    CHAR_CONSTANT = auto()
    COMPLEX = auto()
    ASSIGN = auto()
    DECLARE = auto()
    EOF = auto()
    FIELD = auto()
    IDENTIFIER = auto()
    LEFT_DELIMITER = auto()
    LEFT_PAREN = auto()
    NUMBER = auto()
    PIPE = auto()
    RAW_STRING = auto()
    RIGHT_DELIMITER = auto()
    RIGHT_PAREN = auto()
    SPACE = auto()
    STRING = auto()
    TEXT = auto()
    VARIABLE = auto()
    BLOCK = auto()
    BREAK = auto()
    CONTINUE = auto()
    DEFINE = auto()
    DOT = auto()
    ELSE = auto()
    END = auto()
    IF = auto()
    NIL = auto()
    RANGE = auto()
    TEMPLATE = auto()
    WITH = auto()


WORDS = {
    "true": Kind.BOOL,
    "false": Kind.BOOL,
    "block": Kind.BLOCK,
    "break": Kind.BREAK,
    "continue": Kind.CONTINUE,
    "define": Kind.DEFINE,
    "else": Kind.ELSE,
    "end": Kind.END,
    "if": Kind.IF,
    "nil": Kind.NIL,
    "range": Kind.RANGE,
    "template": Kind.TEMPLATE,
    "with": Kind.WITH,
}
_KEYWORDS = frozenset([*WORDS.values(), Kind.DOT]) - {Kind.BOOL}


class Token(NamedTuple):
    """A piece of the text: what it is, where it starts, and its line, counted from 1."""

    kind: Kind
    position: int
    text: str
    line: int

    def __str__(self) -> str:
        """The token as an error names it."""
        if self.kind is Kind.EOF:
            return "EOF"
        if self.kind is Kind.ERROR:
            return self.text
        if self.kind in _KEYWORDS:
            return f"<{self.text}>"
        if byte_len(self.text) > _LONGEST_NAMED:
            return f"{quote(self.text[:_LONGEST_NAMED])}..."
        return quote(self.text)


_LONGEST_NAMED = 10
