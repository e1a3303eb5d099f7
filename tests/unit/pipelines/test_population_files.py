"""Official population files in their own layouts: what is stored, held back and left out.

One file of each kind goes through `load`; variations of it stop after the adapter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from pipelines.adapters.base import Adapted, Context
from pipelines.errors import Refused
from pipelines.ingest import load
from pipelines.profile import Profiles, standard
from pipelines.read import open_document
from pipelines.recognise import recognise
from pipelines.results import LoadResult
from tests.fixtures import juki, kekkahyo, national, prefecture_book
from tests.fixtures.prefecture_book import write_prefecture
from tests.fixtures.suikei import AREAS, BANDS, YEARS, Area, write_suikei
from warehouse.home import Home

HOKKAIDO = AREAS[:5]
KEYS = ["area", "year", "sex", "age_from", "age_to", "population"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def one(path: Path, home: Home, source: str) -> LoadResult:
    """Load a file that is recognised as `source`, and whose rows add up."""
    (result,) = load([path], home)
    assert (result.status, result.source) == ("stored", source), result.message
    counted = result.accepted + result.quarantined + result.duplicates + result.ignored
    assert result.rows_read == counted
    return result


def lake(home: Home, result: LoadResult) -> pd.DataFrame:
    path = home.lake / str(result.source) / f"{result.sha256}.parquet"
    return pd.read_parquet(path) if path.exists() else pd.DataFrame(columns=KEYS)


def held(home: Home, result: LoadResult) -> pd.DataFrame:
    return pd.read_parquet(home.quarantine / f"{result.sha256}.parquet")


class Read:
    """What an adapter made of a file that is recognised as `source`, rows accounted for."""

    def __init__(self, path: Path, source: str) -> None:
        document = open_document(path)
        found = recognise(document, Profiles([]))
        assert found.source.id == source
        assert found.adapter is not None
        context = Context(document.name, standard(found.source))
        self.adapted: Adapted = found.adapter.adapt(found.sheets, found.source, context)
        records = self.adapted.records.to_pandas()
        for name in ("year", "age_from", "age_to", "population"):
            records[name] = pd.to_numeric(records[name])
        self.records = records
        self.findings = pd.DataFrame(self.adapted.rejected)
        stored = set(zip(records["sheet"], records["source_row"], strict=True))
        rejected = {(one.sheet, one.row) for one in self.adapted.rejected}
        ignored = [(one.sheet, one.row) for one in self.adapted.ignored]
        assert not stored & rejected
        assert not (stored | rejected) & set(ignored)
        assert self.adapted.rows_read == len(stored) + len(rejected) + len(ignored)

    def figures(self) -> dict[tuple[int, str, int], int]:
        """(year, sex, first age) → persons, of a file of one area."""
        return self.records.set_index(["year", "sex", "age_from"])["population"].to_dict()


def same_figures(found: pd.DataFrame, wanted: pd.DataFrame, columns: Sequence[str]) -> None:
    by = list(columns)
    left, right = (frame[by].sort_values(by).reset_index(drop=True) for frame in (found, wanted))
    pd.testing.assert_frame_equal(left, right)


# --- a workbook per prefecture ----------------------------------------------------------------


def test_sheets_of_a_prefecture_say_what_the_list_of_the_nation_says(
    tmp_path: Path, home: Home
) -> None:
    sheets = one(write_prefecture(tmp_path / "01.xlsx", HOKKAIDO), home, "ipss_r5_suikei")
    other = Home(tmp_path / "other")
    listed = one(write_suikei(tmp_path / "suikei_kekka.xlsx", HOKKAIDO), other, "ipss_r5_suikei")
    same_figures(
        lake(home, sheets),
        lake(other, listed),
        [*KEYS, "area_kind", "counts_in_nation", "projection", "is_actual", "base_year", "series"],
    )
    assert sheets.accepted == len(HOKKAIDO) * len(BANDS)
    # 総数, four of 再掲, its heading, that of the shares, one share, two blanks, the note.
    assert sheets.ignored == len(HOKKAIDO) * 11


@pytest.mark.parametrize("sheets_first", [True, False])
def test_either_file_after_the_other_repeats_it(
    tmp_path: Path, home: Home, sheets_first: bool
) -> None:
    files = [
        write_prefecture(tmp_path / "01.xlsx", HOKKAIDO),
        write_suikei(tmp_path / "suikei_kekka.xlsx", HOKKAIDO),
    ]
    first, second = files if sheets_first else reversed(files)
    one(first, home, "ipss_r5_suikei")
    again = one(second, home, "ipss_r5_suikei")
    assert (again.accepted, again.quarantined) == (0, 0)
    assert again.duplicates == len(HOKKAIDO) * (len(YEARS) if sheets_first else len(BANDS))


def test_another_figure_for_the_same_area_is_a_conflict(tmp_path: Path, home: Home) -> None:
    one(write_suikei(tmp_path / "suikei_kekka.xlsx", HOKKAIDO), home, "ipss_r5_suikei")

    def change(area: Area, cells: prefecture_book.Cells) -> None:
        if area.name == "函館市":
            start, total = prefecture_book.STARTS, prefecture_book.FIRST
            for sex in ("both", "male"):
                for row in (total, total + 1, prefecture_book.AGAIN + 1):
                    cells[(row, start[sex] + 1)] = int(str(cells[(row, start[sex] + 1)])) + 1
            # The share of those of 65 and over is not checked: it is not read.

    path = write_prefecture(tmp_path / "01.xlsx", HOKKAIDO, change)
    result = one(path, home, "ipss_r5_suikei")
    findings = held(home, result)
    assert result.quarantined == 1
    assert set(findings["rule"]) == {"conflict"}
    assert set(findings["sheet"]) == {"1202_函館市"}


def break_total(cells: prefecture_book.Cells) -> tuple[int, str, str]:
    cells[(prefecture_book.FIRST, 1)] = 1
    return prefecture_book.FIRST, "bands_and_total", "男女計 2020年"


def break_sexes(cells: prefecture_book.Cells) -> tuple[int, str, str]:
    """One person moves between two bands of men: every total stays."""
    start, row = prefecture_book.STARTS["male"], prefecture_book.FIRST + 1
    cells[(row, start + 1)] = int(str(cells[(row, start + 1)])) + 1
    cells[(row + 1, start + 1)] = int(str(cells[(row + 1, start + 1)])) - 1
    return row, "sexes_and_both", "男女計 2020年"


def break_cell(cells: prefecture_book.Cells) -> tuple[int, str, str]:
    row = prefecture_book.FIRST + 3
    cells[(row, prefecture_book.STARTS["female"] + 2)] = "x"
    return row, "not_a_count", "女 2025年"


def break_again(cells: prefecture_book.Cells) -> tuple[int, str, str]:
    row = prefecture_book.AGAIN + 3
    cells[(row, 1)] = 5
    return row, "bands_and_total", "男女計 2020年"


def break_label(cells: prefecture_book.Cells) -> tuple[int, str, str]:
    row = prefecture_book.FIRST + 4
    for start in prefecture_book.STARTS.values():
        cells[(row, start)] = "その他"
    return row, "unknown_age", "男女計"


def lose_age(cells: prefecture_book.Cells) -> tuple[int, str, str]:
    row = prefecture_book.FIRST + 4
    for place in [place for place in cells if place[0] == row]:
        del cells[place]
    return row + 1, "missing_age", "男女計 2020年"


@pytest.mark.parametrize(
    "damage", [break_total, break_sexes, break_cell, break_again, break_label, lose_age]
)
def test_a_sheet_that_contradicts_itself_is_held_back_whole(
    tmp_path: Path, damage: Callable[..., tuple[int, str, str]]
) -> None:
    """A row is an age: an area without one of its rows would look like one with fewer people."""
    expected: list[tuple[int, str, str]] = []

    def change(area: Area, cells: prefecture_book.Cells) -> None:
        if area.name == "函館市":
            expected.append(damage(cells))

    read = Read(write_prefecture(tmp_path / "01.xlsx", HOKKAIDO, change), "ipss_r5_suikei")
    findings = read.findings
    assert set(findings["sheet"]) == {"1202_函館市"}
    ((row, rule, column),) = expected
    columns = findings[["row", "rule", "column"]]
    assert (row, rule, column) in set(columns.itertuples(index=False, name=None))
    first = findings["row"].iloc[0]
    others = findings[findings["rule"] == "incomplete_area"]
    assert len(others) > len(BANDS)
    assert all(f"「1202_函館市」の{first}行目" in message for message in others["message_ja"])
    assert set(read.records["area_name"]) == {area.name or "北海道" for area in HOKKAIDO[:4]}


def test_a_sheet_of_an_unknown_area_is_held_back_and_a_guide_left_out(tmp_path: Path) -> None:
    def named(area: Area) -> str:
        return {"函館市": "1999_函館市", "札幌市北区": "はじめに"}.get(
            area.name, f"{area.code}_{area.name or area.prefecture}"
        )

    def change(area: Area, cells: prefecture_book.Cells) -> None:
        if area.name == "札幌市北区":
            cells.clear()
            cells.update({(1, 0): "この表について", (3, 0): "市区町村ごとのシートです"})

    read = Read(write_prefecture(tmp_path / "01.xlsx", HOKKAIDO, change, named), "ipss_r5_suikei")
    assert set(read.findings["sheet"]) == {"1999_函館市"}
    assert "unknown_area" in set(read.findings["rule"])
    assert read.records["area_name"].nunique() == 3


def test_a_fictional_prefecture_has_kinds_too(tmp_path: Path) -> None:
    read = Read(write_prefecture(tmp_path / "51.xlsx", AREAS[-2:]), "ipss_r5_suikei")
    found = read.records.drop_duplicates("area").set_index("area_name")
    assert found["area_kind"].to_dict() == {"霞野県": "prefecture", "見晴市": "city"}
    assert set(found["prefecture"]) == {"霞野県"}
    assert found["counts_in_nation"].to_dict() == {"霞野県": "false", "見晴市": "true"}


# --- age groups -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "ages"),
    [
        ("kekkahyo2_1", (0, 14)),
        ("kekkahyo2_2", (15, 64)),
        ("kekkahyo2_3", (65, None)),
        ("kekkahyo2_4", (75, None)),
    ],
)
def test_summary_tables_of_age_groups(
    tmp_path: Path, table: str, ages: tuple[int, int | None]
) -> None:
    read = Read(kekkahyo.write_table(tmp_path, table), "ipss_r5_kekkahyo2")
    assert (read.adapted.rows_read, read.adapted.rejected) == (len(AREAS), [])
    found = read.records
    assert set(found["sex"]) == {"both"}
    assert set(found["age_from"]) == {ages[0]}
    assert set(found["age_to"].dropna()) == ({ages[1]} if ages[1] else set())
    _, first, last = kekkahyo.TABLES[table]
    hakodate = found[found["area_name"] == "函館市"].set_index("year")["population"].to_dict()
    assert hakodate == {
        year: prefecture_book.figure(4, n, "both", first, last) for n, year in enumerate(YEARS)
    }


def test_totals_and_age_groups_are_two_sources(tmp_path: Path, home: Home) -> None:
    one(kekkahyo.write_table(tmp_path, "kekkahyo1"), home, "ipss_r5_kekkahyo1")
    for table in ("kekkahyo2_3", "kekkahyo2_4"):
        result = one(kekkahyo.write_table(tmp_path, table), home, "ipss_r5_kekkahyo2")
        assert result.quarantined == 0


# --- the nation -------------------------------------------------------------------------------


def test_single_years_in_two_blocks(tmp_path: Path, home: Home) -> None:
    result = one(national.write_single(tmp_path / "1-9.xlsx"), home, "ipss_national")
    found = lake(home, result)
    assert result.accepted == 3 * 55
    assert result.ignored == 3  # 総数
    expected = {
        (year, sex, age): national.persons(year, sex, age)
        for year in (2020, 2021, 2040)
        for sex in ("male", "female")
        for age in range(106)
    }
    assert found.set_index(["year", "sex", "age_from"])["population"].to_dict() == expected
    assert found[found["age_to"].isna()]["age_from"].unique().tolist() == [105]
    assert set(found["projection"]) == {"ipss_r5_national"}
    assert set(found["area"]) == {"000000"}
    assert set(found["area_kind"]) == {"nation"}
    assert set(found[found["is_actual"]]["year"]) == {2020}


VARIANTS = [(births, deaths) for deaths in national.LEVELS for births in national.LEVELS]
"""In the publisher's order: births medium, high, low within deaths medium, high, low."""


