# ruff: noqa: E501 - what Go prints stands as it is printed
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.kubernetes import quantity
from pillion.kubernetes.errors import QuantityError

# The text, and what k8s.io/apimachinery prints and gives as Value and MilliValue.
QUANTITIES = [
    ("0", "0", 0, 0),
    ("1", "1", 1, 1000),
    ("10", "10", 10, 10000),
    ("010", "010", 10, 10000),
    ("+5", "+5", 5, 5000),
    ("-5", "-5", -5, -5000),
    ("1000", "1k", 1000, 1000000),
    ("1500", "1500", 1500, 1500000),
    ("1.5", "1500m", 2, 1500),
    ("0.5", "500m", 1, 500),
    ("0.1", "100m", 1, 100),
    ("100m", "100m", 1, 100),
    ("1000m", "1", 1, 1000),
    ("1500m", "1500m", 2, 1500),
    ("0.1m", "100u", 1, 1),
    ("1.0001m", "1000100n", 1, 2),
    ("1n", "1n", 1, 1),
    ("0.5n", "1n", 1, 1),
    ("1e-10", "1e-9", 1, 1),
    ("100u", "100u", 1, 1),
    ("k", "0", 0, 0),
    ("m", "0", 0, 0),
    ("1k", "1k", 1000, 1000000),
    ("1000k", "1M", 1000000, 1000000000),
    ("1M", "1M", 1000000, 1000000000),
    ("1G", "1G", 1000000000, 1000000000000),
    ("1T", "1T", 1000000000000, 1000000000000000),
    ("1P", "1P", 1000000000000000, 1000000000000000000),
    ("1E", "1E", 1000000000000000000, 0),
    ("1000E", "1", 0, 0),
    ("1e3", "1e3", 1000, 1000000),
    ("1E3", "1E3", 1000, 1000000),
    ("12e6", "12e6", 12000000, 12000000000),
    ("100e-3", "100e-3", 1, 100),
    ("1e-3", "1e-3", 1, 1),
    ("1Ki", "1Ki", 1024, 1024000),
    ("1024Ki", "1Mi", 1048576, 1048576000),
    ("1000Ki", "1000Ki", 1024000, 1024000000),
    ("1.5Gi", "1536Mi", 1610612736, 1610612736000),
    ("0.5Gi", "512Mi", 536870912, 536870912000),
    ("4.2Ti", "4617948836659200m", 4617948836660, 4617948836659200),
    ("1023", "1023", 1023, 1023000),
    ("1Mi", "1Mi", 1048576, 1048576000),
    ("1.1Ki", "1126400m", 1127, 1126400),
    ("10Ei", "9223372036854775807", 9223372036854775807, -1000),
    ("-10Ei", "-9223372036854775807", -9223372036854775807, 1000),
    ("0Ki", "0", 0, 0),
    ("1e22", "10e21", 0, 0),
    ("123456789012345678901", "123456789012345678901", -5670419503621182411, -7269072992350064888),
    ("-0.5", "-500m", -1, -500),
    ("00", "0", 0, 0),
    ("0.0", "0", 0, 0),
    ("5.000", "5", 5, 5000),
    ("1.", "1.", 1, 1000),
    ("3.25M", "3250k", 3250000, 3250000000),
]

ERRORS = [
    (
        "",
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ),
    (
        "a",
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ),
    (
        " 1",
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ),
    (
        "1 ",
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ),
    (
        "1.5.5",
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ),
    ("--1", "unable to parse quantity's suffix"),
    ("1kk", "unable to parse quantity's suffix"),
    ("1K", "unable to parse quantity's suffix"),
    ("1mi", "unable to parse quantity's suffix"),
    ("1e", "unable to parse quantity's suffix"),
    ("1i", "unable to parse quantity's suffix"),
    ("Pi", "unable to parse numeric part of quantity"),
    ("1e99999999999999999999", "unable to parse quantity's suffix"),
    ("1-", "unable to parse quantity's suffix"),
    ("e", "unable to parse quantity's suffix"),
    ("+-1", "unable to parse quantity's suffix"),
    (
        "1Gi ",
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ),
    (
        "\xe9",
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ),
]


@pytest.mark.parametrize(("text", "wanted", "value", "milli_value"), QUANTITIES)
def test_quantities(text: str, wanted: str, value: int, milli_value: int) -> None:
    parsed = quantity.parse(text)
    assert str(parsed) == quantity.canonical(text) == wanted
    assert (quantity.value(parsed), quantity.milli_value(parsed)) == (value, milli_value)


@pytest.mark.parametrize(("text", "wanted"), ERRORS)
def test_errors_are_worded_as_in_go(text: str, wanted: str) -> None:
    with pytest.raises(QuantityError) as caught:
        quantity.canonical(text)
    assert str(caught.value) == wanted


@pytest.mark.parametrize(
    "text", ["1e2147483647", "1e-2147483648", "9" * 1000, "9" * 900 + "e2000000000"]
)
def test_huge_numbers_cost_nothing(text: str) -> None:
    assert quantity.canonical(text)


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(QuantityError, match="more than 1000 characters"):
        quantity.canonical("9" * 100_000)


@given(
    st.from_regex(r"-?[0-9]{1,12}([.][0-9]{1,12})?([numkMG]|[KMG]i|e[-+]?[0-9])?", fullmatch=True)
)
def test_the_canonical_form_is_canonical(text: str) -> None:
    once = quantity.canonical(text)
    assert quantity.canonical(once) == once
