"""The nodes of a parsed template, and their text.

A node prints as Go prints it in errors: normalised, not as it was written. The text of a node is a
part of the text of the action around it, so :func:`print_node` prints an action once and says where
in that text each of its nodes stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pillion.golang.strconv import quote
from pillion.golang.strings import SPACE


@dataclass(slots=True, eq=False)
class Node:
    """Any node; ``position`` counts the characters of the whole text before it."""

    position: int


@dataclass(slots=True, eq=False)
class List(Node):
    """Nodes in the order in which they run."""

    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Text(Node):
    """Text that is printed as it stands."""

    text: str


@dataclass(slots=True, eq=False)
class Identifier(Node):
    """The name of a function."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True, eq=False)
class Variable(Node):
    """A variable, whose name includes the dollar sign, and the fields taken of it."""

    name: str
    fields: list[str]

    def __str__(self) -> str:
        return ".".join([self.name, *self.fields])


@dataclass(slots=True, eq=False)
class Dot(Node):
    """The cursor, ``.``."""

    def __str__(self) -> str:
        return "."


@dataclass(slots=True, eq=False)
class Nil(Node):
    """The untyped constant ``nil``."""

    def __str__(self) -> str:
        return "nil"


@dataclass(slots=True, eq=False)
class Field(Node):
    """Fields taken of the cursor."""

    fields: list[str]

    def __str__(self) -> str:
        return "".join(f".{name}" for name in self.fields)


@dataclass(slots=True, eq=False)
class Bool(Node):
    """``true`` or ``false``."""

    value: bool

    def __str__(self) -> str:
        return "true" if self.value else "false"


@dataclass(slots=True, eq=False)
class Number(Node):
    """A numeric constant, as each of the types that can hold its value."""

    text: str
    integer: int | None = None
    unsigned: int | None = None
    floating: float | None = None
    complex: complex | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(slots=True, eq=False)
class String(Node):
    """A string constant, as written and as meant."""

    quoted: str
    text: str

    def __str__(self) -> str:
        return self.quoted


@dataclass(slots=True, eq=False)
class Command(Node):
    """An operand and its arguments."""

    args: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Pipe(Node):
    """Commands, each given the result of the one before, and the variables that get the last."""

    assigns: bool = False
    declares: list[Variable] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Chain(Node):
    """Fields taken of an operand that is neither a field nor a variable."""

    operand: Node
    fields: list[str]


@dataclass(slots=True, eq=False)
class Action(Node):
    """A pipeline whose value is printed, unless it declares."""

    pipe: Pipe


@dataclass(slots=True, eq=False)
class Branch(Node):
    """What ``if``, ``with`` and ``range`` have in common."""

    pipe: Pipe
    body: List
    otherwise: List | None


@dataclass(slots=True, eq=False)
class If(Branch):
    """``{{if}}``."""


@dataclass(slots=True, eq=False)
class With(Branch):
    """``{{with}}``."""


@dataclass(slots=True, eq=False)
class Range(Branch):
    """``{{range}}``."""


@dataclass(slots=True, eq=False)
class TemplateCall(Node):
    """``{{template}}``, or what is left of a ``{{block}}`` where it stands."""

    name: str
    pipe: Pipe | None


@dataclass(slots=True, eq=False)
class Break(Node):
    """``{{break}}``."""


@dataclass(slots=True, eq=False)
class Continue(Node):
    """``{{continue}}``."""


@dataclass(slots=True, eq=False)
class End(Node):
    """``{{end}}``, which the parser looks for and no tree holds."""

    def __str__(self) -> str:
        return "{{end}}"


@dataclass(slots=True, eq=False)
class Else(Node):
    """``{{else}}``, which the parser looks for and no tree holds."""

    def __str__(self) -> str:
        return "{{else}}"


@dataclass(slots=True, eq=False)
class Tree:
    """One named template."""

    name: str
    root: List


def is_empty(root: List) -> bool:
    """Whether a template has nothing but white space, so that another may replace it."""
    return all(isinstance(node, Text) and not node.text.strip(SPACE) for node in root.nodes)


def print_node(node: Node) -> tuple[str, dict[Node, tuple[int, int]]]:
    """The text of ``node`` as Go prints it, and the spans in it of that and of each node within."""
    pieces: list[str] = []
    starts: dict[Node, int] = {}
    spans: dict[Node, tuple[int, int]] = {}
    length = 0
    todo: list[Node | str | _Close] = [node]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            pieces.append(item)
            length += len(item)
        elif isinstance(item, _Close):
            spans[item.node] = starts[item.node], length
        else:
            starts[item] = length
            todo.append(_Close(item))
            todo.extend(reversed(_parts(item)))
    return "".join(pieces), spans


class _Close:
    """Marks where the text of a node ends."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node


def _parts(node: Node) -> list[Node | str]:
    match node:
        case Pipe():
            return _pipe_parts(node)
        case Command():
            return _spaced([_operand_parts(argument) for argument in node.args], " ")
        case Chain():
            return [*_operand_parts(node.operand), *(f".{name}" for name in node.fields)]
        case Action():
            return ["{{", node.pipe, "}}"]
        case TemplateCall():
            pipe: list[Node | str] = [" ", node.pipe] if node.pipe is not None else []
            return ["{{template ", quote(node.name), *pipe, "}}"]
        case _:
            return [str(node)]


def _pipe_parts(pipe: Pipe) -> list[Node | str]:
    declares = _spaced([[variable] for variable in pipe.declares], ", ")
    if declares:
        declares.append(" = " if pipe.assigns else " := ")
    return declares + _spaced([[command] for command in pipe.commands], " | ")


def _operand_parts(node: Node) -> list[Node | str]:
    return ["(", node, ")"] if isinstance(node, Pipe) else [node]


def _spaced(groups: list[list[Node | str]], separator: str) -> list[Node | str]:
    parts: list[Node | str] = []
    for group in groups:
        if parts:
            parts.append(separator)
        parts.extend(group)
    return parts
