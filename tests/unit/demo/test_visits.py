"""Two years of visits have the shape that the city's story needs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.demo import days, line
from pipelines.demo.world import HARBOUR, MAIN, NORTH, QUEUES, REFORM

REFORMED = "市民課"


def spring(tickets: pd.DataFrame, year: int) -> pd.Series:
    """P90 of March and April by weekday and hour, weekdays with at least 50 calls."""
    chosen = tickets[
        (tickets["department"] == REFORMED)
        & tickets["month"].isin([f"{year}-03", f"{year}-04"])
        & (tickets["weekday"] < 5)
        & tickets["wait"].notna()
    ]
    groups = chosen.groupby(["weekday", "hour"])["wait"]
    return groups.quantile(0.9)[groups.size() >= 50]


def test_about_a_quarter_of_a_million_tickets_at_three_offices(tickets: pd.DataFrame) -> None:
    assert 230_000 <= len(tickets) <= 270_000
    assert set(tickets["office"]) == {MAIN, NORTH, HARBOUR}
    assert len(set(tickets["month"])) == 24
    assert set(tickets.loc[tickets["office"] == MAIN, "department"]) >= {
        "市民課",
        "保険年金課",
        "税務課",
        "福祉課",
    }
    counters = tickets.loc[tickets["department"] == REFORMED].groupby("day")["counter"].nunique()
    assert counters[counters.index.day_of_week < 5].isin([4, 5]).mean() > 0.98


def test_reform_cuts_the_peak_wait_from_an_hour_to_a_quarter(tickets: pd.DataFrame) -> None:
    before, after = spring(tickets, 2025), spring(tickets, 2026)
    busiest = before.idxmax()
    assert 50 <= before.max() <= 70
    assert 10 <= after[busiest] <= 20
    assert after.max() < before.max() / 2


def test_outside_the_rush_people_wait_a_few_minutes(tickets: pd.DataFrame) -> None:
    quiet = tickets[~tickets["month"].str[-2:].isin(["03", "04"])]
    medians = quiet.groupby(["office", "department"])["wait"].median()
    assert medians.between(1, 6).all(), medians


def test_reform_only_shortens_service_at_the_reformed_office(tickets: pd.DataFrame) -> None:
    service = (tickets["finished"] - tickets["called"]) / 60
    after = tickets["day"] >= np.datetime64(REFORM)
    moves = (tickets["department"] == REFORMED) & (tickets["procedure"] == "住所変更")
    assert 31 <= service[moves & ~after].mean() <= 36
    assert 13.5 <= service[moves & after].mean() <= 16
    north = (tickets["office"] == NORTH) & (tickets["procedure"] == "税証明・納付")
    assert abs(service[north & after].mean() / service[north & ~after].mean() - 1) < 0.05


def test_tickets_are_issued_while_open(tickets: pd.DataFrame) -> None:
    assert tickets["issued"].ge(days.OPENS).all()
    late = tickets[tickets["issued"] >= days.CLOSES]
    assert set(late["department"]) == {REFORMED}
    assert set(late["weekday"]) == {days.THURSDAY}
    assert late["issued"].max() < days.EVENING_CLOSES
    saturdays = tickets[tickets["weekday"] == days.SATURDAY]
    assert set(saturdays["department"]) == {REFORMED}
    assert saturdays["day"].dt.day.between(8, 14).all()
    assert not (tickets["weekday"] == 6).any()


def test_offices_are_closed_on_holidays_and_around_new_year(tickets: pd.DataFrame) -> None:
    open_days = set(tickets["day"].dt.date)
    assert not open_days & set(days.holiday_names())
    year_end = [day for day in open_days if (day.month, day.day) >= (12, 29)]
    new_year = [day for day in open_days if (day.month, day.day) <= (1, 3)]
    assert year_end == new_year == []


def test_times_are_in_order_and_outcomes_follow_from_them(tickets: pd.DataFrame) -> None:
    assert (tickets["wait"].dropna() >= 0).all()
    assert (tickets["finished"] > tickets["called"])[tickets["finished"].notna()].all()
    assert (tickets["finished"].notna() == (tickets["outcome"] == line.SERVED)).all()
    called = tickets["outcome"].isin([line.SERVED, line.NO_SHOW])
    assert (tickets["called"].notna() == called).all()
    shares = tickets["outcome"].value_counts(normalize=True)
    assert 0.005 < shares[line.NO_SHOW] < 0.03
    assert 0 < shares[line.CANCELLED] < 0.01
    assert 0 < shares[line.ABANDONED] < 0.01


def test_demand_has_a_weekday_an_hour_and_a_season(tickets: pd.DataFrame) -> None:
    own = tickets[(tickets["department"] == REFORMED) & (tickets["weekday"] < 5)]
    per_day = own.groupby("day").size()
    by_weekday = per_day.groupby(per_day.index.day_of_week).mean()
    assert by_weekday.idxmax() == 0
    by_month = per_day.groupby(per_day.index.month).mean()
    assert set(by_month.nlargest(2).index) == {3, 4}
    by_hour = own.groupby("hour").size()
    assert by_hour[12] < 0.8 * min(by_hour[10], by_hour[13])
    after = [days.after_closed_days(day.date()) for day in per_day.index]
    tuesday_to_friday = per_day.index.day_of_week > 0
    follows = per_day[np.array(after) & tuesday_to_friday].mean()
    assert follows > per_day[~np.array(after) & tuesday_to_friday].mean()


def test_fewer_people_are_sent_on_after_the_reform(tickets: pd.DataFrame) -> None:
    sent = tickets["forwarded_from"] != ""
    after = tickets["day"] >= np.datetime64(REFORM)
    main = tickets["office"] == MAIN
    assert sent[main & after].mean() < 0.7 * sent[main & ~after].mean()
    assert not sent[~main].any()


def test_the_last_month_has_something_for_the_quality_page_to_find(tickets: pd.DataFrame) -> None:
    """A counter that falls silent, and a day of which an office has no log."""
    october = tickets[tickets["month"] == "2026-10"]
    harbour = october[october["office"] == HARBOUR]
    silent = harbour["day"] >= np.datetime64(days.OUT_OF_ORDER)
    assert set(harbour.loc[~silent, "counter"]) == {1, 2}
    assert set(harbour.loc[silent, "counter"]) == {1}
    office, lost = days.LOST_LOG
    open_days = {
        shift.day for queue in QUEUES if queue.office == office for shift in days.shifts(queue)
    }
    recorded = set(tickets.loc[tickets["office"] == office, "day"].dt.date)
    assert open_days - recorded == {lost}
