"""The emission of pipelines: what they evaluate, in Go's order, one operation to a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.gotemplate import nodes
from pillion.gotemplate.arguments import INTERFACE, REFLECT_VALUE, check_count, parameter
from pillion.gotemplate.builtin import SHORT_CIRCUITS
from pillion.gotemplate.code import Branches
from pillion.gotemplate.emit_values import ValueEmitter
from pillion.gotemplate.emit_variables import FAILED, Nil, Value
from pillion.gotemplate.failures import UnlocatedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pillion.gotemplate.functions import Function as TemplateFunction
    from pillion.trampoline import Steps

DEEPEST_INDENT = 16
"""How deep blocks nest in one Python function; its compiler takes 20 loops and 100 indents."""

_PLAIN_RESULTS = frozenset({"bool", "float64", "int", "int64", "string"})


class PipelineEmitter(ValueEmitter):
    """Emits the pipelines of one template."""

    # Pipelines and commands.

    def pipeline(self, pipe: nodes.Pipe) -> Steps[Value]:
        """A pipeline, and the variables that it declares."""
        self.at(pipe)
        value: Value | None = None
        for command in pipe.commands:
            result: Value = yield self.command(command, value)
            value = result.piped()
        outcome = value or FAILED
        if pipe.declares:
            missing = outcome.missing or outcome.nil is not Nil.NEVER
            outcome = Value(self.settled(outcome), missing=missing)
            for variable in pipe.declares:
                self.assign(pipe, variable, outcome.code)
        return outcome

    def command(self, command: nodes.Command, final: Value | None) -> Steps[Value]:
        """A command, given the result ``final`` of the one before it."""
        first, *rest = command.args
        match first:
            case nodes.Identifier():
                result = yield self.call(first, command, rest, final)
            case nodes.Field() | nodes.Variable() | nodes.Chain():
                result = yield self.chain(first, rest, final)
            case nodes.Pipe():
                self.check_no_arguments(first, rest, final)
                result = yield self.nested_pipeline(first)
            case _:
                self.at(first)
                self.check_no_arguments(first, rest, final)
                result = self.plain_operand(first)
        value: Value = result
        return value

    def check_no_arguments(
        self, first: nodes.Node, rest: Sequence[nodes.Node], final: Value | None
    ) -> None:
        """Fail if what is no function has been given arguments."""
        if rest or final is not None:
            self.fail(f"can't give argument to non-function {self.module.text(first)}")

    def plain_operand(self, node: nodes.Node) -> Value:
        """A command that is the cursor or a constant."""
        if isinstance(node, nodes.Dot):
            return self.dot_value()
        if isinstance(node, nodes.Nil):
            return self.fail("nil is not a command")
        return Value(self.constant(node, INTERFACE))

    def dot_value(self) -> Value:
        """The cursor."""
        nil = Nil.NEVER if self.container is None else Nil.INTERFACE
        return Value(self.dot, nil, missing=True, container=self.container)

    def nested_pipeline(self, pipe: nodes.Pipe) -> Steps[Value]:
        """A pipeline in parentheses."""
        if self.function.indent < DEEPEST_INDENT:
            value: Value = yield self.pipeline(pipe)
            return value
        outlined, value = yield self.outlined("e", self.returned_pipeline(pipe))
        result = self.temporary()
        self.write(f"{result} = {outlined}")
        return value._replace(code=result)

    def returned_pipeline(self, pipe: nodes.Pipe) -> Steps[Value]:
        """A pipeline that a Python function of its own returns."""
        value: Value = yield self.pipeline(pipe)
        self.write(f"return {value.code}")
        return value

    def outlined(self, prefix: str, body: Steps[Any]) -> Steps[tuple[str, Any]]:
        """Have ``body`` emit into a function of its own, and say how to call that."""
        raise NotImplementedError

    # Fields and methods.

    def chain(
        self,
        node: nodes.Field | nodes.Variable | nodes.Chain,
        rest: Sequence[nodes.Node] = (),
        final: Value | None = None,
    ) -> Steps[Value]:
        """The fields of an operand, the last of which may be a method with arguments."""
        self.at(node)
        receiver = yield self.receiver(node)
        if not node.fields:
            self.check_no_arguments(node, rest, final)
            value: Value = receiver
            return value
        if rest or final is not None:
            value = yield self.method_call(node, receiver, rest, final)
            return value
        result = self.temporary()
        self.write_here(f"{result} = {_access(receiver, node.fields)}", node)
        return Value(result, Nil.INTERFACE, missing=True)

    def receiver(self, node: nodes.Field | nodes.Variable | nodes.Chain) -> Steps[Value]:
        """What the fields of ``node`` are taken of."""
        if isinstance(node, nodes.Field):
            return self.dot_value()
        if isinstance(node, nodes.Variable):
            return self.read(node)
        self.at(node.operand)
        if isinstance(node.operand, nodes.Identifier):
            value = yield self.call(node.operand, node.operand, [], None)
        else:
            value = yield self.nested_pipeline(_as_pipe(node.operand))
        settled: Value = value._replace(code=self.settled(value))
        return settled

    def method_call(
        self,
        node: nodes.Field | nodes.Variable | nodes.Chain,
        receiver: Value,
        rest: Sequence[nodes.Node],
        final: Value | None,
    ) -> Steps[Value]:
        """A call of a method, whose parameters are known only when it is found."""
        method, result = self.temporary(), self.temporary()
        total = len(rest) + (final is not None)
        names = ", ".join([ascii(name) for name in node.fields])
        self.write_here(
            f"{method} = find_method({receiver.container}, {receiver.code},"
            f" {len(rest)}, {total}, {names})",
            node,
        )
        self.write(f"{result} = NO_VALUE")
        ways = Branches()
        ways.add(self.function.write(""), self.here)
        self.indent(f"if {method} is not None:")
        codes = yield self.method_arguments(method, rest, final)
        call = ", ".join([method, ascii(node.fields[-1]), *codes])
        self.write_at(node, f"{result} = call_method({call})")
        ways.add(self.function.write(""), self.here)
        self.dedent()
        self.here = ways
        return Value(result, Nil.INTERFACE, missing=True)

    def method_arguments(
        self, method: str, rest: Sequence[nodes.Node], final: Value | None
    ) -> Steps[list[str]]:
        """The arguments for the method in the Python variable ``method``."""
        codes = []
        for index, argument in enumerate(rest):
            code = yield self.method_argument(method, index, argument)
            codes.append(code)
        if final is not None:
            codes.append(self.converted_for_method(method, len(rest), final))
        return codes

    def method_argument(self, method: str, index: int, node: nodes.Node) -> Steps[str]:
        """An argument for the method in the Python variable ``method``."""
        self.at(node)
        constant = self.constant_of(node)
        if constant is None:
            value = yield self.operand(node)
            return self.converted_for_method(method, index, value)
        code = self.temporary()
        literal = (constant.kind.value, *constant[1:])
        self.write_here(f"{code} = method_constant({method}, {index}, {literal!a})")
        return code

    # Calls.

    def call(
        self,
        identifier: nodes.Identifier,
        node: nodes.Node,
        rest: Sequence[nodes.Node],
        final: Value | None,
    ) -> Steps[Value]:
        """A function call; ``node`` is what Go blames when the function itself fails."""
        self.at(identifier)
        name = identifier.name
        function = self.module.function(name)
        try:
            check_count(name, function, len(rest), len(rest) + (final is not None))
        except UnlocatedError as failure:
            return self.fail(str(failure))
        builtin = name if self.module.is_builtin(name) else ""
        if builtin in SHORT_CIRCUITS:
            value: Value = yield self.short_circuit(name, rest, final)
            return value
        codes = yield self.arguments(function, rest, final, are_boxed=builtin == "slice")
        if builtin == "call":
            codes.insert(0, self.callee_name(rest, codes[0]))
        result = self.temporary()
        self.write_at(node, f"{result} = {self.call_code(name, codes)}", name)
        return _result(result, function)

    def arguments(
        self,
        function: TemplateFunction,
        rest: Sequence[nodes.Node],
        final: Value | None,
        *,
        are_boxed: bool,
    ) -> Steps[list[str]]:
        """The arguments for ``function``; if they are boxed, it does not look into interfaces."""
        codes = []
        for index, argument in enumerate(rest):
            code = yield self.argument(argument, parameter(function, index))
            codes.append(self.boxed(argument, code) if are_boxed and index else code)
        if final is not None:
            codes.append(self.converted(final, parameter(function, len(rest))))
        return codes

    def argument(self, node: nodes.Node, wanted: str) -> Steps[str]:
        """Code for an argument that has been checked against the type ``wanted``."""
        self.at(node)
        if self.constant_of(node) is not None:
            return self.constant(node, wanted)
        value = yield self.operand(node)
        return self.converted(value, wanted)

    def operand(self, node: nodes.Node) -> Steps[Value]:
        """An argument that is no constant."""
        match node:
            case nodes.Dot():
                return self.dot_value()
            case nodes.Identifier():
                result = yield self.call(node, node, [], None)
            case nodes.Field() | nodes.Variable() | nodes.Chain():
                result = yield self.chain(node)
            case _:
                result = yield self.nested_pipeline(_as_pipe(node))
        value: Value = result
        return value

    def boxed(self, node: nodes.Node, code: str) -> str:
        """An argument of a function that does not look into interfaces."""
        if isinstance(node, nodes.Variable):
            receiver, names = self.read(node), node.fields
        elif isinstance(node, nodes.Field | nodes.Dot):
            receiver, names = self.dot_value(), getattr(node, "fields", [])
        else:
            return code
        result = self.temporary()
        codes = ", ".join([str(receiver.container), receiver.code, code, *map(ascii, names)])
        self.write(f"{result} = boxed({codes})")
        return result

    def callee_name(self, rest: Sequence[nodes.Node], code: str) -> str:
        """What ``call`` is to call its function."""
        return ascii(self.module.text(rest[0])) if rest else f"callee_name({code})"

    def call_code(self, name: str, codes: list[str]) -> str:
        """A call, or something faster where Go's own function is known to do the same."""
        call = f"{self.module.function_name(name)}({', '.join(codes)})"
        if not self.module.is_builtin(name):
            return call
        if name == "not":
            return f"not {codes[0]}"
        if name in _EQUALITIES and len(codes) == _LEFT_AND_RIGHT:
            left, right = codes
            if _is_text(right) and not _is_text(left):
                return f"{left} {_EQUALITIES[name]} {right} if type({left}) is str else {call}"
        return call

    def short_circuit(
        self, name: str, rest: Sequence[nodes.Node], final: Value | None
    ) -> Steps[Value]:
        """``and`` and ``or``: each operand is evaluated only if those before have not decided."""
        result = self.temporary()
        test = f"if {'not ' if name == 'or' else ''}{result}:"
        ways = Branches()
        for index, argument in enumerate(rest):
            if index:
                self.indent(test)
            code = yield self.argument(argument, REFLECT_VALUE)
            self.write(f"{result} = {code}")
            ways.add(self.function.write(""), self.here)
            self.dedent(1 if index else 0)
        if rest:
            self.here = ways
        if final is not None:
            settled = self.settled(final)
            self.write(f"{test} {result} = {settled}" if rest else f"{result} = {settled}")
        return Value(result, Nil.INTERFACE, missing=True)


_EQUALITIES = {"eq": "==", "ne": "!="}
_LEFT_AND_RIGHT = 2


def _is_text(code: str) -> bool:
    return code[0] in "'\""


def _as_pipe(node: nodes.Node) -> nodes.Pipe:
    # The parser makes no other operand that is not a constant.
    if not isinstance(node, nodes.Pipe):
        raise TypeError(f"{type(node).__name__} is no operand")
    return node


def _access(receiver: Value, names: Sequence[str]) -> str:
    codes = ", ".join([receiver.code, *map(ascii, names)])
    if receiver.container is not None:
        return f"element_fields({receiver.container}, {codes})"
    if receiver.static == INTERFACE:
        return f"typed_fields({receiver.static!a}, {codes})"
    return f"field({codes})" if len(names) == 1 else f"fields({codes})"


def _result(code: str, function: TemplateFunction) -> Value:
    if function.result in _PLAIN_RESULTS:
        return Value(code)
    return Value(
        code,
        Nil.INTERFACE,
        missing=function.result == REFLECT_VALUE,
        static=function.result,
    )
