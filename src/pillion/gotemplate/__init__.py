"""Go's text/template: compile a text to Python once, render it with data as often as you like.

    >>> from pillion import gotemplate
    >>> template = gotemplate.compile("Hello, {{ printf `%q` .name }}!", name="greeting")
    >>> template.render({"name": "world"})
    'Hello, "world"!'

The language is that of Go 1.26, with its errors. What data may look like is in
:mod:`pillion.golang.values`; what functions look like, in :mod:`pillion.gotemplate.functions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.gotemplate.errors import ExecError, LimitError, ParseError, TemplateError
from pillion.gotemplate.functions import NO_VALUE, Function, FunctionError, FunctionTable, function
from pillion.gotemplate.runtime import Limits
from pillion.gotemplate.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "NO_VALUE",
    "ExecError",
    "Function",
    "FunctionError",
    "FunctionTable",
    "LimitError",
    "Limits",
    "ParseError",
    "Template",
    "TemplateError",
    "compile",
    "function",
]

_NO_FUNCTIONS: Mapping[str, Function] = {}


def compile(  # noqa: A001, PLR0913 - named as it is called; its options have names
    text: str,
    *,
    name: str = "template",
    functions: FunctionTable = _NO_FUNCTIONS,
    left: str = "",
    right: str = "",
    missing_key: str = "default",
) -> Template:
    """Compile ``text``; ``name`` is what errors and the template itself are called.

    ``functions`` are added to Go's own, or replace them. ``left`` and ``right`` delimit actions,
    which are ``{{`` and ``}}`` otherwise. ``missing_key`` says how a missing key reads,
    as Go's option of that name does: ``default`` or ``invalid``, ``zero``, or ``error``.

    Raises:
        ParseError: ``text`` is not a template.
        ValueError: ``missing_key`` is no such option.
    """
    # A template from a cache needs none of these.
    from pillion.gotemplate.access import MISSING_KEY_OPTIONS
    from pillion.gotemplate.builtin import FUNCTIONS
    from pillion.gotemplate.emit import emit
    from pillion.gotemplate.parse import parse

    option = MISSING_KEY_OPTIONS.get(missing_key)
    if option is None:
        raise ValueError(f"unrecognized option: missingkey={missing_key}")
    trees = parse(text, name, {*FUNCTIONS, *functions}, left, right)
    return Template(emit(text, name, trees, functions, option), functions)
