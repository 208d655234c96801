"""The parser: tokens to trees, one for every template that the text defines.

Here are texts, definitions and control structures; what stands in an action is in
:mod:`~pillion.gotemplate.parse_pipelines`.

One method for each construct of the grammar. Those that may nest in themselves are generators (see
:mod:`~pillion.gotemplate.trampoline`); apart from that this is recursive descent. The parser sees
whether a function or a variable exists, but no types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.golang.strconv import quote
from pillion.gotemplate import nodes
from pillion.gotemplate.lex import Lexer
from pillion.gotemplate.parse_pipelines import PipelineParser
from pillion.gotemplate.tokens import Kind, Token
from pillion.gotemplate.trampoline import Steps, run

if TYPE_CHECKING:
    from collections.abc import Collection


def parse(
    text: str, name: str, functions: Collection[str], left: str = "", right: str = ""
) -> dict[str, nodes.Tree]:
    """The templates that ``text`` defines, by name; ``name`` is that of what no other one holds.

    Raises:
        ParseError: ``text`` is not a template.
    """
    identifiers = frozenset({"break", "continue"}.intersection(functions))
    lexer = Lexer(text, left, right, identifiers)
    trees: dict[str, nodes.Tree] = {}
    run(_Parser(name, name, lexer, functions, trees).parse_text())
    return trees


class _Parser(PipelineParser):
    """Parses one template; a ``define`` or ``block`` within it has a parser of its own."""

    def __init__(
        self,
        name: str,
        source: str,
        lexer: Lexer,
        functions: Collection[str],
        trees: dict[str, nodes.Tree],
    ) -> None:
        super().__init__(lexer, source, functions)
        self.name = name
        self.trees = trees
        self.range_depth = 0

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
_CHAINED = {"if": Kind.IF, "with": Kind.WITH}
