"""How templates see the types that read and print themselves.

Go gives most of these types their ``String`` method on the pointer. So it is found by
:meth:`~pillion.golang.values.Struct.method`, as a template finds it on a value that has an address;
``fmt``, which meets the value alone, prints the bare fields.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from pillion.golang.json import marshal
from pillion.golang.values import MISSING, Bytes, Int32, Int64, String, Struct
from pillion.kubernetes import special_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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
        thousandths = {"Value": 1000, "MilliValue": 1}.get(name)
        if thousandths is not None:
            return lambda: self._rounded_up(thousandths)
        if name == "IsZero":
            return lambda: self._amount()[0] == 0
        if name == "Sign":
            return lambda: (self._amount()[0] > 0) - (self._amount()[0] < 0)
        return super().own_method(name)

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The fields as they are after the quantity was read from its canonical text.

        A 0 in a struct is taken for one that nobody wrote, which knows neither text nor format.
        """
        mantissa, base, exponent = self._amount()
        unwritten = self._value == "0" and self._has_address
        if base == 2:  # noqa: PLR2004 - a base
            mantissa, exponent = mantissa << exponent, 0
        amount = {"value": Int64(mantissa), "scale": _Scale(exponent)}
        yield "i", PlainView("resource.int64Amount", amount)
        yield "d", PlainView("resource.infDecAmount", {"Dec": PlainView("*inf.Dec", None)})
        yield "s", "" if unwritten else self._value
        yield "Format", _Format("" if unwritten else _format_of(base, self._value))

    def _rounded_up(self, thousandths: int) -> Int64:
        mantissa, base, exponent = self._amount()
        amount = mantissa * 1000
        if exponent >= 0:
            return Int64(-(-amount * base**exponent // thousandths))
        return Int64(-(-amount // (thousandths * base**-exponent)))

    def _amount(self) -> tuple[int, int, int]:
        """Mantissa, base and exponent; a canonical quantity has a whole mantissa."""
        match = _CANONICAL.fullmatch(self._value or "0")
        if match is None:
            return 0, 10, 0
        mantissa, suffix, exponent = match.groups()
        if exponent:
            return int(mantissa), 10, int(exponent)
        base, power = _SUFFIXES[suffix]
        return int(mantissa), base, power


_CANONICAL = re.compile(r"(-?[0-9]+)(?:([numkKMGTPE]?i?)|e([-+]?[0-9]+))")
_SUFFIXES = {
    **{suffix: (10, 3 * power) for power, suffix in enumerate("num kMGTPE", start=-3)},
    **{f"{suffix}i": (2, 10 * power) for power, suffix in enumerate("KMGTPE", start=1)},
    "": (10, 0),
}


def _format_of(base: int, text: str) -> str:
    if base != 10:  # noqa: PLR2004 - a base
        return "BinarySI"
    return "DecimalExponent" if "e" in text else "DecimalSI"


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
        return int(self._value) if _INTEGER.fullmatch(self._value) else 0


_INTEGER = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)


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
