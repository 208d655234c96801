"""Symbol analysis: which variable every name means, and which templates call each other.

Go looks variables up by name on a stack while a template runs; here that is settled once, before
code is emitted. Almost always a name means one declaration. Where a declaration stands in an
operand that may be skipped (``or .a ($x := 1)``), the name means that one or one further out, and
the emitted code finds out which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.gotemplate import nodes
from pillion.trampoline import Steps, run

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_TALLEST_DIRECT = 30


class Slot:
    """One declaration of a variable.

    ``conditional`` says that the declaration may be skipped; ``holds_elements`` that a ``range``
    sets the variable, so that it may hold an interface value, which nothing else leaves in one.
    """

    __slots__ = ("conditional", "holds_elements", "name", "number")

    def __init__(self, name: str, number: int, *, conditional: bool = False) -> None:
        self.name = name
        self.number = number
        self.conditional = conditional
        self.holds_elements = False

    def __repr__(self) -> str:
        return f"Slot({self.name!r}, {self.number})"


class Scope:
    """What is known of one template's names.

    ``slots`` lists its declarations, of which the first is ``$`` itself. ``declared`` has the slot
    that a declaring variable fills. ``meant`` has the slots that any other variable may mean, from
    the innermost out; where the last of them is conditional, the name may mean nothing.
    ``conditional`` has the slots that running a pipeline may or may not fill. ``calls`` are the
    names of the templates it calls, and ``assigns_in_operands`` says whether evaluating an operand
    may change a variable.
    """

    def __init__(self) -> None:
        self.slots = [Slot("$", 0)]
        self.declared: dict[nodes.Variable, Slot] = {}
        self.meant: dict[nodes.Variable, tuple[Slot, ...]] = {}
        self.conditional: dict[nodes.Pipe, list[Slot]] = {}
        self.calls: set[str] = set()
        self.assigns_in_operands = False


def analyse(root: nodes.List, short_circuits: Collection[str]) -> Scope:
    """Find out what the names in a template mean.

    ``short_circuits`` names the functions that may leave operands after the first alone.
    """
    analysis = _Analysis(short_circuits)
    run(analysis.walk_list(root))
    return analysis.scope


class _Analysis:
    def __init__(self, short_circuits: Collection[str]) -> None:
        self.scope = Scope()
        self.short_circuits = short_circuits
        self.visible = list(self.scope.slots)
        self.skippable = 0
        self.statement: nodes.Pipe | None = None

    def walk_list(self, items: nodes.List) -> Steps[None]:
        for node in items.nodes:
            match node:
                case nodes.Action():
                    yield self.walk_statement(node.pipe)
                case nodes.Branch():
                    yield self.walk_branch(node)
                case nodes.TemplateCall():
                    self.scope.calls.add(node.name)
                    if node.pipe is not None:
                        yield self.walk_statement(node.pipe)

    def walk_branch(self, branch: nodes.Branch) -> Steps[None]:
        outer = len(self.visible)
        yield self.walk_statement(branch.pipe)
        if isinstance(branch, nodes.Range):
            self.mark_elements(branch.pipe)
        inner = len(self.visible)
        yield self.walk_list(branch.body)
        del self.visible[inner:]
        if branch.otherwise is not None:
            yield self.walk_list(branch.otherwise)
        del self.visible[outer:]

    def mark_elements(self, pipe: nodes.Pipe) -> None:
        for variable in pipe.declares:
            slots = self.scope.meant[variable] if pipe.assigns else [self.scope.declared[variable]]
            for slot in slots:
                slot.holds_elements = True

    def walk_statement(self, pipe: nodes.Pipe) -> Steps[None]:
        self.statement = pipe
        yield self.walk_pipe(pipe)

    def walk_pipe(self, pipe: nodes.Pipe) -> Steps[None]:
        if pipe.assigns and pipe is not self.statement:
            self.scope.assigns_in_operands = True
        for command in pipe.commands:
            yield self.walk_command(command)
        for variable in pipe.declares:
            if pipe.assigns:
                self.look_up(variable)
            else:
                self.declare(variable)

    def walk_command(self, command: nodes.Command) -> Steps[None]:
        first, *rest = command.args
        yield self.walk_operand(first)
        # Arguments of what turns out to be no method of nothing are never evaluated.
        certain = 0
        if isinstance(first, nodes.Identifier):
            certain = 1 if first.name in self.short_circuits else len(rest)
        for index, argument in enumerate(rest):
            self.skippable += index >= certain
            yield self.walk_operand(argument)
            self.skippable -= index >= certain

    def walk_operand(self, node: nodes.Node) -> Steps[None]:
        match node:
            case nodes.Pipe():
                yield self.walk_pipe(node)
            case nodes.Chain():
                yield self.walk_operand(node.operand)
            case nodes.Variable():
                self.look_up(node)

    def declare(self, variable: nodes.Variable) -> None:
        slot = Slot(variable.name, len(self.scope.slots), conditional=self.skippable > 0)
        self.scope.slots.append(slot)
        self.scope.declared[variable] = slot
        self.visible.append(slot)
        if slot.conditional and self.statement is not None:
            self.scope.conditional.setdefault(self.statement, []).append(slot)

    def look_up(self, variable: nodes.Variable) -> None:
        found = []
        for slot in reversed(self.visible):
            if slot.name == variable.name:
                found.append(slot)
                if not slot.conditional:
                    break
        self.scope.meant[variable] = tuple(found)


def find_stacked(calls: Mapping[str, Iterable[str]]) -> set[str]:
    """The templates that must not run on the interpreter's stack.

    ``calls`` has the templates that each template calls. Those that can come back to themselves, or
    call one that can, and those at the top of a very long chain of calls.
    """
    callers: dict[str, list[str]] = {name: [] for name in calls}
    waiting = {}
    for name, called in calls.items():
        known = [callee for callee in called if callee in calls]
        waiting[name] = len(known)
        for callee in known:
            callers[callee].append(name)
    heights = dict.fromkeys(calls, 0)
    ready = [name for name, count in waiting.items() if count == 0]
    for name in ready:
        for caller in callers[name]:
            heights[caller] = max(heights[caller], heights[name] + 1)
            waiting[caller] -= 1
            if waiting[caller] == 0:
                ready.append(caller)
    direct = {name for name in ready if heights[name] < _TALLEST_DIRECT}
    return set(calls) - direct
