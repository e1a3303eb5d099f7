"""Lines of a ticket machine's event log: text in, numbers out, and what is wrong with the others.

A line is `YYYYMMDD,HH:MM,event,queue,ticket`. Days, minutes, queues and tickets repeat all the
time, so each different text is read once and the lines look it up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipelines.adapters.base import Finding, Ignored
from pipelines.adapters.span import plausible_span, why_implausible
from pipelines.errors import Refused
from pipelines.profile import Events, Queue
from pipelines.read import Sheet

EPOCH = date(1970, 1, 1)

WIDTH = 5
"""Cells of a line: day, time, event, queue, ticket."""

ISSUED, CALLED, CANCELLED = 0, 1, 2
CODES = {"issued": ISSUED, "called": CALLED, "cancelled": CANCELLED}

MOST_LINES = 2_500_000
"""More lines than the machines of a large ward write in two years; they are held in memory."""

TITLE_WITHIN = 5
"""A title or a line of column names can only stand in the first rows."""

_NAMES = ("日付", "時刻", "イベント", "業務", "番号")
_UNREADABLE = {
    "date": ("日付を読めません（例: 20261001）", "not a date (such as 20261001)"),
    "time": ("時刻を読めません（例: 09:05）", "not a time of day (such as 09:05)"),
    "event": (
        "プロファイルの events の codes にないイベントです。番号を確かめてください",
        "an event that the profile's codes do not have; check it",
    ),
    "queue": (
        "プロファイルの events の queues にない業務です。番号を確かめるか、対応表に加えてください",
        "a queue that the profile does not have; check it, or add it to the profile",
    ),
    "number": ("受付番号を読めません（例: 101）", "not a ticket number (such as 101)"),
}
_OUT_OF_RANGE = (
    "その業務の番号の範囲にない受付番号です。番号かプロファイルの範囲を確かめてください",
    "a ticket number outside the queue's range; check it, or the profile's range",
)

_FIELDS = (
    "値が5つ（日付、時刻、イベント、業務、番号）ではありません。途中で切れていないか確かめてください",
    "not five values (day, time, event, queue, number); check whether the line is cut off",
)

Ints = npt.NDArray[np.int64]


@dataclass
class Lines:
    """What was read.

    events: one row per sound line, with `row` (of the file), `day` (days since 1970), `minute` (of
    the day), `event` (ISSUED, CALLED, CANCELLED), `queue` (index into the profile's queues) and
    `number`. rows_read: physical rows.
    """

    events: pd.DataFrame
    ignored: list[Ignored] = field(default_factory=list)
    rejected: list[Finding] = field(default_factory=list)
    rows_read: int = 0


def plain_cell(text: str) -> str:
    """A cell without full-width digits and spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()


def read_day(text: str) -> int | None:
    """Days since 1970 of `20261001`; None for other text and days that never were."""
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    return (day - EPOCH).days


def read_minute(text: str) -> int | None:
    """Minutes since midnight of `09:05` or `9:05`; None for other text and for 24:00 and later."""
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text)
    return int(match[1]) * 60 + int(match[2]) if match else None


def read_number(text: str) -> int | None:
    """A ticket number."""
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def _codes(events: Events) -> dict[str, int]:
    return {plain_cell(word): CODES[name] for name, words in events.codes.items() for word in words}


def queue_ids(queues: tuple[Queue, ...]) -> dict[str, int]:
    """What the file may write for a queue → its index. Spreadsheets drop leading zeros."""
    written: dict[str, list[int]] = {}
    for index, queue in enumerate(queues):
        written.setdefault(plain_cell(queue.id).lstrip("0") or "0", []).append(index)
    short = {text: found[0] for text, found in written.items() if len(found) == 1}
    return {**short, **{plain_cell(queue.id): index for index, queue in enumerate(queues)}}


def _read(column: pa.ChunkedArray, read: Callable[[str], int | None]) -> Ints:
    """Numbers of a column's texts; −1 where a text is not understood."""
    encoded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    values = [read(plain_cell(word or "")) for word in encoded.dictionary.to_pylist()]
    known = np.array([-1 if value is None else value for value in values] + [-1], np.int64)
    found: Ints = known[encoded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)]
    return found


