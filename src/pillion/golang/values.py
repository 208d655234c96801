"""How Go values look in Python.

======================== ==========================================================
Go                       Python
======================== ==========================================================
nil                      ``None``
bool                     ``bool``
int                      ``int``
other integer types      a subclass of :class:`Integer` (``Int64``, ``Uint8``, ...)
float64                  ``float``
complex128               ``complex``
float32                  :class:`Float32`
string                   ``str``; bytes that are not UTF-8 are surrogate-escaped
[]byte                   :class:`Bytes`
[]interface {}           ``list``
map[string]interface {}  ``dict``
other slices             :class:`Slice`, which is a list that knows its type
other maps               :class:`Map`, which is a dict that knows its type
structs and pointers     a subclass of :class:`Struct`
pointers to the rest     :class:`Pointer` (``*int64``)
functions                any other callable
======================== ==========================================================

The types of Go are named as ``fmt``'s ``%T`` prints them: ``[]string``, ``*v1.Pod``. A value of a
named type (``v1.PullPolicy``, ``time.Duration``) is an instance of a subclass that overrides
``go_type``; its kind stays that of the Python class it extends. Where the named type has methods
(an enum's ``String``), the subclass offers ``method`` and ``string`` as :class:`Struct` does.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_T = TypeVar("_T")


class Kind(Enum):
    """The kinds of Go's ``reflect`` package that reach a template, named as Go names them."""

    INVALID = "invalid"
    BOOL = "bool"
    INT = "int"
    UINT = "uint"
    FLOAT = "float"
    COMPLEX = "complex"
    STRING = "string"
    SLICE = "slice"
    ARRAY = "array"
    MAP = "map"
    STRUCT = "struct"
    POINTER = "ptr"
    FUNC = "func"

    # A member is equal to nothing but itself; Enum's own hash is a call of Python each time.
    __hash__ = object.__hash__


class Integer(int):
    """An integer of a Go type other than ``int``."""

    __slots__ = ()
    go_type: ClassVar[str] = "int"
    go_kind: ClassVar[Kind] = Kind.INT


class Int8(Integer):
    """An ``int8``."""

    __slots__ = ()
    go_type = "int8"


class Int16(Integer):
    """An ``int16``."""

    __slots__ = ()
    go_type = "int16"


class Int32(Integer):
    """An ``int32``, which is also Go's ``rune``."""

    __slots__ = ()
    go_type = "int32"


class Int64(Integer):
    """An ``int64``."""

    __slots__ = ()
    go_type = "int64"


class Uint(Integer):
    """A ``uint``."""

    __slots__ = ()
    go_type = "uint"
    go_kind = Kind.UINT


class Uint8(Uint):
    """A ``uint8``, which is also Go's ``byte``."""

    __slots__ = ()
    go_type = "uint8"


class Uint16(Uint):
    """A ``uint16``."""

    __slots__ = ()
    go_type = "uint16"


class Uint32(Uint):
    """A ``uint32``."""

    __slots__ = ()
    go_type = "uint32"


class Uint64(Uint):
    """A ``uint64``."""

    __slots__ = ()
    go_type = "uint64"


class Float32(float):
    """A ``float32``."""

    __slots__ = ()
    go_type: ClassVar[str] = "float32"
    go_kind: ClassVar[Kind] = Kind.FLOAT


class String(str):
    """A string of a named Go type; subclasses set ``go_type``."""

    __slots__ = ()
    go_type: ClassVar[str] = "string"
    go_kind: ClassVar[Kind] = Kind.STRING


class Bytes(bytes):
    """A ``[]uint8``."""

    __slots__ = ()
    go_type: ClassVar[str] = "[]uint8"
    go_kind: ClassVar[Kind] = Kind.SLICE


class Slice(list[Any]):
    """A slice whose element type is not ``interface {}``.

    ``go_type`` is the slice's own type (``[]string``). ``is_nil`` tells Go's nil slice, which
    encodes as JSON's null, from an empty one.
    """

    __slots__ = ("go_type", "is_nil")
    go_kind: ClassVar[Kind] = Kind.SLICE

    def __init__(self, go_type: str, items: Iterable[Any] = (), *, is_nil: bool = False) -> None:
        super().__init__(items)
        self.go_type = go_type
        self.is_nil = is_nil


class Map(dict[Any, Any]):
    """A map other than ``map[string]interface {}``.

    ``zero`` is what a missing key reads as: Go's zero value of the element type.
    """

    __slots__ = ("go_type", "is_nil", "zero")
    go_kind: ClassVar[Kind] = Kind.MAP

    def __init__(
        self,
        go_type: str,
        items: dict[Any, Any] | None = None,
        *,
        zero: Any = None,
        is_nil: bool = False,
    ) -> None:
        super().__init__(items or {})
        self.go_type = go_type
        self.zero = zero
        self.is_nil = is_nil


