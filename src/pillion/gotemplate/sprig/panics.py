"""The texts of Go's runtime panics that sprig's functions end in."""

from __future__ import annotations

from typing import Any

from pillion.golang.values import type_of
from pillion.gotemplate.functions import FunctionError

MAX_ITEMS = 1 << 22
"""How many items a sequence may have."""

MAX_BYTES = 1 << 28
"""How long a text may grow by repetition."""


def nil_dereference() -> FunctionError:
    """What a function that needs the type of nil panics with."""
    return FunctionError("runtime error: invalid memory address or nil pointer dereference")


def out_of_range(bounds: str) -> FunctionError:
    """What slicing a string past its ends panics with."""
    return FunctionError(f"runtime error: slice bounds out of range {bounds}")


def conversion(value: Any, wanted: str) -> FunctionError:
    """What a failed type assertion panics with."""
    found = "nil" if value is None else type_of(value)
    return FunctionError(f"interface conversion: interface {{}} is {found}, not {wanted}")


def too_large(what: str) -> FunctionError:
    """Where Go would go on until memory ends."""
    return FunctionError(f"{what} is too large")
