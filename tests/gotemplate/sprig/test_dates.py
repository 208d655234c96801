"""Times; wanted values were checked against sprig itself, where local time is UTC."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from pillion.golang.time import LOCAL, UTC, Duration, Month, Time, Weekday, fixed_zone
from pillion.golang.values import Int32, Int64
from pillion.gotemplate.failures import UnlocatedError
from pillion.gotemplate.sprig.moments import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True)
def _local_is_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


WHEN = 1560458379
MOMENT = Moment(WHEN, 120_000_000, UTC)

VALUES: list[tuple[str, tuple[Any, ...], str]] = [
    ("date", ("2006-01-02T15:04:05Z07:00", WHEN), "2019-06-13T20:39:39Z"),
    ("date", ("Monday, Jan _2 06 03:04 pm MST", Int64(WHEN)), "Thursday, Jun 13 19 08:39 pm UTC"),
    ("date", ("002 __2 .00 ,999", Int32(0)), "001   1 .00 "),
    ("date", (".00 .999", MOMENT), ".12 .12"),
    ("htmlDate", (951782400,), "2000-02-29"),
    ("htmlDateInZone", (0, "Asia/Tokyo"), "1970-01-01"),
    ("dateInZone", ("15:04 -07:00 MST", WHEN, "America/New_York"), "16:39 -04:00 EDT"),
    ("dateInZone", ("15:04 MST", WHEN, "No/Zone"), "20:39 UTC"),
    ("date_in_zone", ("-07 -070000", WHEN, "Asia/Kolkata"), "+05 +053000"),
    ("duration", ("61",), "1m1s"),
    ("duration", ("x",), "0s"),
    ("duration", (61,), "0s"),
    ("duration", (Int64(90),), "1m30s"),
    ("durationRound", ("2h5s",), "2h"),
    ("durationRound", ("1h",), "60m"),
    ("durationRound", ("8761h",), "1y"),
    ("durationRound", ("-721h",), "1mo"),
    ("durationRound", (Int64(-5 * 10**9),), "5s"),
    ("durationRound", (5,), "0s"),
    ("unixEpoch", (MOMENT,), "1560458379"),
]

PARSED = [
    ("2006-01-02", "2020-02-29", "2020-02-29 00:00:00 +0000 UTC"),
    (
        "2006-01-02T15:04:05Z07:00",
        "2020-02-29T10:00:00.5+02:00",
        "2020-02-29 10:00:00.5 +0200 +0200",
    ),
    ("02 Jan 06 15:04 MST", "13 Jun 69 20:39 GMT", "1969-06-13 20:39:00 +0000 GMT"),
    ("2006-01-02 15:04 MST", "2019-06-13 20:39 CEST", "2019-06-13 20:39:00 +0000 CEST"),
    ("3:04PM", "12:07AM", "0000-01-01 00:07:00 +0000 UTC"),
    ("2006-002", "2020-060", "2020-02-29 00:00:00 +0000 UTC"),
    ("2006-01-02", "bad", "0001-01-01 00:00:00 +0000 UTC"),
]

REFUSED = [
    ("2006-01-02", "bad", 'parsing time "bad" as "2006-01-02": cannot parse "bad" as "2006"'),
    (
        "2006-01-02",
        "2020-1-02",
        'parsing time "2020-1-02" as "2006-01-02": cannot parse "1-02" as "01"',
    ),
    ("2006-01-02", "2020-13-01", 'parsing time "2020-13-01": month out of range'),
    ("2006-01-02", "2019-02-29", 'parsing time "2019-02-29": day out of range'),
    ("2006-01-02", "2020-01-02x", 'parsing time "2020-01-02x": extra text: "x"'),
    ("2006-002", "2019-366", 'parsing time "2019-366": day-of-year out of range'),
    ("15:04", "25:00", 'parsing time "25:00": hour out of range'),
    (
        "15:04 -0700",
        "10:00 +2500",
        'parsing time "10:00 +2500": time zone offset hour out of range',
    ),
    ("é", "e", 'parsing time "e" as "\\xc3\\xa9": cannot parse "e" as "\\xc3\\xa9"'),
]


@pytest.mark.parametrize(("name", "arguments", "wanted"), VALUES)
def test_value(
    name: str, arguments: tuple[Any, ...], wanted: str, call: Callable[..., Any]
) -> None:
    assert call(name, *arguments) == wanted


@pytest.mark.parametrize(("layout", "text", "wanted"), PARSED)
def test_to_date(layout: str, text: str, wanted: str, call: Callable[..., Any]) -> None:
    assert call("toDate", layout, text).string() == wanted


@pytest.mark.parametrize(("layout", "text", "wanted"), REFUSED)
def test_must_to_date(layout: str, text: str, wanted: str, failure: Callable[..., str]) -> None:
    assert failure("mustToDate", layout, text) == wanted


def test_date_modify(call: Callable[..., Any], failure: Callable[..., str]) -> None:
    assert call("dateModify", "-1.5h", MOMENT).string() == "2019-06-13 19:09:39.12 +0000 UTC"
    assert call("dateModify", "bad", MOMENT) == MOMENT
    assert failure("mustDateModify", "bad", MOMENT) == 'time: invalid duration "bad"'


def test_now_and_ago(call: Callable[..., Any]) -> None:
    assert call("ago", call("now")) == "0s"


METHODS: list[tuple[str, tuple[Any, ...], Any]] = [
    ("Year", (), 2019),
    ("Month", (), Month(6)),
    ("Day", (), 13),
    ("Weekday", (), Weekday(4)),
    ("YearDay", (), 164),
    ("Hour", (), 20),
    ("Nanosecond", (), 120_000_000),
    ("Unix", (), Int64(WHEN)),
    ("UnixMilli", (), Int64(WHEN * 1000 + 120)),
    ("Format", ("Jan 2",), "Jun 13"),
    ("Add", (Duration(10**9),), Time(WHEN + 1, 120_000_000, UTC)),
    ("AddDate", (0, 9, -14), Time(1582922379, 120_000_000, UTC)),
    ("Sub", (Time(WHEN, 0, UTC),), Duration(120_000_000)),
    ("Truncate", (Duration(3600 * 10**9),), Time(1560456000, 0, UTC)),
    ("Round", (Duration(3600 * 10**9),), Time(1560459600, 0, UTC)),
    ("Before", (Time(WHEN, 0, UTC),), False),
    ("Equal", (Time(WHEN, 120_000_000, fixed_zone("X", 60)),), True),
    ("In", (LOCAL,), Time(WHEN, 120_000_000, LOCAL)),
    ("IsZero", (), False),
    ("GoString", (), "time.Date(2019, time.June, 13, 20, 39, 39, 120000000, time.UTC)"),
    ("MarshalText", (), b"2019-06-13T20:39:39.12Z"),
]


@pytest.mark.parametrize(("name", "arguments", "wanted"), METHODS)
def test_method(name: str, arguments: tuple[Any, ...], wanted: Any) -> None:
    method: Any = MOMENT.method(name)
    assert method.call(*arguments) == wanted
    assert len(method.params) == len(arguments)


def test_a_method_of_several_results_cannot_be_called() -> None:
    with pytest.raises(UnlocatedError, match=r"^function Date has 3 return values"):
        MOMENT.method("Date")
    with pytest.raises(UnlocatedError, match=r"second return value should be error; is int$"):
        MOMENT.method("Zone")


def test_names_are_printed_by_methods_too() -> None:
    month: Any = MOMENT.method("Month")
    assert month.call().method("String")() == "June"


def test_an_unknown_method_is_none() -> None:
    assert MOMENT.method("Nope") is None
