"""What can go wrong with a template.

    TemplateError
    ├── ParseError    the text is not a template
    ├── ExecError     the template failed while it ran
    └── LimitError    a limit on depth, output or steps was reached

The fields say where; the text is put together only when it is asked for, in Go's words.
"""

from __future__ import annotations

from typing import NamedTuple

from pillion.errors import PillionError
from pillion.golang.strconv import quote


class FailedNode(NamedTuple):
    """The node of a template that failed while it ran.

    ``template`` is the template that was running, which a ``define`` may have named. ``column``
    counts the bytes before the node in its line, and ``context`` is the node as Go prints it.
    """

    template: str
    line: int
    column: int
    context: str


class TemplateError(PillionError):
    """A template that cannot be read or run.

    ``message`` is the bare reason, ``source`` the name that the text was compiled under, and
    ``line`` stands where in the text it is. ``node`` is known if the template was running.
    """

    def __init__(
        self,
        message: str,
        *,
        source: str,
        line: int | None = None,
        node: FailedNode | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.line = line if node is None else node.line
        self.node = node

    def __str__(self) -> str:
        place = f"template: {self.source}"
        if self.line is not None:
            place = f"{place}:{self.line}"
        if self.node is not None:
            running = f"executing {quote(self.node.template)} at <{self.node.context}>"
            place = f"{place}:{self.node.column}: {running}"
        return f"{place}: {self.message}"


class ParseError(TemplateError):
    """A text that is not a template."""


class ExecError(TemplateError):
    """A template that failed while it ran."""


class LimitError(TemplateError):
    """A template that went beyond a limit on depth, output or steps while it ran."""