@pytest.mark.parametrize(("number", "levels"), list(enumerate(VARIANTS, 1)))
def test_variants_by_title_and_by_file_number(
    tmp_path: Path, number: int, levels: tuple[str, str]
) -> None:
    wanted = "ipss_r5_national" + ("" if number == 1 else f"_{levels[0]}_{levels[1]}")

    def untitled(year: object, cells: national.Cells) -> None:
        cells[(1, 0)] = "男女年齢各歳別人口"

    titled = national.write_single(tmp_path / "表.xlsx", (2020,), levels)
    assert set(Read(titled, "ipss_national").records["projection"]) == {wanted}
    numbered = national.write_single(tmp_path / f"{number}-9.xlsx", (2020,), change=untitled)
    assert set(Read(numbered, "ipss_national").records["projection"]) == {wanted}


def test_variants_stand_side_by_side(tmp_path: Path, home: Home) -> None:
    for levels in (("mid", "mid"), ("low", "high")):
        path = national.write_single(tmp_path / f"{'-'.join(levels)}.xlsx", (2020,), levels)
        assert one(path, home, "ipss_national").accepted == 55


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("日本人参考推計 男女年齢各歳別人口：出生中位（死亡中位）推計", "日本人だけの推計"),
        ("男女年齢各歳別人口", "出生と死亡の仮定"),
    ],
)
def test_what_a_title_must_say(tmp_path: Path, title: str, words: str) -> None:
    def change(year: object, cells: national.Cells) -> None:
        cells[(1, 0)] = title

    with pytest.raises(Refused, match=words):
        Read(national.write_single(tmp_path / "x.xlsx", (2020,), change=change), "ipss_national")


