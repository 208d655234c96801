"""Fields: ``.x.y.z`` of whatever a template holds.

What Go does depends on the type of the value, and its errors on whether the value was seen as an
``interface {}`` or as itself. Two values stand for nothing: :data:`NO_VALUE`, of which every field
is ``NO_VALUE`` again, and None, a nil ``interface {}``, of which every field is an error.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pillion.golang.strconv import quote
from pillion.golang.values import MISSING, Map, Slice, Struct, type_of
from pillion.gotemplate.arguments import INTERFACE, as_function, call_method, check_count
from pillion.gotemplate.failures import UnlocatedError
from pillion.gotemplate.functions import NO_VALUE, Function

if TYPE_CHECKING:
    from collections.abc import Callable

MISSING_KEY_DEFAULT = "default"
MISSING_KEY_ZERO = "zero"
MISSING_KEY_ERROR = "error"
MISSING_KEY_OPTIONS = {
    MISSING_KEY_DEFAULT: MISSING_KEY_DEFAULT,
    "invalid": MISSING_KEY_DEFAULT,
    MISSING_KEY_ZERO: MISSING_KEY_ZERO,
    MISSING_KEY_ERROR: MISSING_KEY_ERROR,
}

_STRING_KEYS = ("map[string]", "map[interface {}]")


def field(receiver: Any, name: str) -> Any:
    """``.name`` of ``receiver``, which is no ``interface {}``."""
    if type(receiver) is dict:
        return receiver.get(name, NO_VALUE)
    if isinstance(receiver, Struct) and not receiver.is_nil:
        value = receiver.field(name)
        if value is not MISSING:
            return value
    return _walk(MISSING_KEY_DEFAULT, "", receiver, (name,))


def fields(receiver: Any, *names: str) -> Any:
    """``.x.y.z`` of ``receiver``, which is no ``interface {}``."""
    value = _plain_fields(receiver, names)
    return _walk(MISSING_KEY_DEFAULT, "", receiver, names) if value is MISSING else value


def element_fields(container: Any, receiver: Any, *names: str) -> Any:
    """``.x.y.z`` of ``receiver``, an element of ``container`` that a ``range`` produced."""
    value = _plain_fields(receiver, names)
    if value is MISSING:
        return _walk(MISSING_KEY_DEFAULT, element_type(container), receiver, names)
    return value


def _plain_fields(value: Any, names: tuple[str, ...]) -> Any:
    """The fields of values where nothing can be wrong, or ``MISSING``."""
    for name in names:
        if type(value) is dict:
            value = value.get(name, NO_VALUE)
        elif isinstance(value, Struct) and not value.is_nil:
            value = value.field(name)
            if value is MISSING:
                return MISSING
        else:
            return NO_VALUE if value is NO_VALUE else MISSING
    return value


def typed_fields(static: str, receiver: Any, *names: str) -> Any:
    """``.x.y.z`` of ``receiver``, which a function of result type ``static`` returned."""
    return _walk(MISSING_KEY_DEFAULT, static, receiver, names)


def boxed(container: Any, receiver: Any, value: Any, *names: str) -> Any:
    """``value``, which is ``.x.y.z`` of ``receiver``, as a function sees it that asks for its type.

    Go's ``slice`` does not look into an ``interface {}``, unlike all other functions.
    """
    static = element_type(container)
    if names:
        holder = _walk(MISSING_KEY_DEFAULT, static, receiver, names[:-1])
        static = _static_type(holder, names[-1])
    return _BOX if static == INTERFACE and value is not NO_VALUE else value


class _Box:
    """An ``interface {}`` that nobody looks into."""

    go_type = INTERFACE


_BOX = _Box()


def find_method(container: Any, receiver: Any, count: int, total: int, *names: str) -> Any:
    """The method that ``.x.y.z`` names, to be called with arguments, or None for one of no value.

    ``container`` is what a ``range`` took ``receiver`` of, else None; ``count`` and ``total`` are
    those of :func:`~pillion.gotemplate.arguments.check_count`.
    """
    return _find_method(MISSING_KEY_DEFAULT, container, receiver, count, total, *names)


def accessors(missing_key: str) -> dict[str, Callable[..., Any]]:
    """The functions of this module that compiled templates call, for a missing-key option."""
    if missing_key == MISSING_KEY_DEFAULT:
        return {
            "field": field,
            "fields": fields,
            "element_fields": element_fields,
            "typed_fields": typed_fields,
            "find_method": find_method,
        }

    def plain(receiver: Any, *names: str) -> Any:
        return _walk(missing_key, "", receiver, names)

    def of_element(container: Any, receiver: Any, *names: str) -> Any:
        return _walk(missing_key, element_type(container), receiver, names)

    def of_type(static: str, receiver: Any, *names: str) -> Any:
        return _walk(missing_key, static, receiver, names)

    return {
        "field": plain,
        "fields": plain,
        "element_fields": of_element,
        "typed_fields": of_type,
        "find_method": partial(_find_method, missing_key),
    }


def element_type(container: Any) -> str:
    """The type of a container's elements, or "" where it does not matter: it is no interface."""
    if type(container) in {list, dict}:
        return INTERFACE
    if isinstance(container, Slice):
        return container.go_type.removeprefix("[]")
    if isinstance(container, Map):
        return container.go_type.partition("]")[2]
    return ""


