"""What the 1,741 fictional municipalities report."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

BOM = "utf-8-sig"


def table(folder: Path, pattern: str) -> pd.DataFrame:
    return pd.concat(
        [
            pd.read_csv(path, dtype={"団体コード": str}, encoding=BOM)
            for path in sorted(folder.glob(pattern))
        ]
    )


def test_counters_of_twelve_months_are_consistent(nation_folder: Path) -> None:
    months = table(nation_folder, "窓口月次集計_*.csv")
    assert months["年月"].nunique() == 12
    reporters = months.groupby("年月")["団体コード"].nunique()
    assert reporters.between(1300, 1700).all()
    assert (months["発券数"] == months["呼出数"] + months["未呼出数"]).all()
    assert (months["呼出数"] == months["完了数"] + months["不在数"]).all()
    assert (months["目標超過数"] <= months["呼出数"]).all()
    over = months["目標超過数"].sum() / months["呼出数"].sum()
    assert 0.05 < over < 0.4
    # a mean wait cannot be less than what the waits above fifteen minutes alone make
    assert (months["待ち時間合計（分）"] + 0.1 >= months["目標超過数"] * 15).mean() > 0.99


def test_staff_grows_with_population_and_is_oldest_around_53(nation_folder: Path) -> None:
    staff = table(nation_folder, "年齢別職員数_*.csv")
    assert staff["団体コード"].nunique() == 1741
    assert not staff.duplicated(["団体コード", "任用区分", "年齢"]).any()
    regular = staff[staff["任用区分"] == "常勤"].groupby("年齢")["職員数"].sum()
    assert 50 <= regular.idxmax() <= 55
    assert regular[[20, 21, 22, 23, 24]].mean() < regular.max() / 2
    assert (staff["常勤換算"] <= staff["職員数"]).all()


@pytest.mark.parametrize(
    ("pattern", "low", "high", "rows"),
    [("業務量調査_*.csv", 700, 1500, 120_000), ("申請件数.csv", 1500, 1741, 400_000)],
)
def test_reporters_and_rows(
    nation_folder: Path, pattern: str, low: int, high: int, rows: int
) -> None:
    reported = table(nation_folder, pattern)
    assert low <= reported["団体コード"].nunique() <= high
    assert len(reported) <= rows


def test_applications_move_online(nation_folder: Path) -> None:
    reported = table(nation_folder, "申請件数.csv")
    keys = ["団体コード", "年月", "手続", "受付方法", "処理方法"]
    assert not reported.duplicated(keys).any()
    by_month = reported.groupby("年月")["件数"].sum()
    online = reported[reported["受付方法"] == "オンライン"].groupby("年月")["件数"].sum() / by_month
    assert online["2026年10月"] > online["2025年11月"]
