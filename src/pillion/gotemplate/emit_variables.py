"""The emission of variables and values: which Python variable holds what, and what None means.

A template's variables become variables of its Python function, or items of its list ``v`` where it
needs several functions.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.gotemplate.code import Branches, Function, Here, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pillion.gotemplate import nodes
    from pillion.gotemplate.module import Module
    from pillion.gotemplate.scope import Scope, Slot


class FrameNeededError(Exception):
    """A template nests too deep for one Python function, so that its variables need a frame."""


class Nil(Enum):
    """What None means as the value of an expression."""

    NEVER = auto()  # it cannot be the value
    INTERFACE = auto()  # an interface that holds nil
    NOTHING = auto()  # the same as NO_VALUE: a pipeline does not keep interfaces


class Value(NamedTuple):
    """An evaluated expression: Python code that gives its value, and what that may be.

    ``missing`` says that it may be ``NO_VALUE``. ``container`` is the code of what a ``range`` took
    the value of, and ``static`` the result type of the function that returned it.
    """

    code: str
    nil: Nil = Nil.NEVER
    missing: bool = False
    container: str | None = None
    static: str = ""

    def piped(self) -> Value:
        """The value after a command of a pipeline, which looks into an interface."""
        nil = Nil.NEVER if self.nil is Nil.NEVER else Nil.NOTHING
        return Value(self.code, nil, self.missing)


FAILED = Value("None", Nil.INTERFACE)
"""The value of what has failed, for the code after it, which never runs."""


class VariableEmitter:
    """Emits what reads and sets the variables of one template.

    ``here`` is the node that Go would blame for an error now: the last one it has looked at.
    """

    def __init__(self, module: Module, scope: Scope, template: str, *, has_frame: bool) -> None:
        self.module = module
        self.scope = scope
        self.template = template
        self.has_frame = has_frame
        self.frame_size = 2 * len(scope.slots)
        self.function = Function("")
        self.dot = "dot"
        self.container: str | None = None
        self.here: Here = 0
        self.temporaries = 0

    # Lines and names.

    def write(self, text: str) -> None:
        """A line that cannot fail."""
        self.function.write(text)

    def write_here(self, text: str, chain: nodes.Node | None = None) -> None:
        """A line whose failure is blamed on the node that Go would blame now.

        ``chain`` is to blame where the failure is that of a method.
        """
        here = self.here
        node = here.use(self.new_here()) if isinstance(here, Branches) else here
        owner = None if chain is None else self.number(chain)
        self.function.write(text, Place(node, chain=None if owner == node else owner))

    def write_at(self, node: nodes.Node, text: str, call: str = "") -> None:
        """A line whose failure is blamed on ``node``, or on the function ``call`` it calls."""
        self.function.write(text, Place(self.number(node), call))

    def number(self, node: nodes.Node) -> int:
        """The number under which ``node`` is recorded."""
        return self.module.number(node, self.template)

    def at(self, node: nodes.Node) -> None:
        """Have Go look at ``node``."""
        self.here = self.number(node)

    def temporary(self) -> str:
        """A Python variable for one value of the statement under way."""
        self.temporaries += 1
        return f"t{self.temporaries}"

    def new_here(self) -> str:
        """A Python variable for the number of a node."""
        return self.frame_item() if self.has_frame else self.module.new_name("h")

    def frame_item(self) -> str:
        """One more item of the frame."""
        self.frame_size += 1
        return f"v[{self.frame_size - 1}]"

    def slot_code(self, slot: Slot) -> str:
        """The Python variable of a declaration."""
        return f"v[{slot.number}]" if self.has_frame else f"x{slot.number}"

    def container_code(self, slot: Slot) -> str:
        """The Python variable for what a ``range`` took the value of ``slot`` of."""
        if self.has_frame:
            return f"v[{len(self.scope.slots) + slot.number}]"
        return f"o{slot.number}"

    def fail(self, message: str) -> Value:
        """Fail with ``message``, whatever the data."""
        self.write_here(f"fail({message!a})")
        return FAILED

    def indent(self, header: str) -> None:
        """A header, under which the following lines stand."""
        self.write(header)
        self.function.indent += 1

    def dedent(self, count: int = 1) -> None:
        """End ``count`` blocks."""
        self.function.indent -= count

    # Variables.

    def read(self, variable: nodes.Variable) -> Value:
        """The value of a variable."""
        slots = self.scope.meant[variable]
        if not slots:
            return self.fail(f"undefined variable: {variable.name}")
        holds_elements = any(slot.holds_elements for slot in slots)
        container = self.chosen(slots, self.container_or_none) if holds_elements else None
        code = self.chosen(slots, self.slot_code, variable.name)
        if self.scope.assigns_in_operands or slots[0].conditional:
            copy = self.temporary()
            self.write_here(f"{copy} = {code}")
            code = copy
        nil = Nil.INTERFACE if holds_elements else Nil.NEVER
        return Value(code, nil, missing=True, container=container)

    def container_or_none(self, slot: Slot) -> str:
        """As :meth:`container_code`, for any declaration."""
        return self.container_code(slot) if slot.holds_elements else "None"

    def chosen(self, slots: Sequence[Slot], code_of: Any, name: str = "") -> str:
        """Code for that of ``slots`` whose declaration has run."""
        *inner, last = slots
        code = str(code_of(last))
        if last.conditional:
            otherwise = f"undefined({name!a})" if name else "None"
            code = f"{code} if {self.slot_code(last)} is not UNSET else {otherwise}"
        for slot in reversed(inner):
            code = f"{code_of(slot)} if {self.slot_code(slot)} is not UNSET else ({code})"
        return f"({code})" if inner or last.conditional else code

    def assign(
        self, pipe: nodes.Pipe, variable: nodes.Variable, code: str, container: str = "None"
    ) -> None:
        """Declare a variable, or set the one that its name means."""
        if not pipe.assigns:
            self.set_slot(self.scope.declared[variable], code, container)
            return
        slots = self.scope.meant[variable]
        for number, slot in enumerate(slots):
            if not slot.conditional:
                self.set_slot(slot, code, container)
                break
            self.indent(f"if {self.slot_code(slot)} is not UNSET:")
            self.set_slot(slot, code, container)
            self.dedent()
            self.indent("else:")
            if number == len(slots) - 1:
                self.fail(f"undefined variable: {variable.name}")
        if not slots:
            self.fail(f"undefined variable: {variable.name}")
        self.dedent(sum(slot.conditional for slot in slots))

    def set_slot(self, slot: Slot, code: str, container: str) -> None:
        """Set a variable, and what a ``range`` took its value of."""
        self.write(f"{self.slot_code(slot)} = {code}")
        if slot.holds_elements:
            self.write(f"{self.container_code(slot)} = {container}")

    def settled(self, value: Value) -> str:
        """Code for ``value`` in which None is an interface that holds nil, and nothing else."""
        if value.nil is not Nil.NOTHING:
            return value.code
        result = self.temporary()
        self.write(f"{result} = NO_VALUE if {value.code} is None else {value.code}")
        return result
