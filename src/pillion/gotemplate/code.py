"""Python source under construction, and for each of its lines the template node it stands for.

Every operation that can fail has a line of its own, so that the line number in a traceback is all
it takes to find the node. A template that runs well pays nothing for that.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

_INDENT = " "


class Branches:
    """The node of an error where it depends on which way the template went.

    ``and`` and ``or`` stop at any of their operands, and Go blames the operand it stopped at for
    what goes wrong with the result. The lines that note down where that was are written out only if
    something can still go wrong, which ``use`` says.
    """

    __slots__ = ("_notes", "_variable")

    def __init__(self) -> None:
        self._notes: list[tuple[Line, Here]] = []
        self._variable = ""

    def add(self, line: Line, here: Here) -> None:
        """Have ``line`` note down that the way came by, if that matters."""
        self._notes.append((line, here))

    def use(self, variable: str) -> str:
        """The Python variable that holds the node; ``variable`` if it had none before."""
        if not self._variable:
            self._variable = variable
            for line, here in self._notes:
                line.text = f"{variable} = {here if isinstance(here, int) else here.use(variable)}"
        return self._variable


Here: TypeAlias = int | Branches
"""The node that Go would blame now: the number of a node, or one of several."""


class Place(NamedTuple):
    """What an error on a line of Python is to name.

    ``node`` is the number of a node, or the Python variable that holds it. ``call`` is the name of
    the function that the line calls, if it calls one. ``chain`` is the number of the node whose
    fields the line takes, if it is another one: ``state.evalCall`` of Go's text/template goes back
    to that where a method fails, and to no other node for any other error.
    """

    node: int | str
    call: str = ""
    chain: int | None = None


class Line:
    """A line of Python; without text it is left out."""

    __slots__ = ("indent", "place", "text")

    def __init__(self, indent: int, text: str, place: Place | None) -> None:
        self.indent = indent
        self.text = text
        self.place = place


class Function:
    """A Python function under construction.

    ``loops`` counts the loops around the line under construction. ``exits`` says whether the
    function may return that a loop of its caller is to be left, ``yields`` whether it is a
    generator, and ``height`` how many functions lie below it.
    """

    __slots__ = ("exits", "height", "indent", "lines", "loops", "signature", "yields")

    def __init__(self, signature: str) -> None:
        self.signature = signature
        self.lines: list[Line] = []
        self.indent = 1
        self.loops = 0
        self.height = 0
        self.exits = False
        self.yields = False

    def write(self, text: str, place: Place | None = None) -> Line:
        """Add a line."""
        line = Line(self.indent, text, place)
        self.lines.append(line)
        return line


def assemble(functions: list[Function]) -> tuple[str, dict[int, Place]]:
    """The source of a module of ``functions``, and the places of its lines that can fail."""
    lines: list[str] = []
    places: dict[int, Place] = {}
    for function in functions:
        lines.append(f"def {function.signature}:")
        for line in function.lines:
            if not line.text:
                continue
            lines.append(_INDENT * line.indent + line.text)
            if line.place is not None:
                places[len(lines)] = line.place
        if function.yields or not any(line.text for line in function.lines):
            lines.append(f"{_INDENT}return")
            if function.yields:
                lines.append(f"{_INDENT}yield")
    return "\n".join(lines) + "\n", places
