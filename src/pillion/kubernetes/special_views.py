"""How templates see the types that read and print themselves.

Go gives most of these types their ``String`` method on the pointer. So it is found by
:meth:`~pillion.golang.values.Struct.method`, as a template finds it on a value that has an address;
``fmt``, which meets the value alone, prints the bare fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pillion.golang.json import marshal
from pillion.golang.strconv import NumError, atoi
from pillion.golang.values import MISSING, Bytes, Int32, Int64, String, Struct
from pillion.kubernetes import special_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pillion.kubernetes.quantity import Quantity


class SpecialView(Struct):
    """A value of a special type, or a pointer to one, over its canonical JSON value."""

    __slots__ = ("_has_address", "_value", "go_type", "is_nil")

    def __init__(self, go_type: str, value: Any, *, has_address: bool = True) -> None:
        self.go_type = go_type
        self.is_nil = value is None and go_type.startswith("*")
        self._value = self.zero if value is None and not self.is_nil else value
        self._has_address = has_address

    zero: ClassVar[Any] = None

    def json_value(self) -> Any:
        """The canonical JSON value."""
        return self._value

    def text(self) -> str:
        """What the type's ``String`` method prints."""
        return str(self._value)

    def string(self) -> str | None:
        """The text where this is a pointer, which has the method; None for a value."""
        if self.is_nil:
            return "<nil>"
        return self.text() if self.go_type.startswith("*") else None

    def field(self, name: str) -> Any:
        """The value of an exported field."""
        return dict(self.fields()).get(name, MISSING) if name[:1].isupper() else MISSING

    def method(self, name: str) -> Callable[..., Any] | None:
        """The method ``name`` of the type or of a pointer to it."""
        return self.own_method(name) if self._has_address else None

    def own_method(self, name: str) -> Callable[..., Any] | None:
        """The method ``name`` of a pointer to the type."""
        return self.text if name == "String" else None


class QuantityView(SpecialView):
    """A ``resource.Quantity``."""

    __slots__ = ()
    zero = "0"

    def own_method(self, name: str) -> Callable[..., Any] | None:
        """The methods that read a quantity's amount."""
        from pillion.kubernetes import quantity

        amount = self._parsed()
        match name:
            case "Value":
                return lambda: Int64(quantity.value(amount))
            case "MilliValue":
                return lambda: Int64(quantity.milli_value(amount))
            case "IsZero":
                return lambda: amount.number == 0
            case "Sign":
                return lambda: (amount.number > 0) - (amount.number < 0)
        return super().own_method(name)

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The fields as they are after the quantity was read from its canonical text.

        A 0 in a struct is taken for one that nobody wrote, which knows neither text nor format.
        """
        amount = self._parsed()
        unwritten = self._value == "0" and self._has_address
        fields = {"value": Int64(amount.number), "scale": _Scale(amount.power)}
        yield "i", PlainView("resource.int64Amount", fields)
        yield "d", PlainView("resource.infDecAmount", {"Dec": PlainView("*inf.Dec", None)})
        yield "s", "" if unwritten else self._value
        yield "Format", _Format("" if unwritten else amount.format)

    def _parsed(self) -> Quantity:
        from pillion.kubernetes import quantity

        return quantity.parse(self._value or "0")


class _Scale(Int32):
    __slots__ = ()
    go_type = "resource.Scale"


class _Format(String):
    __slots__ = ()
    go_type = "resource.Format"


class PlainView(Struct):
    """A struct that a template can print but not look into."""

    __slots__ = ("_fields", "go_type", "is_nil")

    def __init__(self, go_type: str, fields: dict[str, Any] | None) -> None:
        self.go_type = go_type
        self.is_nil = fields is None
        self._fields = fields or {}

    def field(self, name: str) -> Any:
        """No field is exported."""
        del name
        return MISSING

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The fields as they were given."""
        return iter(self._fields.items())


class IntOrStringView(SpecialView):
    """An ``intstr.IntOrString``."""

    __slots__ = ()
    zero = 0

    def fields(self) -> Iterator[tuple[str, Any]]:
        """``Type`` (0 for an integer, 1 for a string), ``IntVal`` and ``StrVal``."""
        is_text = isinstance(self._value, str)
        yield "Type", _IntOrStringType(is_text)
        yield "IntVal", Int32(0 if is_text else self._value)
        yield "StrVal", self._value if is_text else ""

    def own_method(self, name: str) -> Callable[..., Any] | None:
        """``String`` and ``IntValue``."""
        return self._int_value if name == "IntValue" else super().own_method(name)

    def _int_value(self) -> int:
        if not isinstance(self._value, str):
            return int(self._value)
        try:
            return atoi(self._value)
        except NumError as error:
            return int(error.value)


class _IntOrStringType(Int64):
    __slots__ = ()
    go_type = "intstr.Type"


class TimeView(SpecialView):
    """A ``v1.Time`` or ``v1.MicroTime``, in UTC."""

    __slots__ = ()

    def text(self) -> str:
        """The moment as ``time.Time`` prints it."""
        if self._value is None:
            return "0001-01-01 00:00:00 +0000 UTC"
        date, _, clock = self._value.removesuffix("Z").partition("T")
        seconds, _, fraction = clock.partition(".")
        fraction = fraction.rstrip("0")
        return f"{date} {seconds}{'.' if fraction else ''}{fraction} +0000 UTC"

    def string(self) -> str | None:
        """The text: ``time.Time`` has the method on the value."""
        return "<nil>" if self.is_nil else self.text()

    def go_string(self) -> str:
        """The moment as Go source, which only the zero time gives in UTC."""
        from pillion.golang.time import LOCAL, UTC, Time
        from pillion.golang.time.parsing import parse_in_location

        if self.is_nil:
            return "<nil>"
        if self._value is None:
            return Time().go_string()
        moment = parse_in_location("2006-01-02T15:04:05Z07:00", self._value, UTC)
        return Time(moment.seconds, moment.nanosecond, LOCAL).go_string()

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The embedded ``time.Time``, whose own fields are hidden."""
        yield "Time", self

    def own_method(self, name: str) -> Callable[..., Any] | None:
        """``String`` and ``IsZero``."""
        return (lambda: self._value is None) if name == "IsZero" else super().own_method(name)


class RawView(SpecialView):
    """A ``runtime.RawExtension`` or ``v1.FieldsV1``: JSON that is kept as it came."""

    __slots__ = ()

    def text(self) -> str:
        """The JSON text."""
        return "" if self._value is None else marshal(self._value)

    def fields(self) -> Iterator[tuple[str, Any]]:
        """``Raw``, the JSON text."""
        yield "Raw", Bytes(self.text().encode())


SPECIAL_VIEWS: dict[str, type[SpecialView]] = {
    special_types.QUANTITY: QuantityView,
    special_types.INT_OR_STRING: IntOrStringView,
    special_types.TIME: TimeView,
    special_types.MICRO_TIME: TimeView,
    special_types.RAW_EXTENSION: RawView,
    special_types.FIELDS_V1: RawView,
}
