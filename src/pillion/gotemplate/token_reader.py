"""What a parser reads tokens with: look-ahead, and the errors of tokens that do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from pillion.gotemplate.errors import ParseError
from pillion.gotemplate.tokens import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Collection

    from pillion.gotemplate.lex import Lexer


class TokenReader:
    """Reads the tokens of ``lexer``, up to three of them ahead.

    ``source`` is the name of the text, and ``action_line`` the line of the action under way, or 0.
    """

    def __init__(self, lexer: Lexer, source: str) -> None:
        self.lexer = lexer
        self.source = source
        self.action_line = 0
        # The newest token is at 0, also after it has been consumed.
        self.tokens = [lexer.token] * 3
        self.ahead = 0

    def next(self) -> Token:
        """Take a token."""
        if self.ahead:
            self.ahead -= 1
        else:
            self.tokens[0] = self.lexer.next_token()
        return self.tokens[self.ahead]

    def back_up(self) -> None:
        """Put the last token back."""
        self.ahead += 1

    def put_before(self, *earlier: Token) -> None:
        """Put tokens before those put back already: of several, the last comes first."""
        for token in earlier:
            self.tokens[self.ahead] = token
            self.ahead += 1

    def peek(self) -> Token:
        """The next token, which stays there."""
        token = self.next()
        self.ahead += 1
        return token

    def next_non_space(self) -> Token:
        """Take the next token that is no space."""
        token = self.next()
        while token.kind is Kind.SPACE:
            token = self.next()
        return token

    def peek_non_space(self) -> Token:
        """The next token that is no space, which stays there; spaces before it do not."""
        token = self.next_non_space()
        self.ahead += 1
        return token

    def fail(self, message: str) -> NoReturn:
        """Fail at the line of the newest token.

        Raises:
            ParseError: always.
        """
        raise ParseError(message, source=self.source, line=self.tokens[0].line)

    def unexpected(self, token: Token, context: str) -> NoReturn:
        """Fail because ``token`` has no place in ``context``, or is the lexer's own error.

        Raises:
            ParseError: always.
        """
        if token.kind is not Kind.ERROR:
            self.fail(f"unexpected {token} in {context}")
        started = ""
        if self.action_line not in {0, token.line}:
            started = f" in action started at {self.source}:{self.action_line}"
            if token.text.endswith(" action"):
                started = started.removeprefix(" in action")
        self.fail(f"{token}{started}")

    def expect(self, kinds: Collection[Kind], context: str) -> Token:
        """Take the next token that is no space, which is to be of one of ``kinds``.

        Raises:
            ParseError: it is not.
        """
        token = self.next_non_space()
        if token.kind not in kinds:
            self.unexpected(token, context)
        return token
