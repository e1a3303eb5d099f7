"""The queue: nobody is served by two, nobody overtakes, breaks and closing are kept."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.demo.line import (
    ABANDONED,
    CALL_SECONDS,
    CANCELLED,
    NO_SHOW,
    SERVED,
    Counter,
    serve,
)

NEVER = float("inf")


def alone(arrivals: list[float], service: list[float], patience: float = NEVER, **other: object):
    count = len(arrivals)
    leaves_as = other.get("leaves_as", [CANCELLED] * count)
    absent = other.get("absent", [False] * count)
    counters = other.get("counters", [Counter(0, NEVER, NEVER, NEVER)])
    return serve(
        np.array(arrivals, dtype=float),
        np.array(service, dtype=float),
        np.full(count, patience),
        np.array(leaves_as),
        np.zeros(count),
        np.array(absent),
        counters,
    )


def test_one_counter_by_hand() -> None:
    result = alone([0, 10, 400], [100, 200, 50])
    assert result.called.tolist() == [0, 100, 400]
    assert result.finished[0] == 100
    # the second waited 90 s: 15 % × 90 / 2,700 of 200 s is one second less
    assert result.finished.tolist() == [100, 299, 450]
    assert result.outcome.tolist() == [SERVED] * 3


def test_two_counters_share_the_line() -> None:
    counters = [Counter(0, NEVER, NEVER, NEVER)] * 2
    result = alone([0, 1, 2], [100, 30, 10], counters=counters)
    assert result.counter.tolist() == [0, 1, 1]
    assert result.called.tolist() == [0, 1, 31]


def test_absent_person_holds_the_counter_for_one_call() -> None:
    result = alone([0, 1], [500, 10], absent=[True, False])
    assert result.outcome.tolist() == [NO_SHOW, SERVED]
    assert np.isnan(result.finished[0])
    assert result.called[1] == CALL_SECONDS


def test_who_leaves_before_the_call_is_passed_over() -> None:
    result = alone([0, 1, 2], [1000, 10, 10], patience=900, leaves_as=[CANCELLED] * 3)
    assert result.outcome.tolist() == [SERVED, CANCELLED, CANCELLED]
    assert np.isnan(result.called[1:]).all()


def test_break_and_closing() -> None:
    lunch = [Counter(0, 5000, 100, 200)]
    result = alone([0, 50, 6000], [90, 90, 90], counters=lunch)
    assert result.called[1] >= 90
    late = alone([150, 6000], [10, 10], counters=lunch)
    assert late.called[0] == 200
    assert late.outcome.tolist() == [SERVED, ABANDONED]


@given(
    st.lists(st.tuples(st.integers(0, 3600), st.integers(1, 900)), min_size=1, max_size=40),
    st.integers(1, 4),
)
def test_no_counter_serves_two_and_nobody_overtakes(
    people: list[tuple[int, int]], count: int
) -> None:
    arrivals = sorted(float(arrival) for arrival, _ in people)
    counters = [Counter(0, NEVER, NEVER, NEVER)] * count
    result = alone(arrivals, [float(service) for _, service in people], counters=counters)
    assert (result.called >= np.array(arrivals)).all()
    assert (np.diff(result.called) >= 0).all()
    for counter in range(count):
        own = result.counter == counter
        assert (result.called[own][1:] >= result.finished[own][:-1]).all()
