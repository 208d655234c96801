"""Functions that a template may call, and how their Go signatures are kept.

Go checks the arguments of a call against the function's declared types before it runs, and its
messages name those types. A :class:`Function` therefore carries its signature as Go spells it,
beside the Python callable that does the work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Function:
    """A template function: what runs, and the Go types of what it takes and gives.

    ``params`` and ``result`` are Go type names as ``%T`` prints them (``"string"``,
    ``"interface {}"``, ``"[]string"``); ``"reflect.Value"`` takes anything unchecked, and is given
    :data:`NO_VALUE` where there is no value at all. Where ``variadic`` is true the last parameter
    may be given any number of times, and its type in ``params`` is that of one argument. The
    runtime has converted every argument when ``call`` runs: a parameter of type ``int`` gets a
    Python int, a missing map key in an ``interface {}`` gets None, nil for a slice or a map an
    empty one that knows that it is nil.

    ``call`` raises :class:`FunctionError` where the Go function returns an error or panics.
    """

    __slots__ = ("call", "params", "result", "variadic")

    def __init__(
        self,
        call: Callable[..., Any],
        params: tuple[str, ...] = (),
        variadic: bool = False,  # noqa: FBT001, FBT002 - the third part of a signature
        result: str = "interface {}",
    ) -> None:
        self.call = call
        self.params = params
        self.variadic = variadic
        self.result = result

    def __call__(self, *arguments: Any) -> Any:
        """Call the function with arguments that have the right types."""
        return self.call(*arguments)


FunctionTable: TypeAlias = "Mapping[str, Function]"


class FunctionError(Exception):
    """What a template function failed with, worded as Go's error or panic text.

    The runtime turns it into an :class:`~pillion.gotemplate.errors.ExecError` that names the
    template, line, column and node: ``error calling NAME: TEXT``.
    """


class NoValue:
    """The type of :data:`NO_VALUE`."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NO_VALUE"


NO_VALUE: Final = NoValue()
"""Go's zero ``reflect.Value``: what a key that a map lacks reads as.

It differs from None, an ``interface {}`` that holds nil: a field of it is no error.
"""


def function(
    *params: str, result: str = "interface {}", variadic: bool = False
) -> Callable[[Callable[..., Any]], Function]:
    """Make a :class:`Function` of a Python callable: a decorator that states the Go signature."""

    def declare(call: Callable[..., Any]) -> Function:
        return Function(call, params, variadic, result)

    return declare
