"""The day that a published table is of, from its titles, its name or a profile."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from pipelines.adapters.base import Context
from pipelines.adapters.words import plain
from pipelines.errors import Refused

_ERA = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_DAYS = (
    re.compile(r"(?P<era>令和|平成)(?P<of>\d{1,2}|元)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d{2})[年/.\-](?P<month>\d{1,2})[月/.\-](?P<day>\d{1,2})(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>20\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)"),
)
_FISCAL_YEAR = re.compile(
    r"(?:(?P<era>令和|平成|(?<![A-Z])[RH])(?P<of>\d{1,2}|元)|(?P<year>20\d{2}))(?:年度|個別資料)"
)


def day_in(texts: Iterable[str]) -> date | None:
    """The first day written in any of the texts; None where there is none."""
    for text in map(plain, texts):
        for pattern in _DAYS:
            for match in pattern.finditer(text):
                try:
                    return date(_year(match), int(match["month"]), int(match["day"]))
                except ValueError:
                    continue
    return None


def fiscal_year_in(texts: Iterable[str]) -> int | None:
    """The first fiscal year written in any of the texts (令和6年度, 【R06個別資料】)."""
    for text in texts:
        if match := _FISCAL_YEAR.search(plain(text)):
            return _year(match)
    return None


def _year(match: re.Match[str]) -> int:
    found = match.groupdict()
    if found.get("era"):
        return _ERA[found["era"]] + (1 if found["of"] == "元" else int(found["of"]))
    return int(found["year"])


def ask(context: Context, example: str) -> None:
    """Raise Refused unless the profile gives the day. example: what a file's name could be."""
    if "as_of" not in context.profile.constants:
        raise Refused(
            "いつの時点の値か、表にもファイル名にも書かれていません。ファイル名に日付を入れる"
            f"（例：{example}）か、プロファイルの constants に as_of: 2025-04-01 と書いてください",
            "neither the table nor the file's name says what day the values are of; put the day"
            f" into the name ({example}), or write constants: as_of: 2025-04-01 in a profile",
        )