def read_lines(sheet: Sheet, events: Events, today: date) -> Lines:
    """Read all lines. Raises Refused where there are more than MOST_LINES."""
    codes, ids = _codes(events), queue_ids(events.queues)
    readers: Mapping[str, Callable[[str], int | None]] = {
        "date": read_day,
        "time": read_minute,
        "event": codes.get,
        "queue": ids.get,
        "number": read_number,
    }
    lines = Lines(pd.DataFrame())
    parts: list[pd.DataFrame] = []
    for chunk in sheet.chunks(0, WIDTH):
        lines.rows_read += chunk.num_rows
        if lines.rows_read > MOST_LINES:
            raise Refused(
                f"行が多すぎます（{MOST_LINES:,}行まで）。月ごとのファイルに分けてください",
                f"more than {MOST_LINES} lines; split the file by month",
            )
        parts.append(_sound(chunk, readers, events.queues, lines))
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    lines.events = _within_span(frame, lines, today) if len(frame) else frame
    return lines


def _sound(
    chunk: pa.Table,
    readers: Mapping[str, Callable[[str], int | None]],
    queues: tuple[Queue, ...],
    lines: Lines,
) -> pd.DataFrame:
    """The chunk's lines that are understood; the others go to `lines` as ignored or rejected."""
    cells = {
        name: _read(chunk.column(f"c{at}"), read) for at, (name, read) in enumerate(readers.items())
    }
    rows = chunk.column("source_row").to_numpy()
    fields = chunk.column("fields").to_numpy()
    first, last = (
        np.array([default if bound is None else bound for bound in bounds] + [default], np.int64)
        for default, bounds in (
            (0, [queue.first for queue in queues]),
            (np.iinfo(np.int64).max, [queue.last for queue in queues]),
        )
    )
    number, queue = cells["number"], cells["queue"]
    outside = (number >= 0) & (queue >= 0) & ((number < first[queue]) | (number > last[queue]))
    bad = np.logical_or.reduce([values < 0 for values in cells.values()]) | outside
    bad |= fields != WIDTH
    for index in np.flatnonzero(bad):
        written = [chunk.column(f"c{at}")[int(index)].as_py() or "" for at in range(WIDTH)]
        wrong = [at for at, values in enumerate(cells.values()) if values[index] < 0]
        _judge(int(rows[index]), written, int(fields[index]), wrong, bool(outside[index]), lines)
    sound = ~bad
    return pd.DataFrame(
        {
            "row": rows[sound],
            "day": cells["date"][sound],
            "minute": cells["time"][sound],
            "event": cells["event"][sound],
            "queue": queue[sound],
            "number": number[sound],
        },
        dtype=np.int32,
    )


def _judge(
    row: int, written: list[str], fields: int, wrong: list[int], outside: bool, lines: Lines
) -> None:
    """Say why a line is not understood: blank, a title above the lines, or what is wrong in it."""
    text = ",".join(written).rstrip(",")
    if not text.strip(", \u3000\x1a"):
        lines.ignored.append(Ignored(row, "blank"))
    elif row <= TITLE_WITHIN and not re.search(r"\d", plain_cell(written[0])):
        lines.ignored.append(Ignored(row, "title"))
    elif fields != WIDTH:
        lines.rejected.append(Finding(row, "", text[:200], "fields", *_FIELDS))
    else:
        for at, (rule, (ja, en)) in enumerate(_UNREADABLE.items()):
            if at in wrong:
                lines.rejected.append(Finding(row, _NAMES[at], written[at], rule, ja, en))
        if outside:
            lines.rejected.append(
                Finding(row, _NAMES[4], written[4], "number_range", *_OUT_OF_RANGE)
            )


def _within_span(frame: pd.DataFrame, lines: Lines, today: date) -> pd.DataFrame:
    """Without the lines whose day is not plausible, which are rejected."""
    numbers, counts = np.unique(frame["day"].to_numpy(), return_counts=True)
    days = {number: EPOCH + timedelta(days=number) for number in numbers.tolist()}
    span = plausible_span(dict(zip(days.values(), counts.tolist(), strict=True)), today)
    reasons = {number: why_implausible(span, day, today) for number, day in days.items()}
    wrong = {number: reason for number, reason in reasons.items() if reason}
    out = frame["day"].isin(list(wrong))
    for row, number in frame.loc[out, ["row", "day"]].itertuples(index=False):
        rule, ja, en = wrong[number]
        lines.rejected.append(Finding(int(row), _NAMES[0], f"{days[number]:%Y%m%d}", rule, ja, en))
    return frame[~out].reset_index(drop=True)
