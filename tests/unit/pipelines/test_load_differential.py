"""A ticket log loaded in small blocks is what a plain reader of the whole file makes of it.

The files hold what machines and clerks do to them: cells over lines, mixed line ends, doubled
marks, rows cut short, totals, blank rows, repeats, contradictions, and codes and letters that
first appear far down.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines import ingest, ledger, read_text
from tests.fixtures.plain_reader import HEAD, STORED, WIDE_DIGITS, Plain, Row
from warehouse.home import Home

FORMS: tuple[Callable[[dt.datetime], str], ...] = (
    lambda at: f"{at:%Y/%m/%d %H:%M:00}",
    lambda at: f"{at:%Y-%m-%dT%H:%M}",
    lambda at: f"R{at.year - 2018}.{at.month}.{at.day} {at.hour}:{at:%M}",
    lambda at: f"{at:%Y%m%d%H%M00}",
    lambda at: repr((at - dt.datetime(1899, 12, 30)).total_seconds() / 86400),
    lambda at: f"{at:%Y/%m/%d %H:%M}".translate(str.maketrans("0123456789", WIDE_DIGITS)),
)


TIMES = st.builds(
    lambda day, minutes: dt.datetime(2026, 10, day, 8) + dt.timedelta(minutes=minutes),
    st.integers(1, 9),
    st.integers(0, 600),
)
LATER = st.sampled_from([0, 1, 10, 45, -5, 24 * 60, None])
SLIPS = st.sampled_from(
    ["", "", "", "", "", "code", "day", "clock", "number", "short", "long", "wide", "department"]
)
NOTES = st.sampled_from(["", "", "", "二\n行", "a\n\nb\n", 'x"y', "1,2", "髙①ソ"])
FILLERS: dict[str, Row] = {
    "blank": [],
    "commas": [""] * len(HEAD),
    "header": HEAD,
    "total": ["合計", *[""] * 4, "12", *[""] * 5],
}


@st.composite
def tickets(draw: st.DrawFn) -> Row:
    """A row of a ticket, right or with one slip."""
    issued, form = draw(TIMES), draw(st.sampled_from(FORMS))
    called, finished = (
        None if more is None else issued + dt.timedelta(minutes=more)
        for more in (draw(LATER), draw(LATER))
    )
    row = [
        *(draw(st.sampled_from(["272060", "272060", "27206", "132063"])),),
        *(draw(st.sampled_from(["", "本庁", "北支所"])),),
        *(draw(st.sampled_from(["市民課", "税務課", "市民課\n２階", "表・ソ能課"])),),
        *(draw(st.sampled_from(["1", "2,3", ""])), draw(st.sampled_from(["1", "２", "003", '"']))),
        *("" if at is None else form(at) for at in (issued, called, finished)),
        *(draw(st.sampled_from(["転入届", ""])),),
        *(draw(st.sampled_from(["", "", "完了", "取消", "不在", "謎"])), draw(NOTES)),
    ]
    slip = draw(SLIPS)
    changes = {"code": (0, "272061"), "day": (5, "2026/02/30 09:00"), "number": (4, "")}
    changes |= {"clock": (6, "2026/10/01 25:30"), "department": (2, "　")}
    if slip in changes:
        at, cell = changes[slip]
        row[at] = cell
    if slip in ("short", "long"):  # line ends are believed only in rows of the header's width
        row = [cell.replace("\n", "") for cell in row]
    extra = {"long": ["余分"], "wide": ["", ""]}
    return row[:4] if slip == "short" else row + extra.get(slip, [])


ROWS = st.lists(
    st.one_of(
        tickets(), tickets(), tickets(), st.sampled_from(sorted(FILLERS)), st.integers(0, 30)
    ),
    min_size=1,
    max_size=60,
)
"""Tickets, fillers by name, and repeats of an earlier ticket by number."""


def resolved(drawn: Sequence[Row | str | int]) -> list[Row]:
    rows: list[Row] = []
    made: list[Row] = []
    for one in drawn:
        if isinstance(one, list):
            made.append(one)
            rows.append(one)
        elif isinstance(one, str):
            rows.append(FILLERS[one])
        elif made:
            rows.append(made[one % len(made)])
    return rows


def written(rows: list[Row], quoting: int, ends: Sequence[str], last_end: bool) -> str:
    """The file's text. ends: line ends, taken in turn."""
    lines = []
    for row in [HEAD, *rows]:
        line = io.StringIO()
        csv.writer(line, quoting=quoting, lineterminator="").writerow(row)  # type: ignore[arg-type]
        lines.append(line.getvalue())
    text = "".join(line + ends[at % len(ends)] for at, line in enumerate(lines))
    return text if last_end else text.removesuffix(ends[(len(lines) - 1) % len(ends)])


def load(path: Path, home: Home, plain: Plain) -> None:
    """Load a file and hold every row against the plain reader's."""
    text = path.read_bytes().decode(path.suffix[1:])
    universal = text.replace("\r\n", "\n").replace("\r", "\n")
    plain.read(csv.reader(io.StringIO(universal, newline="\n"), strict=True))
    if not (plain.accepted or plain.held or plain.duplicates):
        return
    (checked,) = ingest.load([path], home, store=False)
    (result,) = ingest.load([path], home)
    if result.status == "unchanged":
        return
    for found in (checked, result):
        counts = found.accepted, found.quarantined, found.duplicates, found.ignored
        assert counts == plain.counts
        assert found.rows_read == sum(counts)
    entry = ledger.entries(home)[-1]
    assert {k: n for k, n in entry.ignored_reasons.items() if n} == dict(plain.ignored)
    stored = pq.read_table(ledger.parquet(home, entry)).to_pylist()
    assert {row["source_row"]: {k: row[k] for k in STORED} for row in stored} == plain.accepted
    held: dict[int, set[str]] = {}
    if entry.quarantined:
        for row in pq.read_table(ledger.quarantine(home, entry)).to_pylist():
            held.setdefault(row["source_row"], set()).add(row["rule"])
    assert held == plain.held


@given(
    first=ROWS,
    second=ROWS,
    block=st.sampled_from([48, 150, 700]),
    encoding=st.sampled_from(["cp932", "utf-8", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    ends=st.sampled_from([("\n",), ("\r\n",), ("\r",), ("\r\n", "\n", "\r")]),
    last_end=st.booleans(),
)
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # each costs half a second: none is made smaller
    suppress_health_check=list(HealthCheck),
)
def test_two_files_are_what_a_plain_reader_makes_of_them(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[Row | str | int],
    second: list[Row | str | int],
    block: int,
    encoding: str,
    quoting: int,
    ends: tuple[str, ...],
    last_end: bool,
) -> None:
    folder = tmp_path_factory.mktemp("differential")
    home, plain = Home(folder / "home"), Plain()
    one = resolved(first)
    two = one[: len(one) // 3] + resolved(second)  # what the first file says comes again
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_text, "BLOCK_BYTES", block)
        patch.setattr(read_text, "HEAD_ROWS", 2)
        for name, rows in (("a", one), ("b", two)):
            path = folder / f"{name}.{encoding}"
            path.write_bytes(written(rows, quoting, ends, last_end).encode(encoding))
            load(path, home, plain)