STACKS = {
    "era years": (("平成 27", 2015), ("28", 2016), ("29", 2017)),
    "western beside": (("平成27（2015）年", 2015), ("28（2016）年", 2016)),
    "numbered": (("（1）令和2(2020)年", 2020), ("（2）令和3(2021)年", 2021)),
    "first year": (("平成 27", 2015), ("令和 元", 2019), ("2", 2020)),
    "western": (("2020年", 2020), ("2025年", 2025)),
}


@pytest.mark.parametrize("headings", STACKS.values(), ids=STACKS.keys())
@pytest.mark.parametrize("beside", [False, True])
def test_five_year_bands_below_each_other(
    tmp_path: Path, headings: tuple[tuple[str, int], ...], beside: bool
) -> None:
    read = Read(
        national.write_stacked(tmp_path / "1-9A.xlsx", headings, beside), "ipss_national_5y"
    )
    assert read.figures() == {
        (year, sex, first): sum(national.persons(year, sex, n) for n in range(first, last + 1))
        for _, year in headings
        for sex in ("male", "female")
        for first, last in national.FIVE
    }
    assert read.adapted.rejected == []
    found = read.records
    assert found[found["age_to"].isna()]["age_from"].unique().tolist() == [100]
    assert set(found["base_year"]) == {"2015" if headings[0][1] == 2015 else "2020"}


