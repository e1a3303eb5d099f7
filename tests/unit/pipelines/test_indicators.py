"""Indicators through `load`: generic, the survey's zip, the dashboard; names, days and reasons."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipelines.ingest import load
from pipelines.results import LoadResult
from tests.fixtures.indicators import TOWNS, workbook, write_dashboard, write_overview
from warehouse.home import Home

MEMBER = "【R07個別資料】（６）行政手続のオンライン化（市区町村）.xlsx"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text.strip() + "\n", encoding=encoding)
    return path


def one(path: Path, home: Home, **options: str) -> LoadResult:
    (result,) = load([path], home, **options)  # type: ignore[arg-type]
    if result.status == "stored":
        counted = result.accepted + result.quarantined + result.duplicates + result.ignored
        assert result.rows_read == counted
    return result


def lake(home: Home, result: LoadResult) -> pd.DataFrame:
    stored = pd.read_parquet(home.lake / str(result.source) / f"{result.sha256}.parquet")
    return stored.sort_values(["source_row", "indicator"], ignore_index=True)


def held(home: Home, result: LoadResult) -> dict[int, str]:
    frame = pd.read_parquet(home.quarantine / f"{result.sha256}.parquet")
    return dict(zip(frame["source_row"], frame["rule"], strict=True))


def test_values_and_reasons_of_a_generic_table(tmp_path: Path, home: Home) -> None:
    text = """
