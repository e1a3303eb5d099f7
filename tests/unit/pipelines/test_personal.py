"""Personal data is found by header and by what values look like; everyday words are not.

All names, addresses and numbers here are made up.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pyarrow as pa
import pytest

from pipelines.errors import Refused
from pipelines.personal import SAMPLE, Watcher, looks_personal, refuse_headers
from pipelines.personal_shapes import (
    is_address,
    is_full_name,
    is_mail,
    is_my_number,
    is_phone,
    is_surname,
    year_of_day,
)


def chunk(values: Sequence[str], *, encoded: bool = False) -> pa.Table:
    column = pa.array(values, pa.string())
    return pa.table({"c0": column.dictionary_encode() if encoded else column})


def see(values: Sequence[str], header: str = "備考", **options: object) -> None:
    Watcher({0: header}, **options).see(chunk(values))  # type: ignore[arg-type]


def refusal(values: Sequence[str], header: str = "備考", **options: object) -> Refused:
    with pytest.raises(Refused) as refused:
        see(values, header, **options)
    for text in (refused.value.ja, refused.value.en):
        assert not any(value in text for value in values if len(value) > 2), "no value is repeated"
    return refused.value


def my_number(first: int) -> str:
    """The number whose first eleven digits are `first`."""
    return next(t for d in range(10) if is_my_number(t := f"{first:011d}{d}"))


def my_numbers(count: int) -> list[str]:
    return [my_number(30_000_000_000 + 7919 * n) for n in range(count)]


# --- one value ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["111111111118", "222222222226"])
def test_the_check_digit_of_a_my_number(text: str) -> None:
    # By hand: 1…1 weighs 2–7 and 2–6, in all 47; 47 mod 11 = 3; 11 − 3 = 8. 2…2: 94 mod 11 = 6 → 5.
    assert is_my_number("111111111118") and not is_my_number("111111111117")
    assert is_my_number("222222222225") and not is_my_number("222222222226")
    assert not is_my_number("11111111111") and not is_my_number("１１１１１１１１１１１８")


@pytest.mark.parametrize(
    "text",
    [
        *("03-1234-5678", "045-123-4567", "0123-45-6789", "(03)1234-5678", "03(1234)5678"),
        *("090-1234-5678", "09012345678", "080 1234 5678", "+81 90-1234-5678"),
        *("自宅 090-1234-5678 まで折返し", "0120-123-456"),
    ],
)
def test_telephone_numbers(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-10-01", "2026/10/01 09:00", "01-10-2026", "0123456789", "12-34", "03-12"),
        *("272060", "2026-10-01T09:00:00", "090123456789012", "1-2-3", "A-0012-3"),
    ],
)
def test_what_is_no_telephone_number(text: str) -> None:
    assert not is_phone(text)


def test_mail_addresses() -> None:
    assert is_mail("hanako.y@example.jp") and is_mail("連絡は a_b@city.example.lg.jp へ")
    assert not is_mail("住民票@窓口") and not is_mail("単価@100円") and not is_mail("@課")


@pytest.mark.parametrize(
    "text",
    [
        *("霞野県見晴市中央区緑町1丁目2番3号", "見晴市青葉三丁目五番地", "緑町12番地の3"),
        *("青葉区緑が丘2-3-1", "大字北山123番地", "緑町1-2", "北一条西2丁目3", "〒123-4567 見晴市"),
        "見晴市青葉区緑町10-2-305 メゾン緑",
    ],
)
def test_addresses_down_to_the_house(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("見晴市", "霞野県見晴市青葉区", "緑が丘三丁目", "北条町", "市民課1-2", "窓口1-2-3"),
        *("1番窓口", "12番", "市民課 2番窓口", "フロア2-1", "受付番号 12", "3月1日～4月10日"),
        *("町民税1期", "市・県民税", "住所変更", "2-3-1", "区民課A-1", "村井"),
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "佐藤花子",
            "鈴木 一郎",
            "高橋　健",
            "長谷川 さくら",
            "林 太郎",
            "中村ひかる",
            "佐々木健太",
        ),
        *("サトウ ハナコ", "すずき いちろう", "田中太郎 様", "森 美咲さん", "渡邉 明"),
    ],
)
def test_names_of_persons(text: str) -> None:
    import unicodedata

    assert is_full_name(unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "山口市",
            "千葉県",
            "福島県福島市",
            "中野区",
            "山田支所",
            "小川町",
            "林業課",
            "森林整備係",
        ),
        *(
            "原子力安全課",
            "関係機関",
            "東支所",
            "石川県加賀市",
            "中村出張所",
            "大野城市",
            "川口駅前",
        ),
        *("市民課", "転入届", "住民票の写し", "印鑑登録証明書", "国民健康保険", "待ち時間が長い"),
        *("高田馬場駅", "上野東", "中山三丁目", "佐藤", "田中へ引継ぎ、要確認", "本庁", "林"),
    ],
)
def test_what_is_no_name_of_a_person(text: str) -> None:
    assert not is_full_name(text)


def test_family_names_alone() -> None:
    assert is_surname("佐藤") and is_surname("鈴木さん") and is_surname("林")
    assert not is_surname("石川") and not is_surname("市民課") and not is_surname("佐藤課")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        *(("1962/3/14", 1962), ("1962-03-14", 1962), ("19620314", 1962), ("1962年3月14日", 1962)),
        *(
            ("S37.3.14", 1962),
            ("昭和37年3月14日", 1962),
            ("H1/1/8", 1989),
            ("平成元年1月8日", 1989),
        ),
        *(("令和6年5月1日", 2024), ("1962-03-14T00:00:00", 1962), ("大正15.12.24", 1926)),
        *(("1962/3/14 9:00", None), ("1962年", None), ("19621314", None), ("272060", None)),
    ],
)
def test_days_have_a_year(text: str, year: int | None) -> None:
    assert year_of_day(text) == year


# --- a column -------------------------------------------------------------------------------

GIVEN = ["花子", "一郎", "健", "さくら", "美咲", "大輔", "陽子", "翔太", "恵", "隆"]
COMMON = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本"]
RARE = [
    "霞ヶ関",
    "見晴台",
    "青葉木",
    "緑川原",
    "薄墨",
    "月見里",
    "小鳥遊",
    "四十物",
    "東海林",
    "勅使河原",
]


def people(count: int, seed: int = 1) -> list[str]:
    """Names of which about four in ten are common."""
    draw = random.Random(seed)
    return [
        draw.choice(COMMON if draw.random() < 0.4 else RARE) + draw.choice(GIVEN)
        for _ in range(count)
    ]


def birthdays(count: int, seed: int = 1) -> list[str]:
    draw = random.Random(seed)
    return [
        f"{draw.randint(1935, 2010)}/{draw.randint(1, 12)}/{draw.randint(1, 28)}"
        for _ in range(count)
    ]


FOUND: list[tuple[str, Callable[[], list[str]]]] = [
    ("電話番号", lambda: [f"090-1234-{n:04d}" for n in range(40)]),
    ("メールアドレス", lambda: [f"hanako{n}@example.jp" for n in range(40)]),
    ("住所", lambda: [f"見晴市緑町{n}丁目{n}番{n}号" for n in range(1, 41)]),
    ("氏名", lambda: people(40)),
    ("生年月日", lambda: birthdays(40)),
    ("マイナンバー", lambda: my_numbers(40)),
    ("マイナンバー", lambda: [f"{n[:4]}-{n[4:8]}-{n[8:]}" for n in my_numbers(40)]),
    (
        "マイナンバー",
        lambda: [n.translate({48 + d: 0xFF10 + d for d in range(10)}) for n in my_numbers(40)],
    ),
]


@pytest.mark.parametrize(("kind", "make"), FOUND)
def test_a_column_of_personal_values_names_column_kind_and_count(
    kind: str, make: Callable[[], list[str]]
) -> None:
    error = refusal(make())
    assert "「備考」" in error.ja and kind in error.ja and "件" in error.ja
    assert "備考" in error.en and "values" in error.en


@pytest.mark.parametrize(("kind", "make"), FOUND)
@pytest.mark.parametrize("encoded", [False, True])
def test_values_that_begin_after_the_first_chunk_are_found(
    kind: str, make: Callable[[], list[str]], encoded: bool
) -> None:
    watcher = Watcher({0: "備考"})
    for _ in range(3):
        watcher.see(chunk([""] * 1000, encoded=encoded))
        watcher.see(chunk(["特になし"] * 1000, encoded=encoded))
    with pytest.raises(Refused, match=kind):
        watcher.see(chunk([""] * 5000 + make() + [""] * 5000, encoded=encoded))


def test_a_column_that_is_hardly_filled_is_looked_at_where_it_is() -> None:
    values = [""] * 90_000
    values[50_000:50_040] = people(40)
    refusal(values)


def test_telephone_numbers_strewn_over_a_file_add_up() -> None:
    """A share of one in fifty says little; twenty different ones are twenty people."""
    watcher = Watcher({0: "メモ"})
    with pytest.raises(Refused, match="電話番号"):
        for part in range(30):
            rows = ["手続の説明"] * 49 + [f"折返し 090-1234-{part:04d} へ"]
            watcher.see(chunk(rows))
    for _ in range(30):
        see(["手続の説明"] * 49 + ["代表 03-1234-5678 を案内"], "メモ")


def test_the_count_is_that_of_the_chunk_not_of_the_sample() -> None:
    assert "2,000件" in refusal([f"090-1234-{n:04d}" for n in range(2000)]).ja
    assert SAMPLE < 2000


def test_twelve_digit_numbers_by_chance_are_no_my_numbers() -> None:
    draw = random.Random(3)
    see([f"{draw.randrange(10**12):012d}" for _ in range(3000)])
    see([f"20261001{n // 60 % 24:02d}{n % 60:02d}" for n in range(3000)])


def test_a_few_my_numbers_among_other_texts_are_found() -> None:
    refusal([*["特になし"] * 5000, *my_numbers(4)])


def test_staff_by_family_name_alone() -> None:
    names = [*COMMON, "小林", "加藤", "吉田", "山田", "木村", *RARE]
    assert "名字" in refusal(names * 3).ja
    assert "「担当者」" in refusal(["佐藤", "鈴木", "高橋", *RARE[:4]], "担当者").ja


NOT_PERSONAL: dict[str, Sequence[str]] = {
    "課": ["市民課", "税務課", "保険年金課", "福祉課", "林業課", "森林整備課", "原子力対策課"],
    "窓口番号": ["1", "2", "A-1", "1-2", "12番", "総合窓口3"],
    "支所": ["本庁", "山田支所", "中村支所", "小川支所", "石川支所", "東支所", "西支所", "北支所"],
    "市区町村": ["山口市", "松本市", "中野区", "小川町", "福島市", "原村", "大野市"],
    "都道府県": ["石川", "福島", "千葉", "宮崎", "山口", "福井", "東京", "大阪", "北海道", "愛知"],
    "町名": ["緑町一丁目", "緑町二丁目", "中山町", "青葉台", "北条", "吉田町", "森下三丁目"],
    "手続": ["転入届", "転出届", "住民票の写し", "印鑑登録", "戸籍の附票", "田畑の証明"],
    "意見": ["待ち時間が長い", "丁寧でした。", "3番窓口が分かりにくい", "電話がつながらない",
           "佐藤さんの説明がよかった", "駐車場が足りない", "書類が多い", "土日も開けてほしい"],
    "時刻": ["2026/10/01 09:00", "9:05", "24:00", "R8.10.1 9:00", "20261001", "090500"],
    "団体コード": ["272060", "011002", "131016", "401307"],
    "電話受付": ["12", "0", "305", "41"],
    "対象期間": ["2026-10", "2026/11", "令和8年10月", "2026年度"],
    "施行日": ["2025/4/1", "2025/10/1", "2026/1/5", "2026/4/1", "2026/10/1", "2024/4/1"] * 4,
}  # fmt: skip


@pytest.mark.parametrize("header", NOT_PERSONAL)
@pytest.mark.parametrize("times", [1, 60])
def test_everyday_columns_pass(header: str, times: int) -> None:
    values = list(NOT_PERSONAL[header]) * times
    see(values, header)
    refuse_headers([header])


def test_days_that_a_source_reads_itself_are_no_birthdays() -> None:
    see(birthdays(200), "施行日", dates={0})
    refusal(birthdays(200), "登録日")


# --- headers and messages ------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        *(
            "氏名",
            "お名前",
            "ﾌﾘｶﾞﾅ",
            "生年月日",
            "電話",
            "電話番号",
            "住所",
            "現住所",
            "本籍",
            "TEL",
        ),
        *("メールアドレス", "E-mail", "個人番号", "マイナンバー", "宛名番号", "世帯主", "口座番号"),
    ],
)
def test_headers_of_personal_data(header: str) -> None:
    with pytest.raises(Refused, match="個人情報"):
        refuse_headers(["課", header])


@pytest.mark.parametrize(
    "header",
    [
        *(
            "マイナンバーカード",
            "個人番号カード交付",
            "住所変更",
            "住所異動",
            "電話予約",
            "電話受付件数",
        ),
        *("世帯主変更", "住所地特例", "世帯数", "窓口", "担当課", "申請者数", "待ち人数"),
    ],
)
def test_headers_of_procedures_and_counts_pass(header: str) -> None:
    refuse_headers([header])


def test_a_header_that_is_a_value_itself_is_named_by_its_position() -> None:
    """A file without a header has a person in its first row."""
    error = refusal(people(40), "佐藤花子")
    assert "佐藤" not in error.ja + error.en and "1列目" in error.ja
    assert looks_personal("090-1234-5678") and looks_personal(my_number(5))
    assert not looks_personal("備考")


def test_a_long_header_is_not_repeated() -> None:
    assert len(refusal(people(40), "長" * 300).ja) < 200


# --- waivers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "make"), FOUND[:5])
def test_a_waived_column_passes(kind: str, make: Callable[[], list[str]]) -> None:
    see(make(), "担当 係", waived={"担当係"})
    refuse_headers(["連絡先"], waived={"連絡先"})
    refusal(make(), "備考", waived={"担当係"})


def test_my_numbers_are_never_waived() -> None:
    error = refusal(my_numbers(12), "管理番号", waived={"管理番号"})
    assert "waiver" not in error.ja