def test_repeated_groups_and_mean_ages_are_not_taken_for_ages(tmp_path: Path) -> None:
    def change(year: object, cells: national.Cells) -> None:
        for number, (label, first, last) in enumerate(national.BROAD, 57):
            cells[(number, 5)] = f"（再掲）{label}"
            for column, sex in enumerate(national.SEXES, 6):
                cells[(number, column)] = national.total(2020, sex, first, last)
        cells[(61, 0)] = "平均年齢"
        for column in (1, 2, 3):
            cells[(61, column)] = 47.6

    read = Read(
        national.write_single(tmp_path / "1-9.xlsx", (2020,), change=change), "ipss_national"
    )
    assert read.adapted.rejected == []
    assert len(read.records) == 2 * 106
    reasons = {(one.row, one.reason) for one in read.adapted.ignored}
    assert reasons == {(4, "total"), (60, "blank"), (61, "filtered")}


def test_a_wrong_repeated_group_holds_its_year_back(tmp_path: Path) -> None:
    def change(year: object, cells: national.Cells) -> None:
        cells[(58, 5)] = "うち65+"
        for column, sex in enumerate(national.SEXES, 6):
            cells[(58, column)] = national.total(2020, sex, 66)

    read = Read(
        national.write_single(tmp_path / "1-9.xlsx", (2020,), change=change), "ipss_national"
    )
    assert len(read.records) == 0
    assert (58, "bands_and_total") in set(
        zip(read.findings["row"], read.findings["rule"], strict=True)
    )


