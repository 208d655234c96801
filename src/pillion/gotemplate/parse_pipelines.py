"""The parser of what stands in an action: pipelines, commands, operands and terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.golang.strconv import QuoteError, quote, unquote
from pillion.gotemplate import constants, nodes
from pillion.gotemplate.token_reader import TokenReader
from pillion.gotemplate.tokens import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Collection

    from pillion.gotemplate.lex import Lexer
    from pillion.gotemplate.trampoline import Steps

_DEEPEST_EXPRESSION = 10_000
_CONSTANTS = (nodes.Bool, nodes.Dot, nodes.Nil, nodes.Number, nodes.String)


class PipelineParser(TokenReader):
    """Parses pipelines; ``functions`` are the names that exist, ``variables`` those in sight."""

    def __init__(self, lexer: Lexer, source: str, functions: Collection[str]) -> None:
        super().__init__(lexer, source)
        self.functions = functions
        self.variables = ["$"]
        self.paren_depth = 0

    def pipeline(self, context: str, end: Kind) -> Steps[nodes.Pipe]:
        """Declarations, then commands up to a token of kind ``end``, which is read."""
        pipe = nodes.Pipe(self.peek_non_space().position)
        self.declarations(pipe, context)
        while True:
            token = self.next_non_space()
            if token.kind is end:
                self.check_pipeline(pipe, context)
                return pipe
            if token.kind not in _OPERANDS:
                self.unexpected(token, context)
            self.back_up()
            command = yield self.command()
            pipe.commands.append(command)

    def declarations(self, pipe: nodes.Pipe, context: str) -> None:
        """The variables that the pipeline declares or assigns, if it does."""
        while self.peek_non_space().kind is Kind.VARIABLE:
            variable = self.next()
            # In "$x foo" the space is needed again: it tells an argument from a declaration.
            after = self.peek()
            following = self.peek_non_space()
            if following.kind in {Kind.ASSIGN, Kind.DECLARE}:
                pipe.assigns = following.kind is Kind.ASSIGN
                self.next_non_space()
                self.declare(pipe, variable)
                return
            if following.kind is not Kind.CHAR or following.text != ",":
                spaces = [after] if after.kind is Kind.SPACE else []
                self.put_before(*spaces, variable)
                return
            self.next_non_space()
            self.declare(pipe, variable)
            self.check_declarations(pipe, context)

    def check_declarations(self, pipe: nodes.Pipe, context: str) -> None:
        """After a comma: only ``range`` has a second variable."""
        if context != "range" or len(pipe.declares) > 1:
            self.fail(f"too many declarations in {context}")
        following = self.peek_non_space().kind
        if following not in {Kind.VARIABLE, Kind.RIGHT_DELIMITER, Kind.RIGHT_PAREN}:
            self.fail("range can only initialize variables")

    def declare(self, pipe: nodes.Pipe, token: Token) -> None:
        """Have the pipeline set a variable, which is in sight from here."""
        pipe.declares.append(nodes.Variable(token.position, token.text, []))
        self.variables.append(token.text)

    def check_pipeline(self, pipe: nodes.Pipe, context: str) -> None:
        """Only the first command may be a constant, and one there must be."""
        if not pipe.commands:
            self.fail(f"missing value for {context}")
        for stage, command in enumerate(pipe.commands[1:], 2):
            if isinstance(command.args[0], _CONSTANTS):
                self.fail(f"non executable command in pipeline stage {stage}")

    def command(self) -> Steps[nodes.Command]:
        """Operands with spaces between them, and the pipe symbol after them if there is one."""
        command = nodes.Command(self.peek_non_space().position)
        while True:
            self.peek_non_space()
            operand = yield self.operand()
            if operand is not None:
                command.args.append(operand)
            token = self.next()
            if token.kind is Kind.SPACE:
                continue
            if token.kind in {Kind.RIGHT_DELIMITER, Kind.RIGHT_PAREN}:
                self.back_up()
            elif token.kind is not Kind.PIPE:
                self.unexpected(token, "operand")
            break
        if not command.args:
            self.fail("empty command")
        return command

    def operand(self) -> Steps[nodes.Node | None]:
        """A term and the fields taken of it, or None where no term follows."""
        node: nodes.Node | None = yield self.term()
        if node is None or self.peek().kind is not Kind.FIELD:
            return node
        position = self.peek().position
        fields = []
        while self.peek().kind is Kind.FIELD:
            fields.append(self.next().text[1:])
        return self.with_fields(node, position, fields)

    def with_fields(self, node: nodes.Node, position: int, fields: list[str]) -> nodes.Node:
        """``node`` with fields taken of it, in one node where Go has one for both."""
        if isinstance(node, nodes.Field):
            return nodes.Field(position, node.fields + fields)
        if isinstance(node, nodes.Variable):
            return nodes.Variable(position, node.name, node.fields + fields)
        if isinstance(node, _CONSTANTS):
            self.fail(f"unexpected . after term {quote(nodes.print_node(node)[0])}")
        return nodes.Chain(position, node, fields)

    def term(self) -> Steps[nodes.Node | None]:
        """A pipeline in parentheses or a simple term, or None where neither follows."""
        token = self.next_non_space()
        if token.kind is not Kind.LEFT_PAREN:
            return self.simple_term(token)
        if self.paren_depth >= _DEEPEST_EXPRESSION:
            self.fail("max expression depth exceeded")
        self.paren_depth += 1
        pipe: nodes.Node = yield self.pipeline("parenthesized pipeline", Kind.RIGHT_PAREN)
        self.paren_depth -= 1
        return pipe

    def simple_term(self, token: Token) -> nodes.Node | None:
        """The node of one token, or None where it is no term, and is put back."""
        make = _TERMS.get(token.kind)
        if make is None:
            self.back_up()
            return None
        return make(self, token)

    def identifier(self, token: Token) -> nodes.Node:
        """The name of a function."""
        if token.text not in self.functions:
            self.fail(f"function {quote(token.text)} not defined")
        return nodes.Identifier(token.position, token.text)

    def dot(self, token: Token) -> nodes.Node:
        """The cursor."""
        return nodes.Dot(token.position)

    def nil(self, token: Token) -> nodes.Node:
        """``nil``."""
        return nodes.Nil(token.position)

    def field(self, token: Token) -> nodes.Node:
        """A field of the cursor."""
        return nodes.Field(token.position, [token.text[1:]])

    def bool(self, token: Token) -> nodes.Node:
        """``true`` or ``false``."""
        return nodes.Bool(token.position, token.text == "true")

    def string(self, token: Token) -> nodes.Node:
        """A string in either kind of quotes."""
        return nodes.String(token.position, token.text, self.unquoted(token))

    def number(self, token: Token) -> nodes.Node:
        """A number, which a character is too."""
        try:
            if token.kind is Kind.CHAR_CONSTANT:
                return constants.character(token.position, token.text)
            if token.kind is Kind.COMPLEX:
                return constants.complex_number(token.position, token.text)
            return constants.number(token.position, token.text)
        except constants.NumberError as error:
            self.fail(str(error))

    def variable(self, token: Token) -> nodes.Node:
        """A variable that is in sight."""
        if token.text not in self.variables:
            self.fail(f"undefined variable {quote(token.text)}")
        return nodes.Variable(token.position, token.text, [])

    def unquoted(self, token: Token) -> str:
        """What a string constant means."""
        try:
            return unquote(token.text)
        except QuoteError:
            self.fail("invalid syntax")


_TERMS = {
    Kind.BOOL: PipelineParser.bool,
    Kind.CHAR_CONSTANT: PipelineParser.number,
    Kind.COMPLEX: PipelineParser.number,
    Kind.DOT: PipelineParser.dot,
    Kind.FIELD: PipelineParser.field,
    Kind.IDENTIFIER: PipelineParser.identifier,
    Kind.NIL: PipelineParser.nil,
    Kind.NUMBER: PipelineParser.number,
    Kind.RAW_STRING: PipelineParser.string,
    Kind.STRING: PipelineParser.string,
    Kind.VARIABLE: PipelineParser.variable,
}
_OPERANDS = frozenset([*_TERMS, Kind.LEFT_PAREN])
