"""Workbooks of rows held back that a clerk has corrected and returned (see pipelines.returnable).

Such a workbook says in a hidden sheet whose rows it holds. It is judged as the file that the rows
come from, with the corrected ones in the place of the original ones: so they meet the same
profile, the same neighbours and the same facts of the whole file. Only the rows brought again
count and are stored; their numbers are those of the original file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import ledger
from pipelines.entry import Entry, active_of, ranges_of, replaced_by
from pipelines.errors import PipelineError, Refused
from pipelines.profile import Profiles
from pipelines.read import HEAD_ROWS, Document, Sheet, open_document
from pipelines.recognise import recognise
from pipelines.recognised import Recognised
from warehouse.engine import Engine
from warehouse.home import Home

MARK_SHEET = "mado"
MAGIC = "Mado corrections 1"
"""First cell of the hidden sheet; below it sha256, file, source, profile, then the sheets."""

FIRST_ROW, FIRST_COLUMN = 2, 2
"""Where the cells of the original begin, from 0: below guide and header, right of the row's number
and the reason."""

CONTEXT = "（参考：元の表の見出し）"
"""What stands for the reason in rows that are shown to explain the others."""

Rows = Mapping[str, Mapping[int, list[str]]]
"""Sheet of the original → number of the row → its cells."""


@dataclass(frozen=True)
class Mark:
    """Whose rows a workbook holds. sheets: title of each sheet → sheet of the original."""

    sha256: str
    file: str
    source: str
    profile: str
    sheets: Mapping[str, str]


@dataclass(frozen=True)
class Returned:
    """What is brought again. entry: the file that the rows belong to; found: it with these rows."""

    entry: Entry
    rows: Rows
    found: Recognised

    @property
    def closes(self) -> dict[str, str]:
        """The rows as Entry.closes has them."""
        return {sheet: ranges_of(rows.keys()) for sheet, rows in self.rows.items()}

    @property
    def count(self) -> int:
        """How many rows are brought again."""
        return sum(map(len, self.rows.values()))


def mark_of(document: Document) -> Mark | None:
    """The mark of a workbook of corrected rows; None for any other file."""
    for sheet in document.sheets:
        if sheet.hidden and sheet.name == MARK_SHEET and sheet.head:
            cells = [[*row, "", ""][:2] for row in sheet.rows()]
            if cells[0][0] == MAGIC and len(cells) > 4:
                sha256, file, source, profile = (value for _, value in cells[1:5])
                sheets = {title: name for title, name in cells[5:] if title}
                return Mark(sha256, file, source, profile, sheets)
    return None


def rows_in(document: Document, mark: Mark) -> dict[str, dict[int, list[str]]]:
    """The rows that a marked workbook holds. Raises Refused where one cannot be placed."""
    found: dict[str, dict[int, list[str]]] = {}
    for sheet in document.sheets:
        if sheet.hidden:
            continue
        if sheet.name not in mark.sheets:
            raise Refused(
                f"シート「{sheet.name}」は元のブックにありません。シートの名前を元に戻してください",
                f"the sheet {sheet.name} was not in the workbook; give it its name back",
            )
        rows = found.setdefault(mark.sheets[sheet.name], {})
        for at, row in enumerate(sheet.rows()[FIRST_ROW:], start=FIRST_ROW + 1):
            number, cells = row[0].strip(), row[FIRST_COLUMN:]
            if not number and (row[1] == CONTEXT or not any(cell.strip() for cell in cells)):
                continue
            if not (number.isascii() and number.isdecimal()) or int(number) in rows:
                raise Refused(
                    f"{at}行目の「元の行」の番号がないか、ほかの行と同じです。"
                    "行を増やさず、ある行だけを直してください",
                    f"row {at} has no number of its original row, or another row's;"
                    " correct the rows that are there and add none",
                )
            rows[int(number)] = cells
    return {sheet: rows for sheet, rows in found.items() if rows}


def original(home: Home, entry: Entry, profiles: Profiles) -> Recognised:
    """A loaded file as it is recognised from its original bytes.

    Raises PipelineError where its bytes or its profile are gone.
    """
    path = home.raw / entry.sha256
    if not path.exists():
        raise Refused(
            f"{entry.file} の元のデータ raw/{entry.sha256} がありません。控えから戻してください",
            f"the original bytes of {entry.file}, raw/{entry.sha256}, are gone; restore them",
        )
    document = open_document(path, profiles.encoding(entry.file, entry.profile))
    document.name = entry.file
    return recognise(document, profiles, source=entry.source, profile=entry.profile)


def read(home: Home, document: Document, profiles: Profiles) -> Returned | None:
    """What a returned workbook brings; None for any other file.

    Raises Refused where its original is not loaded any more, or its rows are held back no longer.
    """
    mark = mark_of(document)
    if mark is None:
        return None
    entry = _entry(home, mark)
    rows = rows_in(document, mark)
    if not rows:
        raise Refused(
            "直した行がありません。行を消さずに、色の付いたセルを直してください",
            "there is no row to take; correct the coloured cells and leave the rows",
        )
    held = held_rows(home, entry)
    for sheet, numbers in rows.items():
        if unknown := sorted(set(numbers) - held.get(sheet, set())):
            raise Refused(
                f"{entry.file} の{unknown[0]}行目は保留されていません。直すブックを"
                "もう一度書き出してください（python -m pipelines quarantine --format xlsx）",
                f"row {unknown[0]} of {entry.file} is not held back; export the workbook again",
            )
    try:
        found = original(home, entry, profiles)
    except Refused:
        raise
    except PipelineError as error:
        raise Refused(error.ja, error.en) from error
    return Returned(entry, rows, _with_rows(found, rows))


def _entry(home: Home, mark: Mark) -> Entry:
    known = ledger.entries(home)
    entry = next((e for e in known if e.sha256 == mark.sha256), None)
    short = mark.sha256[:12]
    if entry is None:
        raise Refused(
            f"直した行の元のファイル {mark.file}（{short}）は、取り消されたか、この保存場所に"
            "読み込まれていません。元のファイルを直して読み込んでください",
            f"the file {mark.file} ({short}) that these rows come from was forgotten or never"
            " loaded here; correct and load that file",
        )
    if entry not in active_of(known):
        later = replaced_by(known)[entry.sha256]
        raise Refused(
            f"直した行の元のファイル {mark.file}（{short}）は {later.file}（{later.sha256[:12]}）に"
            "置き換えられています。そちらの保留の行を直してください",
            f"the file {mark.file} ({short}) that these rows come from is replaced by"
            f" {later.file} ({later.sha256[:12]}); correct the rows of that one",
        )
    return entry


def held_rows(home: Home, entry: Entry) -> dict[str, set[int]]:
    """All rows of a file that were held back, open or not: sheet → row numbers."""
    found: dict[str, set[int]] = {}
    if entry.quarantined:
        table = pq.read_table(ledger.quarantine(home, entry), columns=["sheet", "source_row"])
        for row in table.to_pylist():
            found.setdefault(row["sheet"] or "", set()).add(row["source_row"])
    return found


class _Patched(Sheet):
    """A sheet with some rows in the place of its own."""

    def __init__(self, sheet: Sheet, rows: Mapping[int, list[str]]) -> None:
        self._sheet, self._rows = sheet, rows
        self.name, self.hidden, self.merged = sheet.name, sheet.hidden, sheet.merged
        self.keeps = sheet
        self.head = self._put(sheet.head[:HEAD_ROWS])

    def _put(self, rows: list[list[str]]) -> list[list[str]]:
        return [self._rows.get(at, row) for at, row in enumerate(rows, start=1)]

    def rows(self) -> list[list[str]]:
        """All rows."""
        return self._put(self._sheet.rows())

    def chunks(self, skip: int, width: int) -> Iterator[pa.Table]:
        """See Sheet.chunks."""
        wanted = np.array(sorted(self._rows))
        for chunk in self._sheet.chunks(skip, width):
            numbers = chunk["source_row"].to_numpy()
            here = np.isin(numbers, wanted)
            yield self._patch(chunk, numbers, here, width) if here.any() else chunk

    def _patch(
        self, chunk: pa.Table, numbers: np.ndarray, here: np.ndarray, width: int
    ) -> pa.Table:
        rows = [self._rows[number] for number in numbers[here].tolist()]
        filled = [
            max((at for at, cell in enumerate(row, start=1) if cell.strip()), default=0)
            for row in rows
        ]
        columns = {}
        mask = pa.array(here)
        for at in range(width):
            cells = pa.array([row[at] if at < len(row) else "" for row in rows], pa.string())
            whole = chunk.column(f"c{at}").combine_chunks().cast(pa.string())
            columns[f"c{at}"] = pc.replace_with_mask(whole, mask, cells)
        fields = pa.array([max(count, width) for count in filled], pa.int32())
        columns["source_row"] = chunk["source_row"]
        columns["fields"] = pc.replace_with_mask(chunk["fields"].combine_chunks(), mask, fields)
        return pa.table(columns)


def _with_rows(found: Recognised, rows: Rows) -> Recognised:
    """A recognised file with rows in the place of its own."""

    def patched(sheet: Sheet) -> Sheet:
        return _Patched(sheet, rows[sheet.name]) if sheet.name in rows else sheet

    return replace(
        found,
        tables=tuple(replace(table, sheet=patched(table.sheet)) for table in found.tables),
        sheets=tuple(patched(sheet) for sheet in found.sheets),
        skipped=(),
    )


def narrow(engine: Engine, rows: Rows) -> None:
    """Leave in `good`, `findings` and `repeats` only these rows of the judged file."""
    _register(engine, {sheet: set(numbers) for sheet, numbers in rows.items()})
    engine.execute(f"DELETE FROM findings WHERE NOT {_AMONG}")
    engine.execute(f"DELETE FROM repeats WHERE rid NOT IN (SELECT rid FROM good WHERE {_AMONG})")
    engine.execute("ALTER VIEW good RENAME TO good_whole")
    engine.execute(f"CREATE VIEW good AS SELECT * FROM good_whole WHERE {_AMONG}")


def set_aside(engine: Engine, rows: Mapping[str, set[int]]) -> None:
    """Hold rows of `good` back that a returned workbook has brought in another form since.

    They were held back when the file was loaded and may be good now that another file is gone.
    """
    _register(engine, rows)
    engine.execute(
        "INSERT INTO findings SELECT DISTINCT row_id, source_row, sheet, '', '', 'corrected',"
        " '直した行が読み込まれています', 'this row was brought again, corrected'"
        f" FROM good WHERE {_AMONG}"
    )
    engine.execute("ALTER VIEW good RENAME TO good_whole")
    engine.execute(f"CREATE VIEW good AS SELECT * FROM good_whole WHERE NOT {_AMONG}")


_AMONG = (
    "(coalesce(CAST(sheet AS VARCHAR), ''), source_row) IN"
    " (SELECT sheet, source_row FROM named_rows)"
)


def _register(engine: Engine, rows: Mapping[str, set[int]]) -> None:
    pairs = [(sheet, number) for sheet, numbers in rows.items() for number in numbers]
    engine.register(
        "arriving",
        pa.table(
            {
                "sheet": pa.array([sheet for sheet, _ in pairs], pa.string()),
                "source_row": pa.array([number for _, number in pairs], pa.int64()),
            }
        ),
    )
    engine.execute("CREATE TABLE named_rows AS SELECT * FROM arriving")
