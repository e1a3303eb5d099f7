"""The resident register by age (住民基本台帳年齢階級別人口, 総務省), on 1 January.

Three rows per area (計, 男, 女) with code, prefecture, city, sex, total and five-year bands. A
prefecture's own rows have `-` as city, a designated city stands there whole and by ward. Men and
women are stored, once the three rows agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.adapters import areas
from pipelines.adapters.base import Adapted, Context, Ignored
from pipelines.adapters.population_group import Group, collected
from pipelines.adapters.population_layout import GROUPS, SEX_JA
from pipelines.adapters.words import Band, age_band, era_year, plain
from pipelines.errors import Refused
from pipelines.profile import Profile
from pipelines.read import Sheet
from pipelines.sources import Source
from warehouse import codes

_HEADERS = {
    "code": ("団体コード", "コード", "市区町村コード"),
    "prefecture": ("都道府県名", "都道府県"),
    "name": ("市区町村名", "市区町村"),
    "sex": ("性別",),
    "total": ("総数", "人口総数", "人口"),
}
_WESTERN = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
_NO_CITY = ("-", "", "−", "‐", "―", "ー")
_WHOLE = ("合計", "総計", "全国", "計")


@dataclass(frozen=True)
class _Layout:
    """Rows above the data, the columns of _HEADERS, and those of the bands."""

    skip: int
    columns: dict[str, int]
    bands: tuple[tuple[Band, int], ...]


def _layout(sheet: Sheet) -> _Layout | None:
    """Find the header; its cells may stand in up to three rows, merged downwards."""
    for at, cells in enumerate(sheet.head):
        if not any(plain(cell) in _HEADERS["code"] for cell in cells):
            continue
        for height in (1, 2, 3):
            if found := _header(sheet.head[at : at + height]):
                return _Layout(at + height, *found)
    return None


def _header(
    rows: Sequence[Sequence[str]],
) -> tuple[dict[str, int], tuple[tuple[Band, int], ...]] | None:
    columns: dict[str, int] = {}
    bands: dict[Band, int] = {}
    for row in rows:
        for column, cell in enumerate(row):
            word = plain(cell)
            for name, words in _HEADERS.items():
                if word in words:
                    columns.setdefault(name, column)
            band = age_band(word)
            if band and (band.last is None or band.last == band.first + 4):
                bands.setdefault(band, column)
    if set(columns) != set(_HEADERS) or not any(band.last is None for band in bands):
        return None
    return columns, tuple(sorted(bands.items(), key=lambda item: item[0].first))


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where a sheet has code, prefecture, city, sex, total and bands up to an open one."""
    return any(_layout(sheet) for sheet in sheets)


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """Turn the rows into one record per area, sex and band.

    An area whose three rows contradict each other is held back. Raises Refused where no sheet has
    the layout, where the year is nowhere written, and where the table is not of all residents.
    """
    tables = [(sheet, found) for sheet in sheets if (found := _layout(sheet))]
    if not tables:
        raise Refused(
            "団体コード・都道府県名・市区町村名・性別・総数と5歳階級の列が見つかりません。"
            "総務省の年齢階級別人口の表のまま読み込んでください",
            "no columns of code, prefecture, city, sex, total and five-year bands; "
            "load the ministry's table as it is",
        )
    groups: list[Group] = []
    ignored: list[Ignored] = []
    for sheet, found in tables:
        above = [" ".join(row) for row in sheet.head[: found.skip]]
        _refuse_partial([*above, sheet.name, context.file_name])
        year = _year([*above, sheet.name, context.file_name], context.profile)
        if year is None:
            raise Refused(
                "何年の人口か、表題にもシート名にもファイル名にもありません。"
                "「令和7年」のように書いてください",
                "neither title, sheet nor file says the year; write it, such as 令和7年",
            )
        own, left = _read(sheet, found, year)
        groups += own
        ignored += left
    kinds = [group.about["area_kind"] for group in groups]
    flags = areas.finest([group.about["area"] for group in groups], kinds)
    for group, flag in zip(groups, flags, strict=True):
        group.about = {**group.about, "counts_in_nation": "true" if flag else "false"}
    return collected(groups, ignored)


def _year(texts: Sequence[str], profile: Profile) -> int | None:
    if "year" in profile.constants:
        return int(profile.constants["year"])
    for text in texts:
        if (year := era_year(text)) is not None:
            return year
        if match := _WESTERN.search(plain(text)):
            return int(match[1])
    return None


def _refuse_partial(texts: Sequence[str]) -> None:
    for text in texts:
        for part in ("日本人住民", "外国人住民"):
            if part in plain(text):
                raise Refused(
                    f"{part}だけの表です。総計の表を読み込んでください",
                    "the table is of Japanese or of foreign residents only; load that of all",
                )


def _read(sheet: Sheet, found: _Layout, year: int) -> tuple[list[Group], list[Ignored]]:
    groups: dict[str, Group] = {}
    ignored: list[Ignored] = []
    at = found.columns
    for number, cells in enumerate(sheet.rows()[found.skip :], found.skip + 1):
        figures = [cells[at["total"]], *(cells[column] for _, column in found.bands)]
        if not any(cell.strip() for cell in figures):
            reason = "title" if any(cell.strip() for cell in cells) else "blank"
            ignored.append(Ignored(number, reason, sheet.name))
            continue
        written, prefecture, city = (plain(cells[at[n]]) for n in ("code", "prefecture", "name"))
        if prefecture in _WHOLE or written in _WHOLE:
            ignored.append(Ignored(number, "total", sheet.name))
            continue
        key = f"{written}|{prefecture}|{city}"
        if key not in groups:
            groups[key] = _group(written, prefecture, city)
        _take(groups[key], (sheet.name, number), cells, found, year)
    for group in groups.values():
        group.settle()
    return list(groups.values()), ignored


def _group(written: str, prefecture: str, city: str) -> Group:
    code = codes.normalise(written, check_digit_given=True)
    code = areas.area_code(code) if code else None
    name = prefecture if city in _NO_CITY else city
    return Group(
        {
            "area": code,
            "area_name": name,
            "prefecture": prefecture,
            "area_kind": areas.kind_of(code, name) if code else None,
        },
        width=5,
    )


def _take(
    group: Group, row: tuple[str, int], cells: Sequence[str], found: _Layout, year: int
) -> None:
    at = found.columns
    if group.about["area"] is None or group.about["area_kind"] is None:
        group.reject(
            row,
            "団体コード",
            cells[at["code"]],
            "unknown_area",
            "市区町村の一覧にない団体コードです。コードを確かめてください",
            "the code is not in the list of municipalities; check the code",
        )
        return
    sex = GROUPS.get(plain(cells[at["sex"]]))
    if sex is None:
        group.reject(
            row,
            "性別",
            cells[at["sex"]],
            "unknown_sex",
            "性別は計・男・女のどれかです。元の表を確かめてください",
            "the sex must be 計, 男 or 女; check the original",
        )
        return
    if any(cell.row != row for cell in group.cells.get((year, sex), {}).values()):
        group.reject(
            row,
            "性別",
            cells[at["sex"]],
            "repeated",
            f"この団体の{SEX_JA[sex]}の行が2つあります。元の表を確かめてください",
            "the area has two rows of this sex; check the original",
        )
        return
    group.put(year, sex, None, row, f"{SEX_JA[sex]} 総数", cells[at["total"]])
    for band, column in found.bands:
        last = "以上" if band.last is None else f"～{band.last}"
        group.put(year, sex, band, row, f"{SEX_JA[sex]} {band.first}{last}歳", cells[column])
