"""The emission of templates: control structures, calls of templates, and the module around them.

Each template becomes a Python function. What it prints goes to ``emit``; ``run`` counts its steps.
A template that may come back to itself becomes a generator, which yields the calls it makes (see
:mod:`~pillion.trampoline`) and knows its ``depth``. Where blocks nest deeper than Python
allows, the inner ones become functions of their own, and the variables move to a list ``v``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.golang.strconv import quote
from pillion.gotemplate import nodes
from pillion.gotemplate.builtin import SHORT_CIRCUITS
from pillion.gotemplate.code import Function, assemble
from pillion.gotemplate.emit_pipelines import DEEPEST_INDENT, PipelineEmitter
from pillion.gotemplate.emit_variables import FrameNeededError, Value
from pillion.gotemplate.module import Module
from pillion.gotemplate.program import Program, signature
from pillion.gotemplate.runtime import DEEPEST_CALL
from pillion.gotemplate.scope import Scope, analyse, find_stacked
from pillion.trampoline import Steps, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pillion.gotemplate.functions import Function as TemplateFunction

_BREAK, _CONTINUE = 1, 2


def emit(
    source: str,
    name: str,
    trees: Mapping[str, nodes.Tree],
    functions: Mapping[str, TemplateFunction],
    missing_key: str,
) -> Program:
    """Compile the templates of ``source``, the first of which is called ``name``."""
    short_circuits = SHORT_CIRCUITS.difference(functions)
    scopes = {tree: analyse(trees[tree].root, short_circuits) for tree in trees}
    stacked = find_stacked({tree: scopes[tree].calls for tree in trees})
    names = {tree: f"template{number}" for number, tree in enumerate(trees)}
    module = Module(source, functions, names, stacked)
    for tree in trees.values():
        _emit_template(module, tree, scopes[tree.name])
    python, places = assemble(module.python_functions)
    return Program(
        name=name,
        missing_key=missing_key,
        code=compile(python, f"<template {name!a}>", "exec", dont_inherit=True),
        templates={tree: (names[tree], tree in stacked) for tree in trees},
        places={line: (place.node, place.call, place.chain) for line, place in places.items()},
        nodes=module.nodes,
        texts=module.texts,
        signatures=[(called, signature(module.function(called))) for called in module.called],
    )


def _emit_template(module: Module, tree: nodes.Tree, scope: Scope) -> None:
    emitted = len(module.python_functions)
    try:
        run(_Emitter(module, scope, tree.name, has_frame=False).template_function(tree))
    except FrameNeededError:
        del module.python_functions[emitted:]
        run(_Emitter(module, scope, tree.name, has_frame=True).template_function(tree))


class _Emitter(PipelineEmitter):
    """Emits one template."""

    @property
    def is_stacked(self) -> bool:
        return self.template in self.module.stacked

    def template_function(self, tree: nodes.Tree) -> Steps[None]:
        depth = ", depth" if self.is_stacked else ""
        name = self.module.templates[tree.name]
        self.function = Function(f"{name}(run, emit, dot{depth})")
        self.write("if not run.free: run.step()")
        frame = self.function.write("")
        self.write(f"{self.slot_code(self.scope.slots[0])} = dot")
        yield self.statements(tree.root)
        if self.has_frame:
            frame.text = f"v = [None] * {self.frame_size}"
        self.function.yields = self.is_stacked
        self.module.python_functions.append(self.function)

    def outlined(self, prefix: str, body: Steps[Any]) -> Steps[tuple[str, Any]]:
        """Have ``body`` emit into a function of its own, and say how to call that.

        A function that calls another such one is a generator, so that they may nest without bound.
        """
        if not self.has_frame:
            raise FrameNeededError
        caller, dot, container = self.function, self.dot, self.container
        name = self.module.new_name(prefix)
        self.function = Function(f"{name}(run, emit, dot, container, v, depth)")
        self.dot, self.container = "dot", None if container is None else "container"
        result = yield body
        callee, self.function = self.function, caller
        self.dot, self.container = dot, container
        self.module.python_functions.append(callee)
        caller.height = max(caller.height, callee.height + 1)
        depth = "depth" if self.is_stacked or "depth" in caller.signature else "0"
        call = f"{name}(run, emit, {dot}, {container}, v, {depth})"
        return self.outlined_call(callee, call), result

    def outlined_call(self, callee: Function, call: str) -> str:
        callee.yields = callee.yields or callee.height > 0
        if not callee.yields:
            return call
        if "depth" not in self.function.signature:
            return f"drive({call})"
        self.function.yields = True
        return f"(yield {call})"

    # Statements.

    def statements(self, items: nodes.List) -> Steps[None]:
        printed = ""
        for node in items.nodes:
            if isinstance(node, nodes.Text):
                printed += node.text
                continue
            self.print_text(printed)
            printed = ""
            self.temporaries = 0
            yield self.statement(node)
        self.print_text(printed)

    def print_text(self, text: str) -> None:
        if text:
            self.write(f"emit({text!a})")

    def statement(self, node: nodes.Node) -> Steps[None]:
        match node:
            case nodes.Action():
                yield self.action(node)
            case nodes.If():
                yield self.if_control(node)
            case nodes.With():
                yield self.with_control(node)
            case nodes.Range():
                yield self.range_control(node)
            case nodes.TemplateCall():
                yield self.template_call(node)
            case nodes.Break():
                self.leave_loop("break", _BREAK)
            case nodes.Continue():
                self.leave_loop("continue", _CONTINUE)

    def evaluated(self, pipe: nodes.Pipe) -> Steps[Value]:
        for slot in self.scope.conditional.get(pipe, ()):
            self.write(f"{self.slot_code(slot)} = UNSET")
        value: Value = yield self.pipeline(pipe)
        return value

    def action(self, node: nodes.Action) -> Steps[None]:
        self.module.begin_statement(node)
        value = yield self.evaluated(node.pipe)
        if not node.pipe.declares:
            code = value.code
            self.write_at(node, f"emit({code} if type({code}) is str else text({code}))")

    def block(
        self, items: nodes.List, header: str, begin: Callable[[], None] | None = None
    ) -> Steps[None]:
        """Statements under a header, in a function of their own where they would be too deep."""
        self.indent(header)
        if begin is not None:
            begin()
        if self.function.indent < DEEPEST_INDENT:
            before = len(self.function.lines)
            yield self.statements(items)
            if not any(line.text for line in self.function.lines[before:]):
                self.write("pass")
        else:
            yield self.outlined_block(items)
        self.dedent()

    def outlined_block(self, items: nodes.List) -> Steps[None]:
        function, loops = self.function, self.function.loops
        call, exits = yield self.outlined("b", self.exiting_statements(items))
        if not exits:
            self.write(call)
            return
        way = self.module.new_name("s")
        self.write(f"{way} = {call}")
        if loops:
            self.write(f"if {way} == {_BREAK}: break")
            self.write(f"if {way} == {_CONTINUE}: continue")
        else:
            self.write(f"if {way}: return {way}")
            function.exits = True

    def exiting_statements(self, items: nodes.List) -> Steps[bool]:
        yield self.statements(items)
        return self.function.exits

    def leave_loop(self, word: str, way: int) -> None:
        if self.function.loops:
            self.write(word)
        else:
            self.write(f"return {way}")
            self.function.exits = True

    def if_control(self, node: nodes.If) -> Steps[None]:
        self.module.begin_statement(node.pipe)
        value = yield self.evaluated(node.pipe)
        yield self.block(node.body, f"if {value.code}:")
        yield self.otherwise(node)

    def otherwise(self, node: nodes.Branch) -> Steps[None]:
        if node.otherwise is not None and node.otherwise.nodes:
            yield self.block(node.otherwise, "else:")

    def with_control(self, node: nodes.With) -> Steps[None]:
        self.module.begin_statement(node.pipe)
        value = yield self.evaluated(node.pipe)
        dot = self.module.new_name("d")
        self.write(f"{dot} = {value.code}")
        outer = self.dot, self.container
        self.dot, self.container = dot, None
        yield self.block(node.body, f"if {dot}:")
        self.dot, self.container = outer
        yield self.otherwise(node)

    def range_control(self, node: nodes.Range) -> Steps[None]:
        self.module.begin_statement(node.pipe)
        value = yield self.evaluated(node.pipe)
        container, items = self.module.new_name("c"), self.module.new_name("r")
        self.write(f"{container} = {value.code}")
        takes_keys = len(node.pipe.declares) > 1
        self.write_here(f"{items} = {'pairs' if takes_keys else 'values'}({container})")
        if node.otherwise is None or not node.otherwise.nodes:
            yield self.loop(node, container, items)
            return
        self.indent(f"if {items}:")
        yield self.loop(node, container, items)
        self.dedent()
        yield self.otherwise(node)

    def loop(self, node: nodes.Range, container: str, items: str) -> Steps[None]:
        dot, key = self.module.new_name("d"), self.module.new_name("k")
        outer = self.dot, self.container
        self.dot, self.container = dot, container
        takes_keys = len(node.pipe.declares) > 1
        targets = f"{key}, {dot}" if takes_keys else dot

        def begin() -> None:
            self.function.loops += 1
            if takes_keys:
                self.assign(node.pipe, node.pipe.declares[0], key)
            if node.pipe.declares:
                self.assign(node.pipe, node.pipe.declares[-1], dot, container)

        header = f"for {targets} in {items} if run.free else run.counted({items}):"
        yield self.block(node.body, header, begin)
        self.function.loops -= 1
        self.dot, self.container = outer

    def template_call(self, node: nodes.TemplateCall) -> Steps[None]:
        self.module.begin_statement(node)
        self.at(node)
        name = self.module.templates.get(node.name)
        if name is None:
            self.fail(f"template {quote(node.name)} not defined")
            return
        stacked = node.name in self.module.stacked
        if stacked:
            self.write_here(f"if depth == {DEEPEST_CALL}: too_deep()")
        dot = "NO_VALUE"
        if node.pipe is not None:
            value = yield self.evaluated(node.pipe)
            dot = self.settled(value)
        if stacked:
            self.write(f"yield {name}(run, emit, {dot}, depth + 1)")
            self.function.yields = True
        else:
            self.write_at(node, f"{name}(run, emit, {dot})")
