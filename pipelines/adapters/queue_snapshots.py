"""Queue snapshots: what a status page showed, a queue and moment a row.

The rows are those of a plain table. What a row alone cannot tell is told here: a clock that stands
still while the values change, and days far from the file's others. See docs/adr/ for the reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import date

import pyarrow as pa

from pipelines import messages, personal, rows
from pipelines.adapters.base import Adapted, Context, Finding, Ignored
from pipelines.adapters.span import plausible_span, why_implausible
from pipelines.errors import Refused
from pipelines.headers import match_header
from pipelines.macros import define_macros
from pipelines.plain import plain_header, plain_word
from pipelines.profile import Profile, standard
from pipelines.read import Sheet
from pipelines.recognised import Table
from pipelines.rows import text
from pipelines.sources import Source
from pipelines.typed import Typist
from warehouse.engine import Engine, identifier

HEADER_WITHIN = 30
"""The header stands in the first rows of a sheet, below titles and notes."""

MOST_ROWS = 1_500_000
"""More rows than ten queues give in five years, every five minutes; they are held in memory."""

SHOWN = ("waiting", "open_counters", "current_number", "shown_wait_minutes")
"""The columns with what the page showed."""

NOTHING = r"[-‐―ー−–—~～.…]+"
"""How pages show that there is nothing to show."""

ABOUT = r"(?:約|およそ)? *([0-9]+(?:\.[0-9]+)?) *[人名組件分]? *(?:程度|くらい|ぐらい|待ち)*"
"""Words around a number: 約20分程度."""

HOURS = r"(?:約|およそ)? *([0-9]+) *時間 *(?:([0-9]+) *分)? *(?:程度|くらい|ぐらい|待ち)*"
"""A wait of an hour and more: 1時間20分."""

STUCK = (
    "stuck_clock",
    "時刻が同じまま値だけが変わっています。表示の時計が止まっていないか確かめてください",
    "the values change while the time stands still; check the clock of the page",
)


def _find_table(sheet: Sheet, source: Source, profile: Profile) -> Table | None:
    """The sheet's table, under the header row that knows the most columns."""
    head = sheet.head[:HEADER_WITHIN]
    at = range(len(head))
    if profile.header_row is not None:
        at = range(profile.header_row - 1, min(profile.header_row, len(head)))
    tables = [Table(sheet, row, match_header(head[row], source, profile)) for row in at]
    whole = [table for table in tables if table.match.cells and not table.match.missing]
    return max(whole, key=lambda table: len(table.match.used), default=None)


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where a sheet has columns for the queue, the moment and the number waiting."""
    return any(_find_table(sheet, source, standard(source)) for sheet in sheets)


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """Bring in the rows, and hold back those whose time cannot be.

    Raises Refused where no sheet has the columns, a column holds personal data, or there are too
    many rows.
    """
    found = [table for sheet in sheets if (table := _find_table(sheet, source, context.profile))]
    if not found:
        raise Refused(
            "待ち行列・観測時刻・待ち人数の列が見つかりません。見出しの行を確かめてください",
            "no columns of queue, moment and number waiting; check the header",
        )
    adapted = Adapted(pa.table({}))
    with closing(Engine.memory()) as engine:
        define_macros(engine)
        parts = [
            part
            for number, table in enumerate(found)
            for part in _read(engine, table, number, source, context.profile, adapted)
        ]
        if not parts:
            return adapted
        written = pa.concat_tables(parts, promote_options="permissive")
        typist = Typist(engine, source, context.profile, {})
        moments = typist.read("observed_at", written["observed_at"]).value
        _clocks(engine, written, moments, adapted)
    adapted.records = written
    return adapted


def _read(
    engine: Engine,
    table: Table,
    number: int,
    source: Source,
    profile: Profile,
    adapted: Adapted,
) -> list[pa.Table]:
    """The texts of a table's rows of data, chunk by chunk; the other rows go to `adapted`."""
    personal.refuse_headers(name for _, name in table.match.other)
    moment = {table.match.cells["observed_at"], *table.match.dates.values()}
    watcher = personal.Watcher(table.names, dates=moment)
    parts = []
    for chunk in table.sheet.chunks(table.header + 1, table.width):
        watcher.see(chunk)
        adapted.rows_read += chunk.num_rows
        if adapted.rows_read > MOST_ROWS:
            raise Refused(
                f"行が多すぎます（{MOST_ROWS:,}行まで）。月ごとのファイルに分けてください",
                f"more than {MOST_ROWS} rows; split the file by month",
            )
        kinds = rows.judge(engine, chunk, table, number)
        columns = {
            column.name: chunk.column(f"c{at}").cast(pa.string())
            for column in source.read_columns
            if (at := table.match.cells.get(column.name)) is not None
        }
        if "observed_at" in table.match.dates:
            days = chunk.column(f"c{table.match.dates['observed_at']}")
            columns["observed_at"] = rows.dated(engine, days, columns["observed_at"])
        filtered = _filtered(chunk, table, profile)
        parts.append(_data(engine, kinds, columns, filtered, table.sheet.name, adapted))
    return parts