def test_a_year_that_contradicts_itself_is_held_back_alone(tmp_path: Path, home: Home) -> None:
    def change(headings: object, cells: national.Cells) -> None:
        row = next(row for (row, column), value in cells.items() if column == 0 and value == "3")
        cells[(row + 4, 2)] = float(str(cells[(row + 4, 2)])) + 0.2
        expected.append(row + 4)

    expected: list[int] = []
    path = national.write_stacked(tmp_path / "1-9A.xlsx", change=change)
    result = one(path, home, "ipss_national_5y")
    assert set(lake(home, result)["year"]) == {2020, 2022}
    findings = held(home, result)
    own = findings[findings["rule"] == "sexes_and_both"]
    assert set(own["source_row"]) == set(expected)
    assert result.quarantined == 1 + len(national.FIVE) + len(national.BROAD)


def test_rounding_is_no_contradiction(tmp_path: Path) -> None:
    """Published figures are rounded one by one: a total may be some persons off, not hundreds."""

    def change(off: float) -> national.Change:
        def add(year: object, cells: national.Cells) -> None:
            cells[(4, 1)] = round(float(str(cells[(4, 1)])) + off, 3)

        return add

    near = national.write_single(tmp_path / "1-9.xlsx", (2020,), change=change(0.001))
    assert Read(near, "ipss_national").adapted.rejected == []
    far = national.write_single(tmp_path / "1-9.xlsx", (2020,), change=change(0.2))
    read = Read(far, "ipss_national")
    assert (len(read.records), read.findings["row"].nunique()) == (0, 56)


def test_the_pyramid(tmp_path: Path, home: Home) -> None:
    result = one(national.write_pyramid(tmp_path / "pyramid.xlsx"), home, "ipss_national_pyramid")
    found = lake(home, result)
    assert result.accepted == 202
    assert found.set_index(["year", "sex", "age_from"])["population"].to_dict() == {
        (year, sex, age): sum(
            national.persons(year, sex, one) for one in range(age, 106 if age == 100 else age + 1)
        )
        for year in (2010, 2015, 2020, 2065)
        for sex in ("male", "female")
        for age in range(101)
    }
    assert set(found["projection"]) == {"ipss_h29_national"}
    assert set(found[found["is_actual"]]["year"]) == {2010, 2015}


def test_one_wrong_age_holds_the_whole_pyramid_back(tmp_path: Path) -> None:
    def change(name: object, cells: national.Cells) -> None:
        if name == "F":
            cells[(40, 2)] = "-"

    path = national.write_pyramid(tmp_path / "pyramid.xlsx", change=change)
    read = Read(path, "ipss_national_pyramid")
    assert len(read.records) == 0
    own = read.findings.query("rule == 'not_a_count'").iloc[0]
    assert (own["sheet"], own["row"], own["column"], own["value"]) == ("F", 40, "女 2015", "-")


# --- the resident register --------------------------------------------------------------------


