"""Made-up ticket logs of any size, in CP932 and in UTF-8 with the same rows."""

from __future__ import annotations

from pathlib import Path

import duckdb

_BLOCK = 64 << 20
_A_DAY, _DAYS = 4_000, 3_000
"""Tickets a day, more where they would not fit into the days: a log does not reach the future."""

_ROWS = """
    WITH tickets AS (
        SELECT
            i,
            TIMESTAMP '2016-04-01 08:30:00' + INTERVAL 1 DAY * (i // {a_day})
                + INTERVAL 1 SECOND
                * (i % {a_day} * 28000 // {a_day} + CAST(hash(i) % 7 AS INTEGER)) AS issued,
            CAST(hash(i, 1) % 2400 AS INTEGER) AS wait,
            60 + CAST(hash(i, 2) % 1740 AS INTEGER) AS service,
            CAST(hash(i, 3) % 100 AS INTEGER) AS luck
        FROM range({first}, {last}) AS r(i)
    )
    SELECT
        '272060' AS 団体コード,
        ['市民課', '税務課', '保険年金課', '福祉課', '子育て支援課'][
            1 + CAST(hash(i, 4) % 5 AS INTEGER)] AS 課,
        1 + CAST(hash(i, 5) % 4 AS INTEGER) AS 窓口番号,
        1 + i % 999 AS 受付番号,
        strftime(issued, '%Y/%m/%d %H:%M:%S') AS 発券時刻,
        CASE WHEN luck >= 2
            THEN strftime(issued + INTERVAL 1 SECOND * wait, '%Y/%m/%d %H:%M:%S') END AS 呼出時刻,
        CASE WHEN luck >= 3
            THEN strftime(issued + INTERVAL 1 SECOND * (wait + service), '%Y/%m/%d %H:%M:%S')
            END AS 完了時刻,
        ['住民票の写し', '印鑑登録', '転入届', '国民健康保険の加入', '児童手当', '戸籍証明',
            'マイナンバーカード'][1 + CAST(hash(i, 6) % 7 AS INTEGER)] AS 手続
    FROM tickets
"""


def _copy(first: int, rows: int, path: Path) -> None:
    a_day = max(_A_DAY, (first or rows) // _DAYS)
    with duckdb.connect() as connection:
        sql = _ROWS.format(first=first, last=first + rows, a_day=a_day)
        connection.execute(f"COPY ({sql}) TO '{path}' (HEADER)")


def write(rows: int, folder: Path) -> tuple[Path, Path]:
    """Write a log of `rows` tickets; returns the file in CP932 and the one in UTF-8."""
    utf8, cp932 = folder / f"{rows}-utf8.csv", folder / f"{rows}.csv"
    _copy(0, rows, utf8)
    with (
        utf8.open(encoding="utf-8", newline="") as read,
        cp932.open("w", encoding="cp932", newline="") as written,
    ):
        while text := read.read(_BLOCK):
            written.write(text)
    return cp932, utf8


def write_with_next(rows: int, more: int, folder: Path) -> tuple[Path, Path]:
    """Write a log of `rows` tickets, and one of the `more` that follow."""
    log, following = folder / "log.csv", folder / "next.csv"
    _copy(0, rows, log)
    _copy(rows, more, following)
    return log, following
