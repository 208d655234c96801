from __future__ import annotations

from typing import Any

import pytest

from pillion.gotemplate import constants


@pytest.mark.parametrize(
    ("text", "integer", "unsigned", "floating"),
    [
        ("12", 12, 12, 12.0),
        ("-1", -1, None, -1.0),
        ("0x_1F", 31, 31, 31.0),
        ("0b101", 5, 5, 5.0),
        ("017", 15, 15, 15.0),
        ("1e3", 1000, 1000, 1000.0),
        ("-1e3", -1000, None, -1000.0),
        ("2.5", None, None, 2.5),
        ("18446744073709551615", None, 18446744073709551615, 18446744073709551615.0),
        ("1e19", None, 10**19, 1e19),
    ],
)
def test_numbers(
    text: str, integer: int | None, unsigned: int | None, floating: float | None
) -> None:
    node = constants.number(0, text)
    assert (node.integer, node.unsigned, node.floating) == (integer, unsigned, floating)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1+2i", 1 + 2j),
        ("-1.5-0x1p2i", -1.5 - 4j),
        ("1e-1+1e+1i", 0.1 + 10j),
        (".5e+3-.2e-1i", 500 - 0.02j),
        ("-0x1P-2-0X1P+2i", -0.25 - 4j),
        ("010+1_0i", 10 + 10j),
    ],
)
def test_complex_numbers(text: str, wanted: complex) -> None:
    node = constants.complex_number(0, text)
    assert node.complex == wanted
    assert constants.ideal_constant(node) == wanted


def test_a_complex_number_without_an_imaginary_part_is_real_too() -> None:
    node = constants.number(0, "0i")
    assert (node.complex, node.integer, node.floating) == (0j, 0, 0.0)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("12", 12), ("1e3", 1000.0), ("0x1e3", 0x1E3), ("0x1p1", 2.0), ("2.5", 2.5), ("1i", 1j)],
)
def test_the_type_that_a_number_has_by_itself(text: str, wanted: Any) -> None:
    ideal = constants.ideal_constant(constants.number(0, text))
    assert ideal == wanted
    assert type(ideal) is type(wanted)


def test_a_character_is_a_number() -> None:
    node = constants.character(0, r"'\n'")
    assert (node.integer, node.unsigned, node.floating) == (10, 10, 10.0)
    assert constants.ideal_constant(node) == 10


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1e400", 'illegal number syntax: "1e400"'),
        ("18446744073709551616", 'integer overflow: "18446744073709551616"'),
        ("1_", 'illegal number syntax: "1_"'),
    ],
)
def test_no_numbers(text: str, wanted: str) -> None:
    with pytest.raises(constants.NumberError) as caught:
        constants.number(0, text)
    assert str(caught.value) == wanted


def test_two_characters_are_none() -> None:
    with pytest.raises(constants.NumberError) as caught:
        constants.character(0, "'ab'")
    assert str(caught.value) == "malformed character constant: 'ab'"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0b11+1i", "syntax error scanning complex number"),
        ("1+0b1i", "syntax error scanning complex number"),
        ("0x1e-2i", 'strconv.ParseFloat: parsing "0x1e": invalid syntax'),
        ("1e-+2i", 'strconv.ParseFloat: parsing "1e-": invalid syntax'),
        ("1+2e400i", 'strconv.ParseFloat: parsing "+2e400": value out of range'),
    ],
)
def test_no_complex_numbers(text: str, wanted: str) -> None:
    with pytest.raises(constants.NumberError) as caught:
        constants.complex_number(0, text)
    assert str(caught.value) == wanted
