"""Durations, zones and the calendar; wanted values were checked against Go."""

from __future__ import annotations

from datetime import date as python_date
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.golang import json
from pillion.golang.json import JSONError
from pillion.golang.time import (
    UTC,
    Duration,
    Location,
    Month,
    Time,
    TimeError,
    Weekday,
    date,
    fixed_zone,
    format_duration,
    load_location,
    parse_duration,
    parse_in_location,
)

DURATIONS = [
    ("0", 0, "0s"),
    ("+5s", 5_000_000_000, "5s"),
    ("1ns", 1, "1ns"),
    ("1.5us", 1500, "1.5\u00b5s"),
    ("1\u03bcs", 1000, "1\u00b5s"),
    ("2.25ms", 2_250_000, "2.25ms"),
    ("-1m.5s", -60_500_000_000, "-1m0.5s"),
    ("1h30m", 5_400_000_000_000, "1h30m0s"),
    (".1h", 360_000_000_000, "6m0s"),
    ("1.0000000001s", 1_000_000_000, "1s"),
    ("0.333333333333333333333h", 1_200_000_000_000, "20m0s"),
    ("-9223372036854775808ns", -(1 << 63), "-2562047h47m16.854775808s"),
    ("9223372036854775807ns", (1 << 63) - 1, "2562047h47m16.854775807s"),
]


@pytest.mark.parametrize(("text", "nanoseconds", "printed"), DURATIONS)
def test_duration(text: str, nanoseconds: int, printed: str) -> None:
    duration = parse_duration(text)
    assert duration == nanoseconds
    assert duration.string() == printed


