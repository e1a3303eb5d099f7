"""Rates from made-up records: the truth comes back, small bodies shrink, nothing breaks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from demography.flow_records import records
from demography.rates import IMAGINED_HIRES, MAX_RATE, Rates, estimate
from demography.workforce import AGES, DEFAULT_HIRE_PROFILE, DEFAULT_SEPARATION

A = len(AGES)
WORKING = slice(4, 40)
"""Ages 22–57: those with enough staff to tell."""
BASE = DEFAULT_SEPARATION * 1.5 * np.exp(0.4 * np.sin(AGES / 8))


def at(age: int) -> int:
    return age - int(AGES[0])


def staff_rows(municipality: str, year: int, people: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "municipality": municipality,
            "as_of": pd.Timestamp(year, 4, 1),
            "age": AGES,
            "kind": "regular",
            "headcount": people,
        }
    )


def flow_rows(
    municipality: str, year: int, left: np.ndarray, hires: np.ndarray | float = 0.0
) -> pd.DataFrame:
    """Separations by age on 1 April: written at the age on the day, one year more."""
    gone = pd.DataFrame({"age": AGES + 1, "separations": left, "reason": "voluntary"})
    came = pd.DataFrame({"age": AGES, "hires": np.broadcast_to(hires, A), "reason": None})
    both = pd.concat([gone, came], ignore_index=True)
    return both.assign(municipality=municipality, fiscal_year=year, kind="regular")


def world(
    sizes: list[int], spread: float, seed: int
) -> tuple[list[str], pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Five years of bodies whose level departs from BASE; years are worse or better for all."""
    generator = np.random.default_rng(seed)
    names = [f"{position:06}" for position in range(len(sizes))]
    effects = np.exp(np.array([-0.3, -0.1, 0.0, 0.1, 0.3]))
    truth = BASE * np.exp(generator.normal(0, spread, (len(sizes), 1)))
    flows, staffs = [], []
    for name, size, rate in zip(names, sizes, truth, strict=True):
        for year, effect in zip(range(2021, 2026), effects, strict=True):
            people = np.where((AGES >= 20) & (AGES <= 60), generator.poisson(size / 41, A), 0)
            left = generator.binomial(people, np.minimum(1, rate * effect))
            flows.append(flow_rows(name, year, left))
            staffs.append(staff_rows(name, year, people))
    return names, pd.concat(flows), pd.concat(staffs), truth


@pytest.fixture(scope="module")
def many() -> tuple[Rates, np.ndarray, list[int]]:
    sizes = [30, 100, 300, 1000, 3000] * 16
    names, flow, staff, truth = world(sizes, 0.4, 1)
    return estimate(flow, staff, names), truth, sizes


def test_the_truth_lies_within_the_errors(many: tuple[Rates, np.ndarray, list[int]]) -> None:
    rates, truth, _ = many
    z = np.log(rates.separation / truth) / (rates.separation_se / rates.separation)
    covered = (np.abs(z[:, WORKING]) < 1.96).mean()
    assert 0.88 < covered < 0.995


def test_small_bodies_stay_near_the_curve_and_large_ones_follow_their_records(
    many: tuple[Rates, np.ndarray, list[int]],
) -> None:
    rates, truth, sizes = many
    level = np.log(rates.separation / rates.curve)[:, WORKING].mean(axis=1)
    true_level = np.log(truth / rates.curve)[:, WORKING].mean(axis=1)
    slope = {}
    for size in (30, 3000):
        here = np.array(sizes) == size
        slope[size] = np.polyfit(true_level[here], level[here], 1)[0]
    assert slope[30] < 0.5
    assert 0.85 < slope[3000] < 1.1
    error = (rates.separation_se / rates.separation)[:, WORKING].mean(axis=1)
    assert error[:5].tolist() == sorted(error[:5], reverse=True), "larger bodies are surer"
    flags = np.array(rates.source)
    assert set(flags[np.array(sizes) == 3000]) == {"own"}
    assert (flags[np.array(sizes) == 30] == "pooled").mean() > 0.8


def test_the_curve_beats_the_default(many: tuple[Rates, np.ndarray, list[int]]) -> None:
    rates, _, _ = many
    off = np.abs(np.log(rates.curve / BASE))[WORKING].mean()
    assert off < 0.15 < np.abs(np.log(DEFAULT_SEPARATION / BASE))[WORKING].mean()


def test_bodies_without_records_take_the_curve_and_its_spread() -> None:
    names, flow, staff, _ = world([500] * 12, 0.3, 2)
    rates = estimate(flow, staff, [*names, "999999"])
    assert rates.source[-1] == "pooled"
    assert rates.separation[-1] == pytest.approx(rates.curve)
    relative = rates.separation_se / rates.separation
    assert (relative[-1, WORKING] > relative[0, WORKING]).all()
    assert np.isnan(rates.hires[-1])


