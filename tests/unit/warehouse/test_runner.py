"""The runner: order by what is read, and errors that name the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.engine import Engine
from warehouse.parts import Parts
from warehouse.queries import BuildError, queries
from warehouse.runner import ChecksFailed, create_tables, run_checks


def write(folder: Path, **files: str) -> Path:
    """A folder core/ of SQL files."""
    (folder / "core").mkdir()
    for name, text in files.items():
        (folder / "core" / f"{name}.sql").write_text(text, encoding="utf-8")
    return folder / "core"


def test_tables_are_made_after_what_they_read(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        a_last="-- Sum.\nSELECT sum(n) AS n FROM b_middle",
        b_middle="-- Doubled.\nWITH twice AS (SELECT n * 2 AS n FROM c_first) SELECT n FROM twice;",
        c_first="-- Input.\n-- As it is.\nSELECT n FROM lake_x",
    )
    engine = Engine.memory()
    engine.execute("CREATE TABLE lake_x AS SELECT 1 AS n UNION ALL SELECT 2")
    made = create_tables(engine, queries(folder, engine), {"lake_x"}, Parts(engine, {}, {}))
    assert [query.name for query in made] == ["c_first", "b_middle", "a_last"]
    assert made[0].comment == "Input.\nAs it is."
    assert engine.execute("SELECT n FROM a_last") == [(6,)]


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"a": "-- A.\nSELECT x FROM lake_missing"}, r"core/a\.sql.*lake_missing"),
        ({"a": "-- A.\nSELECT FROM FROM"}, r"core/a\.sql"),
        ({"a": "-- A.\nDROP TABLE lake_x"}, r"core/a\.sql"),
        ({"a": "-- A.\nSELECT missing_column FROM lake_x"}, r"core/a\.sql.*missing_column"),
        (
            {"a": "-- A.\nSELECT * FROM b", "b": "-- B.\nSELECT * FROM a"},
            r"core/[ab]\.sql → core/[ab]\.sql",
        ),
    ],
    ids=["unknown table", "does not parse", "no select", "unknown column", "cycle"],
)
def test_a_wrong_file_is_named(tmp_path: Path, files: dict[str, str], named: str) -> None:
    engine = Engine.memory()
    engine.execute("CREATE TABLE lake_x AS SELECT 1 AS n")
    with pytest.raises(BuildError, match=f"(?s){named}"):
        create_tables(
            engine, queries(write(tmp_path, **files), engine), {"lake_x"}, Parts(engine, {}, {})
        )


def test_every_failing_check_is_told_with_its_first_rows(tmp_path: Path) -> None:
    engine = Engine.memory()
    engine.execute("CREATE TABLE t AS SELECT range AS n FROM range(9)")
    folder = write(
        tmp_path,
        fine="-- Nothing.\nSELECT n FROM t WHERE n > 100",
        few="-- 小さすぎます。\n-- 直してください。\nSELECT n, NULL AS note FROM t WHERE n < 2",
        many="-- 多すぎます。\nSELECT n FROM t;",
    )
    with pytest.raises(ChecksFailed) as caught:
        run_checks(engine, queries(folder, engine), Parts(engine, {}, {}))
    told = str(caught.value).splitlines()[1:]
    assert told == [
        *("few: 小さすぎます。", "直してください。", "  n=0, note=None", "  n=1, note=None"),
        *("many: 多すぎます。", *(f"  n={n}" for n in range(5)), "  …"),
    ]


def test_a_check_that_cannot_run_is_no_passed_check(tmp_path: Path) -> None:
    engine = Engine.memory()
    with pytest.raises(BuildError, match=r"core/broken\.sql"):
        found = queries(write(tmp_path, broken="-- B.\nSELECT x FROM nowhere"), engine)
        run_checks(engine, found, Parts(engine, {}, {}))