WRONG_DURATIONS = [
    ("", 'time: invalid duration ""'),
    ("-", 'time: invalid duration "-"'),
    (".s", 'time: invalid duration ".s"'),
    ("3", 'time: missing unit in duration "3"'),
    ("1h2", 'time: missing unit in duration "1h2"'),
    ("1d", 'time: unknown unit "d" in duration "1d"'),
    ("1 h", 'time: unknown unit " h" in duration "1 h"'),
    ("1\u00e9", 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'),
    ("9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
    ("3000000h", 'time: invalid duration "3000000h"'),
]


@pytest.mark.parametrize(("text", "wanted"), WRONG_DURATIONS)
def test_wrong_duration(text: str, wanted: str) -> None:
    with pytest.raises(TimeError) as caught:
        parse_duration(text)
    assert str(caught.value) == wanted


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_what_is_printed_is_read_back(nanoseconds: int) -> None:
    assert parse_duration(format_duration(nanoseconds)) == nanoseconds


ROUNDED = [
    (1500, 1000, 1000, 2000),
    (-1500, 1000, -1000, -2000),
    (1499, 1000, 1000, 1000),
    (7, 0, 7, 7),
]


@pytest.mark.parametrize(("value", "multiple", "cut", "nearest"), ROUNDED)
def test_rounding(value: int, multiple: int, cut: int, nearest: int) -> None:
    assert Duration(value).truncate(multiple) == cut
    assert Duration(value).round(multiple) == nearest


@given(st.dates(), st.integers(0, 86399))
def test_the_calendar_is_that_of_python(day: python_date, second: int) -> None:
    moment = date((day.year, day.month, day.day), (0, 0, second, 0), UTC)
    civil = moment.civil()
    assert (civil.year, civil.month, civil.day) == (day.year, day.month, day.day)
    assert civil.weekday == day.isoweekday() % 7
    assert civil.yday == day.timetuple().tm_yday
    since_epoch = (day - python_date(1970, 1, 1)) // timedelta(seconds=1)
    assert moment.seconds == since_epoch + second


YEARS = [
    (-62135596800, "0001-01-01 00:00:00 +0000 UTC"),
    (-62167219201, "-0001-12-31 23:59:59 +0000 UTC"),
    (253402300800, "10000-01-01 00:00:00 +0000 UTC"),
    (-(10**15), "-31686769-06-29 22:13:20 +0000 UTC"),
]


@pytest.mark.parametrize(("seconds", "wanted"), YEARS)
def test_years_of_any_size(seconds: int, wanted: str) -> None:
    assert Time(seconds).string() == wanted


def test_dates_carry_over() -> None:
    moment = date((2019, 14, -1), (25, 61, 61, 1_500_000_000), UTC)
    assert moment.string() == "2020-01-31 02:02:02.5 +0000 UTC"


def test_a_zone_of_the_database_changes_its_offset() -> None:
    berlin = load_location("Europe/Berlin")
    assert date((2020, 1, 1), (12, 0, 0, 0), berlin).format("15:04 MST -0700") == "12:00 CET +0100"
    assert date((2020, 7, 1), (12, 0, 0, 0), berlin).format("15:04 MST -0700") == "12:00 CEST +0200"
    # A time that the clocks skip, and one that they show twice.
    assert date((2020, 3, 29), (2, 30, 0, 0), berlin).format("15:04 MST") == "03:30 CEST"
    assert date((2020, 10, 25), (2, 30, 0, 0), berlin).format("15:04 MST") == "02:30 CET"


UNKNOWN_ZONES = [
    ("No/Zone", "unknown time zone No/Zone"),
    ("../x", "time: invalid location name"),
    ("/x", "time: invalid location name"),
]


@pytest.mark.parametrize(("name", "wanted"), UNKNOWN_ZONES)
def test_unknown_zone(name: str, wanted: str) -> None:
    with pytest.raises(TimeError) as caught:
        load_location(name)
    assert str(caught.value) == wanted


def test_an_offset_that_holds_in_the_location_takes_its_name() -> None:
    berlin = load_location("Europe/Berlin")
    layout = "2006-01-02 15:04 -0700"
    assert parse_in_location(layout, "2020-07-01 12:00 +0200", berlin).location is berlin
    assert parse_in_location(layout, "2020-07-01 12:00 +0100", berlin).location is not berlin
    named = parse_in_location("2006-01-02 15:04 MST", "2020-07-01 12:00 CEST", berlin)
    assert named.string() == "2020-07-01 12:00:00 +0200 CEST"


@given(
    st.integers(-62135596800, 253402300799),
    st.integers(0, 999_999_999),
    st.integers(-14 * 60, 14 * 60),
)
def test_what_is_formatted_is_parsed_back(seconds: int, nanosecond: int, minutes: int) -> None:
    layout = "2006-01-02T15:04:05.999999999Z07:00"
    moment = Time(seconds, nanosecond, fixed_zone("", minutes * 60))
    if 1 <= moment.civil().year <= 9999:
        assert parse_in_location(layout, moment.format(layout), UTC).instant() == moment.instant()


def test_months_and_weekdays_print_as_names() -> None:
    assert [Month(1).string(), Month(13).string()] == ["January", "%!Month(13)"]
    assert [Weekday(6).string(), Weekday(7).string()] == ["Saturday", "%!Weekday(7)"]


@pytest.mark.parametrize(
    ("layout", "text", "wanted"),
    [
        ("2006-01-02 002", "2023-03-04 063", "2023-03-04 00:00:00 +0000 UTC"),
        ("2006-002 -0700", "2024-060 +0130", "2024-02-29 00:00:00 +0130 +0130"),
        ("3:04PM -07:00", "12:10AM +05:30", "0000-01-01 00:10:00 +0530 +0530"),
        ("3:04pm", "12:10pm", "0000-01-01 12:10:00 +0000 UTC"),
        ("06 Jan Mon _2 MST", "69 feb tue  3 GMT+3", "1969-02-03 03:00:00 +0300 GMT+3"),
        ("2006 15:04:05", "2001 10:11:12.345", "2001-01-01 10:11:12.345 +0000 UTC"),
    ],
)
def test_parts_that_make_a_time(layout: str, text: str, wanted: str) -> None:
    assert parse_in_location(layout, text, UTC).string() == wanted


@pytest.mark.parametrize(
    ("layout", "text", "wanted"),
    [
        ("2006-01-02", "2024-02-30", ": day out of range"),
        ("2006-01-02", "2001-13-01", ": month out of range"),
        ("2006-002", "2023-366", ": day-of-year out of range"),
        ("2006-01-02 002", "2023-03-04 064", ": day-of-year does not match day"),
        ("15", "24", ": hour out of range"),
        ("05.999", "61.1", ": second out of range"),
        ("3:04pm -07:00:00", "12:10am +25:00:00", ": time zone offset hour out of range"),
        ("Z0700", "+0199", ": time zone offset minute out of range"),
        ("Z0700", "+ET99", ' as "Z0700": cannot parse "+ET99" as "Z0700"'),
        ("15:04:05.000", "10:11:12,12", ' as "15:04:05.000": cannot parse ",12" as ".000"'),
        ("Jan", "Foo", ' as "Jan": cannot parse "Foo" as "Jan"'),
        ("2006", "2001x", ': extra text: "x"'),
    ],
)
def test_parts_that_make_no_time(layout: str, text: str, wanted: str) -> None:
    with pytest.raises(TimeError) as caught:
        parse_in_location(layout, text, UTC)
    assert str(caught.value) == f'parsing time "{text}"{wanted}'


NO_RFC3339 = [
    (-1, UTC, "year outside of range [0,9999]"),
    (10_000, UTC, "year outside of range [0,9999]"),
    (2000, fixed_zone("x", 24 * 3600), "timezone hour outside of range [0,23]"),
    (2000, fixed_zone("x", 100 * 3600), "timezone hour outside of range [0,23]"),
]


@pytest.mark.parametrize(("year", "location", "reason"), NO_RFC3339)
def test_a_time_that_rfc_3339_cannot_say_has_no_json(
    year: int, location: Location, reason: str
) -> None:
    with pytest.raises(JSONError) as raised:
        json.marshal(date((year, 1, 1), (0, 0, 0, 0), location))
    failure = "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON"
    assert str(raised.value) == f"{failure}: {reason}"
