"""The demo's earlier round: its years, its errors, its file."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from pipelines.demo import earlier
from pipelines.demo.suikei import Area

SMALL, LARGE = 50, 20_000
LATER = np.concatenate(
    [np.full((400, 7, 2, 20), SMALL), np.full((400, 7, 2, 20), LARGE)]
) + np.arange(7).reshape(1, 7, 1, 1)


def errors(year: int) -> tuple[np.ndarray, np.ndarray]:
    """Log errors of the small and of the large areas in a year."""
    made = earlier.persons(LATER, 7)[:, earlier.YEARS.index(year)].sum(axis=(1, 2))
    found = np.log(made / LATER[:, (year - 2020) // 5].sum(axis=(1, 2)))
    return found[:400], found[400:]


def test_it_begins_five_years_before_and_ends_five_years_before() -> None:
    made = earlier.persons(LATER, 7)
    assert earlier.YEARS == (2015, 2020, 2025, 2030, 2035, 2040, 2045)
    assert made.shape == (800, 7, 2, 19)
    # One person more in each band every five years; the open band holds two of the later round.
    assert (made[0, 0, :, :18] == SMALL - 1).all() and (made[0, 0, :, 18] == 2 * SMALL - 2).all()


def test_small_areas_err_more_and_later_years_more() -> None:
    small, large = errors(2020)
    assert np.std(small) > 1.5 * np.std(large)
    assert -0.01 < np.mean(np.concatenate([small, large])) < 0
    assert np.std(errors(2040)[0]) > 1.8 * np.std(small)


def test_the_same_seed_gives_the_same_round() -> None:
    assert (earlier.persons(LATER, 7) == earlier.persons(LATER, 7)).all()
    assert (earlier.persons(LATER, 8) != earlier.persons(LATER, 7)).any()


def test_the_file_has_the_columns_of_the_official_one(tmp_path: Path) -> None:
    counts = earlier.persons(LATER[:2], 7)
    areas = [Area("51201", 2, "霞野県", "見晴市"), Area("51301", 3, "霞野県", "灯台町")]
    earlier.write(tmp_path / "h30.csv", areas, counts)
    with (tmp_path / "h30.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:7] == ["コード", "市などの別", "都道府県", "市区町村", "年", "総数", "0～4歳/a"]
    assert {len(row) for row in rows} == {6 + 3 * 19}
    assert len(rows) == 1 + 2 * 7
    for row in rows[1:]:
        both, male, female = (
            [int(cell) for cell in row[start : start + 19]] for start in (6, 25, 44)
        )
        assert both == [m + f for m, f in zip(male, female, strict=True)]
        assert int(row[5]) == sum(both)
