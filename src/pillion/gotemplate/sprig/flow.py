"""sprig's function that stops a template."""

from __future__ import annotations

from typing import NoReturn

from pillion.gotemplate.functions import Function, FunctionError


def fail(message: str) -> NoReturn:
    """Stop with ``message``.

    Raises:
        FunctionError: always.
    """
    raise FunctionError(message)


FUNCTIONS = {"fail": Function(fail, ("string",), result="string")}