def _walk(missing_key: str, static: str, receiver: Any, names: tuple[str, ...]) -> Any:
    value = receiver
    for name in names:
        holder = value
        value = _step(missing_key, static, holder, name)
        static = _static_type(holder, name)
    return value


def _static_type(holder: Any, name: str) -> str:
    if isinstance(holder, Struct):
        return INTERFACE if name in holder.interface_fields else ""
    return element_type(holder) if isinstance(holder, dict) else ""


def _step(missing_key: str, static: str, receiver: Any, name: str) -> Any:
    if receiver is NO_VALUE or receiver is None:
        return _field_of_nothing(missing_key, receiver, name)
    method = _method(receiver, name)
    if method is not None:
        check_count(name, method, 0, 0)
        return call_method(method, name)
    if isinstance(receiver, dict) and _has_string_keys(receiver):
        return _key(missing_key, receiver, name)
    if isinstance(receiver, Struct):
        value = receiver.field(name)
        if value is not MISSING:
            _check_pointer(receiver, static, name)
            return value
    raise _no_field(receiver, static, name)


def _field_of_nothing(missing_key: str, receiver: Any, name: str) -> Any:
    if receiver is None:
        raise UnlocatedError(f"nil pointer evaluating {INTERFACE}.{name}")
    if missing_key == MISSING_KEY_ERROR:
        raise UnlocatedError(f"nil data; no entry for key {quote(name)}")
    return NO_VALUE


def _method(receiver: Any, name: str) -> Function | None:
    look_up = getattr(receiver, "method", None)
    method = look_up(name) if look_up is not None else None
    return as_function(method) if method is not None else None


def _has_string_keys(receiver: dict[Any, Any]) -> bool:
    return not isinstance(receiver, Map) or receiver.go_type.startswith(_STRING_KEYS)


def _key(missing_key: str, receiver: dict[Any, Any], name: str) -> Any:
    value = receiver.get(name, NO_VALUE)
    if value is not NO_VALUE or missing_key == MISSING_KEY_DEFAULT:
        return value
    if missing_key == MISSING_KEY_ZERO:
        return receiver.zero if isinstance(receiver, Map) else None
    raise UnlocatedError(f"map has no entry for key {quote(name)}")


def _check_pointer(receiver: Struct, static: str, name: str) -> None:
    if receiver.is_nil:
        raise UnlocatedError(f"nil pointer evaluating {static or receiver.go_type}.{name}")


def _no_field(receiver: Any, static: str, name: str) -> UnlocatedError:
    if isinstance(receiver, Struct) and name in receiver.unexported_fields:
        return UnlocatedError(
            f"{name} is an unexported field of struct type {static or receiver.go_type}"
        )
    return UnlocatedError(f"can't evaluate field {name} in type {static or type_of(receiver)}")


def _find_method(
    missing_key: str, container: Any, receiver: Any, count: int, total: int, *names: str
) -> Function | None:
    *path, name = names
    static = element_type(container)
    if path:
        holder = _walk(missing_key, static, receiver, tuple(path[:-1]))
        static = _static_type(holder, path[-1])
        receiver = _walk(missing_key, static, receiver, tuple(path))
    if receiver is NO_VALUE or receiver is None:
        _field_of_nothing(missing_key, receiver, name)
        return None
    method = _method(receiver, name)
    if method is None:
        raise _not_a_method(receiver, static, name)
    check_count(name, method, count, total)
    return method


def _not_a_method(receiver: Any, static: str, name: str) -> UnlocatedError:
    if isinstance(receiver, dict) and _has_string_keys(receiver):
        return UnlocatedError(f"{name} is not a method but has arguments")
    if isinstance(receiver, Struct) and receiver.field(name) is not MISSING:
        _check_pointer(receiver, static, name)
        return UnlocatedError(f"{name} has arguments but cannot be invoked as function")
    return _no_field(receiver, static, name)
