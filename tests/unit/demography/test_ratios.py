"""Ratios recovered from points, split by survival, and changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from demography.population import PopulationError, PopulationScenario, RatioChange, project
from demography.ratios import acting, changed, factors, recover, with_net_migration, with_survival
from tests.unit.demography import naive_population

YEARS = [2020, 2025, 2030]
BASELINE = PopulationScenario()
sizes = st.one_of(st.integers(0, 3), st.integers(0, 10**7))


def points(elements: st.SearchStrategy[float]) -> st.SearchStrategy[np.ndarray]:
    return st.sampled_from([19, 20]).flatmap(
        lambda bands: arrays(np.float64, (2, 2, 3, bands), elements=elements)
    )


def run(published: np.ndarray, scenario: PopulationScenario = BASELINE) -> np.ndarray:
    return project(published[..., 0, :], changed(recover(published), scenario, YEARS)).values


def village() -> np.ndarray:
    """(1, 2, 3, 19): 100 persons in every cell."""
    return np.full((1, 2, 3, 19), 100.0)


@settings(deadline=None, max_examples=50)
@given(points(st.one_of(sizes, st.floats(0.001, 1e7))))
def test_the_unchanged_projection_comes_back_to_the_last_bit(published: np.ndarray) -> None:
    assert (run(published) == published).all()


@settings(deadline=None, max_examples=50)
@given(points(sizes), st.floats(0, 1))
def test_and_does_so_with_survival_known(published: np.ndarray, share: float) -> None:
    survival = np.full((1, 2, 1, published.shape[-1] - 1), share)
    assumed = changed(with_survival(recover(published), survival), BASELINE, YEARS)
    assert (project(published[..., 0, :], assumed).values == published).all()


@settings(deadline=None, max_examples=50)
@given(points(st.integers(1, 10**7)), st.floats(0, 3))
def test_one_factor_on_everything_is_one_factor_a_step(published: np.ndarray, by: float) -> None:
    """All r times f: each cohort is the published one times f to the number of its steps."""
    everywhere = PopulationScenario(ratios=(RatioChange(0, None, 2020, None, by),))
    found = run(published, everywhere)
    assert (found >= 0).all()
    for at in range(3):
        assert found[..., at, 1 + at :] == pytest.approx(
            published[..., at, 1 + at :] * by**at, rel=1e-9, abs=1e-6
        )


def test_ratios_are_those_of_the_plain_loop() -> None:
    random = np.random.default_rng(7)
    published = random.integers(0, 60, (4, 2, 3, 20)).astype(float)
    published[0, 0, 0, 6] = published[1, 1, 1, 18:] = 0
    found = recover(published)
    assert found.extra is not None
    sexes = ("male", "female")
    for area, at in np.ndindex(4, 2):
        before, after = (
            {
                (sex, 5 * b): float(published[area, s, t, b])
                for s, sex in enumerate(sexes)
                for b in range(20)
            }
            for t in (at, at + 1)
        )
        r, arriving, child_woman, sex_ratio = naive_population.ratios(before, after, 95)
        assert found.child_woman[area, at] == pytest.approx(child_woman)
        assert found.sex_ratio[area, at] == pytest.approx(sex_ratio)
        for s, sex in enumerate(sexes):
            for cohort in range(19):
                key = (sex, 5 * cohort)
                if key in arriving:
                    assert found.extra[area, s, at, cohort + 1] == arriving[key]
                else:
                    assert found.ratio[area, s, at, cohort] == pytest.approx(r[key])
                    assert abs(found.extra[area, s, at, cohort + 1]) < 1e-9


def test_whole_numbers_of_persons_are_taken_too() -> None:
    found = recover(village().astype(np.int64))  # type: ignore[arg-type]
    assert found.ratio[..., :-1] == pytest.approx(1)


def test_children_follow_the_ratio_of_children_to_women() -> None:
    """7 bands of 100 women and 200 children; 1.5 times gives 300, half of them boys."""
    found = run(village(), PopulationScenario(child_woman_factor=1.5))
    assert found[0, :, 1, 0].tolist() == [150, 150]
    assert found[0, :, 2, 1].tolist() == [150, 150]
    assert (found[0, :, 1, 1:] == 100).all()


def test_children_without_women_follow_their_factor_too() -> None:
    published = village()
    published[:, 1, :, 3:10] = 0
    found = run(published, PopulationScenario(child_woman_factor=1.5))
    assert found[0, :, 1, 0].tolist() == [150, 150]


def test_a_change_moves_its_cohorts_and_their_children() -> None:
    """Women reaching 20–24 by 2025 times 1.2: 720 for 700 women, so 200 × 720 / 700 children."""
    change = RatioChange(20, 24, 2020, 2025, 1.2, "female")
    found = run(village(), PopulationScenario(ratios=(change,)))
    assert found[0, 1, 1, 4] == pytest.approx(120)
    assert found[0, 0, 1, 4] == 100
    assert found[0, 1, 2, 5] == pytest.approx(120)
    assert found[0, :, 1, 0] == pytest.approx(100 * 720 / 700)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (RatioChange(20, 24, 2020, None, 2.0), {3: 2.0}),
        (RatioChange(18, 24, 2020, None, 2.0), {2: 1.4, 3: 2.0}),
        (RatioChange(85, None, 2020, None, 2.0), {16: 2.0, 17: 2.0}),
        (RatioChange(85, 89, 2020, None, 2.0), {16: 2.0}),
        (RatioChange(0, 4, 2020, None, 2.0), {}),
    ],
)
def test_ages_touch_bands_by_their_share(change: RatioChange, wanted: dict[int, float]) -> None:
    found = factors((change,), YEARS, 19)
    expected = np.ones(18)
    expected[list(wanted)] = list(wanted.values())
    assert found == pytest.approx(np.broadcast_to(expected, (2, 2, 18)))


@pytest.mark.parametrize(
    ("years", "wanted"),
    [
        ((2020, None), [2, 2]),
        ((2025, None), [1, 2]),
        ((2020, 2025), [2, 1]),
        ((2022, 2026), [1.6, 1.2]),
        ((2000, 2020), [1, 1]),
    ],
)
def test_years_touch_steps_by_their_share(
    years: tuple[int, int | None], wanted: Sequence[float]
) -> None:
    found = factors((RatioChange(5, None, *years, 2.0, "male"),), YEARS, 19)
    assert pytest.approx(np.broadcast_to(wanted, (18, 2))) == found[0].T
    assert (found[1] == 1).all()


def test_changes_together_are_multiplied() -> None:
    twice = (RatioChange(20, 24, 2020, None, 1.5), RatioChange(20, 29, 2020, None, 2.0))
    assert factors(twice, YEARS, 19)[0, 0, 2:6].tolist() == [1, 3, 2, 1]


def test_survival_and_migration_apart() -> None:
    """r = 1 with s 0.8 is m = 0.2. Migration halved: r = 0.9. Survival + 10 %: r = 1.08; a
    survival that would rise above 1 stops there: r = 1.2."""
    assumed = with_survival(recover(village()), np.full((1, 2, 1, 18), 0.8))
    everyone = (5, None, 2020, None)
    for scenario, ratio, survival in (
        (PopulationScenario(net_migration=(RatioChange(*everyone, 0.5),)), 0.9, 0.8),
        (PopulationScenario(survival=(RatioChange(*everyone, 1.1),)), 1.08, 0.88),
        (PopulationScenario(survival=(RatioChange(*everyone, 2.0),)), 1.2, 1.0),
    ):
        found = changed(assumed, scenario, YEARS)
        assert found.ratio[..., :-1] == pytest.approx(ratio)
        assert found.survival == pytest.approx(survival)
        flows = project(village()[..., 0, :], found)
        assert flows.deaths is not None and flows.net_migration is not None
        assert flows.deaths[0, 0, 0, 0] == pytest.approx(100 * (1 - survival))
        assert flows.net_migration[0, 0, 0, 0] == pytest.approx(100 * (ratio - survival))


def test_more_migration_cannot_take_more_than_there_are() -> None:
    shrinking = village() * np.array([1.0, 0.5, 0.25])[:, None]
    assumed = with_survival(recover(shrinking), np.full((1, 2, 1, 18), 0.9))
    leaving = PopulationScenario(net_migration=(RatioChange(20, 24, 2020, None, 5.0),))
    assert changed(assumed, leaving, YEARS).ratio[0, 0, 0, 3] == 0


def test_people_who_appear_follow_migration() -> None:
    published = village()
    published[0, 0, 0, 3] = 0
    assumed = with_survival(recover(published), np.full((1, 2, 1, 18), 0.9))
    half = PopulationScenario(net_migration=(RatioChange(0, None, 2020, None, 0.5),))
    found = project(published[..., 0, :], changed(assumed, half, YEARS))
    assert found.values[0, 0, 1, 4] == pytest.approx(50)


def test_apart_needs_survival() -> None:
    for name in ("survival", "net_migration"):
        scenario = PopulationScenario(**{name: (RatioChange(5, None, 2020, None, 1.1),)})
        with pytest.raises(PopulationError, match="生命表"):
            run(village(), scenario)
    with pytest.raises(PopulationError, match="生命表"):
        with_net_migration(recover(village()), np.zeros((1, 2, 1, 18)))


def test_own_migration_replaces_that_of_the_projection() -> None:
    assumed = with_survival(recover(village()), np.full((1, 2, 1, 18), 0.9))
    rates = np.full((1, 2, 1, 18), np.nan)
    rates[..., 3], rates[..., 4] = 0.3, -2.0
    found = with_net_migration(assumed, rates)
    assert found.ratio[0, 0, 0, 2:6] == pytest.approx([1.0, 1.2, 0.0, 1.0])


@pytest.mark.parametrize(
    ("year_from", "parts"), [(None, [1, 1]), (2020, [1, 1]), (2026, [0, 0.8]), (2040, [0, 0])]
)
def test_what_has_no_years_of_its_own_acts_from_the_scenario_s_year(
    year_from: int | None, parts: list[float]
) -> None:
    """Twice the children, and m 0.3 in place of 0.1: in the part of a step that lies after it."""
    scenario = PopulationScenario(child_woman_factor=2.0, year_from=year_from)
    assumed = with_survival(recover(village()), np.full((1, 2, 1, 18), 0.9))
    found = changed(assumed, scenario, YEARS)
    assert found.child_woman[0] / assumed.child_woman[0] == pytest.approx(1 + np.array(parts))
    rates = np.full((1, 2, 1, 18), 0.3)
    moved = with_net_migration(assumed, rates, acting(scenario, YEARS))
    assert moved.ratio[0, 0, :, 3] == pytest.approx(1 + 0.2 * np.array(parts))


def test_points_must_be_five_years_apart() -> None:
    with pytest.raises(PopulationError, match="5年おき"):
        changed(recover(village()), BASELINE, [2020, 2025, 2031])


@pytest.mark.parametrize("bad", [np.nan, -1.0])
def test_published_figures_must_be_there(bad: float) -> None:
    published = village()
    published[0, 0, 1, 4] = bad
    with pytest.raises(PopulationError, match="空欄か負"):
        recover(published)


def test_survival_is_a_share() -> None:
    with pytest.raises(PopulationError, match="生残率"):
        with_survival(recover(village()), np.full((1, 2, 1, 18), 1.1))


def test_areas_without_survival_are_projected_but_not_changed_apart() -> None:
    published = np.repeat(village(), 2, axis=0)
    survival = np.full((2, 2, 1, 18), 0.9)
    survival[1] = np.nan
    assumed = with_survival(recover(published), survival)
    found = project(published[..., 0, :], changed(assumed, BASELINE, YEARS))
    assert found.deaths is not None
    assert (found.values == published).all()
    assert np.isnan(found.deaths[1]).all() and found.deaths[0, 0, 0, 0] == pytest.approx(10)
    apart = PopulationScenario(survival=(RatioChange(5, None, 2020, None, 1.1),))
    with pytest.raises(PopulationError, match="1地域"):
        changed(assumed, apart, YEARS)
