"""What is written into a population table is what is read, and one wrong figure never passes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.adapters import ipss_national, ipss_suikei, juki_age
from pipelines.adapters.base import Adapted, Context
from pipelines.adapters.population_group import persons
from pipelines.adapters.words import Band, age_band, one_age, year_heading
from pipelines.profile import standard
from pipelines.read import open_document
from pipelines.sources import load_sources
from tests.fixtures import juki, national, prefecture_book
from tests.fixtures.suikei import AREAS, BANDS, YEARS, Area

SOURCES = load_sources()
FEW = settings(max_examples=25)
ERAS = {"昭和": (1925, 1, 64), "平成": (1988, 1, 31), "令和": (2018, 1, 60)}


def adapted(adapter, path: Path, source: str) -> Adapted:  # type: ignore[no-untyped-def]
    document = open_document(path)
    assert adapter.recognise(document.sheets, SOURCES[source])
    context = Context(path.name, standard(SOURCES[source]))
    found: Adapted = adapter.adapt(document.sheets, SOURCES[source], context)
    return found


def figures(found: Adapted) -> dict[tuple[str, int, str, int], int]:
    frame = found.records.to_pandas()
    for name in ("year", "age_from", "population"):
        frame[name] = pd.to_numeric(frame[name])
    return frame.set_index(["area", "year", "sex", "age_from"])["population"].to_dict()


@given(st.integers(0, 200_000_000))
def test_thousands_with_three_decimals_are_persons(number: int) -> None:
    """As a cell holds it: a float, written with up to fifteen digits."""
    assert persons(format(number / 1000, ".15g"), 1000) == number
    assert persons(f"{number:,}", 1) == number


@given(st.one_of(st.text(max_size=8), st.floats(allow_nan=True).map(str)))
def test_no_text_makes_a_number_of_persons_fail(text: str) -> None:
    for unit in (1, 1000):
        found = persons(text, unit)
        assert found is None or found >= 0


@given(st.sampled_from(list(ERAS)), st.data())
def test_a_year_is_read_in_every_spelling(era: str, data: st.DataObject) -> None:
    begin, first, last = ERAS[era]
    number = data.draw(st.integers(first, last))
    year, blank = begin + number, data.draw(st.sampled_from(["", " ", "　"]))
    written = "元" if number == 1 and data.draw(st.booleans()) else str(number)
    for text in (
        f"{era}{blank}{written}",
        f"{era}{blank}{written}年",
        f"{era}{written}（{year}）年",
        f"（3）{era}{written}({year})年",
    ):
        assert year_heading(text) == (year, era), text
    assert year_heading(written, era) == (year, era)
    assert year_heading(f"{year}年", era) == (year, era)


@given(st.integers(0, 110), st.sampled_from("～〜~－"), st.sampled_from(["", " ", "　"]))
def test_ages_are_read_in_every_spelling(age: int, dash: str, blank: str) -> None:
    assert age_band(f"{age}{dash}{blank}{age + 4}歳") == Band(age, age + 4)
    assert one_age(f"{blank}{age}歳") == Band(age, age)
    for text in (f"{age}+", f"{age}歳以上", f"{age}歳{dash}"):
        assert one_age(text) == age_band(text) == Band(age, None)
    assert one_age(f"{age}{dash}{age + 4}") is None


@FEW
@given(
    start=st.integers(2, 30),
    count=st.integers(1, 4),
    beside=st.booleans(),
    bare=st.booleans(),
    notes=st.booleans(),
)
def test_stacked_years(start: int, count: int, beside: bool, bare: bool, notes: bool) -> None:
    """Any run of years from the base year on; `start` only shifts the ones after it."""
    numbers = [2, *range(start + 1, start + count)]
    headings = tuple((f"令和 {n}" if not bare or n == 2 else str(n), 2018 + n) for n in numbers)

    def change(_: object, cells: national.Cells) -> None:
        if not notes:
            for place in [p for p, value in cells.items() if str(value).startswith(("注", "各年"))]:
                del cells[place]

    with TemporaryDirectory() as folder:
        path = national.write_stacked(Path(folder) / "1-9A.xlsx", headings, beside, change)
        found = adapted(ipss_national, path, "ipss_national_5y")
    assert found.rejected == []
    assert figures(found) == {
        ("000000", year, sex, first): sum(
            national.persons(year, sex, age) for age in range(first, last + 1)
        )
        for _, year in headings
        for sex in ("male", "female")
        for first, last in national.FIVE
    }


@FEW
@given(st.data())
def test_the_register_keeps_every_number(data: st.DataObject) -> None:
    areas = data.draw(st.lists(st.sampled_from(juki.AREAS), min_size=1, unique=True))
    count = st.lists(st.integers(0, 400_000), min_size=21, max_size=21)
    men, women = ([data.draw(count) for _ in areas] for _ in range(2))

    def change(rows: juki.Rows) -> None:
        for at in range(len(areas)):
            both = [a + b for a, b in zip(men[at], women[at], strict=True)]
            for row, numbers in zip(
                rows[3 + 3 * at : 6 + 3 * at], (both, men[at], women[at]), strict=True
            ):
                row[4:] = [sum(numbers), *numbers]

    with TemporaryDirectory() as folder:
        path = juki.write_juki(Path(folder) / "x.xlsx", change, areas=areas)
        found = adapted(juki_age, path, "juki_age")
    assert found.rejected == []
    assert figures(found) == {
        (code, 2025, sex, 5 * band): numbers[at][band]
        for at, (code, _, _) in enumerate(areas)
        for sex, numbers in (("male", men), ("female", women))
        for band in range(21)
    }


@FEW
@given(
    sex=st.sampled_from(list(prefecture_book.STARTS)),
    row=st.integers(0, len(BANDS)),
    year=st.integers(0, len(YEARS) - 1),
    off=st.integers(-3, 3).filter(bool),
)
def test_no_single_wrong_figure_of_a_sheet_passes(sex: str, row: int, year: int, off: int) -> None:
    """Every figure stands in two sums: over the ages, and over men and women."""

    def change(area: Area, cells: prefecture_book.Cells) -> None:
        if area.name == "函館市":
            place = (prefecture_book.FIRST + row, prefecture_book.STARTS[sex] + 1 + year)
            cells[place] = int(str(cells[place])) + off

    with TemporaryDirectory() as folder:
        path = prefecture_book.write_prefecture(Path(folder) / "01.xlsx", AREAS[3:5], change)
        found = adapted(ipss_suikei, path, "ipss_r5_suikei")
    assert {area for area, _, _, _ in figures(found)} == {"011029"}
    assert {finding.sheet for finding in found.rejected} == {"1202_函館市"}