def test_the_register_by_age(tmp_path: Path, home: Home) -> None:
    result = one(juki.write_juki(tmp_path / "juki.xlsx"), home, "juki_age")
    assert (result.accepted, result.quarantined) == (2 * len(juki.AREAS), 0)
    assert result.ignored == len(juki.AREAS) + 3  # each area's 計, and the nation's three rows
    found = lake(home, result)
    assert found.set_index(["area", "sex", "age_from"])["population"].to_dict() == {
        (code, sex, 5 * band): juki.persons(at, number, band)
        for at, (code, _, _) in enumerate(juki.AREAS)
        for number, sex in enumerate(("male", "female"))
        for band in range(21)
    }
    assert found[found["age_to"].isna()]["age_from"].unique().tolist() == [100]
    areas = found.drop_duplicates("area").set_index("area_name")
    assert areas["area_kind"].to_dict() == {
        "北海道": "prefecture",
        "札幌市": "designated_city",
        "札幌市中央区": "ward",
        "函館市": "city",
        "千代田区": "special_ward",
        "霞野県": "prefecture",
        "見晴市": "city",
    }
    assert set(areas[areas["counts_in_nation"]].index) == {
        "札幌市中央区",
        "函館市",
        "千代田区",
        "見晴市",
    }
    assert set(found["year"]) == {2025}
    assert found["is_actual"].all()
    assert set(found["projection"]) == {"juki"}


@pytest.mark.parametrize(
    ("title", "name", "year"),
    [
        ("【総計】令和7年1月1日住民基本台帳年齢階級別人口", "x.xlsx", 2025),
        ("年齢階級別人口", "令和6年.xlsx", 2024),
        ("2023年1月1日現在 年齢階級別人口", "x.xlsx", 2023),
        ("平成31年住民基本台帳年齢階級別人口", "x.xlsx", 2019),
    ],
)
def test_the_registers_year(tmp_path: Path, title: str, name: str, year: int) -> None:
    read = Read(juki.write_juki(tmp_path / name, title=title), "juki_age")
    assert set(read.records["year"]) == {year}


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("【日本人住民】令和7年住民基本台帳年齢階級別人口", "日本人住民だけの表"),
        ("【外国人住民】令和7年住民基本台帳年齢階級別人口", "外国人住民だけの表"),
        ("年齢階級別人口", "何年の人口か"),
    ],
)
def test_registers_that_are_refused(tmp_path: Path, title: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        Read(juki.write_juki(tmp_path / "x.xlsx", title=title), "juki_age")


def test_a_code_that_lost_its_zero_is_the_same_area(tmp_path: Path) -> None:
    def change(rows: juki.Rows) -> None:
        for row in rows:
            row[0] = int(str(row[0])) if row[0] else row[0]

    read = Read(juki.write_juki(tmp_path / "x.xlsx", change), "juki_age")
    assert set(read.records["area"]) == {code for code, _, _ in juki.AREAS}


@pytest.mark.parametrize(
    ("row", "column", "value", "rule"),
    [
        (12, 4, 1, "bands_and_total"),
        (12, 5, "x", "not_a_count"),
        (13, 3, "不明", "unknown_sex"),
        (13, 3, "計", "repeated"),
        (12, 0, "019996", "unknown_area"),
        (14, 6, "", "not_a_count"),
    ],
)
def test_an_area_that_contradicts_itself_is_held_back(
    tmp_path: Path, row: int, column: int, value: object, rule: str
) -> None:
    """Row 12 of the table below the header is 函館市's 計, then men and women."""

    def change(rows: juki.Rows) -> None:
        assert rows[12][2:4] == ["函館市", "計"]
        for changed in rows[12:15] if column == 0 else [rows[row]]:
            changed[column] = value

    read = Read(juki.write_juki(tmp_path / "x.xlsx", change), "juki_age")
    found = set(zip(read.findings["row"], read.findings["rule"], strict=True))
    assert (juki.FIRST + row, rule) in found
    assert "012025" not in set(read.records["area"])
    assert read.records["area"].nunique() == len(juki.AREAS) - 1
