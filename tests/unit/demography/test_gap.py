"""The gap by hand, its parts, its scope, its interval, and its agreement with plain loops."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time

import numpy as np
import pandas as pd
import pytest

from demography.gap import InputError, fiscal_year, inputs_from_frames, project
from demography.notes import NOTES, note
from demography.scenario import BASELINE, PRESETS, Hiring, Scenario
from demography.workforce import AGES
from tests.unit.demography.frames import CATEGORIES, bands, naive, staff, survey

NO_HIRES = Hiring(number=0)
STILL = Scenario(hiring=NO_HIRES, separation_multiplier=0)
"""Nobody comes, nobody leaves before the age limit: what is left can be counted by hand."""

STEADY = bands({2020: 1000, 2025: 1000, 2050: 1000})


def by_year(frame: pd.DataFrame, column: str) -> dict[int, float]:
    return frame.groupby("year")[column].sum().to_dict()


def build(
    people: pd.DataFrame,
    hours: pd.DataFrame | None,
    population: pd.DataFrame | None = STEADY,
    base_year: int = 2025,
    **options: object,
):
    return inputs_from_frames(
        people,
        hours,
        population,
        CATEGORIES,
        base_year=base_year,
        **options,  # type: ignore[arg-type]
    )


def test_required_available_and_gap_by_hand() -> None:
    """Ten people, 19,530 hours (= 10.5 FTE): half an FTE is short in 2025. People from 75 double
    by 2050, so visits double; one tenth of reception goes by 2030; a retiree leaves in FY2026."""
    people = staff((30, "regular", 9), (60, "regular", 1))
    hours = survey(("市民課", "reception", "regular", 18600), ("福祉課", "visit", "regular", 930))
    population = bands({2025: 1000, 2030: 1000, 2050: 1000}, {2025: 100, 2030: 120, 2050: 200})
    scenario = dataclasses.replace(STILL, dx_share={"reception": 0.1}, dx_year=2030, rehire_rate=0)
    result = project(build(people, hours, population), scenario)
    gap = result.gap.set_index("year")
    everybody = {2025: 15 * 1000 + 4 * 100, 2030: 15 * 1000 + 4 * 120}
    assert gap.loc[2025, "required_fte"] == pytest.approx(10.5)
    assert gap.loc[2025, "gap_fte"] == pytest.approx(0.5)
    required = 10 * everybody[2030] / everybody[2025] * 0.9 + 0.5 * 1.2
    assert gap.loc[2030, "required_fte"] == pytest.approx(required)
    assert gap.loc[2030, "available_fte"] == pytest.approx(9)
    assert gap.loc[2030, "gap_share"] == pytest.approx((required - 9) / required)
    assert by_year(result.flow, "retirements")[2026] == pytest.approx(1)
    visits = result.required[result.required["category"] == "visit"].set_index("year")
    assert visits.loc[2050, "hours"] == pytest.approx(1860)
    assert visits.loc[2050, "department"] == "福祉課"


@pytest.mark.parametrize("scenario", PRESETS, ids=lambda scenario: scenario.name)
def test_parts_add_up_and_intervals_are_nested(scenario: Scenario) -> None:
    people = staff(
        (25, "regular", 40), (45, "regular", 60), (58, "regular", 30), (62, "rehired", 5)
    )
    hours = survey(
        ("", "reception", "regular", 150_000), ("", "liaison", "outsourced", 100_000), year="2024"
    )
    population = bands({2020: 1000, 2025: 950, 2030: 900, 2035: 850, 2040: 800})
    gap = project(build(people, hours, population), scenario, draws=300).gap
    parts = gap["base_gap_fte"] + gap["demand_change_fte"] + gap["supply_loss_fte"]
    assert parts.to_numpy() == pytest.approx(gap["gap_fte"].to_numpy())
    assert (gap["required_fte"] - gap["available_fte"]).to_numpy() == pytest.approx(
        gap["gap_fte"].to_numpy()
    )
    later = gap[gap["year"] > 2025]
    edges = later[["gap_low95", "gap_low80", "gap_high80", "gap_high95"]].to_numpy()
    assert (np.diff(edges, axis=1) > 0).all()
    assert gap["year"].tolist() == list(range(2025, 2041)), "nothing beyond the projection"
    assert gap.set_index("year").loc[[2030, 2031], "is_interpolated"].tolist() == [False, True]


def test_available_equals_the_naive_loop() -> None:
    regular = {age: 5.0 + age % 7 for age in range(20, 62)}
    rehired = {62: 4.0, 63: 2.0}
    cells = [(age, "regular", n) for age, n in regular.items()]
    people = staff(*cells, *((age, "rehired", n) for age, n in rehired.items()))
    scenario = Scenario(hiring=Hiring(number=11), rehire_rate=0.6, rehire_fte=1.0)
    result = project(build(people, None), scenario, draws=0)
    states = result.staff.groupby(["year", "age", "kind"])["headcount"].sum()
    loop = naive(regular, rehired, 2025, 25, 11, 0.6)
    for year, (state, again, totals) in enumerate(loop, start=2026):
        for kind, expected in (("regular", state), ("rehired", again)):
            cells_now = {age: n for age, n in expected.items() if n > 1e-9}
            found = states.xs((year, kind), level=("year", "kind")) if cells_now else {}
            assert dict(found) == pytest.approx(cells_now)
        flow = result.flow.set_index("year").loc[year - 1]
        assert flow[list(totals)].tolist() == pytest.approx(list(totals.values()))
        assert flow["hires"] == pytest.approx(11)


def test_several_municipalities_are_the_same_as_one_by_one() -> None:
    first = staff((30, "regular", 9), (58, "regular", 3), (40, "fixed_term", 4))
    second = staff((22, "regular", 2), (50, "regular", 20))
    hours = survey(("市民課", "reception", "unknown", 20_000))
    other = survey(("総務課", "collection", "regular", 41_000), year="2023")
    falling = bands({2020: 100, 2025: 90, 2030: 85})
    scenario = PRESETS[2]
    alone = [
        project(build(first, hours), scenario, draws=0),
        project(build(second, other, falling), scenario, draws=0),
    ]

    def both(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([a.assign(municipality="010006"), b.assign(municipality="020001")])

    together = project(
        build(both(first, second), both(hours, other), both(STEADY, falling)), scenario, draws=0
    )
    for name in ("required", "available", "staff", "flow", "gap", "scope"):
        frame = getattr(together, name)
        for code, single in zip(("010006", "020001"), alone, strict=True):
            part = frame[frame["municipality"] == code].drop(columns="municipality")
            expected = getattr(single, name).drop(columns="municipality")
            keys = [c for c in expected if c in ("year", "age", "kind", "department", "category")]
            if keys:
                part, expected = part.sort_values(keys), expected.sort_values(keys)
            pd.testing.assert_frame_equal(
                part.reset_index(drop=True), expected.reset_index(drop=True)
            )


def test_hiring_follows_the_cohort_20_to_24() -> None:
    """The pool halves from 2025 to 2030: elasticity 1 halves hires, 0.5 takes them to 71 %."""
    rows = [
        (year, age, 500 if (year, age) == (2030, 20) else 1000)
        for year in (2025, 2030)
        for age in range(0, 95, 5)
    ]
    population = pd.DataFrame(rows, columns=["year", "age", "value"])
    for elasticity, expected in ((1.0, 10 / 2), (0.5, 10 / 2**0.5), (0.0, 10.0)):
        hiring = Hiring("pool", number=10, elasticity=elasticity)
        flow = project(
            build(staff((30, "regular", 100)), None, population), Scenario(hiring=hiring), draws=0
        ).flow.set_index("year")
        assert flow.loc[2025, "hires"] == pytest.approx(10)
        assert flow.loc[2030, "hires"] == pytest.approx(expected)
        assert flow.loc[2049, "hires"] == pytest.approx(expected), "the last known pool goes on"
        assert np.isnan(flow.loc[2031, "pool_20_24"])


def test_fte_follows_kind_and_rehire_share() -> None:
    """Two of ten work half time; whoever is rehired works 0.8; fixed-term FTE stays as counted."""
    people = staff((40, "regular", 10), (59, "regular", 5), (35, "fixed_term", 10))
    fte = staff((40, "regular", 9), (59, "regular", 4.5), (35, "fixed_term", 6))
    scenario = dataclasses.replace(STILL, rehire_rate=1.0, rehire_fte=0.8)
    result = project(build(people, None, base_year=2022, staff_fte=fte), scenario, draws=0)
    kinds = result.available.pivot(index="year", columns="kind", values="fte")
    assert kinds.loc[2022, ["regular", "fixed_term"]].tolist() == pytest.approx([13.5, 6])
    assert kinds.loc[2023, ["regular", "rehired", "fixed_term"]].tolist() == pytest.approx(
        [9, 4, 6]
    )
    assert kinds.loc[2027, "rehired"] == pytest.approx(4)
    assert np.isnan(kinds.loc[2028, "rehired"])
    shrinking = dataclasses.replace(scenario, fixed_term_change=-0.5)
    less = project(build(people, None, base_year=2022, staff_fte=fte), shrinking, draws=0)
    assert less.available.query("kind == 'fixed_term' and year == 2024")["fte"].sum() == 1.5


class TestScope:
    """Both sides of the gap cover the same work."""

    people = staff((40, "regular", 10), (35, "fixed_term", 4))

    def supply(self, hours: pd.DataFrame, people: pd.DataFrame | None = None):
        result = project(build(self.people if people is None else people, hours), STILL, draws=0)
        base = result.available[result.available["year"] == 2025]
        return result, base.set_index("kind")["fte"].to_dict()

    def test_outsourced_hours_are_supply(self) -> None:
        hours = survey(
            ("", "reception", "regular", 18600),
            ("", "reception", "fixed_term", 7440),
            ("", "reception", "outsourced", 3720),
        )
        result, kinds = self.supply(hours)
        assert kinds == pytest.approx({"regular": 10, "fixed_term": 4, "outsourced": 2})
        assert result.gap.loc[0, "base_gap_fte"] == pytest.approx(0)
        assert "outsourced_constant" in result.notes

    def test_fixed_term_staff_stays_outside_where_the_survey_has_none_of_their_hours(self) -> None:
        result, kinds = self.supply(survey(("", "reception", "regular", 18600)))
        assert kinds == pytest.approx({"regular": 10})
        assert result.scope.loc[0, "staff_share"] == pytest.approx(10 / 14)
        assert "fixed_term_outside" in result.notes

    def test_hours_of_unknown_kind_belong_to_all_staff(self) -> None:
        _, kinds = self.supply(survey(("", "reception", "unknown", 14 * 1860)))
        assert kinds == pytest.approx({"regular": 10, "fixed_term": 4})

    def test_fixed_term_hours_without_such_staff_are_supply_of_their_own(self) -> None:
        hours = survey(("", "reception", "regular", 18600), ("", "visit", "fixed_term", 5580))
        result, kinds = self.supply(hours, staff((40, "regular", 10)))
        assert kinds == pytest.approx({"regular": 10, "fixed_term": 3})
        assert "fixed_term_from_survey" in result.notes

    def test_only_staff_of_surveyed_departments_counts(self) -> None:
        people = pd.concat(
            [
                self.people.assign(department="市民課"),
                staff((50, "regular", 30)).assign(department="消防"),
            ]
        )
        hours = survey(("市民課", "reception", "unknown", 16 * 1860))
        result, kinds = self.supply(hours, people)
        assert kinds == pytest.approx({"regular": 10, "fixed_term": 4})
        assert result.gap.loc[0, "base_gap_fte"] == pytest.approx(2), "overtime stays visible"
        assert result.scope.loc[0, "coverage"] == pytest.approx(16 / 14)
        assert "departments_matched" in result.notes

    def test_a_survey_of_a_part_scales_supply_to_it(self) -> None:
        result, kinds = self.supply(survey(("", "reception", "unknown", 7 * 1860)))
        assert kinds == pytest.approx({"regular": 5, "fixed_term": 2})
        assert result.scope.loc[0, "coverage"] == pytest.approx(0.5)
        assert result.gap.loc[0, "base_gap_fte"] == pytest.approx(0)
        assert "scaled_to_survey" in result.notes


def test_without_a_projection_only_the_base_year_is_required() -> None:
    hours = survey(("", "reception", "regular", 18600), year="2023")
    result = project(build(staff((40, "regular", 10)), hours, None))
    assert result.gap["year"].tolist() == [2025]
    assert result.required["hours"].tolist() == [18600]
    assert len(result.flow) == 25, "staff goes on to 2050"
    assert "no_population" in result.notes


def test_without_a_survey_there_is_staff_but_no_gap() -> None:
    result = project(build(staff((40, "regular", 10)), None))
    assert result.gap.empty
    assert result.required.empty
    assert len(result.flow) == 25
    assert "no_workload" in result.notes


def test_totals_alone_drive_all_work() -> None:
    totals = pd.DataFrame({"year": [2025, 2035], "age": [np.nan, np.nan], "value": [1000.0, 500.0]})
    hours = survey(("", "visit", "regular", 1860), ("", "liaison", "regular", 1860))
    result = project(build(staff((40, "regular", 2)), hours, totals), PRESETS[2])
    assert by_year(result.required, "fte") == pytest.approx(
        {2025 + n: 2 - n * 0.05 for n in range(11)}
    )
    assert {"no_age_detail", "no_pool"} <= set(result.notes)


def test_age_groups_drive_what_they_can() -> None:
    groups = {"0-14": (100, 100), "15-64": (600, 300), "65-74": (200, 200), "75+": (100, 400)}
    rows = [
        (year, group, values[at])
        for group, values in groups.items()
        for at, year in enumerate((2025, 2030))
    ]
    population = pd.DataFrame(rows, columns=["year", "age_group", "value"])
    hours = survey(("", "visit", "regular", 100), ("", "collection", "regular", 100))
    result = project(build(staff((40, "regular", 2)), hours, population))
    in_2030 = result.required[result.required["year"] == 2030].set_index("category")["hours"]
    assert in_2030.to_dict() == pytest.approx({"visit": 400, "collection": 50})
    assert "no_age_bands" in result.notes


def test_the_newest_survey_counts_and_its_year_is_the_driver_base() -> None:
    population = bands({2020: 1000, 2025: 500, 2030: 500})
    old, new = (
        survey(("", "visit", "regular", 9), year="2019"),
        survey(("", "visit", "regular", 1860), year="2020"),
    )
    result = project(build(staff((40, "regular", 1)), pd.concat([old, new]), population))
    assert result.gap.loc[0, "required_fte"] == pytest.approx(0.5)


def test_the_same_seed_gives_the_same_interval() -> None:
    inputs = build(staff((40, "regular", 10)), survey(("", "visit", "regular", 18600)))
    one, again, other = (project(inputs, BASELINE, draws=200, seed=seed).gap for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    assert (one["gap_low95"] != other["gap_low95"]).any()


def test_one_municipality_answers_a_slider_in_time() -> None:
    people = staff(*((age, "regular", 9) for age in range(20, 62)))
    cells = [(f"課{d}", c, "regular", 5000.0) for d in range(20) for c in CATEGORIES["category"]]
    inputs = build(people, survey(*cells))
    project(inputs)
    started = time.process_time()
    project(inputs, PRESETS[2])
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("people", "hours", "said"),
    [
        (staff(), None, "職員データがありません"),
        (staff((40, "temporary", 1)), None, "「temporary」は使えません"),
        (staff((float("nan"), "regular", 1)), None, "年齢のない職員"),  # type: ignore[arg-type]
        (staff((40, "regular", float("nan"))), None, "伏せられた値"),
        (staff((40, "regular", 1)), survey(("", "typing", "regular", 1)), "「typing」"),
    ],
)
def test_unusable_frames_are_named(
    people: pd.DataFrame, hours: pd.DataFrame | None, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        build(people, hours)


def test_one_person_is_one_fte_where_none_is_recorded() -> None:
    people = staff((40, "regular", 3), (41, "regular", 2), (42, "regular", 4))
    fte = staff((40, "regular", 1.5), (41, "regular", float("nan")))
    inputs = build(people, None, staff_fte=fte)
    assert inputs.staff_fte[0, 22:25, 0].tolist() == [1.5, 2, 4]


def test_ages_outside_the_axis_are_kept_at_its_ends() -> None:
    inputs = build(staff((17, "regular", 1), (73, "fixed_term", 2)), None)
    assert inputs.staff[0, 0, 0] == 1
    assert inputs.staff[0, -1, 2] == 2
    assert (AGES[0], AGES[-1]) == (18, 70)


@pytest.mark.parametrize(
    ("date", "year"), [(dt.date(2026, 4, 1), 2026), (dt.date(2026, 3, 31), 2025)]
)
def test_fiscal_year(date: dt.date, year: int) -> None:
    assert fiscal_year(date) == year


def test_every_note_has_both_languages() -> None:
    assert all(note(code, lang) for code in NOTES for lang in ("ja", "en"))
