"""Numbers; wanted values were checked against sprig itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from pillion.golang.values import Uint64

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("int", ("010",), 8),
    ("int", ("08",), 0),
    ("int", ("0x10",), 16),
    ("int", ("1_000",), 1000),
    ("int", (" 5 ",), 0),
    ("int", ("1.9",), 1),
    ("int", ("-.5",), 0),
    ("int", ("1e3",), 0),
    ("int", (2.9,), 2),
    ("int", (-2.9,), -2),
    ("int", (1e30,), -9223372036854775808),
    ("int", (math.inf,), -9223372036854775808),
    ("int", (True,), 1),
    ("int", (None,), 0),
    ("int", ([1],), 0),
    ("int", (Uint64(18446744073709551615),), -1),
    ("int64", ("9223372036854775808",), 0),
    ("atoi", ("12",), 12),
    ("atoi", ("1.5",), 0),
    ("atoi", ("99999999999999999999",), 9223372036854775807),
    ("atoi", ("-99999999999999999999",), -9223372036854775808),
    ("float64", ("1e3",), 1000.0),
    ("float64", ("1e400",), 0.0),
    ("float64", ("x",), 0.0),
    ("float64", (True,), 1.0),
    ("float64", ("0x1p4",), 16.0),
    ("toDecimal", ("777",), 511),
    ("toDecimal", (777,), 511),
    ("toDecimal", ("888",), 0),
    ("toDecimal", (7.0,), 7),
    ("toDecimal", (1e21,), 0),
    ("add", (1, "2", 3.9), 6),
    ("add", (9223372036854775807, 1), -9223372036854775808),
    ("add", (), 0),
    ("add1", (4,), 5),
    ("sub", (1, 3), -2),
    ("mul", (2, 3, 4), 24),
    ("mul", (4611686018427387904, 2), -9223372036854775808),
    ("div", (7, -2), -3),
    ("div", (-7, 2), -3),
    ("div", (-9223372036854775808, -1), -9223372036854775808),
    ("mod", (-7, 3), -1),
    ("mod", (7, -3), 1),
    ("addf", (0.1, 0.2), 0.3),
    ("addf", (), 0.0),
    ("add1f", (0.1,), 1.1),
    ("subf", (0.3, 0.1), 0.2),
    ("mulf", (1.1, 1.1), 1.21),
    ("divf", (1, 3), 0.3333333333333333),
    ("divf", (-2, 3), -0.6666666666666667),
    ("mulf", (1e308, 1e308), math.inf),
    ("divf", (-1, 5e-324), -math.inf),
    ("max", (1, "5", 3), 5),
    ("biggest", (1, 2), 2),
    ("min", (3, 1, 2), 1),
    ("maxf", (1, 2.5), 2.5),
    ("maxf", (1, math.inf), math.inf),
    ("minf", (1, -2.5), -2.5),
    ("minf", (0.0, -0.0), -0.0),
    ("ceil", (1.1,), 2.0),
    ("ceil", (-0.5,), -0.0),
    ("floor", (-1.1,), -2.0),
    ("floor", ("x",), 0.0),
    ("floor", (math.inf,), math.inf),
    ("round", (123.5555, 3), 123.556),
    ("round", (-2.5, 0), -3.0),
    ("round", (2.5, 0), 3.0),
    ("round", (123.5555, 1, 0.9), 123.5),
    ("round", (1e308, 10), math.inf),
    ("round", (5, -1), 10.0),
    ("until", (3,), [0, 1, 2]),
    ("until", (-3,), [0, -1, -2]),
    ("until", (0,), []),
    ("untilStep", (0, 10, 3), [0, 3, 6, 9]),
    ("untilStep", (3, 0, -1), [3, 2, 1]),
    ("untilStep", (0, 3, 0), []),
    ("untilStep", (1, 2, 2**63 - 1), [1, -(2**63), -1]),
    ("untilStep", (3, 0, 1), []),
    ("seq", (), ""),
    ("seq", (3,), "1 2 3"),
    ("seq", (9223372036854775807,), ""),
    ("seq", (-2,), "1 0 -1 -2"),
    ("seq", (0,), "1 0"),
    ("seq", (1, 3), "1 2 3"),
    ("seq", (3, 1), "3 2 1"),
    ("seq", (1, 2, 5), "1 3 5"),
    ("seq", (5, -2, 1), "5 3 1"),
    ("seq", (5, 2, 1), ""),
    ("seq", (1, -1, 3), ""),
    ("seq", (1, 2, 3, 4), ""),
]

FAILURES: list[tuple[str, tuple[Any, ...], str]] = [
    ("div", (1, 0), "runtime error: integer divide by zero"),
    ("mod", (1, 0), "runtime error: integer divide by zero"),
    ("divf", (1, 0), "decimal division by 0"),
    ("addf", (math.inf,), "Cannot create a Decimal from +Inf"),
]


@pytest.mark.parametrize(("name", "arguments", "wanted"), VALUES)
def test_value(
    name: str, arguments: tuple[Any, ...], wanted: Any, call: Callable[..., Any]
) -> None:
    assert call(name, *arguments) == wanted


@pytest.mark.parametrize(("name", "arguments", "wanted"), FAILURES)
def test_failure(
    name: str, arguments: tuple[Any, ...], wanted: str, failure: Callable[..., str]
) -> None:
    assert failure(name, *arguments) == wanted