都道府県名,市区町村名,指標,時点,値,状態,単位,分野
東京都,府中市,オンライン申請率,2025-04-01,45.3%,,,窓口
広島県,府中市,オンライン申請率,令和7年4月1日,"1,012.5",,件,窓口
大阪府,泉大津市,オンライン申請率,2025-04-01,未回答,,,
大阪府,堺市,オンライン申請率,2025-04-01,－,,,
大阪府,大阪市,オンライン申請率,2025-04-01,,未公表,,
京都府,京都市,書かない窓口,2025-04-01,済,,,
京都府,宇治市,書かない窓口,2025-04-01,未実施,,,
京都府,亀岡市,書かない窓口,2025-04-01,,検討中,,
京都府,舞鶴市,書かない窓口,2025-04-01,0,,,
大阪府,岸和田市,オンライン申請率,2025-04-01,およそ半分,,,
大阪府,豊中市,オンライン申請率,2025-04-01,,,,
大阪府,池田市,オンライン申請率,2025-04-01,5,未回答,,
,府中市,オンライン申請率,2025-04-01,5,,,
大阪府,見晴市,オンライン申請率,2025-04-01,5,,,
"""
    result = one(write(tmp_path / "indicators.csv", text, "cp932"), home)
    assert (result.source, result.rows_read, result.accepted) == ("indicator", 14, 9)
    told = lake(home, result).astype(object).where(lambda frame: frame.notna(), None)
    found = [
        tuple(row) for row in told[["municipality", "value", "status", "unit"]].to_numpy().tolist()
    ]
    assert found == [
        ("132063", 45.3, "reported", "%"),
        ("342084", 1012.5, "reported", "件"),
        ("272060", None, "no_answer", None),
        ("271403", None, "not_applicable", None),
        ("271004", None, "unpublished", None),
        ("261009", 1.0, "reported", "有無"),
        ("262048", None, "not_done", "有無"),
        ("262064", None, "planned", "有無"),
        ("262021", 0.0, "reported", None),
    ]
    assert held(home, result) == {
        11: "value_unreadable",
        12: "no_value",
        13: "status_contradicts",
        14: "ambiguous_name",
        15: "unknown_name",
    }


def test_codes_are_those_of_the_row_s_day(tmp_path: Path, home: Home) -> None:
    changes = write(
        tmp_path / "changes.csv",
        "施行日,事由,変更前の団体コード,変更前の名称,変更後の団体コード,変更後の名称\n"
        "2011-10-11,編入合併,112267,鳩ケ谷市,112038,川口市",
    )
    rows = {
        "112267,2011-10-10": "112267",
        "112267,2011-10-11": "112038",
        "112038,2005-04-01": "112038",
        "403059,2018-09-30": "403059",
        "403059,2018-10-01": "402311",
        "402311,2017-04-01": "403059",
        "221317,2024-01-01": "221384",
        "221350,2023-12-31": "221350",
        "221350,2024-01-01": "split_code",
        "埼玉県鳩ヶ谷市,2020-01-01": "112038",
    }
    text = "団体コード,時点,指標,値\n" + "\n".join(f"{row},件数,1" for row in rows)
    indicators = write(tmp_path / "a_first.csv", text)
    # The list is loaded first, though it is named last.
    result, listed = load([indicators, changes], home)
    assert (listed.source, listed.accepted) == ("municipality_change", 1)
    assert (result.accepted, result.quarantined) == (len(rows) - 1, 1)
    told = {**lake(home, result).set_index("source_row")["municipality"], **held(home, result)}
    assert [told[number] for number in range(2, len(rows) + 2)] == list(rows.values())


def test_the_code_from_the_command_line_is_resolved_too(tmp_path: Path, home: Home) -> None:
    text = "時点,指標,値\n2020-04-01,件数,1\n2010-04-01,件数,2"
    result = one(write(tmp_path / "own.csv", text), home, municipality="403059")
    assert lake(home, result)["municipality"].tolist() == ["402311", "403059"]
    split = "時点,指標,値\n2025-04-01,件数,1\n2010-04-01,件数,2"
    result = one(write(tmp_path / "ward.csv", split), home, municipality="221350")
    assert held(home, result) == {2: "split_code"}


def test_a_code_that_ended_without_successor_asks_for_the_change(
    tmp_path: Path, home: Home
) -> None:
    listed = write(
        tmp_path / "list.csv",
        "団体コード,都道府県名,市区町村名,種別,廃止日\n"
        "510009,霞野県,霞野県,都道府県,\n512010,霞野県,見晴市,市,2020-03-31",
    )
    text = "団体コード,時点,指標,値\n512010,2020-03-31,件数,1\n512010,2020-04-01,件数,2"
    _, result = load([listed, write(tmp_path / "i.csv", text)], home)
    assert held(home, result) == {3: "ended_code"}


def test_a_mapping_settles_names_in_every_source(tmp_path: Path, home: Home) -> None:
    target = write(
        tmp_path / "targets.csv", "市区町村名,指標,目標値,期限\n府中市,online_rate,80,2028-03-31"
    )
    (before,) = load([target], home, store=False)
    assert (before.source, before.quarantined) == ("target", 1)
    mapping = write(tmp_path / "names.csv", "表記,都道府県名,団体コード\n府中市,,132063")
    result, named = load([target, mapping], home)
    assert (named.source, named.accepted) == ("name_mapping", 1)
    stored = pd.read_parquet(home.lake / "target" / f"{result.sha256}.parquet")
    assert stored["municipality"].tolist() == ["132063"]


def test_the_survey_s_zip(tmp_path: Path, home: Home) -> None:
    total = ("", "合計", "", "", "", "", "3")
    path = write_overview(tmp_path / "dx.zip", {MEMBER: workbook(total=total)})
    result = one(path, home)
    assert (result.source, result.rows_read, result.accepted) == ("dx_overview", 5, 4)
    assert result.ignored == 1
    stored = lake(home, result)
    assert len(stored) == 12
    assert set(stored["as_of"].astype(str)) == {"2025-04-01"}
    assert set(stored["category"]) == {MEMBER.removesuffix(".xlsx")}
    told = stored.pivot(index="municipality", columns="indicator", values="status")
    names = {"転出届": 0, "児童手当の認定請求": 1, "粗大ごみの申込": 2}
    groups = {"転出届": "子育て・転居", "児童手当の認定請求": "子育て・転居"}
    meaning = {"済": "reported", "未": "not_done", "": "no_answer"}
    for code, _, states in TOWNS:
        for name, at in names.items():
            indicator = f"{groups.get(name, '環境')}／{name}"
            assert told.loc[code, indicator] == meaning[states[at]]


def test_a_member_by_itself_and_rows_that_are_wrong(tmp_path: Path, home: Home) -> None:
    towns = [
        (12025, "北海道函館市", ("済", "未", "")),
        ("132063", "東京都府中市", ("済", "たぶん", "")),
        ("999999", "見晴市", ("済", "済", "済")),
        ("272060", "大阪府泉大津市", ("未", "", "済")),
    ]
    path = tmp_path / "令和6年度_個別資料.xlsx"
    path.write_bytes(workbook(towns, title="オンライン化の状況"))
    result = one(path, home)
    assert (result.source, result.accepted, result.quarantined) == ("dx_overview", 2, 2)
    assert held(home, result) == {9: "value", 10: "unknown_municipality"}
    stored = lake(home, result)
    assert set(stored["municipality"]) == {"012025", "272060"}
    assert set(stored["as_of"].astype(str)) == {"2024-04-01"}


def test_a_survey_without_a_day_asks_for_it(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "survey.xlsx"
    path.write_bytes(workbook(title="オンライン化の状況"))
    result = one(path, home)
    assert result.status == "refused" and "as_of" in result.message and "as_of" in result.message_en
    home.profiles.mkdir(parents=True)
    (home.profiles / "dx.yml").write_text(
        "source: dx_overview\nlabel: {ja: 日付, en: day}\nconstants: {as_of: 2023-04-01}\n",
        encoding="utf-8",
    )
    result = one(path, home, profile="dx")
    assert set(lake(home, result)["as_of"].astype(str)) == {"2023-04-01"}


WIDE = (
    ("", "", "函館市", "泉大津市", "京都市", "堺市"),
    ("マイナンバーカード", "保有枚数率", "45.3%", "50", "-", "未公表"),
    ("", "電子証明書の利用", "済", "未回答", "検討中", "未実施"),
    ("窓口", "書かない窓口", "○", "×", "", "1,234"),
)


def test_the_dashboard_s_wide_table(tmp_path: Path, home: Home) -> None:
    path = write_dashboard(tmp_path / "dashboard_20250401.csv", [*WIDE, ("", "", "", "", "", "")])
    result = one(path, home)
    assert (result.source, result.rows_read, result.accepted) == ("dx_dashboard", 4, 3)
    stored = lake(home, result)
    assert set(stored["as_of"].astype(str)) == {"2025-04-01"}
    told = stored.pivot(index="indicator", columns="municipality", values="status")
    assert told.loc["保有枚数率"].to_dict() == {
        **{"012025": "reported", "272060": "reported"},
        **{"261009": "not_applicable", "271403": "unpublished"},
    }
    assert told.loc["電子証明書の利用"].to_dict() == {
        **{"012025": "reported", "272060": "no_answer"},
        **{"261009": "planned", "271403": "not_done"},
    }
    values = stored.set_index(["indicator", "municipality"])["value"]
    assert values["保有枚数率", "012025"] == 45.3 and values["書かない窓口", "271403"] == 1234
    categories = stored.drop_duplicates("indicator").set_index("indicator")["category"]
    assert categories["電子証明書の利用"] == "マイナンバーカード"
    assert categories["書かない窓口"] == "窓口"


def test_a_row_with_an_answer_that_is_none_is_held_back_whole(tmp_path: Path, home: Home) -> None:
    rows = [*WIDE, ("窓口", "遠隔窓口", "だいたい", "1", "2", "3"), ("窓口", "", "1", "2", "", "")]
    result = one(write_dashboard(tmp_path / "d_20250401.csv", rows), home)
    assert (result.accepted, held(home, result)) == (3, {5: "value", 6: "required"})


def test_namesakes_of_a_wide_table_are_asked_for_and_not_guessed(
    tmp_path: Path, home: Home
) -> None:
    rows = [
        ("", "", "三鷹市", "府中市", "福山市", "府中市", "見晴市"),
        ("窓口", "待ち時間", "1", "2", "3", "4", "5"),
    ]
    path = write_dashboard(tmp_path / "d_20250401.csv", rows)
    result = one(path, home)
    assert result.status == "refused"
    for part in (
        "府中市（D列、候補 132063／342084）",
        "府中市(2)（F列",
        "見晴市（G列、候補 該当なし）",
    ):
        assert part in result.message
    assert "府中市, 府中市(2), 見晴市" in result.message_en
    mapping = write(
        tmp_path / "names.csv", "表記,団体コード\n府中市,132063\n府中市(2),342084\n見晴市,272060"
    )
    load([mapping], home)
    result = one(path, home)
    assert lake(home, result).set_index("municipality")["value"].to_dict() == {
        **{"132047": 1.0, "132063": 2.0, "342076": 3.0, "342084": 4.0, "272060": 5.0}
    }


def test_two_columns_of_one_municipality_are_refused(tmp_path: Path, home: Home) -> None:
    mapping = write(tmp_path / "names.csv", "表記,団体コード\n府中市,132063\n府中市(2),132063")
    rows = [("", "", "府中市", "府中市"), ("窓口", "待ち時間", "1", "2")]
    load([mapping], home)
    result = one(write_dashboard(tmp_path / "d_20250401.csv", rows), home)
    assert result.status == "refused" and "132063" in result.message


def test_a_table_of_one_prefecture_says_so_in_a_profile(tmp_path: Path, home: Home) -> None:
    home.profiles.mkdir(parents=True)
    (home.profiles / "tokyo.yml").write_text(
        "source: dx_dashboard\nlabel: {ja: 東京都, en: Tokyo}\nsettings: {prefecture: 東京都}\n",
        encoding="utf-8",
    )
    rows = [("", "", "三鷹市", "府中市"), ("窓口", "待ち時間", "1", "2")]
    path = write_dashboard(tmp_path / "d_20250401.csv", rows)
    result = one(path, home, profile="tokyo")
    assert set(lake(home, result)["municipality"]) == {"132047", "132063"}


CARDS = """
算出基準日,都道府県名,市区町村名,総数（人口）,交付枚数,人口に対する交付枚数率,交付件数基準日,団体コード
2022/12/31,全国,,"1,300",600,46.2,2022/12/31,
2022/12/31,北海道,,1000,400,40.0,2022/12/31,10006
2022/12/31,北海道,函館市,900,360,40.0,2022/12/31,12025
2022/12/31,北海道,茅部郡森町,100,40,40.0,2022/12/31,<NA>
2022/12/31,大阪府,,301,200,66.7,2022/12/31,270008
2022/12/31,大阪府,泉大津市,300,200,66.7,2022/12/31,272060
2022/12/31,大阪府,堺市,300,200,50.0,2022/12/31,271403
2022/12/31,大阪府,豊中市,x,200,50.0,2022/12/31,272035
2022/12/31,大阪府,見晴市,300,200,66.7,2022/12/31,999999
※ 出典 総務省
"""


def test_cards_sums_are_checked_and_left_out(tmp_path: Path, home: Home) -> None:
    """Row 2 is the nation, rows 3 and 6 are prefectures; 大阪府 differs from its parts."""
    good = "\n".join(
        line for at, line in enumerate(CARDS.strip().split("\n")) if at not in (5, 7, 8, 9)
    )
    result = one(write(tmp_path / "cards.csv", good, "utf-8-sig"), home)
    assert (result.source, result.accepted, result.ignored) == ("mynumber_card", 3, 3)
    stored = lake(home, result)
    cards = stored[stored["indicator"] == "mynumber_cards"].set_index("municipality")["value"]
    assert cards.to_dict() == {"012025": 360, "013455": 40, "272060": 200}
    result = one(write(tmp_path / "bad.csv", CARDS, "utf-8-sig"), home)
    assert held(home, result) == {
        **{2: "sum_differs", 6: "sum_differs", 8: "rate_differs", 9: "not_a_count"},
        **{10: "unknown_municipality"},
    }
    assert (result.duplicates, result.ignored) == (3, 2)
