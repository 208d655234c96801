"""The parser: tokens to trees, one for every template that the text defines.

One method for each construct of the grammar. Those that may nest in themselves are generators (see
:mod:`~pillion.gotemplate.trampoline`); apart from that this is recursive descent. The parser sees
whether a function or a variable exists, but no types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from pillion.golang.strconv import QuoteError, quote, unquote
from pillion.gotemplate import constants, nodes
from pillion.gotemplate.errors import ParseError
from pillion.gotemplate.lex import Lexer
from pillion.gotemplate.tokens import Kind, Token
from pillion.gotemplate.trampoline import Steps, run

if TYPE_CHECKING:
    from collections.abc import Collection

_DEEPEST_EXPRESSION = 10_000
_OPERANDS = frozenset(
    [
        Kind.BOOL,
        Kind.CHAR_CONSTANT,
        Kind.COMPLEX,
        Kind.DOT,
        Kind.FIELD,
        Kind.IDENTIFIER,
        Kind.LEFT_PAREN,
        Kind.NIL,
        Kind.NUMBER,
        Kind.RAW_STRING,
        Kind.STRING,
        Kind.VARIABLE,
    ]
)
_CONSTANTS = (nodes.Bool, nodes.Dot, nodes.Nil, nodes.Number, nodes.String)


def parse(
    text: str, name: str, functions: Collection[str], left: str = "", right: str = ""
) -> dict[str, nodes.Tree]:
    """The templates that ``text`` defines, by name; ``name`` is that of what no other one holds.

    Raises:
        ParseError: ``text`` is not a template.
    """
    words = frozenset({"break", "continue"}.intersection(functions))
    lexer = Lexer(text, left, right, words)
    trees: dict[str, nodes.Tree] = {}
    run(_Parser(name, name, lexer, functions, trees).parse_text())
    return trees


class _Parser:
    """Parses one template; a ``define`` or ``block`` within it has a parser of its own."""

    def __init__(
        self,
        name: str,
        source: str,
        lexer: Lexer,
        functions: Collection[str],
        trees: dict[str, nodes.Tree],
    ) -> None:
        self.name = name
        self.source = source
        self.lexer = lexer
        self.functions = functions
        self.trees = trees
        # Three tokens of look-ahead; the newest is at 0, also after it has been consumed.
        self.tokens = [lexer.token] * 3
        self.ahead = 0
        self.variables = ["$"]
        self.action_line = 0
        self.range_depth = 0
        self.paren_depth = 0

    def next(self) -> Token:
        if self.ahead:
            self.ahead -= 1
        else:
            self.tokens[0] = self.lexer.next_token()
        return self.tokens[self.ahead]

    def back_up(self) -> None:
        self.ahead += 1

    def put_before(self, *earlier: Token) -> None:
        """Put tokens before those put back already: of several, the last comes first."""
        for token in earlier:
            self.tokens[self.ahead] = token
            self.ahead += 1

    def peek(self) -> Token:
        token = self.next()
        self.ahead += 1
        return token

    def next_non_space(self) -> Token:
        token = self.next()
        while token.kind is Kind.SPACE:
            token = self.next()
        return token

    def peek_non_space(self) -> Token:
        token = self.next_non_space()
        self.ahead += 1
        return token

    def fail(self, message: str) -> NoReturn:
        raise ParseError(message, source=self.source, line=self.tokens[0].line)

    def unexpected(self, token: Token, context: str) -> NoReturn:
        if token.kind is not Kind.ERROR:
            self.fail(f"unexpected {token} in {context}")
        started = ""
        if self.action_line not in {0, token.line}:
            started = f" in action started at {self.source}:{self.action_line}"
            if token.text.endswith(" action"):
                started = started.removeprefix(" in action")
        self.fail(f"{token}{started}")

    def expect(self, kinds: Collection[Kind], context: str) -> Token:
        token = self.next_non_space()
        if token.kind not in kinds:
            self.unexpected(token, context)
        return token

    def child(self, name: str) -> _Parser:
        return _Parser(name, self.source, self.lexer, self.functions, self.trees)

    def add_tree(self, root: nodes.List) -> None:
        existing = self.trees.get(self.name)
        if existing is None or nodes.is_empty(existing.root):
            self.trees[self.name] = nodes.Tree(self.name, root)
        elif not nodes.is_empty(root):
            self.fail(f"template: multiple definition of template {quote(self.name)}")

    def parse_text(self) -> Steps[None]:
        """The whole text: lists of nodes with definitions between them."""
        root = nodes.List(self.peek().position)
        while self.peek().kind is not Kind.EOF:
            if self.peek().kind is Kind.LEFT_DELIMITER:
                delimiter = self.next()
                if self.next_non_space().kind is Kind.DEFINE:
                    yield self.child("definition").parse_definition()
                    continue
                self.back_up()
                self.put_before(delimiter)
            node = yield self.text_or_action()
            if isinstance(node, nodes.End | nodes.Else):
                self.fail(f"unexpected {node}")
            root.nodes.append(node)
        self.add_tree(root)

    def parse_definition(self) -> Steps[None]:
        """``{{define NAME}} LIST {{end}}``, of which ``define`` has been read."""
        context = "define clause"
        self.name = self.unquoted(self.expect({Kind.STRING, Kind.RAW_STRING}, context))
        self.expect({Kind.RIGHT_DELIMITER}, context)
        yield self.parse_named(context, self)

    def parse_named(self, context: str, outer: _Parser) -> Steps[None]:
        """The list of a definition; ``outer`` is whose line an unfit end is reported at."""
        root, end = yield self.item_list()
        if not isinstance(end, nodes.End):
            outer.fail(f"unexpected {end} in {context}")
        self.add_tree(root)

    def item_list(self) -> Steps[tuple[nodes.List, nodes.Node]]:
        """Nodes up to an ``{{end}}`` or ``{{else}}``, which is returned beside them."""
        items = nodes.List(self.peek_non_space().position)
        while self.peek_non_space().kind is not Kind.EOF:
            node = yield self.text_or_action()
            if isinstance(node, nodes.End | nodes.Else):
                return items, node
            items.nodes.append(node)
        self.fail("unexpected EOF")

    def text_or_action(self) -> Steps[nodes.Node]:
        token = self.next_non_space()
        if token.kind is Kind.TEXT:
            return nodes.Text(token.position, token.text)
        if token.kind is not Kind.LEFT_DELIMITER:
            self.unexpected(token, "input")
        self.action_line = token.line
        node: nodes.Node = yield self.action()
        self.action_line = 0
        return node

    def action(self) -> Steps[nodes.Node]:
        """A control structure or a pipeline, of which the delimiter has been read."""
        token = self.next_non_space()
        control = _CONTROLS.get(token.kind)
        if control is not None:
            node: nodes.Node = yield control(self, token)
            return node
        self.back_up()
        position = self.peek().position
        pipe = yield self.pipeline("command", Kind.RIGHT_DELIMITER)
        return nodes.Action(position, pipe)

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
        pipe.declares.append(self.variable(token.position, token.text))
        self.variables.append(token.text)

    def check_pipeline(self, pipe: nodes.Pipe, context: str) -> None:
        if not pipe.commands:
            self.fail(f"missing value for {context}")
        for stage, command in enumerate(pipe.commands[1:], 2):
            if isinstance(command.args[0], _CONSTANTS):
                self.fail(f"non executable command in pipeline stage {stage}")

    def control(self, context: str) -> Steps[tuple[nodes.Pipe, nodes.List, nodes.List | None]]:
        """What ``if``, ``with`` and ``range`` share: a pipeline, a list, and perhaps another."""
        outer = len(self.variables)
        pipe = yield self.pipeline(context, Kind.RIGHT_DELIMITER)
        self.range_depth += context == "range"
        body, end = yield self.item_list()
        self.range_depth -= context == "range"
        otherwise: nodes.List | None = None
        if isinstance(end, nodes.Else):
            otherwise = yield self.otherwise(context, end)
        del self.variables[outer:]
        return pipe, body, otherwise

    def otherwise(self, context: str, start: nodes.Else) -> Steps[nodes.List]:
        """What follows ``{{else}}``; "else if" and "else with" nest without an end of their own."""
        chained = _CHAINED.get(context)
        if chained is not None and self.peek().kind is chained:
            node = yield _CONTROLS[chained](self, self.next())
            return nodes.List(start.position, [node])
        items: nodes.List
        items, end = yield self.item_list()
        if not isinstance(end, nodes.End):
            self.fail(f"expected end; found {end}")
        return items

    def if_control(self, _token: Token) -> Steps[nodes.Node]:
        pipe, body, otherwise = yield self.control("if")
        return nodes.If(pipe.position, pipe, body, otherwise)

    def range_control(self, _token: Token) -> Steps[nodes.Node]:
        pipe, body, otherwise = yield self.control("range")
        return nodes.Range(pipe.position, pipe, body, otherwise)

    def with_control(self, _token: Token) -> Steps[nodes.Node]:
        pipe, body, otherwise = yield self.control("with")
        return nodes.With(pipe.position, pipe, body, otherwise)

    def end_control(self, _token: Token) -> Steps[nodes.Node]:
        yield from ()
        return nodes.End(self.expect({Kind.RIGHT_DELIMITER}, "end").position)

    def else_control(self, _token: Token) -> Steps[nodes.Node]:
        yield from ()
        following = self.peek_non_space()
        if following.kind in {Kind.IF, Kind.WITH}:
            return nodes.Else(following.position)
        return nodes.Else(self.expect({Kind.RIGHT_DELIMITER}, "else").position)

    def break_control(self, token: Token) -> Steps[nodes.Node]:
        yield from ()
        self.check_loop_exit("break")
        return nodes.Break(token.position)

    def continue_control(self, token: Token) -> Steps[nodes.Node]:
        yield from ()
        self.check_loop_exit("continue")
        return nodes.Continue(token.position)

    def check_loop_exit(self, word: str) -> None:
        following = self.next_non_space()
        if following.kind is not Kind.RIGHT_DELIMITER:
            self.unexpected(following, f"{{{{{word}}}}}")
        if self.range_depth == 0:
            self.fail(f"{{{{{word}}}}} outside {{{{range}}}}")

    def block_control(self, _token: Token) -> Steps[nodes.Node]:
        """``{{block NAME PIPELINE}} LIST {{end}}``: a definition, and its call."""
        context = "block clause"
        token = self.next_non_space()
        name = self.template_name(token, context)
        pipe = yield self.pipeline(context, Kind.RIGHT_DELIMITER)
        yield self.child(name).parse_named(context, self)
        return nodes.TemplateCall(token.position, name, pipe)

    def template_control(self, _token: Token) -> Steps[nodes.Node]:
        context = "template clause"
        token = self.next_non_space()
        name = self.template_name(token, context)
        pipe: nodes.Pipe | None = None
        if self.next_non_space().kind is not Kind.RIGHT_DELIMITER:
            self.back_up()
            pipe = yield self.pipeline(context, Kind.RIGHT_DELIMITER)
        return nodes.TemplateCall(token.position, name, pipe)

    def template_name(self, token: Token, context: str) -> str:
        if token.kind not in {Kind.STRING, Kind.RAW_STRING}:
            self.unexpected(token, context)
        return self.unquoted(token)

    def unquoted(self, token: Token) -> str:
        try:
            return unquote(token.text)
        except QuoteError:
            self.fail("invalid syntax")

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
        if isinstance(node, nodes.Field):
            return nodes.Field(position, node.fields + fields)
        if isinstance(node, nodes.Variable):
            return nodes.Variable(position, node.name, node.fields + fields)
        if isinstance(node, _CONSTANTS):
            self.fail(f"unexpected . after term {quote(nodes.print_node(node)[0])}")
        return nodes.Chain(position, node, fields)

    def term(self) -> Steps[nodes.Node | None]:
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
        make = _TERMS.get(token.kind)
        if make is None:
            self.back_up()
            return None
        return make(self, token)

    def identifier(self, token: Token) -> nodes.Node:
        if token.text not in self.functions:
            self.fail(f"function {quote(token.text)} not defined")
        return nodes.Identifier(token.position, token.text)

    def dot(self, token: Token) -> nodes.Node:
        return nodes.Dot(token.position)

    def nil(self, token: Token) -> nodes.Node:
        return nodes.Nil(token.position)

    def field(self, token: Token) -> nodes.Node:
        return nodes.Field(token.position, [token.text[1:]])

    def bool(self, token: Token) -> nodes.Node:
        return nodes.Bool(token.position, token.text == "true")

    def string(self, token: Token) -> nodes.Node:
        return nodes.String(token.position, token.text, self.unquoted(token))

    def number(self, token: Token) -> nodes.Node:
        try:
            if token.kind is Kind.CHAR_CONSTANT:
                return constants.character(token.position, token.text)
            if token.kind is Kind.COMPLEX:
                return constants.complex_number(token.position, token.text)
            return constants.number(token.position, token.text)
        except constants.NumberError as error:
            self.fail(str(error))

    def used_variable(self, token: Token) -> nodes.Node:
        if token.text not in self.variables:
            self.fail(f"undefined variable {quote(token.text)}")
        return self.variable(token.position, token.text)

    def variable(self, position: int, text: str) -> nodes.Variable:
        return nodes.Variable(position, text, [])


_CONTROLS = {
    Kind.BLOCK: _Parser.block_control,
    Kind.BREAK: _Parser.break_control,
    Kind.CONTINUE: _Parser.continue_control,
    Kind.ELSE: _Parser.else_control,
    Kind.END: _Parser.end_control,
    Kind.IF: _Parser.if_control,
    Kind.RANGE: _Parser.range_control,
    Kind.TEMPLATE: _Parser.template_control,
    Kind.WITH: _Parser.with_control,
}
_TERMS = {
    Kind.BOOL: _Parser.bool,
    Kind.CHAR_CONSTANT: _Parser.number,
    Kind.COMPLEX: _Parser.number,
    Kind.DOT: _Parser.dot,
    Kind.FIELD: _Parser.field,
    Kind.IDENTIFIER: _Parser.identifier,
    Kind.NIL: _Parser.nil,
    Kind.NUMBER: _Parser.number,
    Kind.RAW_STRING: _Parser.string,
    Kind.STRING: _Parser.string,
    Kind.VARIABLE: _Parser.used_variable,
}
_CHAINED = {"if": Kind.IF, "with": Kind.WITH}
