"""Arguments: what Go accepts where a function declares a type, and what it says otherwise.

Go's types are known here by name only, which is enough: a value is assignable to a parameter when
the names are the same, when the parameter is an interface, or when one pointer lies between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.golang.values import Kind, Map, Pointer, Slice, type_of
from pillion.gotemplate.failures import MethodError, UnlocatedError
from pillion.gotemplate.functions import NO_VALUE, Function, FunctionError

if TYPE_CHECKING:
    from collections.abc import Callable

INTERFACE = "interface {}"
REFLECT_VALUE = "reflect.Value"

_KINDS = {
    "bool": Kind.BOOL,
    "string": Kind.STRING,
    "float32": Kind.FLOAT,
    "float64": Kind.FLOAT,
    "complex64": Kind.COMPLEX,
    "complex128": Kind.COMPLEX,
    "time.Duration": Kind.INT,
    "time.Month": Kind.INT,
    "time.Weekday": Kind.INT,
    **dict.fromkeys(("int", "int8", "int16", "int32", "int64"), Kind.INT),
    **dict.fromkeys(("uint", "uint8", "uint16", "uint32", "uint64", "uintptr"), Kind.UINT),
}
_BITS = {"8": 8, "16": 16, "32": 32}
_INTERFACES = frozenset({INTERFACE, "error", "fmt.Stringer"})
# Of any other interface a value says by itself whether it has its methods: Struct.go_interfaces.
_CHECKED_INTERFACES = frozenset({"protoreflect.ProtoMessage"})


class Constant(NamedTuple):
    """A constant of a template: how it prints, and its value as each type that can hold it.

    ``kind`` is the kind of its literal, where a number is an ``INT`` and nil is ``INVALID``.
    ``ideal`` is its value where nothing asks for a type: of an integer, None if an ``int`` cannot
    hold it.
    """

    kind: Kind
    text: str
    ideal: bool | str | complex | float | None = None
    integer: int | None = None
    unsigned: int | None = None
    floating: float | None = None
    complex: complex | None = None


def kind_of_type(name: str) -> Kind | None:
    """The kind of the type ``name`` if a literal of it can be written, else None."""
    return _KINDS.get(name)


def can_be_nil(name: str) -> bool:
    """Whether untyped nil may be assigned to the type ``name``."""
    known = _INTERFACES | _CHECKED_INTERFACES
    return name in known or name == REFLECT_VALUE or name.startswith(_NILABLE)


_NILABLE = ("[]", "map[", "*", "func(", "chan ")


def nil_of(name: str) -> Any:
    """Nil as a value of the type ``name``."""
    if name == REFLECT_VALUE:
        return NO_VALUE
    if name.startswith("[]"):
        return Slice(name, is_nil=True)
    if name.startswith("map["):
        return Map(name, is_nil=True)
    return None


def convert_constant(constant: Constant, wanted: str) -> Any:
    """The value of ``constant`` as an argument of type ``wanted``.

    Raises:
        UnlocatedError: it has none.
    """
    if constant.kind is Kind.INVALID:
        if can_be_nil(wanted):
            return nil_of(wanted)
        raise UnlocatedError(f"cannot assign nil to {wanted}")
    if wanted in {INTERFACE, REFLECT_VALUE}:
        if constant.ideal is None:
            raise UnlocatedError(f"{constant.text} overflows int")
        return constant.ideal
    kind = kind_of_type(wanted)
    if kind is None:
        raise UnlocatedError(f"can't handle {constant.text} for arg of type {wanted}")
    value = _as_kind(constant, kind)
    if value is None:
        raise UnlocatedError(f"expected {_NOUNS[kind]}; found {constant.text}")
    return _truncated(value, wanted, signed=kind is Kind.INT)


_NOUNS = {
    Kind.BOOL: "bool",
    Kind.STRING: "string",
    Kind.INT: "integer",
    Kind.UINT: "unsigned integer",
    Kind.FLOAT: "float",
    Kind.COMPLEX: "complex",
}


def _as_kind(constant: Constant, kind: Kind) -> Any:
    match kind:
        case Kind.INT:
            return constant.integer
        case Kind.UINT:
            return constant.unsigned
        case Kind.FLOAT:
            return constant.floating
        case Kind.COMPLEX:
            return constant.complex
        case _:
            return constant.ideal if constant.kind is kind else None


def _truncated(value: Any, name: str, *, signed: bool) -> Any:
    # reflect stores a constant in a narrow integer by cutting it off.
    bits = _BITS.get(name.removeprefix("u").removeprefix("int"))
    if bits is None:
        return value
    value &= (1 << bits) - 1
    return value - (1 << bits) if signed and value >> (bits - 1) else value


def convert(value: Any, wanted: str) -> Any:
    """``value`` as an argument of type ``wanted``; None is an ``interface {}`` that holds nil.

    Raises:
        UnlocatedError: it is not assignable.
    """
    if getattr(value, "go_type", None) == wanted:
        return value
    if value is NO_VALUE:
        return _convert_nothing(wanted)
    if wanted in {INTERFACE, REFLECT_VALUE}:
        return value
    actual = INTERFACE if value is None else type_of(value)
    if actual == wanted or (wanted in _INTERFACES and value is not None):
        return value
    if actual == f"*{wanted}":
        if value.is_nil:
            raise UnlocatedError(f"dereference of nil pointer of type {wanted}")
        return value.target if isinstance(value, Pointer) else value
    if wanted == f"*{actual}" or wanted in getattr(value, "go_interfaces", ()):
        return value
    raise UnlocatedError(f"wrong type for value; expected {wanted}; got {actual}")


def convert_piped(value: Any, wanted: str) -> Any:
    """As :func:`convert` for the result of a pipeline, which has lost the type of its nil."""
    return _convert_nothing(wanted) if value is None else convert(value, wanted)


def _convert_nothing(wanted: str) -> Any:
    if can_be_nil(wanted):
        return nil_of(wanted)
    raise UnlocatedError(f"invalid value; expected {wanted}")


def check_count(name: str, function: Function, written: int, total: int) -> None:
    """Check how many arguments a call has: ``written`` ones, and ``total`` with a piped one.

    Raises:
        UnlocatedError: too few or too many.
    """
    wanted = len(function.params)
    if function.variadic:
        if total < wanted - 1:
            raise UnlocatedError(
                f"wrong number of args for {name}: want at least {wanted - 1} got {written}"
            )
    elif total != wanted:
        raise UnlocatedError(f"wrong number of args for {name}: want {wanted} got {total}")


def parameter(function: Function, index: int) -> str:
    """The type of the parameter that argument ``index`` goes to."""
    return function.params[min(index, len(function.params) - 1)]


def method_argument(method: Function, index: int, value: Any) -> Any:
    """An argument for a method that was found while the template runs."""
    return convert(value, parameter(method, index))


def method_constant(method: Function, index: int, constant: tuple[Any, ...]) -> Any:
    """A constant as an argument for a method that was found while the template runs."""
    kind, *rest = constant
    return convert_constant(Constant(Kind(kind), *rest), parameter(method, index))


def call_method(method: Function, name: str, *arguments: Any) -> Any:
    """Call a method.

    Raises:
        MethodError: the method failed.
    """
    try:
        return method.call(*arguments)
    except FunctionError as error:
        raise MethodError(f"error calling {name}: {error}") from error


def as_function(method: Callable[..., Any]) -> Function:
    """A method with its signature; one that does not tell it takes no arguments."""
    return method if isinstance(method, Function) else Function(method)
