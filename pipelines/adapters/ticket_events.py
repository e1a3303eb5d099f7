"""Event logs of ticket machines (明光商会 ボイスコールPro): a line per event, no header.

The `events` section of a profile says what the codes mean, whose tickets a queue gives out, and
from which to which number. Each ticket becomes one record, on the row of its issue. Every other
line is accounted for by what it became:

    merged      a call or cancellation that a ticket has taken over (ignored, it is in the record)
    recalled    a call before the last one of its ticket (ignored)
    unreliable  after the recorded rounds of a day: no ticket is made of it (ignored)
    a repeat    the same line again gives the same record again (a duplicate)
    an orphan   a call or cancellation without issue (held back)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import takewhile

import numpy as np
import pandas as pd
import pyarrow as pa

from pipelines.adapters.base import Adapted, Context, Finding, Ignored
from pipelines.adapters.event_lines import CALLED, WIDTH, Lines, plain_cell, read_lines
from pipelines.adapters.event_tickets import (
    MERGED,
    ORPHAN,
    RECALLED,
    TICKET,
    UNRELIABLE,
    Rebuilt,
    rebuild,
)
from pipelines.errors import Refused
from pipelines.profile import Queue
from pipelines.read import Sheet
from pipelines.sources import Source

SHARE = 0.8
"""Share of the first lines that must look like events."""

_OF_QUEUE = ("office", "department", "counter", "procedure")
_COLUMNS = (*_OF_QUEUE, "ticket_number", "issued_at", "called_at", "state", "records_no_show")
_FORM = (r"[0-9]{8}", r"[0-9]{1,2}:[0-9]{2}", r"\w{1,8}", r"\w{1,8}", r"[0-9]{1,6}")
REASONS = {MERGED: "merged", RECALLED: "recalled", UNRELIABLE: "unreliable"}
_ORPHANS = {
    True: (
        "call_without_issue",
        "その日にその番号の発券がない呼出です。ファイルが途中から始まっていないか、"
        "時計がずれていないか確かめてください",
        "a call whose ticket was not issued that day; check whether the file begins in the middle,"
        " or the clock is wrong",
    ),
    False: (
        "cancel_without_issue",
        "その日にその番号の発券がない取消です。ファイルが途中から始まっていないか、"
        "時計がずれていないか確かめてください",
        "a cancellation whose ticket was not issued that day; check whether the file begins in the"
        " middle, or the clock is wrong",
    ),
}


def _is_event(cells: Sequence[str]) -> bool:
    filled = [plain_cell(cell) for cell in cells]
    filled = filled[: len(filled) - len(list(takewhile(lambda cell: not cell, filled[::-1])))]
    return len(filled) == WIDTH and all(map(re.fullmatch, _FORM, filled))


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where the file's first lines are events: a day, a time, two codes and a number."""
    if len(sheets) != 1:
        return False
    filled = [row for row in sheets[0].head if any(cell.strip() for cell in row)]
    return bool(filled) and sum(map(_is_event, filled)) >= SHARE * len(filled)


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """Rebuild the tickets.

    Raises Refused where the profile does not say what the events mean, and where there are too
    many lines.
    """
    events = context.profile.events
    if events is None:
        raise Refused(
            "発券機のイベントログです。プロファイルの events に、イベントの番号（codes）と、"
            "業務の番号・課・窓口・番号の範囲（queues）を書いてください",
            "this is a machine's event log; write into the profile's events section what the codes"
            " mean, and each queue's department, counter and range of numbers",
        )
    lines = read_lines(sheets[0], events, date.today())
    if not len(lines.events):
        return Adapted(
            _records(None, events.queues), lines.ignored, lines.rejected, lines.rows_read
        )
    rebuilt = rebuild(lines.events, events.queues, events.reliable_laps)
    _account(rebuilt.lines, lines)
    return Adapted(_records(rebuilt, events.queues), lines.ignored, lines.rejected, lines.rows_read)


def _account(judged: pd.DataFrame, lines: Lines) -> None:
    """Say of each line that gives no record what it became.

    A repeat of a line that is in a ticket's record gives the record again, see `_records`.
    """
    for became, reason in REASONS.items():
        found = judged["became"] == became
        if became != UNRELIABLE:
            found &= ~judged["repeated"]
        lines.ignored += [Ignored(row, reason) for row in judged.loc[found, "row"].tolist()]
    orphans = judged[judged["became"] == ORPHAN]
    for row, event, number in orphans[["row", "event", "number"]].itertuples(index=False):
        rule, ja, en = _ORPHANS[event == CALLED]
        lines.rejected.append(Finding(int(row), "番号", str(number), rule, ja, en))


def _records(rebuilt: Rebuilt | None, queues: Sequence[Queue]) -> pa.Table:
    """One record per ticket, then one per repeated line with the same values."""
    if rebuilt is None:
        schema = pa.schema(
            [*((name, pa.string()) for name in _COLUMNS), ("source_row", pa.int64())]
        )
        return schema.empty_table()
    tickets = rebuilt.tickets
    again = rebuilt.lines[
        rebuilt.lines["repeated"] & rebuilt.lines["became"].isin([TICKET, MERGED, RECALLED])
    ]
    position = pd.Series(np.arange(len(tickets)), tickets["row"])
    chosen = np.append(np.arange(len(tickets)), position[again["ticket"]].to_numpy())
    tickets = tickets.iloc[chosen]
    rows = np.append(rebuilt.tickets["row"].to_numpy(), again["row"].to_numpy())
    queue = pa.array(tickets["queue"].to_numpy())
    day = tickets["day"].to_numpy().astype("datetime64[D]")

    def moment(minute: np.typing.NDArray[np.int64]) -> np.typing.NDArray[np.str_]:
        return np.datetime_as_string(day + minute.astype("timedelta64[m]"), unit="s")

    called = tickets["called"].to_numpy()
    columns = {
        name: pa.array([getattr(one, name) for one in queues], pa.string()).take(queue)
        for name in _OF_QUEUE
    }
    columns |= {
        "ticket_number": pa.array(tickets["number"].astype(str).to_numpy(), pa.string()),
        "issued_at": pa.array(moment(tickets["minute"].to_numpy()), pa.string()),
        "called_at": pa.array(moment(np.maximum(called, 0)), pa.string(), mask=called < 0),
        "state": pa.array(np.where(tickets["cancelled"], "cancelled", ""), pa.string()),
        "records_no_show": pa.repeat(pa.scalar("false"), len(tickets)),
        "source_row": pa.array(rows, pa.int64()),
    }
    return pa.table(columns)
