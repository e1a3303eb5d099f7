"""The city hall: departments with their staff, sections, tasks and the kind of work they do."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

STAFF = 390
FIXED_TERM_FTE = 0.75
REHIRED_FTE = 0.8


@dataclass(frozen=True)
class Department:
    """One department (課).

    staff: regular and rehired persons. fixed_term: persons (会計年度任用). jobs: special job and
    the share of the staff that holds it. overtime: hours above the regular year, as a share.
    outsourced: hours a year done by contractors. work: weights of the 18 categories in their
    order. sections: 係 → its tasks.
    """

    name: str
    staff: int
    fixed_term: int
    work: tuple[int, ...]
    sections: dict[str, tuple[str, ...]]
    job: str = "一般行政職"
    job_share: float = 0.0
    overtime: float = 0.03
    outsourced: float = 0.0


DEPARTMENTS = (
    Department(
        "市民課",
        28,
        16,
        (16, 5, 11, 13, 6, 2, 5, 14, 2, 6, 4, 0, 2, 7, 3, 1, 0, 3),
        {
            "窓口係": ("住民異動届", "住民票・印鑑証明の交付", "印鑑登録", "マイナンバーカード"),
            "戸籍係": ("戸籍の届出", "戸籍証明の交付", "課の庶務"),
        },
        overtime=0.06,
        outsourced=5200.0,
    ),
    Department(
        "市民サービス課",
        16,
        8,
        (18, 6, 9, 11, 5, 1, 3, 13, 6, 5, 4, 0, 2, 8, 3, 1, 2, 3),
        {
            "北支所": ("証明書の交付", "届出の受付", "収納"),
            "港支所": ("証明書の交付", "届出の受付", "収納"),
        },
    ),
    Department(
        "税務課",
        32,
        10,
        (8, 6, 11, 13, 8, 5, 6, 8, 10, 5, 3, 6, 3, 5, 2, 1, 0, 0),
        {
            "市民税係": ("個人市民税の賦課", "法人市民税", "軽自動車税", "申告相談"),
            "資産税係": ("固定資産の評価", "固定資産税の賦課"),
            "納税係": ("収納管理", "滞納整理"),
        },
        overtime=0.07,
    ),
    Department(
        "保険年金課",
        24,
        10,
        (12, 7, 12, 12, 7, 4, 6, 9, 7, 5, 3, 1, 3, 7, 2, 2, 0, 1),
        {
            "国保係": ("資格の得喪", "保険給付", "保険料の賦課と徴収"),
            "医療年金係": ("後期高齢者医療", "国民年金", "福祉医療"),
        },
        overtime=0.05,
    ),
    Department(
        "福祉課",
        40,
        18,
        (7, 16, 7, 8, 4, 2, 8, 4, 6, 5, 7, 9, 2, 5, 4, 4, 0, 2),
        {
            "障害福祉係": ("障害福祉サービスの支給決定", "手帳と手当", "相談支援"),
            "介護保険係": ("要介護認定", "介護給付", "事業所の指導"),
            "生活支援係": ("生活保護", "自立相談"),
        },
        overtime=0.06,
    ),
    Department(
        "子育て支援課",
        46,
        48,
        (6, 10, 6, 7, 4, 2, 6, 4, 5, 4, 6, 4, 2, 5, 8, 6, 10, 5),
        {
            "手当係": ("児童手当", "子ども医療", "ひとり親支援"),
            "保育係": ("保育所の入所", "保育料", "保育所の運営"),
            "相談係": ("家庭児童相談",),
        },
        "保育士",
        0.5,
    ),
    Department(
        "健康推進課",
        26,
        12,
        (5, 16, 6, 7, 4, 4, 3, 5, 2, 4, 6, 13, 4, 5, 10, 5, 0, 1),
        {
            "健診係": ("がん検診", "予防接種", "特定健診"),
            "母子保健係": ("妊婦と乳幼児の健診", "訪問指導"),
        },
        "保健師",
        0.55,
    ),
    Department(
        "建設課",
        40,
        5,
        (3, 5, 3, 9, 6, 3, 10, 3, 4, 5, 7, 16, 2, 5, 5, 8, 5, 1),
        {
            "土木係": ("道路の維持", "河川の維持", "工事の設計と監督"),
            "管理係": ("占用の許可", "用地", "市営住宅"),
        },
        "土木技師",
        0.6,
    ),
    Department(
        "都市環境課",
        30,
        6,
        (5, 6, 4, 8, 5, 3, 8, 4, 4, 5, 6, 12, 3, 7, 5, 9, 4, 2),
        {
            "都市計画係": ("都市計画", "開発の許可", "公園の管理"),
            "環境係": ("ごみの収集", "環境の苦情", "畜犬の登録"),
        },
        "土木技師",
        0.25,
        outsourced=6400.0,
    ),
    Department(
        "教育総務課",
        32,
        22,
        (4, 4, 5, 8, 5, 4, 6, 4, 8, 5, 6, 2, 4, 5, 9, 6, 12, 3),
        {
            "総務係": ("学校の予算と契約", "教育委員会の運営"),
            "学務係": ("就学と転学", "就学援助", "給食費"),
            "生涯学習係": ("社会教育施設", "文化財"),
        },
    ),
    Department(
        "総務課",
        34,
        4,
        (3, 3, 6, 10, 7, 4, 10, 4, 8, 7, 7, 1, 4, 4, 7, 6, 4, 5),
        {
            "行政係": ("文書と例規", "選挙", "情報公開"),
            "人事係": ("任用", "給与", "研修"),
            "管財係": ("契約", "庁舎の管理", "防災"),
        },
        overtime=0.06,
    ),
    Department(
        "企画課",
        18,
        3,
        (1, 4, 3, 6, 6, 6, 7, 2, 2, 4, 9, 3, 5, 3, 12, 24, 0, 3),
        {
            "企画係": ("総合計画", "広域連携", "統計調査"),
            "財政係": ("予算の編成", "決算"),
            "広報係": ("広報紙", "ふるさと納税"),
        },
        overtime=0.09,
    ),
    Department(
        "DX推進課",
        10,
        2,
        (2, 5, 4, 7, 4, 9, 6, 2, 4, 3, 12, 1, 4, 8, 7, 19, 1, 2),
        {
            "DX推進係": ("フロントヤード改革", "オンライン申請"),
            "情報システム係": ("基幹システムの標準化", "庁内のネットワーク"),
        },
        overtime=0.08,
        outsourced=3600.0,
    ),
    Department(
        "会計課",
        8,
        2,
        (3, 1, 9, 24, 6, 2, 10, 4, 22, 9, 2, 0, 4, 2, 1, 1, 0, 0),
        {"出納係": ("支出の審査", "収納の消込", "決算の調製")},
    ),
    Department(
        "議会事務局",
        6,
        1,
        (2, 3, 4, 8, 9, 2, 5, 5, 4, 8, 8, 1, 1, 4, 28, 5, 1, 2),
        {"議事係": ("本会議と委員会", "会議録", "議員の庶務")},
    ),
)


@cache
def categories() -> tuple[str, ...]:
    """The 18 categories of work (事務分類) in their order, as the surveys write them."""
    text = (resources.files("warehouse") / "reference" / "category.csv").read_text("utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: int(row["position"]))
    return tuple(row["label_ja"] for row in rows)


def apportion(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Split a whole number by weights; the rest goes to the largest remainders."""
    exact = weights / weights.sum() * total
    parts = np.floor(exact).astype(np.int64)
    rest = total - int(parts.sum())
    parts[np.argsort(-(exact - parts), kind="stable")[:rest]] += 1
    return parts
