"""Small files that people keep by hand: reforms, targets, the list of municipalities."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.demo.names import Place
from pipelines.demo.world import CITY_CODE, REFORM
from pipelines.demo.writing import write_csv

_KINDS = {"prefecture": "都道府県", "city": "市", "town": "町", "village": "村"}

EVENTS = (
    ("2025/07/01", "コンビニ交付の手数料を減額", "市民課", "", "窓口300円、コンビニ150円"),
    (
        "2025/10/01",
        "保育所入所のオンライン申込を開始",
        "子育て支援課",
        "",
        "入所調整まで電子で処理",
    ),
    (
        f"{REFORM:%Y/%m/%d}",
        "書かない窓口を開始",
        "市民課",
        "",
        "本庁の市民課。申請書を書かずに受付",
    ),
    ("2026/01/05", "転入・転居の処理を電子化", "市民課", "", "紙の異動届の入力を廃止"),
    ("2026/04/01", "リモート窓口を開設", "市民サービス課", "", "北支所と郵便局2か所"),
)
TARGETS = (
    ("wait_p90", 15, "2027/03/31", "フロントヤード改革計画：待ち時間の90%点を15分以内に"),
    ("wait_over_share", 0.1, "2027/03/31", "フロントヤード改革計画：15分を超える待ちを1割以下に"),
    ("online_rate", 0.4, "2027/03/31", "フロントヤード改革計画：申請の4割をオンラインに"),
    (
        "digital_intake_rate",
        0.75,
        "2027/03/31",
        "フロントヤード改革計画：申請の75%をデジタルで受付",
    ),
    ("single_track_rate", 0.7, "2028/03/31", "フロントヤード改革計画：申請の7割を電子で完結"),
    ("abandonment_rate", 0.005, "2027/03/31", "フロントヤード改革計画：呼ばれずに帰る人を減らす"),
)


def write_decisions(folder: Path) -> None:
    """Write the city's reforms and targets."""
    heads = ["団体コード", "実施日", "取組", "課", "窓口番号", "備考"]
    events = [[CITY_CODE, *event] for event in EVENTS]
    write_csv(folder / "改革の記録.csv", [heads, *events], encoding="utf-8-sig")
    heads = ["団体コード", "指標", "目標値", "期限", "根拠"]
    targets = [[CITY_CODE, *target] for target in TARGETS]
    write_csv(folder / "目標.csv", [heads, *targets], encoding="utf-8-sig")


def write_municipalities(path: Path, places: Iterable[Place]) -> None:
    """Write the list of fictional prefectures and municipalities."""
    places = list(places)
    prefecture = {place.name: place.code for place in places if place.kind == "prefecture"}
    rows = [
        [
            place.code,
            place.prefecture,
            place.name,
            place.kana,
            _KINDS[place.kind],
            None if place.kind == "prefecture" else prefecture[place.prefecture],
        ]
        for place in places
    ]
    heads = ["団体コード", "都道府県名", "市区町村名", "よみ", "種別", "上位の団体コード"]
    write_csv(path, [heads, *rows], encoding="utf-8-sig")
