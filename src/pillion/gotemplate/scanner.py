"""The cursor of the lexer: how far a text has been read, and what stands there.

Which token comes next is not its business but that of the states in :mod:`~pillion.gotemplate.lex`.
Positions count characters of the Python string; whoever prints one counts bytes.
"""

from __future__ import annotations

import re

from pillion.gotemplate.tokens import Kind, Token

LEFT_DELIMITER = "{{"
RIGHT_DELIMITER = "}}"
SPACE = " \t\r\n"
TRIM_MARKER_LENGTH = len("- ")

SPACES = re.compile(f"[{SPACE}]+")
_TERMINATORS = frozenset(["", *SPACE, *".,|:)("])


class Scanner:
    """A text, and the token under way in it: what lies between ``start`` and ``position``."""

    __slots__ = (
        "inside_action",
        "left",
        "line",
        "paren_depth",
        "position",
        "right",
        "start",
        "text",
        "token",
    )

    def __init__(self, text: str, left: str = "", right: str = "") -> None:
        self.text = text
        self.left = left or LEFT_DELIMITER
        self.right = right or RIGHT_DELIMITER
        self.start = 0  # where the token under way starts
        self.position = 0  # how far the text has been read
        self.line = 1  # the line of start
        self.paren_depth = 0
        self.inside_action = False
        self.token = Token(Kind.EOF, 0, "", 1)

    def ignore(self) -> None:
        """Drop what has been read since ``start``."""
        self.line += self.text.count("\n", self.start, self.position)
        self.start = self.position

    def take(self, kind: Kind) -> Token:
        """The token that has been read since ``start``."""
        token = Token(kind, self.start, self.text[self.start : self.position], self.line)
        self.ignore()
        return token

    def emit(self, kind: Kind) -> None:
        """Make what has been read since ``start`` the next token."""
        self.token = self.take(kind)

    def emit_next(self, kind: Kind) -> None:
        """Make one more character the next token."""
        self.position += 1
        self.emit(kind)

    def fail(self, message: str) -> None:
        """Make an error the next token, and of the rest nothing."""
        self.token = Token(Kind.ERROR, self.start, message, self.line)
        self.text = ""
        self.start = self.position = 0

    def emit_match(self, pattern: re.Pattern[str], kind: Kind, unterminated: str) -> None:
        """Make what ``pattern`` matches the next token, or fail because it never ends."""
        match = pattern.match(self.text, self.position)
        if match is None:
            self.fail(f"unterminated {unterminated}")
        else:
            self.position = match.end()
            self.emit(kind)

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Read over what ``pattern`` matches here, if it does."""
        match = pattern.match(self.text, self.position)
        if match is not None:
            self.position = match.end()

    def following(self) -> str:
        """The next character, or nothing at the end of the text."""
        return self.text[self.position : self.position + 1]

    def skip_space(self) -> None:
        """Drop white space after a trim marker."""
        self.skip(SPACES)
        self.ignore()

    def at_left_trim_marker(self) -> bool:
        """Whether ``- `` follows."""
        return self.text.startswith("-", self.position) and _is_space(self.text, self.position + 1)

    def at_right_trim_marker(self, position: int) -> bool:
        """Whether `` -`` and the right delimiter stand at ``position``."""
        return _is_space(self.text, position) and self.text.startswith(
            "-" + self.right, position + 1
        )

    def at_right_delimiter(self) -> bool:
        """Whether the action ends here, with or without a trim marker."""
        return self.text.startswith(self.right, self.position) or self.at_right_trim_marker(
            self.position
        )

    def at_terminator(self) -> bool:
        """Whether what follows may follow an identifier, a field or a variable."""
        return self.following() in _TERMINATORS or self.text.startswith(self.right, self.position)


def _is_space(text: str, position: int) -> bool:
    return text[position : position + 1] in _SPACE_SET


_SPACE_SET = frozenset(SPACE)
