"""Dependency ratios: who stands beside a hundred people of 15 to 64."""

from __future__ import annotations

import pytest

from tests.spec.lake import Lake
from warehouse import query

HEAD = (
    "projection | base_year | year | is_actual | area | area_name | prefecture | area_kind"
    " | counts_in_nation | sex | age_from | age_to | population"
)
RATIOS = ("youth_dependency", "old_age_dependency", "dependency_ratio")


def city(code: str, *cells: str) -> list[str]:
    return [
        f"ipss_r5|2020|2020|yes|{code}|市|大阪府|city|yes|{cell.replace(' ', '|')}"
        for cell in cells
    ]


def asked(lake: Lake, **where: object) -> list[float | None]:
    release = lake.release()
    return [query.metric(one, where=where, release=release).value for one in RATIOS]


def test_ratios_of_two_areas_are_ratios_of_sums(lake: Lake) -> None:
    rows = city("272060", "both 0 4 30", "male 20 24 100", "female 60 64 100", "both 65 69 50")
    rows += city("272078", "male 10 14 10", "male 15 19 50", "female 90 - 75")
    lake.add("ipss_r5_suikei", "\n".join([HEAD, *rows]))
    assert asked(lake, municipality="272060") == pytest.approx([15, 25, 40])
    assert asked(lake, municipality="272078") == pytest.approx([20, 150, 170])
    assert asked(lake) == pytest.approx([100 * 40 / 250, 100 * 125 / 250, 100 * 165 / 250])


def test_totals_alone_give_no_ratio(lake: Lake) -> None:
    lake.add("ipss_r5_kekkahyo1", "\n".join([HEAD, *city("272060", "both - - 100")]))
    assert asked(lake) == [None, None, None]
