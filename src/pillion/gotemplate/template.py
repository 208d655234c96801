"""Compiled templates: how they are kept, loaded and run.

Nothing here needs the parser or the emitter, so that a template that comes from a cache starts
without them.
"""

from __future__ import annotations

import marshal
import sys
from typing import TYPE_CHECKING, Any

from pillion.errors import PillionError
from pillion.golang.strconv import quote
from pillion.gotemplate import arguments, builtin, runtime
from pillion.gotemplate.access import accessors, boxed
from pillion.gotemplate.errors import ExecError, FailedNode, LimitError, TemplateError
from pillion.gotemplate.failures import MethodError, UnlocatedError
from pillion.gotemplate.functions import NO_VALUE, FunctionError
from pillion.gotemplate.program import NodeRecord, Program, signature
from pillion.gotemplate.runtime import LimitedOutput, Limits, Run
from pillion.trampoline import run

if TYPE_CHECKING:
    from types import TracebackType

    from pillion.gotemplate.functions import FunctionTable

_FORMAT = 2
_UNLIMITED = Limits()

_RUNTIME = {
    "NO_VALUE": NO_VALUE,
    "UNSET": runtime.UNSET,
    "boxed": boxed,
    "call_method": arguments.call_method,
    "callee_name": builtin.callee_name,
    "convert": arguments.convert,
    "convert_piped": arguments.convert_piped,
    "drive": run,
    "fail": runtime.fail,
    "method_argument": arguments.method_argument,
    "method_constant": arguments.method_constant,
    "nil_of": arguments.nil_of,
    "pairs": runtime.pairs,
    "text": runtime.text,
    "too_deep": runtime.too_deep,
    "undefined": runtime.undefined,
    "values": runtime.values,
}


class Template:
    """A compiled template, and those that its text defines beside it.

    Make one with :func:`~pillion.gotemplate.compile`. It may be rendered by several threads at
    once.
    """

    __slots__ = ("_globals", "_program")

    def __init__(self, program: Program, functions: FunctionTable) -> None:
        self._program = program
        self._globals: dict[str, Any] = {**_RUNTIME, **accessors(program.missing_key)}
        for number, (name, compiled_for) in enumerate(program.signatures):
            function = functions.get(name) or builtin.FUNCTIONS.get(name)
            if function is None or signature(function) != compiled_for:
                raise ValueError(f"the template was compiled for another function {name}")
            self._globals[f"f{number}"] = function.call
        exec(program.code, self._globals)  # noqa: S102 - the emitter's own code

    @property
    def name(self) -> str:
        """The name of the text."""
        return self._program.name

    @property
    def templates(self) -> list[str]:
        """The names of all templates that the text defines, itself included."""
        return sorted(self._program.templates)

    @property
    def functions(self) -> frozenset[str]:
        """The names of all functions that it may call."""
        return frozenset(name for name, _ in self._program.signatures)

    def render(
        self, data: Any = None, *, template: str | None = None, limits: Limits = _UNLIMITED
    ) -> str:
        """What the template, or another one that its text defines, prints for ``data``.

        Raises:
            ExecError: the template failed.
            LimitError: it exceeded ``limits``, or Go's limit on calls within calls.
        """
        python_name, stacked = self._entry(self.name if template is None else template)
        output: list[str] = [] if limits.output is None else LimitedOutput(limits.output)
        state = Run(limits.steps)
        dot = NO_VALUE if data is None else data
        try:
            if stacked:
                run(self._globals[python_name](state, output.append, dot, 0))
            else:
                self._globals[python_name](state, output.append, dot)
        except TemplateError:
            raise
        except (UnlocatedError, FunctionError, PillionError, RecursionError) as error:
            raise self._located(error) from error
        return "".join(output)

    def _entry(self, name: str) -> tuple[str, bool]:
        entry = self._program.templates.get(name)
        if entry is None:
            names = f"{quote(name)} associated with template {quote(self.name)}"
            raise TemplateError(f"no template {names}", source=self.name)
        return entry

    def _located(self, error: Exception) -> TemplateError:
        """``error`` with the place that the traceback leads to."""
        kind: type[TemplateError] = ExecError
        message = str(error)
        if isinstance(error, RecursionError):
            kind, message = LimitError, "a value nests too deep"
        elif isinstance(error, UnlocatedError) and error.is_limit:
            kind = LimitError
        found = self._place(error)
        if found is None:
            return kind(message, source=self.name)
        record, call = found
        if call and not isinstance(error, UnlocatedError):
            message = f"error calling {call}: {message}"
        context = self._program.texts[record.text][record.start : record.end]
        if isinstance(error, UnlocatedError) and error.names_node:
            message = message.replace("{node}", context)
        return kind(
            message,
            source=self.name,
            node=FailedNode(record.template, record.line, record.column, context),
        )

    def _place(self, error: Exception) -> tuple[NodeRecord, str] | None:
        """The node at the innermost line of this template that stands for one."""
        found = None
        traceback: TracebackType | None = error.__traceback__
        while traceback is not None:
            frame = traceback.tb_frame
            if frame.f_globals is self._globals:
                place = self._program.places.get(traceback.tb_lineno)
                if place is not None:
                    node, call, chain = place
                    if chain is not None and isinstance(error, MethodError):
                        node = chain
                    if isinstance(node, str):
                        node = _local(frame.f_locals, node)
                    found = NodeRecord(*self._program.nodes[node]), call
            traceback = traceback.tb_next
        return found

    def dump(self) -> bytes:
        """The compiled template as bytes that :meth:`load` reads, with the same Python only."""
        nodes = [tuple(node) for node in self._program.nodes]
        program = self._program._replace(nodes=nodes)  # type: ignore[arg-type]
        return marshal.dumps((_FORMAT, sys.implementation.cache_tag, *program))

    @classmethod
    def load(cls, dumped: bytes, functions: FunctionTable) -> Template:
        """The template that was dumped, to be run with ``functions``.

        Only what this program has dumped itself may be loaded: the bytes are code.

        Raises:
            ValueError: they are of another version, or the functions have other signatures.
        """
        try:
            version, python, *program = marshal.loads(dumped)  # noqa: S302 - our own cache
        except (EOFError, TypeError, ValueError) as error:
            raise ValueError("not a compiled template") from error
        if version != _FORMAT or python != sys.implementation.cache_tag:
            raise ValueError("the template was compiled for another version")
        return cls(Program(*program), functions)


def _local(variables: dict[str, Any], name: str) -> int:
    if name.startswith("v["):
        number: int = variables["v"][int(name[2:-1])]
        return number
    plain: int = variables[name]
    return plain
