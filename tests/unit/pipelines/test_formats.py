"""Dates and times in the form that a profile names."""

from __future__ import annotations

import datetime as dt

import pytest

from pipelines.formats import Value, reader

DAY = dt.date(2026, 10, 1)


@pytest.mark.parametrize(
    ("form", "kind", "text", "value"),
    [
        ("%Y%m%d", "date", "20261001", DAY),
        ("%y%m%d", "date", "261001", DAY),
        ("%d.%m.%Y", "date", "1.10.2026", DAY),
        ("%m/%d/%Y", "date", "10/1/2026", DAY),
        ("%EY年%m月%d日", "date", "令和8年10月1日", DAY),
        ("%EY.%m.%d", "date", "R8.10.1", DAY),
        ("%EY年%m月%d日", "date", "令和元年5月1日", dt.date(2019, 5, 1)),
        ("%Y%m", "month", "202610", DAY),
        ("%Y/%m/%d %H:%M", "timestamp", "2026/10/01 9:05", dt.datetime(2026, 10, 1, 9, 5)),
        ("%Y%m%d%H%M%S", "timestamp", "20261001090507", dt.datetime(2026, 10, 1, 9, 5, 7)),
        ("%Y%m%d %H%M", "timestamp", "２０２６１００１ ０９０５", dt.datetime(2026, 10, 1, 9, 5)),
        ("%H%M", "time", "0905", "09:05"),
        # another form, or what never was
        ("%Y%m%d", "date", "2026/10/01", None),
        ("%Y%m%d", "date", "2026101", None),
        ("%Y%m%d", "date", "20260231", None),
        ("%d/%m/%Y", "date", "10/13/2026", None),
        ("%H%M", "time", "2405", None),
        ("%Y.%m.%d", "date", "2026-10-01", None),
    ],
)
def test_a_form_is_read_as_it_says(form: str, kind: str, text: str, value: Value) -> None:
    assert reader(form, kind)(text) == value
