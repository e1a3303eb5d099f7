"""What an answer says besides its number, and who may see what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.spec.lake import Lake, same
from warehouse import query
from warehouse.query import NotAllowed, QueryError, Span, UnknownValue, Viewer


def tickets(municipality: str, department: str, count: int, month: str = "2026-10") -> str:
    """A ticket log of so many tickets on the fifth of a month."""
    lines = ["municipality | department | counter | issued_at | called_at"]
    for minute in range(count):
        lines.append(
            f"{municipality} | {department} | 1 | {month}-05 09:{minute:02} | {month}-05 10:00"
        )
    return "\n".join(lines)


def of(month: str, municipality: str) -> dict[str, str]:
    """What the ledger says of a file."""
    return {
        "municipality": municipality,
        "period_from": f"{month}-05",
        "period_to": f"{month}-05",
        "loaded_at": f"{month}-28T00:00:00+00:00",
    }


def test_files_are_those_of_the_municipality_and_the_period(lake: Lake) -> None:
    first = lake.add("ticket_log", tickets("272060", "市民課", 2), **of("2026-10", "272060"))
    second = lake.add(
        "ticket_log", tickets("272060", "市民課", 3, "2026-11"), **of("2026-11", "272060")
    )
    other = lake.add("ticket_log", tickets("272078", "市民課", 3), **of("2026-10", "272078"))
    lake.add(
        "staff_age",
        "municipality | as_of | age | kind | headcount\n272060 | 2026-04-01 | 40 | regular | 1",
    )
    release = lake.release()

    def shas(**where: object) -> set[str]:
        return set(query.metric("tickets", where=where, release=release).files["sha256"])

    assert shas() == {first, second, other}
    assert shas(municipality="272060") == {first, second}
    assert shas(municipality="272060", month="2026-11") == {second}
    answer = query.metric("tickets", where={"month": "2026-10"}, release=release)
    assert answer.updated == datetime(2026, 10, 28, tzinfo=UTC)
    assert answer.release == release.name


def test_reporters_are_counted_where_municipalities_are_added_up(lake: Lake) -> None:
    lake.add("ticket_log", tickets("272060", "市民課", 2))
    lake.add("ticket_log", tickets("011011", "市民課", 2))
    lake.add("ticket_log", tickets("011029", "市民課", 2))
    release = lake.release()
    assert query.metric("tickets", release=release).reporters == (2, 1741)
    osaka = {"prefecture": "大阪府"}
    assert query.metric("tickets", where=osaka, release=release).reporters == (1, 43)
    peers = {"municipality": ["272060", "272078", "272086"]}
    assert query.metric("tickets", where=peers, release=release).reporters == (1, 3)
    one = {"municipality": "272060"}
    assert query.metric("tickets", where=one, release=release).reporters is None
    assert query.metric("tickets", by="municipality", release=release).reporters is None


def test_a_municipality_can_be_written_in_its_usual_ways(lake: Lake) -> None:
    lake.add("ticket_log", tickets("272060", "市民課", 2))
    release = lake.release()
    for code in ("272060", "27206", 27206, 272060, "２７２０６０", "泉大津市"):
        assert query.metric("tickets", where={"municipality": code}, release=release).value == 2


@pytest.mark.parametrize(
    ("where", "hint"),
    [
        ({"municipality": "272061"}, "6桁"),
        ({"department": "市民か"}, "市民課"),
        ({"weekday": "月曜"}, "月～日"),
        ({"month": "2026年10月"}, "2026-10"),
        ({"hour": 24}, "0～23"),
        ({"channel": "walkin"}, "walk_in"),
    ],
)
def test_a_wrong_value_is_told_with_what_would_be_right(
    lake: Lake, where: dict[str, object], hint: str
) -> None:
    lake.add("ticket_log", tickets("272060", "市民課", 2))
    with pytest.raises(UnknownValue, match=hint) as caught:
        query.metric("tickets", where=where, release=lake.release())
    assert "\n" not in str(caught.value)


def test_a_known_value_without_data_is_no_error(lake: Lake) -> None:
    lake.add("ticket_log", tickets("272060", "市民課", 2))
    release = lake.release()
    for where in ({"month": "2020-01"}, {"municipality": "272078"}, {"department": []}):
        answer = query.metric("tickets", where=where, release=release)
        assert (answer.value, answer.n, answer.period) == (None, 0, None)
        assert query.metric("tickets", by="month", where=where, release=release).frame.empty


def test_values_are_bound_and_never_read_as_sql(lake: Lake) -> None:
    lake.add("ticket_log", tickets("272060", "'; DROP TABLE mart_counter; --", 2))
    release = lake.release()
    name = "'; DROP TABLE mart_counter; --"
    answer = query.metric("tickets", where={"department": name}, release=release)
    assert answer.value == 2
    assert name not in answer.sql and name in answer.parameters.values()


def test_outside_viewers_do_not_see_small_cells(lake: Lake) -> None:
    lake.add("ticket_log", tickets("272060", "市民課", 12))
    lake.add("ticket_log", tickets("272078", "市民課", 9))
    release = lake.release()
    ministry = Viewer(role="ministry")
    same(
        query.metric("tickets", by="municipality", viewer=ministry, release=release).frame,
        """
        municipality | value | n  | suppressed
        272060       | 12    | 12 | no
        272078       | -     | -  | yes
        """,
    )
    one = query.metric(
        "tickets", where={"municipality": "272078"}, viewer=ministry, release=release
    )
    assert (one.value, one.n) == (None, 0)
    own = Viewer("272078")
    assert query.metric("tickets", viewer=own, release=release).value == 21


def test_detail_is_for_the_own_municipality(lake: Lake) -> None:
    lake.add("ticket_log", tickets("272060", "市民課", 12))
    lake.add("ticket_log", tickets("272078", "税務課", 9))
    release = lake.release()
    own = Viewer("272060")
    same(
        query.metric("tickets", by="department", viewer=own, release=release).frame,
        """
        department | value | n
        市民課     | 12    | 12
        """,
    )
    with pytest.raises(NotAllowed):
        where = {"municipality": "272078"}
        query.metric("tickets", by="department", where=where, viewer=own, release=release)
    with pytest.raises(NotAllowed):
        query.metric("tickets", by="hour", viewer=Viewer(role="public"), release=release)


def test_an_open_span_and_unknown_order(lake: Lake) -> None:
    lake.add("ticket_log", tickets("272060", "市民課", 2))
    lake.add("ticket_log", tickets("272060", "市民課", 3, "2026-11"))
    release = lake.release()
    for span, value in (
        (Span(None, "2026-10"), 2),
        (Span("2026-11", None), 3),
        (Span(None, None), 5),
    ):
        assert query.metric("tickets", where={"month": span}, release=release).value == value
    with pytest.raises(QueryError, match="-value"):
        query.metric("tickets", by="month", order="month", release=release)


def test_values_to_choose_from_are_those_under_the_filters(lake: Lake) -> None:
    lake.add("ticket_log", tickets("272060", "市民課", 2))
    lake.add("ticket_log", tickets("272078", "税務課", 3, "2026-11"))
    lake.add(
        "workload_survey",
        "municipality | survey | department | category | hours\n272060 | 2025 | 総務課 | other | 10",
    )
    release = lake.release()
    where = {"municipality": "272060"}
    assert list(query.values("department", where, release)["code"]) == ["市民課", "総務課"]
    only = query.values("department", where, release, metric="tickets")
    assert list(only["code"]) == ["市民課"]
    assert list(query.values("municipality", release=release)["label"]) == ["泉大津市", "高槻市"]
    assert query.labels("municipality", release)["132063"] == "府中市（東京都）"
