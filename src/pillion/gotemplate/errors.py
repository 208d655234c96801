"""What can go wrong with a template.

    TemplateError
    ├── ParseError    the text is not a template
    ├── ExecError     the template failed while it ran
    └── LimitError    a limit on depth, output or steps was reached

The fields say where; the text is put together only when it is asked for, in Go's words.
"""

from __future__ import annotations

from pillion.errors import PillionError
from pillion.golang.strconv import quote


class TemplateError(PillionError):
    """A template that cannot be read or run.

    ``message`` is the bare reason. ``source`` is the name that the text was compiled under, and
    ``line`` and ``column`` stand where in that text; columns count bytes from 0, as Go's do, and are
    None in errors of the parser. ``template`` is the template that was running, which a ``define``
    may have named, and ``context`` is the node that failed, printed as Go prints it.
    """

    def __init__(
        self,
        message: str,
        *,
        source: str,
        line: int | None = None,
        column: int | None = None,
        template: str | None = None,
        context: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.line = line
        self.column = column
        self.template = template
        self.context = context

    def __str__(self) -> str:
        if self.line is None:
            return f"template: {self.source}: {self.message}"
        if self.column is None:
            return f"template: {self.source}:{self.line}: {self.message}"
        where = f"{self.source}:{self.line}:{self.column}"
        template = quote(self.template or self.source)
        return f"template: {where}: executing {template} at <{self.context}>: {self.message}"


class ParseError(TemplateError):
    """A text that is not a template."""


class ExecError(TemplateError):
    """A template that failed while it ran."""


class LimitError(TemplateError):
    """A template that went beyond a limit on depth, output or steps while it ran."""
