"""Twenty-four months of visits to the counters of the fictional city, as one table."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.demo import days, line
from pipelines.demo.world import FORWARDED_TO, MAIN, QUEUES, REFORM, Queue, generator

_HALF_HOURS = np.array(
    # 8:30, 9:00 … 18:30; the evening hours count only where the queue is open
    [
        *(0.90, 1.10, 1.22, 1.28, 1.26, 1.18, 1.04, 0.80, 0.74, 1.00, 1.12),
        *(1.12, 1.10, 1.04, 0.98, 0.88, 0.66, 0.44, 0.46, 0.40, 0.28),
    ]
)
_WEEKDAYS = (1.08, 1.01, 0.97, 0.95, 1.00)
_SATURDAY = 0.5
_AFTER_CLOSED_DAYS, _MONTH_END, _SPRING_RUSH = 1.06, 1.05, 1.04
_YEARLY_DECLINE = 0.04
_SPREAD_OF_DAYS = 0.04
_VARIATION_OF_SERVICE = 0.45
_PATIENCE_MEDIAN, _PATIENCE_SPREAD = 85 * 60.0, 0.45
_REACTION_MEDIAN, _REACTION_SPREAD = 75.0, 0.7
_ABSENT = 0.011
_LEAVES_AS, _LEAVES_SHARE = (line.NO_SHOW, line.CANCELLED, line.ABANDONED), (0.55, 0.25, 0.20)
_BREAK = 3600

COLUMNS = [
    "office",
    "department",
    "counter",
    "ticket_number",
    "day",
    "issued",
    "called",
    "finished",
    "procedure",
    "outcome",
    "forwarded_from",
]


def _demand(queue: Queue, shift: days.Shift, noise: float) -> NDArray[np.float64]:
    """Expected arrivals of a day per half-hour slot from 8:30 on."""
    day = shift.day
    level = queue.per_day / _HALF_HOURS[:18].sum() * queue.months[day.month - 1] * noise
    level *= _SATURDAY if day.weekday() == days.SATURDAY else _WEEKDAYS[day.weekday()]
    if days.after_closed_days(day):
        level *= _AFTER_CLOSED_DAYS
    if days.is_last_open_day_of_month(day):
        level *= _MONTH_END
    if days.in_spring_rush(day):
        level *= _SPRING_RUSH
    level *= 1.0 - _YEARLY_DECLINE * (day - date(2025, 4, 1)).days / 365.25
    starts = days.OPENS + 1800 * np.arange(len(_HALF_HOURS))
    open_share = np.clip(
        (np.minimum(starts + 1800, shift.closes) - np.maximum(starts, shift.opens)) / 1800, 0, 1
    )
    return level * _HALF_HOURS * open_share


def _arrivals(queue: Queue, shift: days.Shift, rng: np.random.Generator) -> NDArray[np.float64]:
    """Arrivals of a day: a Poisson process whose rate changes by half-hour, whole seconds."""
    expected = _demand(queue, shift, float(rng.normal(1.0, _SPREAD_OF_DAYS)))
    starts = days.OPENS + 1800.0 * np.repeat(np.arange(len(expected)), rng.poisson(expected))
    times = starts + rng.uniform(0, 1800, len(starts))
    times = times[(times >= shift.opens) & (times < shift.closes)]
    times.sort()
    return np.floor(times)


def _counters(shift: days.Shift) -> list[line.Counter]:
    """Counters of a day. With four or more, one rests at noon and another an hour later."""
    resting = 1 if shift.counters >= 4 else 0
    never = float("inf")
    found = []
    for index in range(shift.counters):
        stays = index < shift.staying
        break_from = 12 * 3600.0 + (0 if index < resting else _BREAK)
        rests = index < 2 * resting and shift.closes > 13 * 3600
        found.append(
            line.Counter(
                float(shift.opens),
                never if stays else float(days.CLOSES),
                break_from if rests else never,
                break_from + _BREAK if rests else never,
            )
        )
    return found


def _service(
    queue: Queue, shift: days.Shift, procedures: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Log-normal service seconds whose means are those of the procedures."""
    before = shift.day < REFORM or queue.office != MAIN
    means = np.array([item.minutes if before else item.minutes_after for item in queue.procedures])
    spread = np.sqrt(np.log(1 + _VARIATION_OF_SERVICE**2))
    drawn = rng.lognormal(-(spread**2) / 2, spread, len(procedures))
    return np.maximum(45.0, np.round(60.0 * means[procedures] * drawn))