def test_one_large_body_agrees_with_a_plain_regression() -> None:
    """A Poisson regression of one level on the same records, by statsmodels alone."""
    generator = np.random.default_rng(3)
    people = np.where((AGES >= 20) & (AGES <= 60), 2000, 0)
    frames = [
        (flow_rows("1", year, generator.binomial(people, 2 * DEFAULT_SEPARATION)), year)
        for year in (2023, 2024)
    ]
    flow = pd.concat([frame for frame, _ in frames])
    staff = pd.concat([staff_rows("1", year, people) for _, year in frames])
    rates = estimate(flow, staff, ["1"])
    found = records(flow, staff, ["1"])
    inside = found.staff[0] > 0
    exposure = (found.staff[0] * DEFAULT_SEPARATION)[inside]
    plain = sm.GLM(
        found.separations[0][inside],
        np.ones(inside.sum()),
        family=sm.families.Poisson(),
        offset=np.log(exposure),
    ).fit()
    ratio = rates.separation[0] / DEFAULT_SEPARATION
    assert ratio[WORKING].mean() == pytest.approx(np.exp(plain.params[0]), rel=0.05)
    assert ratio[WORKING] == pytest.approx(np.full(36, 2.0), rel=0.15)
    assert rates.source == ("own",)


class TestDefaults:
    """Where records tell too little, the default stands and says so."""

    def test_without_any_frame(self) -> None:
        for flow, staff in ((None, None), (pd.DataFrame(), pd.DataFrame())):
            rates = estimate(flow, staff, ["1", "2"])
            assert rates.separation == pytest.approx(np.stack([DEFAULT_SEPARATION] * 2))
            assert rates.hire_profile == pytest.approx(np.stack([DEFAULT_HIRE_PROFILE] * 2))
            assert rates.source == rates.hire_source == ("default", "default")
            assert np.isnan(rates.hires).all()

    def test_without_any_separation(self) -> None:
        """Three years of thirty people and nobody left: lower than the default, not zero."""
        people = np.where((AGES >= 25) & (AGES < 55), 1, 0)
        flow = pd.concat([flow_rows("1", year, np.zeros(A)) for year in (2023, 2024, 2025)])
        staff = pd.concat([staff_rows("1", year, people) for year in (2023, 2024, 2025)])
        rates = estimate(flow, staff, ["1"])
        ratio = (rates.separation[0] / DEFAULT_SEPARATION)[WORKING]
        assert ((ratio > 0.5) & (ratio < 1)).all()
        assert rates.source == ("default",)
        assert rates.events.tolist() == [0]
        assert rates.hires.tolist() == [0]
        assert rates.hires_se[0] > 0

    def test_a_single_year_and_few_ages(self) -> None:
        people = np.where(np.isin(AGES, (30, 31, 32)), 200, 0)
        rates = estimate(flow_rows("1", 2025, people // 4), staff_rows("1", 2025, people), ["1"])
        assert np.isfinite(rates.separation).all()
        assert rates.separation[0, at(31)] > 5 * DEFAULT_SEPARATION[at(31)]

    def test_records_without_any_staff_near(self) -> None:
        people = np.full(A, 50)
        flow = flow_rows("1", 2018, np.full(A, 10.0), hires=1)
        rates = estimate(flow, staff_rows("1", 2025, people), ["1"])
        assert rates.separation[0] == pytest.approx(DEFAULT_SEPARATION)
        assert rates.hires.tolist() == [A], "hires need no staff to compare with"

    def test_missing_numbers_ages_and_strange_kinds(self) -> None:
        flow = flow_rows("1", 2025, np.zeros(A))
        odd = pd.DataFrame(
            {
                "municipality": ["1", "1", "7", "1"],
                "fiscal_year": [2025, 2025, 2025, np.nan],
                "age": [np.nan, 30, 30, 30],
                "kind": ["regular", "fixed_term", "regular", "regular"],
                "separations": [5.0, 5.0, 5.0, 5.0],
                "hires": [np.nan] * 4,
                "reason": [None] * 4,
            }
        )
        staff = staff_rows("1", 2025, np.where(AGES < 60, 10, 0)).astype({"headcount": float})
        staff.loc[3, "headcount"] = np.nan
        rates = estimate(pd.concat([flow, odd]), staff, ["1"])
        assert rates.events.tolist() == [0]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", range(25))
def test_any_records_give_rates(seed: int) -> None:
    """Few ages, years without a count, more leavers than staff: rates all the same, no warning."""
    generator = np.random.default_rng(seed)
    names = [str(position) for position in range(generator.integers(1, 5))]
    ages = generator.choice(np.arange(15, 75), generator.integers(1, 50), replace=False)
    large = 10 ** generator.integers(0, 5)
    flows, staffs = [pd.DataFrame()], [pd.DataFrame()]
    for name in names:
        for year in range(2020, 2020 + generator.integers(1, 6)):
            people = generator.poisson(large * generator.random(), len(ages))
            common = {"municipality": name, "age": ages, "kind": "regular"}
            if generator.random() < 0.8:
                staffs.append(pd.DataFrame({**common, "as_of": f"{year}-04-01"}))
                staffs[-1]["headcount"] = people
            if generator.random() < 0.8:
                left = generator.choice(np.array([0, 0, 0, 1, large, np.nan]), len(ages))
                hires = generator.choice(np.array([0, 1, np.nan]), len(ages))
                reason = generator.choice(np.array(["mandatory", "voluntary", None]), len(ages))
                flows.append(pd.DataFrame({**common, "fiscal_year": year, "reason": reason}))
                flows[-1] = flows[-1].assign(separations=left, hires=hires)
    rates = estimate(pd.concat(flows), pd.concat(staffs), names)
    assert ((rates.separation > 0) & (rates.separation <= MAX_RATE)).all()
    assert np.isfinite(rates.separation_se).all()
    assert rates.hire_profile.sum(axis=1) == pytest.approx(np.ones(len(names)))


class TestRecords:
    """How rows become arrays."""

    def test_age_on_the_day_is_one_more_than_on_1_april(self) -> None:
        staff = staff_rows("1", 2025, np.where(AGES == 40, 3, 0))
        for age in (41, 40):
            flow = pd.DataFrame([["1", 2025, age, "regular", None, 1.0, "voluntary"]])
            flow.columns = _FLOW
            found = records(flow, staff, ["1"])
            assert found.separations[0, 0, at(40)] == 1
            assert found.separations.sum() == 1
            assert np.isnan(found.hires).all(), "the year tells nothing of hires"

    @pytest.mark.parametrize(
        ("year", "age", "reason", "counts"),
        [
            (2025, 61, "mandatory", False),
            (2025, 62, None, False),
            (2025, 62, "unknown", False),
            (2025, 61, None, True),
            (2022, 60, None, False),
            (2025, 62, "voluntary", True),
        ],
    )
    def test_retirement_by_age_limit_is_no_separation(
        self, year: int, age: int, reason: str | None, counts: bool
    ) -> None:
        flow = pd.DataFrame([["1", year, age, "regular", 0.0, 1.0, reason]], columns=_FLOW)
        assert records(flow, None, ["1"]).separations.sum() == counts

    def test_the_nearest_count_stands_in_for_two_years(self) -> None:
        staff = pd.concat(
            [staff_rows("1", 2021, np.full(A, 1)), staff_rows("1", 2025, np.full(A, 5))]
        )
        later = staff_rows("1", 2025, np.full(A, 9)).assign(as_of=pd.Timestamp(2025, 10, 1))
        flow = pd.concat([flow_rows("1", year, np.zeros(A)) for year in (2018, 2020, 2024, 2028)])
        found = records(flow, pd.concat([staff, later]), ["1"])
        assert found.staff[0, 1:3, 0].tolist() == [1, 5]
        assert np.isnan(found.staff[0, [0, 3], 0]).all()

    def test_one_body_needs_no_code(self) -> None:
        flow = flow_rows("1", 2025, np.ones(A)).drop(columns="municipality")
        staff = staff_rows("1", 2025, np.ones(A)).drop(columns="municipality")
        assert records(flow, staff, [""]).separations.sum() == A


_FLOW = ["municipality", "fiscal_year", "age", "kind", "hires", "separations", "reason"]


def test_hires_a_year_are_the_mean_of_the_newest_five() -> None:
    one_age = np.where(AGES == 22, 1.0, 0.0)
    flow = pd.concat(
        [
            flow_rows("1", 2019 + n, np.zeros(A), hires=one_age * many)
            for n, many in enumerate([99, 10, 12, 8, 14, 6])
        ]
    )
    rates = estimate(flow, None, ["1"])
    assert rates.hires == pytest.approx([10])
    assert rates.hires_se == pytest.approx([np.sqrt(10 / 5)])


def test_ages_of_hires_move_from_the_default_to_the_records() -> None:
    one_age = np.where(AGES == 35, 1.0, 0.0)
    few, many = (
        estimate(flow_rows("1", 2025, np.zeros(A), hires=one_age * number), None, ["1"])
        for number in (2, 5000)
    )
    assert few.hire_source == ("default",)
    assert few.hire_profile[0, at(35)] < 0.1
    assert many.hire_source == ("own",)
    assert many.hire_profile[0, at(35)] > 0.98
    for rates in (few, many):
        assert rates.hire_profile.sum() == pytest.approx(1)
    assert IMAGINED_HIRES > 2
