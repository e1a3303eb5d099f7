"""A line of waiting people before several counters: first come, first served, some give up."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SERVED, NO_SHOW, CANCELLED, ABANDONED = range(4)
CALL_SECONDS = 60
"""How long a counter waits for someone who does not come."""
HURRY, HURRY_FULL = 0.15, 45 * 60.0
"""Staff work faster when the hall is full: by 15 % for someone who has waited 45 minutes."""


@dataclass(frozen=True)
class Counter:
    """One counter: seconds since midnight from which it calls, until which, and its break."""

    opens: float
    closes: float
    break_from: float
    break_to: float


@dataclass(frozen=True)
class Served:
    """What became of each arrival, in the order of arrival.

    called, finished: seconds since midnight, NaN where it did not happen. counter: index into the
    counters given: who called or passed the number over. outcome: one of the constants.
    """

    called: NDArray[np.float64]
    finished: NDArray[np.float64]
    counter: NDArray[np.int64]
    outcome: NDArray[np.int64]


def serve(
    arrivals: NDArray[np.float64],
    service: NDArray[np.float64],
    patience: NDArray[np.float64],
    leaves_as: NDArray[np.int64],
    reaction: NDArray[np.float64],
    absent: NDArray[np.bool_],
    counters: Sequence[Counter],
) -> Served:
    """Run one day.

    arrivals: seconds since midnight, ascending. service: seconds each would take. patience:
    seconds after which each leaves. leaves_as: outcome of one who has left (NO_SHOW: the number
    is called in vain; CANCELLED, ABANDONED: it is passed over). reaction: seconds between a counter
    being free for the person and its call. absent: does not come when called
    whatever the wait. Whoever is still waiting when the last counter closes is ABANDONED.
    """
    count = len(arrivals)
    called, finished = np.full(count, np.nan), np.full(count, np.nan)
    at, outcome = np.zeros(count, np.int64), np.full(count, ABANDONED)
    free = [(counter.opens, index) for index, counter in enumerate(counters)]
    heapq.heapify(free)
    for person in range(count):
        arrival = arrivals[person]
        now, index = 0.0, 0
        while free:
            ready, index = heapq.heappop(free)
            now, counter = max(ready, arrival), counters[index]
            if counter.break_from <= now < counter.break_to:
                heapq.heappush(free, (counter.break_to, index))
            elif now < counter.closes:
                break
        else:
            break
        if now - arrival > patience[person] and leaves_as[person] != NO_SHOW:
            outcome[person], at[person] = leaves_as[person], index
            heapq.heappush(free, (ready, index))
            continue
        now += reaction[person]
        called[person], at[person] = now, index
        if absent[person] or now - arrival > patience[person]:
            outcome[person] = NO_SHOW
            heapq.heappush(free, (now + CALL_SECONDS, index))
            continue
        outcome[person] = SERVED
        hurry = 1.0 - HURRY * min(1.0, (now - arrival) / HURRY_FULL)
        finished[person] = now + round(service[person] * hurry)
        heapq.heappush(free, (finished[person], index))
    return Served(called, finished, at, outcome)
