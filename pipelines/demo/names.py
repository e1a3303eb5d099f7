"""Names and codes of fictional prefectures and municipalities, composed of two parts each.

A name whose stem is that of a real prefecture or municipality is left out, so none of them can be
taken for a real place.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from pipelines.demo.world import CITY, CITY_CODE, PREFECTURE, PREFECTURE_NUMBER
from warehouse.codes import check_digit

_FIRST = (
    "霞:かすみ 朝凪:あさなぎ 白帆:しらほ 風見:かざみ 星見:ほしみ 汐見:しおみ 月夜:つくよ "
    "青葉木:あおばき 若草:わかくさ 花咲:はなさき 雪見:ゆきみ 霧立:きりたち 虹:にじ "
    "朝露:あさつゆ 夕凪:ゆうなぎ 春日影:はるひかげ 秋草:あきくさ 鈴音:すずね 琴:こと "
    "笛吹野:ふえふきの 桜木:さくらぎ 楓:かえで 榎並:えなみ 柏木:かしわぎ 椿:つばき "
    "藤波:ふじなみ 菫:すみれ 桔梗:ききょう 薄:すすき 蛍:ほたる 雲雀:ひばり 千鳥:ちどり "
    "白鷺:しらさぎ 翡翠:ひすい 瑠璃:るり 銀:しろがね 玉藻:たまも 水鏡:みかがみ "
    "清水沢:しみずさわ 泉水:せんすい 滝音:たきおと 澄:すみ 麦:むぎ 稲穂:いなほ 茶摘:ちゃつみ "
    "綿:わた 紅:くれない 藍:あい 萌:もえ 陽向:ひなた 暁:あかつき 曙:あけぼの 茜:あかね "
    "東雲:しののめ 望月野:もちづきの 北斗坂:ほくとざか 若駒:わかごま 白鹿:しらしか "
    "鶴舞:つるまい 亀甲:かめこう 舟木:ふなき 帆立:ほたて 波音:なみおと 潮路:しおじ "
    "浦風:うらかぜ 松風:まつかぜ 竹笛:たけぶえ 苔:こけ 石積:いしづみ 岩清水:いわしみず "
    "三日月:みかづき 七色:なないろ 八重垣:やえがき 九十里:くじゅうり 百合:ゆり 千草:ちぐさ"
)
_SECOND = (
    "野:の 原:はら 浜:はま 谷:だに 台:だい 丘:おか 瀬:せ 坂:ざか 沢:さわ 森:もり 川:がわ "
    "島:じま 崎:さき 里:さと 津:つ 江:え 池:いけ 峰:みね 平:だいら 越:ごえ 橋:ばし 戸:と "
    "宮:みや 畑:はた 岬:みさき 湊:みなと"
)
_OTHER_STEMS = frozenset({"見晴"})
PREFECTURES = 47


@dataclass(frozen=True)
class Place:
    """A fictional place. code: six digits. kind: prefecture, city, town or village."""

    code: str
    prefecture: str
    name: str
    kana: str
    kind: str


def _parts(text: str) -> list[tuple[str, str]]:
    return [(name, kana) for name, kana in (pair.split(":") for pair in text.split())]


@cache
def real_stems() -> frozenset[str]:
    """Names of real prefectures and municipalities, whole and without 都道府県市区町村."""
    text = (resources.files("warehouse") / "reference" / "municipality.csv").read_text("utf-8")
    names = {row["name"] for row in csv.DictReader(text.splitlines())}
    return frozenset(names | {name.rstrip("都道府県市区町村") for name in names})


def stems() -> list[tuple[str, str]]:
    """All stems with their readings that are not real, in a fixed order."""
    taken = real_stems() | _OTHER_STEMS
    return [
        (first + second, first_kana + second_kana)
        for second, second_kana in _parts(_SECOND)
        for first, first_kana in _parts(_FIRST)
        if first + second not in taken
    ]


def prefectures(rng: np.random.Generator) -> list[Place]:
    """Return 47 prefectures with the numbers 51–97; the first is that of the demo city."""
    found = [_prefecture(PREFECTURE_NUMBER, PREFECTURE, "かすみのけん")]
    chosen = [stem for stem in stems() if stem[0] + "県" != PREFECTURE]
    for number, index in enumerate(rng.choice(len(chosen), PREFECTURES - 1, replace=False), 1):
        name, kana = chosen[int(index)]
        found.append(_prefecture(PREFECTURE_NUMBER + number, f"{name}県", f"{kana}けん"))
    return found


def _prefecture(number: int, name: str, kana: str) -> Place:
    five = f"{number}000"
    return Place(five + check_digit(five), name, name, kana, "prefecture")


_SUFFIX = {"city": ("市", "し"), "town": ("町", "ちょう"), "village": ("村", "むら")}
_FIRST_CODE = {"city": 202, "town": 301, "village": 501}


def municipalities(
    prefecture: Place, kinds: list[str], free: Iterator[tuple[str, str]]
) -> list[Place]:
    """Name one municipality per kind, taking stems from `free`; cities come first in the codes."""
    next_code = dict(_FIRST_CODE)
    found = []
    for kind in kinds:
        stem, kana = next(free)
        suffix, suffix_kana = _SUFFIX[kind]
        five = f"{prefecture.code[:2]}{next_code[kind]}"
        next_code[kind] += 1
        found.append(
            Place(
                five + check_digit(five),
                prefecture.name,
                stem + suffix,
                kana + suffix_kana,
                kind,
            )
        )
    return found


def demo_city() -> Place:
    """The city of the demo itself."""
    return Place(CITY_CODE, PREFECTURE, CITY, "みはらしし", "city")
