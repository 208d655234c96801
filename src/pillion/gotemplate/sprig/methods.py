"""Methods of the values that sprig's functions return."""

from __future__ import annotations

from typing import Any

from pillion.gotemplate.functions import Function


def bound(method: Function, receiver: Any) -> Function:
    """``method`` with its first argument given; its signature names the others only.

    A template's runtime takes a :class:`Function` for a method, which tells it the parameters.
    """
    call = method.call
    return Function(
        lambda *arguments: call(receiver, *arguments),
        method.params,
        method.variadic,
        method.result,
    )
