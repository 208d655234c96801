"""Methods of the values that sprig's functions return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.gotemplate.functions import Function


def bound(method: Function, receiver: Any) -> Callable[..., Any]:
    """``method`` with its first argument given; its signature names the others only.

    A template's runtime takes a :class:`Function` for a method, which tells it the parameters.
    """
    call = method.call
    made: Any = method._replace(call=lambda *arguments: call(receiver, *arguments))
    return made  # type: ignore[no-any-return]