def _day(
    queue: Queue,
    shift: days.Shift,
    forwarded: pd.DataFrame | None,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the tickets of one queue on one day; `forwarded` are those sent from elsewhere."""
    own = _arrivals(queue, shift, rng)
    sent = np.array([]) if forwarded is None else forwarded["issued"].to_numpy()
    times = np.concatenate([own, sent])
    origin = np.array([""] * len(own), dtype=object)
    if forwarded is not None:
        origin = np.concatenate([origin, forwarded["forwarded_from"].to_numpy()])
    order = np.argsort(times, kind="stable")
    times, origin = times[order], origin[order]
    count = len(times)
    spring = days.in_spring_rush(shift.day)
    shares = np.array([item.share_in_spring if spring else item.share for item in queue.procedures])
    procedures = rng.choice(len(shares), count, p=shares / shares.sum())
    result = line.serve(
        times,
        _service(queue, shift, procedures, rng),
        rng.lognormal(np.log(_PATIENCE_MEDIAN), _PATIENCE_SPREAD, count),
        rng.choice(_LEAVES_AS, count, p=_LEAVES_SHARE),
        np.round(rng.lognormal(np.log(_REACTION_MEDIAN), _REACTION_SPREAD, count)),
        rng.random(count) < _ABSENT,
        _counters(shift),
    )
    signs = np.array(queue.counters)
    numbers = queue.last_ticket - queue.first_ticket + 1
    return pd.DataFrame(
        {
            "office": queue.office,
            "department": queue.department,
            "counter": signs[result.counter],
            "ticket_number": queue.first_ticket + np.arange(count) % numbers,
            "day": np.datetime64(shift.day),
            "issued": times,
            "called": result.called,
            "finished": result.finished,
            "procedure": procedures,
            "outcome": result.outcome,
            "forwarded_from": origin,
        },
        columns=COLUMNS,
    )


def _send_on(queue: Queue, tickets: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return those who leave this queue for another counter: day, issued, department, origin."""
    before = tickets["day"] < np.datetime64(REFORM)
    shares = [
        np.array([getattr(item, field) for item in queue.procedures])
        for field in ("forwarded", "forwarded_after")
    ]
    procedure = tickets["procedure"].to_numpy()
    share = np.where(before, shares[0][procedure], shares[1][procedure])
    goes = (rng.random(len(tickets)) < share) & (tickets["outcome"] == line.SERVED)
    targets = FORWARDED_TO[queue.department]
    walk = rng.integers(60, 240, len(tickets))
    sent = tickets[goes].assign(
        issued=(tickets["finished"] + walk)[goes],
        forwarded_from=[f"{queue.department}{number}番" for number in tickets["counter"][goes]],
        to=rng.choice(list(targets), int(goes.sum()), p=list(targets.values())),
    )
    return sent[sent["issued"] < days.CLOSES].sort_values(["day", "issued"], kind="stable")


def simulate(seed: int) -> pd.DataFrame:
    """Return all tickets of all offices, one row each, in the order of queue, day and issue.

    Columns: office, department, counter (number on the sign), ticket_number, day (datetime64),
    issued, called, finished (seconds since midnight; NaN where it did not happen), procedure
    (name), outcome (see `line`), forwarded_from (text or empty). The day whose log was lost is
    left out.
    """
    frames: list[pd.DataFrame] = []
    sent: dict[str, dict[Hashable, pd.DataFrame]] = {}
    for queue in QUEUES:
        rng = generator(seed, f"visits {queue.name}")
        arriving = sent.get(queue.department, {}) if queue.office == MAIN else {}
        frame = pd.concat(
            [_day(queue, shift, arriving.get(shift.day), rng) for shift in days.shifts(queue)],
            ignore_index=True,
        )
        if any(item.forwarded for item in queue.procedures):
            leaving = _send_on(queue, frame, rng)
            for department, those in leaving.groupby("to", sort=True):
                by_day = those.groupby(those["day"].dt.date, sort=True)
                known = sent.setdefault(str(department), {})
                for day, group in by_day:
                    known[day] = pd.concat([known[day], group]) if day in known else group
        names = np.array([item.name for item in queue.procedures], dtype=object)
        frames.append(frame.assign(procedure=names[frame["procedure"].to_numpy()]))
    tickets = pd.concat(frames, ignore_index=True)
    office, day = days.LOST_LOG
    lost = (tickets["office"] == office) & (tickets["day"] == np.datetime64(day))
    return tickets[~lost].reset_index(drop=True)