def _filtered(chunk: pa.Table, table: Table, profile: Profile) -> list[bool]:
    """Rows that the profile leaves out (`ignore`)."""
    found = [False] * chunk.num_rows
    for one in profile.ignore:
        wanted = {plain_word(value) for value in one.values}
        for at, name in table.names.items():
            if one.column is not None:
                meant = table.match.cells.get(one.column) == at
            else:
                meant = plain_header(name) == plain_header(one.header or "")
            if meant:
                cells = chunk.column(f"c{at}").cast(pa.string()).to_pylist()
                found = [
                    before or plain_word(cell or "") in wanted
                    for before, cell in zip(found, cells, strict=True)
                ]
    return found


def _data(
    engine: Engine,
    kinds: pa.Table,
    columns: dict[str, pa.ChunkedArray | pa.Array],
    filtered: list[bool],
    sheet: str,
    adapted: Adapted,
) -> pa.Table:
    """The rows of data of a chunk, with numbers as bare as they can be made."""
    engine.register("cells", pa.table({"place": range(len(filtered)), **columns}))
    shown = [name for name in SHOWN if name in columns]
    bare = ", ".join(f"{_bare(name)} AS {name}" for name in shown)
    plain = engine.arrow(f"SELECT * REPLACE ({bare}) FROM cells ORDER BY place").drop(["place"])
    empty = [not any(values) for values in zip(*(plain[n].to_pylist() for n in shown), strict=True)]
    keep = []
    for row, kind, fault, line, out, nothing in zip(
        *(kinds[name].to_pylist() for name in ("source_row", "row_kind", "fault", "line")),
        filtered,
        empty,
        strict=True,
    ):
        if fault:
            message = messages.FAULTS[fault]
            adapted.rejected.append(
                Finding(row, "", (line or "")[:200], fault, message.ja, message.en, sheet)
            )
        elif reason := kind or ("filtered" if out else "no_reading" if nothing else None):
            adapted.ignored.append(Ignored(row, reason, sheet))
        keep.append(not (fault or kind or out or nothing))
    named = plain.append_column("source_row", kinds["source_row"])
    named = named.append_column("sheet", pa.repeat(pa.scalar(sheet), len(keep)))
    return named.filter(pa.array(keep, pa.bool_()))


def _bare(name: str) -> str:
    """SQL: the cell of a shown value without the words around its number; null for a dash."""
    half = f"mado_half({name})"
    hours, minutes = (f"regexp_extract({half}, {text(HOURS)}, {group})" for group in (1, 2))
    wait = (
        f" WHEN regexp_full_match({half}, {text(HOURS)}) THEN CAST(CAST({hours} AS INTEGER) * 60"
        f" + coalesce(TRY_CAST({minutes} AS INTEGER), 0) AS VARCHAR)"
    )
    return (
        f"CASE WHEN regexp_full_match({half}, {text(NOTHING)}) THEN NULL"
        f" WHEN regexp_full_match({half}, {text(ABOUT)})"
        f" THEN regexp_extract({half}, {text(ABOUT)}, 1)"
        f"{wait if name == 'shown_wait_minutes' else ''} ELSE mado_clean({name}) END"
    )


def _clocks(engine: Engine, written: pa.Table, moments: pa.Array, adapted: Adapted) -> None:
    """Reject rows of implausible days, then rows whose values change while their time does not.

    The first row of a queue and moment stands: it may be the last one before the clock stopped.
    """
    today = date.today()
    days = moments.cast(pa.date32()).to_pylist()
    counts = Counter(day for day in days if day is not None)
    span = plausible_span(counts, today)
    reasons = {day: why for day in counts if (why := why_implausible(span, day, today))}
    numbers, sheets = written["source_row"].to_pylist(), written["sheet"].to_pylist()
    cells = written["observed_at"].to_pylist()
    for at, day in enumerate(days):
        if day in reasons:
            rule, ja, en = reasons[day]
            adapted.rejected.append(
                Finding(numbers[at], "観測時刻", cells[at], rule, ja, en, sheets[at])
            )
    sound = [day is not None and day not in reasons for day in days]
    table = written.append_column("moment", moments).append_column(
        "place", pa.array(range(len(days)))
    )
    engine.register("sound", table.filter(pa.array(sound, pa.bool_())))
    names = [name for name in written.column_names if name not in ("source_row", "sheet")]
    who = [name for name in names if name not in ("observed_at", *SHOWN)]
    key = ", ".join(f"mado_half({identifier(name)})" for name in who)
    values = ", ".join(f"{name} := mado_half({name})" for name in names if name in SHOWN)
    for (at,) in engine.execute(
        f"""
        SELECT place FROM (
            SELECT place, struct_pack({values}) AS shown,
                first_value(struct_pack({values})) OVER (
                    PARTITION BY {key}, moment ORDER BY place
                ) AS first_shown
            FROM sound
        ) WHERE shown IS DISTINCT FROM first_shown ORDER BY place"""
    ):
        adapted.rejected.append(Finding(numbers[at], "観測時刻", cells[at], *STUCK, sheets[at]))
