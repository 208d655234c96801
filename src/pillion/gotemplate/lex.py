"""The lexer: a template's text as tokens.

Every state is a function that scans one thing and names the state that follows, or none where it
has made a token.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from pillion.golang.fmt import sprintf
from pillion.golang.strconv import quote
from pillion.golang.strings import runes
from pillion.gotemplate.scanner import SPACE, SPACES, TRIM_MARKER_LENGTH, Scanner
from pillion.gotemplate.tokens import WORDS, Kind, Token

if TYPE_CHECKING:
    from collections.abc import Callable

State: TypeAlias = "Callable[[Lexer], State | None]"


class Lexer(Scanner):
    """Reads tokens off a text, one at a time.

    ``identifiers`` are keywords that are plain identifiers here: ``break`` and ``continue`` where
    functions of that name exist.
    """

    __slots__ = ("identifiers",)

    def __init__(
        self, text: str, left: str = "", right: str = "", identifiers: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(text, left, right)
        self.identifiers = identifiers

    def next_token(self) -> Token:
        """The next token; after the end, or after an error, one that says so again."""
        state: State | None = _lex_inside_action if self.inside_action else _lex_text
        while state is not None:
            state = state(self)
        return self.token


_ASCII_WORD = re.compile("[A-Za-z0-9_]*")
_QUOTED = re.compile(r'"(?:\\[^\n]|[^"\\\n])*"')
_CHARACTER = re.compile(r"'(?:\\[^\n]|[^'\\\n])*'")
_RAW = re.compile("`[^`]*`")
_NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?"
    r"|0[oO][0-7_]*(?:\.[0-7_]*)?"
    r"|0[bB][01_]*(?:\.[01_]*)?"
    r"|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?"
)


def _is_alphanumeric(character: str) -> bool:
    return character == "_" or character.isalpha() or character.isdecimal()


def _described(character: str) -> str:
    return sprintf("%#U", ord(runes(character)))


def _lex_text(lexer: Lexer) -> State | None:
    end = lexer.text.find(lexer.left, lexer.position)
    if end < 0:
        lexer.position = len(lexer.text)
        lexer.emit(Kind.TEXT if lexer.position > lexer.start else Kind.EOF)
        return None
    lexer.position = end + len(lexer.left)
    trimmed = lexer.at_left_trim_marker()
    text = lexer.text[lexer.start : end]
    lexer.position = lexer.start + len(text.rstrip(SPACE)) if trimmed else end
    token = lexer.take(Kind.TEXT)
    lexer.position = end
    lexer.ignore()
    if not token.text:
        return _lex_left_delimiter
    lexer.token = token
    return None


def _lex_left_delimiter(lexer: Lexer) -> State | None:
    lexer.position += len(lexer.left)
    marker = TRIM_MARKER_LENGTH if lexer.at_left_trim_marker() else 0
    if lexer.text.startswith("/*", lexer.position + marker):
        lexer.position += marker
        lexer.ignore()
        return _lex_comment
    lexer.emit(Kind.LEFT_DELIMITER)
    lexer.inside_action = True
    lexer.position += marker
    lexer.ignore()
    lexer.paren_depth = 0
    return None


def _lex_comment(lexer: Lexer) -> State | None:
    end = lexer.text.find("*/", lexer.position + len("/*"))
    if end < 0:
        lexer.fail("unclosed comment")
        return None
    lexer.position = end + len("*/")
    if not lexer.at_right_delimiter():
        lexer.fail("comment ends before closing delimiter")
        return None
    _skip_right_delimiter(lexer)
    lexer.ignore()
    return _lex_text


def _skip_right_delimiter(lexer: Lexer) -> None:
    trimmed = lexer.at_right_trim_marker(lexer.position)
    lexer.position += len(lexer.right) + (TRIM_MARKER_LENGTH if trimmed else 0)
    if trimmed:
        lexer.skip_space()


def _lex_right_delimiter(lexer: Lexer) -> State | None:
    trimmed = lexer.at_right_trim_marker(lexer.position)
    if trimmed:
        lexer.position += TRIM_MARKER_LENGTH
        lexer.ignore()
    lexer.position += len(lexer.right)
    lexer.emit(Kind.RIGHT_DELIMITER)
    if trimmed:
        lexer.skip_space()
    lexer.inside_action = False
    return None


def _lex_inside_action(lexer: Lexer) -> State | None:
    if lexer.at_right_delimiter():
        if lexer.paren_depth == 0:
            return _lex_right_delimiter
        lexer.fail("unclosed left paren")
        return None
    character = lexer.following()
    state = _STARTS.get(character)
    if state is not None:
        return state
    if _is_alphanumeric(character):
        return _lex_identifier
    if character.isascii() and character.isprintable():
        lexer.emit_next(Kind.CHAR)
    else:
        lexer.fail(f"unrecognized character in action: {_described(character)}")
    return None


def _lex_end(lexer: Lexer) -> State | None:
    lexer.fail("unclosed action")
    return None


def _lex_space(lexer: Lexer) -> State | None:
    start = lexer.position
    lexer.skip(SPACES)
    if lexer.at_right_trim_marker(lexer.position - 1):
        lexer.position -= 1
        if lexer.position == start:
            return _lex_right_delimiter
    lexer.emit(Kind.SPACE)
    return None


def _lex_assign(lexer: Lexer) -> State | None:
    lexer.emit_next(Kind.ASSIGN)
    return None


def _lex_declare(lexer: Lexer) -> State | None:
    if lexer.text.startswith(":=", lexer.position):
        lexer.position += 1
        lexer.emit_next(Kind.DECLARE)
    else:
        lexer.fail("expected :=")
    return None


def _lex_pipe(lexer: Lexer) -> State | None:
    lexer.emit_next(Kind.PIPE)
    return None


def _lex_left_paren(lexer: Lexer) -> State | None:
    lexer.paren_depth += 1
    lexer.emit_next(Kind.LEFT_PAREN)
    return None


def _lex_right_paren(lexer: Lexer) -> State | None:
    lexer.paren_depth -= 1
    if lexer.paren_depth < 0:
        lexer.fail("unexpected right paren")
    else:
        lexer.emit_next(Kind.RIGHT_PAREN)
    return None


def _lex_quote(lexer: Lexer) -> State | None:
    lexer.emit_match(_QUOTED, Kind.STRING, "quoted string")
    return None


def _lex_raw_quote(lexer: Lexer) -> State | None:
    lexer.emit_match(_RAW, Kind.RAW_STRING, "raw quoted string")
    return None


def _lex_character(lexer: Lexer) -> State | None:
    lexer.emit_match(_CHARACTER, Kind.CHAR_CONSTANT, "character constant")
    return None


def _lex_identifier(lexer: Lexer) -> State | None:
    _skip_word(lexer)
    if not lexer.at_terminator():
        return _lex_bad_character
    word = lexer.text[lexer.start : lexer.position]
    lexer.emit(Kind.IDENTIFIER if word in lexer.identifiers else WORDS.get(word, Kind.IDENTIFIER))
    return None


def _lex_dot(lexer: Lexer) -> State | None:
    following = lexer.text[lexer.position + 1 : lexer.position + 2]
    if following == "" or following in "0123456789":
        return _lex_number
    return _lex_field_or_variable(lexer, Kind.FIELD, Kind.DOT)


def _lex_variable(lexer: Lexer) -> State | None:
    return _lex_field_or_variable(lexer, Kind.VARIABLE, Kind.VARIABLE)


def _lex_field_or_variable(lexer: Lexer, kind: Kind, bare: Kind) -> State | None:
    lexer.position += 1
    if lexer.at_terminator():
        lexer.emit(bare)
        return None
    _skip_word(lexer)
    if not lexer.at_terminator():
        return _lex_bad_character
    lexer.emit(kind)
    return None


def _skip_word(lexer: Lexer) -> None:
    lexer.skip(_ASCII_WORD)
    while _is_alphanumeric(lexer.following()):
        lexer.position += 1


def _lex_bad_character(lexer: Lexer) -> State | None:
    lexer.fail(f"bad character {_described(lexer.text[lexer.position])}")
    return None


def _lex_number(lexer: Lexer) -> State | None:
    kind = Kind.NUMBER
    if not _scan_number(lexer):
        return _lex_bad_number
    if lexer.following() in {"+", "-"}:
        kind = Kind.COMPLEX
        if not _scan_number(lexer) or lexer.text[lexer.position - 1] != "i":
            return _lex_bad_number
    lexer.emit(kind)
    return None


def _scan_number(lexer: Lexer) -> bool:
    lexer.skip(_NUMBER)
    if _is_alphanumeric(lexer.following()):
        lexer.position += 1
        return False
    return True


def _lex_bad_number(lexer: Lexer) -> State | None:
    lexer.fail(f"bad number syntax: {quote(lexer.text[lexer.start : lexer.position])}")
    return None


_STARTS: dict[str, State] = {
    "": _lex_end,
    **dict.fromkeys(SPACE, _lex_space),
    **dict.fromkeys("+-0123456789", _lex_number),
    "=": _lex_assign,
    ":": _lex_declare,
    "|": _lex_pipe,
    '"': _lex_quote,
    "`": _lex_raw_quote,
    "'": _lex_character,
    "$": _lex_variable,
    ".": _lex_dot,
    "(": _lex_left_paren,
    ")": _lex_right_paren,
}
