"""Taking a file back out leaves what would be there had it never been loaded."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import __main__ as commands
from pipelines import forget, ingest, ledger, pending
from pipelines.errors import PipelineError
from tests.fixtures.tickets import counts, lake, load, sha, waiting, write
from warehouse.home import Home


def test_duplicates_and_conflicts_of_the_file_come_back(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    load(home, write(tmp_path / "a.csv", [(1, "転入"), (2, "転入"), (3, "転入")]))
    load(home, write(tmp_path / "b.csv", [(2, "転入"), (3, "転出"), (4, "転入")]))
    assert counts(home)["b.csv"] == (1, 1, 1)
    done = forget.forget(home, sha(home, "a.csv")[:8])
    assert [entry.file for entry in done.judge] == ["b.csv"]
    assert counts(home) == {"b.csv": (3, 0, 0)}
    assert waiting(home) == set()
    assert len(list(home.lake.rglob("*.parquet"))) == 1, "nothing of it is left, nothing is held"
    assert len(list(home.raw.iterdir())) == 1 and pending.read(home) is None
    load(home, tmp_path / "a.csv")
    assert counts(home)["a.csv"] == (1, 1, 1), "loaded again it is the later one"


def test_an_unknown_and_an_ambiguous_sha_are_one_line(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    load(home, write(tmp_path / "a.csv", [(1, "転入")]))
    (entry,) = ledger.entries(home)
    ledger.commit(home, replace(entry, sha256=entry.sha256[:20] + "0" * 44, file="b.csv"))
    twice = entry.sha256[:6]
    for start, said in ((twice, "もっと長く"), ("zz", "ありません"), ("", "ありません")):
        with pytest.raises(PipelineError, match=said) as error:
            forget.forget(home, start)
        assert "\n" not in error.value.ja and error.value.en
    assert len(ledger.entries(home)) == 2
    assert ledger.resolve(home, entry.sha256.upper()).file == "a.csv"


def test_nothing_is_touched_where_another_file_cannot_be_judged_anew(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    load(home, write(tmp_path / "a.csv", [(1, "転入")]))
    load(home, write(tmp_path / "b.csv", [(1, "転入"), (2, "転入")]))
    (home.raw / sha(home, "b.csv")).unlink()
    with pytest.raises(PipelineError, match=r"b\.csv .*控えから戻して"):
        forget.forget(home, sha(home, "a.csv"))
    assert counts(home) == {"a.csv": (1, 0, 0), "b.csv": (1, 0, 1)}
    assert pending.read(home) is None


def test_a_killed_forget_is_completed_by_the_next_writer(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    load(home, write(tmp_path / "a.csv", [(1, "転入"), (2, "転入")]))
    load(home, write(tmp_path / "b.csv", [(1, "転入"), (2, "転出")]))
    load(home, write(tmp_path / "c.csv", [(2, "転出"), (3, "転入")]))
    found = forget.plan(home, sha(home, "a.csv"))
    pending.begin(
        home, pending.Pending((found.entry.sha256,), tuple(e.sha256 for e in found.judge))
    )
    # Killed after the ledger entry was gone and one of the others was stored anew.
    (home.ledger / f"{found.entry.sha256}.json").unlink()
    ledger.parquet(home, found.judge[0]).write_bytes(b"half")
    with ingest.writing(home):
        pass
    assert counts(home) == {"b.csv": (2, 0, 0), "c.csv": (1, 0, 1)}
    assert not (home.raw / found.entry.sha256).exists()


def test_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("MADO_HOME", str(home.root))
    load(home, write(tmp_path / "a.csv", [(1, "転入")]))
    load(home, write(tmp_path / "b.csv", [(1, "転入"), (2, "転入")]))
    start = sha(home, "a.csv")[:10]
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert commands.main(["forget", start]) == 2
    said = capsys.readouterr().err
    assert "判定し直すファイル: b.csv" in said and "--yes" in said.splitlines()[-1]
    assert len(ledger.entries(home)) == 2, "asked, not done"
    assert commands.main(["forget", start, "--yes"]) == 0
    said = capsys.readouterr().out
    assert "取り消しました" in said and "publish" in said and counts(home) == {"b.csv": (2, 0, 0)}
    assert commands.main(["forget", start, "--yes"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


TICKETS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["転入", "転出"])), min_size=1, max_size=8
)


@given(files=st.lists(TICKETS, min_size=2, max_size=3), which=st.integers(0, 2))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_forgetting_is_never_having_loaded(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[tuple[int, str]]], which: int
) -> None:
    folder = tmp_path_factory.mktemp("forget")
    home, never = Home(folder / "home"), Home(folder / "never")
    paths = [
        write(folder / f"{number}.csv", [*rows, (100 + number, "転入")])
        for number, rows in enumerate(files)
    ]
    out = paths[which % len(paths)]
    for path in paths:
        load(home, path)
        if path != out:
            load(never, path)
    forget.forget(home, sha(home, out.name))
    assert lake(home) == lake(never)
    assert waiting(home) == waiting(never)
    assert counts(home) == counts(never)
    shutil.rmtree(folder)
