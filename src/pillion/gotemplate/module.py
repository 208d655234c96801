"""What the emitters of all templates of one text share: functions, nodes and their places."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from pillion.golang.strings import byte_len
from pillion.gotemplate.builtin import FUNCTIONS
from pillion.gotemplate.nodes import Node, print_node
from pillion.gotemplate.program import NodeRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pillion.gotemplate.code import Function as PythonFunction
    from pillion.gotemplate.functions import Function


class Module:
    """A Python module under construction.

    ``templates`` has the Python name of each template's function, and ``stacked`` the templates
    whose function is a generator. ``called`` has the Python names of the functions that the
    templates call.
    """

    def __init__(
        self,
        source: str,
        functions: Mapping[str, Function],
        templates: Mapping[str, str],
        stacked: Collection[str],
    ) -> None:
        self.functions = functions
        self.templates = templates
        self.stacked = stacked
        self.python_functions: list[PythonFunction] = []
        self.called: dict[str, str] = {}
        self.nodes: list[NodeRecord] = []
        self.texts: list[str] = []
        self._source = source
        self._line_starts = _line_starts(source)
        self._numbers: dict[Node, int] = {}
        self._spans: dict[Node, tuple[int, int]] = {}
        self._names = 0

    def new_name(self, prefix: str) -> str:
        """A Python name that nothing else has."""
        self._names += 1
        return f"{prefix}{self._names}"

    def function(self, name: str) -> Function:
        """The function that a template calls ``name``."""
        return self.functions.get(name) or FUNCTIONS[name]

    def is_builtin(self, name: str) -> bool:
        """Whether ``name`` is Go's own function."""
        return name not in self.functions

    def function_name(self, name: str) -> str:
        """The Python name of the template function ``name``."""
        return self.called.setdefault(name, f"f{len(self.called)}")

    def begin_statement(self, node: Node) -> None:
        """Print a statement, so that the nodes in it can be numbered."""
        text, self._spans = print_node(node)
        self.texts.append(text)

    def text(self, node: Node) -> str:
        """The text of a node of this statement."""
        start, end = self._spans[node]
        return self.texts[-1][start:end]

    def number(self, node: Node, template: str) -> int:
        """The number under which a node of this statement is recorded."""
        number = self._numbers.get(node)
        if number is None:
            number = self._numbers[node] = len(self.nodes)
            line, column = self._locate(node.position)
            span = self._spans[node]
            self.nodes.append(NodeRecord(template, line, column, len(self.texts) - 1, *span))
        return number

    def _locate(self, position: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, position)
        before = self._source[self._line_starts[line - 1] : position]
        return line, byte_len(before)


def _line_starts(source: str) -> list[int]:
    starts = [0]
    end = source.find("\n")
    while end >= 0:
        starts.append(end + 1)
        end = source.find("\n", end + 1)
    return starts