class Missing(Enum):
    """The type of :data:`MISSING`."""

    MISSING = "missing"


MISSING = Missing.MISSING
"""What :meth:`Struct.field` returns where the Go struct has no such field."""


class Struct:
    """A Go struct, or a pointer to one, as a template sees it.

    Subclasses read fields from wherever they live. A nil pointer is a ``Struct`` whose ``is_nil``
    is true, so that an error can still name its type. ``go_interfaces`` names the Go interfaces
    that the type implements, as far as a template function asks for one.
    """

    __slots__ = ()
    go_type: str
    go_interfaces: ClassVar[frozenset[str]] = frozenset()
    is_nil: bool = False
    interface_fields: ClassVar[frozenset[str]] = frozenset()
    """The names of the fields whose own type is ``interface {}``."""
    unexported_fields: ClassVar[frozenset[str]] = frozenset()
    """The names of the fields that Go shows to nobody, but names in its errors."""

    def __bool__(self) -> bool:
        """Whether a template's ``if`` takes it for true: all but nil pointers are."""
        return not self.is_nil

    @property
    def go_kind(self) -> Kind:
        """``POINTER`` where the type's name starts with ``*``, else ``STRUCT``."""
        return Kind.POINTER if self.go_type.startswith("*") else Kind.STRUCT

    def field(self, name: str) -> Any:
        """The value of the exported field ``name`` (Go's name), or :data:`MISSING`."""
        raise NotImplementedError

    def method(self, name: str) -> Callable[..., Any] | None:
        """The method ``name``, bound, or None where the type has none."""
        del name
        return None

    def fields(self) -> Iterator[tuple[str, Any]]:
        """Every field in the order of its declaration, as ``%v`` prints them."""
        raise NotImplementedError

    def string(self) -> str | None:
        """What the type's ``String`` or ``Error`` method returns, or None where it has neither."""
        return None


class Pointer(Struct):
    """A pointer to what is not a struct, such as ``*int64``; ``target`` is what it points at.

    As in Go, a template prints what it points at, and ``if`` asks whether it is nil.
    """

    __slots__ = ("go_type", "is_nil", "target")

    def __init__(self, go_type: str, target: Any = None, *, is_nil: bool = False) -> None:
        self.go_type = go_type
        self.target = target
        self.is_nil = is_nil

    def field(self, name: str) -> Any:
        """No value of a basic type has fields."""
        del name
        return MISSING

    def fields(self) -> Iterator[tuple[str, Any]]:
        """No fields."""
        return iter(())

    def json_value(self) -> Any:
        """What encoding/json prints: the target, or null."""
        return None if self.is_nil else self.target


class Record(dict[str, Any]):
    """The JSON object of a struct: its keys are printed as they stand, not sorted as a map's."""

    __slots__ = ()


def is_nil(value: Any) -> bool:
    """Whether ``value`` is nil: none at all, or Go's nil slice, map or pointer of some type."""
    return value is None or getattr(value, "is_nil", False)


def type_of(value: Any) -> str:
    """The Go type of ``value`` as ``%T`` prints it; nil prints as ``<nil>``."""
    named = _PLAIN_TYPES.get(type(value))
    if named is not None:
        return named
    declared = getattr(value, "go_type", None)
    if declared is not None:
        return str(declared)
    return _by_base(value, _PLAIN_TYPES, "func()")


def kind_of(value: Any) -> Kind:
    """The kind of ``value``, as Go's ``reflect.Kind`` but with all widths of a number as one."""
    kind = _PLAIN_KINDS.get(type(value))
    if kind is not None:
        return kind
    declared = getattr(value, "go_kind", None)
    if declared is not None:
        return cast("Kind", declared)
    return _by_base(value, _PLAIN_KINDS, Kind.FUNC)


def _by_base(value: Any, table: dict[type, _T], otherwise: _T) -> _T:
    for base in type(value).__mro__:
        if base in table:
            return table[base]
    return otherwise


_PLAIN_TYPES: dict[type, str] = {
    type(None): "<nil>",
    bool: "bool",
    int: "int",
    float: "float64",
    complex: "complex128",
    str: "string",
    list: "[]interface {}",
    dict: "map[string]interface {}",
    bytes: "[]uint8",
}

_PLAIN_KINDS: dict[type, Kind] = {
    type(None): Kind.INVALID,
    bool: Kind.BOOL,
    int: Kind.INT,
    float: Kind.FLOAT,
    complex: Kind.COMPLEX,
    str: Kind.STRING,
    list: Kind.SLICE,
    dict: Kind.MAP,
    bytes: Kind.SLICE,
}
