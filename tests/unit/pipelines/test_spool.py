"""Rows on their way: chunks come back as they went; repeats are found, however many there are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ahead import ahead
from pipelines.keys import key_hashes
from pipelines.spool import Hashes, Spool

WORDS = pa.dictionary(pa.int32(), pa.string())


def test_chunks_with_other_dictionaries_are_one_relation(tmp_path: Path) -> None:
    spool = Spool(tmp_path, pa.schema([("rid", pa.int64()), ("word", WORDS)]))
    for first, words in ((0, ["あ", "い"]), (2, ["い", None]), (4, [])):
        rids = pa.array(range(first, first + len(words)), pa.int64())
        spool.add(pa.table({"rid": rids, "word": pa.array(words, WORDS)}))
    assert [c["word"].to_pylist() for c in spool.chunks()] == [["あ", "い"], ["い", None]]
    assert [c.column_names for c in spool.chunks(["rid"])] == [["rid"], ["rid"]]
    relation = spool.relation()
    assert not isinstance(relation, pa.Table)
    assert relation.to_table()["word"].to_pylist() == ["あ", "い", "い", None]


def test_no_chunk_is_an_empty_relation(tmp_path: Path) -> None:
    relation = Spool(tmp_path, pa.schema([("rid", pa.int64())])).relation()
    assert isinstance(relation, pa.Table) and relation.num_rows == 0


@given(st.lists(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 20), max_size=30), max_size=6))
def test_repeated_hashes_are_those_added_more_than_once(
    tmp_path_factory: pytest.TempPathFactory, chunks: list[list[int]]
) -> None:
    hashes = Hashes(tmp_path_factory.mktemp("hashes"))
    for chunk in chunks:
        hashes.add(np.array(chunk, np.uint64))
    counted = Counter(value for chunk in chunks for value in chunk)
    expected = sorted(value for value, times in counted.items() if times > 1)
    assert sorted(hashes.repeated().tolist()) == expected


KEY = st.tuples(
    st.sampled_from(["市民課", "税務課", None]), st.integers(0, 3), st.sampled_from(["1", "01"])
)


def hashes_of(rows: list[tuple[str | None, int, str]], *, encoded: bool) -> list[int]:
    words = pa.array([row[0] for row in rows], pa.string())
    others = pa.array([row[2] for row in rows], pa.string())
    moments = pa.array([row[1] for row in rows], pa.timestamp("us"))
    columns = [words.dictionary_encode() if encoded else words, moments, others]
    return key_hashes(columns, len(rows)).tolist()


@given(st.lists(KEY, min_size=1, max_size=40))
def test_equal_keys_have_equal_hashes_and_others_have_not(
    rows: list[tuple[str | None, int, str]],
) -> None:
    found = hashes_of(rows, encoded=True)
    assert found == hashes_of(rows, encoded=False)
    # A chunk's dictionary may hold words in another order; each row alone has the same hash.
    assert found == [hashes_of([row], encoded=True)[0] for row in rows]
    assert len(set(found)) == len(set(rows))


def test_items_come_in_order_and_an_error_in_its_place() -> None:
    def items() -> object:
        yield from range(3)
        raise ValueError("broken")

    found = []
    with pytest.raises(ValueError, match="broken"):
        for item in ahead(items()):  # type: ignore[arg-type]
            found.append(item)
    assert found == [0, 1, 2]


def test_a_consumer_that_stops_ends_the_thread() -> None:
    closed = []

    def items() -> object:
        try:
            yield from range(1000)
        finally:
            closed.append(True)

    running = ahead(items())  # type: ignore[arg-type]
    assert next(running) == 0
    running.close()  # type: ignore[attr-defined]
    assert closed in ([], [True])
    assert next(ahead(iter(["after"]))) == "after"
