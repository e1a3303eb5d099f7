"""Tickets out of the events of a machine: numbers in, numbers out, a day and queue at a time.

A queue's numbers wrap within a day. A call belongs to the newest ticket of its number that was
issued in its minute or before, because lines of one minute may stand in any order. The last call
counts. After `reliable_laps` rounds the machine records no more issues: from then on a call may
be that of a ticket nobody recorded. `_doubtful` says from which minute on, and which tickets are
then not used at all. docs/adr/ has the reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.adapters.event_lines import CALLED, CANCELLED, ISSUED
from pipelines.profile import Queue

TICKET, MERGED, RECALLED, UNRELIABLE, ORPHAN = range(5)
"""What a line became: the ticket's own line (its issue); a call or cancellation that the ticket has
taken over; a call before the last one; a line that cannot be trusted; an event without issue."""

BACKWARD = 4
"""A number up to a quarter of the range behind its predecessor was issued in the same minute or is
a step back; one further behind begins the next round."""

LOST_AT_THE_END = 20
"""The end of a round counts as reached where one of the last numbers was issued, one in so many of
the range: the line of the very last may be lost."""

RECALLED_WITHIN = 60
"""Minutes within which a number that is called again may have been recalled."""

Ints = npt.NDArray[np.int64]
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Rebuilt:
    """Tickets, and what became of each line.

    tickets: `row` (of the issue), `day`, `minute`, `queue`, `number`, `called` (minute of the last
    call, −1 for none), `cancelled` (bool). lines: the events with `became` (one of the constants)
    and `ticket` (row of its ticket's issue, −1 for none); a repeated line became what its first
    did, and has `repeated` true.
    """

    tickets: pd.DataFrame
    lines: pd.DataFrame


def rebuild(events: pd.DataFrame, queues: Sequence[Queue], reliable_laps: int) -> Rebuilt:
    """Rebuild the tickets of an event log.

    events: `row`, `day`, `minute`, `event`, `queue`, `number` of each line (see event_lines), at
    least one.
    queues: their ranges of numbers. reliable_laps: rounds a day whose issues are recorded.
    """
    content = ["day", "minute", "event", "queue", "number"]
    lines = events.sort_values(["day", "queue", "minute", "row"], ignore_index=True)
    lines["repeated"] = lines.duplicated(content)
    own = lines[~lines["repeated"]].copy()
    own["group"] = own.groupby(["day", "queue"], sort=False).ngroup()
    issues = _with_places(own[own["event"] == ISSUED].reset_index(drop=True), queues)
    marks = _with_tickets(own[own["event"] != ISSUED].reset_index(drop=True), issues)
    groups = int(own["group"].max()) + 1
    untrusted, since = _doubtful(issues, marks, queues, reliable_laps, groups)
    late = marks["minute"].to_numpy() >= since[marks["group"].to_numpy()]
    of = marks["ticket"].to_numpy()
    dropped = late | np.append(untrusted, False)[of]
    tickets = _tickets(issues, marks[~dropped & (of >= 0)])
    issues["became"] = np.where(untrusted, UNRELIABLE, TICKET)
    last_call = np.append(tickets["called"].to_numpy(), -1)[of]
    earlier = (marks["event"] == CALLED) & (marks["minute"] < last_call)
    marks["became"] = np.select(
        [dropped, of < 0, earlier], [UNRELIABLE, ORPHAN, RECALLED], default=MERGED
    )
    issued_rows = np.append(issues["row"].to_numpy(), -1)
    issues["ticket"], marks["ticket"] = issues["row"], issued_rows[of]
    judged = pd.concat([issues, marks])[[*content, "became", "ticket"]]
    return Rebuilt(
        tickets[~untrusted].reset_index(drop=True),
        lines.merge(judged, on=content, how="left", validate="many_to_one"),
    )


def _with_places(issues: pd.DataFrame, queues: Sequence[Queue]) -> pd.DataFrame:
    """Add `place`: how many numbers were given out that day up to this one, from 0, rounds counted
    by the numbers (the first of a day that begins in the middle has its number's own place).

    A queue without a range does not wrap: places are then numbers.
    """
    index = issues["queue"].to_numpy()
    first = np.array([queue.first or 0 for queue in queues], np.int64)[index]
    size = np.array([_size(queue) for queue in queues], np.int64)[index]
    number = issues["number"].to_numpy() - first
    same = issues["group"].to_numpy()[1:] == issues["group"].to_numpy()[:-1]
    back = size // BACKWARD
    step = np.diff(number)
    wrapped = np.where(size[1:] > 0, (step + back[1:]) % np.maximum(size[1:], 1) - back[1:], step)
    steps = np.append(number[:1], np.where(same, wrapped, number[1:]))
    total = np.cumsum(steps)
    starts = np.append(True, ~same)[: len(issues)]
    before = np.maximum.accumulate(np.where(starts, np.arange(len(issues)), 0))
    place = total - (total - number)[before]
    issues["place"] = place
    lowest = issues.groupby("group")["place"].transform("min").to_numpy()
    rounds = np.where(size > 0, lowest // np.maximum(size, 1), 0)
    issues["place"] = place - rounds * size
    return issues


def _size(queue: Queue) -> int:
    """How many numbers a queue has; 0 where its range is not given."""
    return 0 if queue.first is None or queue.last is None else queue.last - queue.first + 1


def _with_tickets(marks: pd.DataFrame, issues: pd.DataFrame) -> pd.DataFrame:
    """Add `ticket`: position in `issues` of the ticket that a call or cancellation belongs to, −1
    where none of that number was issued before."""
    marks = marks.sort_values("minute", kind="stable", ignore_index=True)
    candidates = issues[["group", "number", "minute"]].assign(ticket=np.arange(len(issues)))
    found = pd.merge_asof(
        marks,
        candidates.sort_values("minute", kind="stable"),
        on="minute",
        by=["group", "number"],
        direction="backward",
    )
    marks["ticket"] = found["ticket"].fillna(-1).astype(np.int64)
    return marks


def _doubtful(
    issues: pd.DataFrame,
    marks: pd.DataFrame,
    queues: Sequence[Queue],
    reliable_laps: int,
    groups: int,
) -> tuple[npt.NDArray[np.bool_], Ints]:
    """Tickets that cannot be trusted, and per group the minute from which no event can.

    When the last recorded round is full, unrecorded tickets may follow. The tickets that wait then
    are still called first, so the first call of each is its own, up to the first event that no
    waiting ticket explains: a number called again, never issued, or passed over before. From that
    minute on nothing is used: neither tickets whose first event lies there, nor one called within
    the hour before and again after, for that may have been a recall.
    """
    full = _end_of_rounds(issues, queues, reliable_laps, groups)
    place, of = issues["place"].to_numpy(), marks["ticket"].to_numpy()
    group, minute = marks["group"].to_numpy(), marks["minute"].to_numpy()
    order = marks.groupby("ticket").cumcount().to_numpy()
    known, after = of >= 0, minute >= full[group]
    reached = np.full(groups, -1, np.int64)
    early = known & ~after & (marks["event"] == CALLED).to_numpy()
    np.maximum.at(reached, group[early], place[of[early]])
    passed_over = known & (np.append(place, -1)[of] < reached[group])
    unexplained = after & (~known | (order > 0) | passed_over)
    since = np.full(groups, NEVER, np.int64)
    np.minimum.at(since, group[unexplained], minute[unexplained])
    beyond = place >= _recorded(issues, queues, reliable_laps)
    np.minimum.at(since, issues["group"].to_numpy()[beyond], issues["minute"].to_numpy()[beyond])
    late = known & (minute >= since[group])
    untrusted = beyond.copy()
    untrusted[of[late & (order == 0)]] = True
    before = np.full(len(issues), -1, np.int64)
    np.maximum.at(before, of[known & ~late], minute[known & ~late])
    again = late & (minute - np.append(before, -1)[of] <= RECALLED_WITHIN)
    untrusted[of[again & (np.append(before, -1)[of] >= 0)]] = True
    return untrusted, since


def _recorded(issues: pd.DataFrame, queues: Sequence[Queue], reliable_laps: int) -> Ints:
    """Of each issue's queue: the first place that is beyond the recorded rounds."""
    size = np.array([_size(queue) for queue in queues], np.int64)[issues["queue"].to_numpy()]
    recorded: Ints = np.where(size > 0, size * reliable_laps, NEVER)
    return recorded


def _end_of_rounds(
    issues: pd.DataFrame, queues: Sequence[Queue], reliable_laps: int, groups: int
) -> Ints:
    """Per group, the minute in which the last recorded round was full; NEVER where it was not."""
    size = np.array([_size(queue) for queue in queues], np.int64)[issues["queue"].to_numpy()]
    limit = _recorded(issues, queues, reliable_laps)
    place, minute = issues["place"].to_numpy(), issues["minute"].to_numpy()
    group = issues["group"].to_numpy()
    last = (place < limit) & (place >= limit - 1 - size // LOST_AT_THE_END)
    full = np.full(groups, -1, np.int64)
    np.maximum.at(full, group[last], minute[last])
    full[full < 0] = NEVER
    np.minimum.at(full, group[place >= limit], minute[place >= limit])
    return full


def _tickets(issues: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """The tickets with the minute of their last call, and whether they were cancelled after it."""
    tickets = issues[["row", "day", "minute", "queue", "number"]].copy()
    latest = {
        event: marks[marks["event"] == event]
        .groupby("ticket")["minute"]
        .max()
        .reindex(range(len(tickets)), fill_value=-1)
        .to_numpy()
        for event in (CALLED, CANCELLED)
    }
    tickets["called"] = latest[CALLED]
    tickets["cancelled"] = (latest[CANCELLED] >= 0) & (latest[CANCELLED] >= latest[CALLED])
    return tickets
