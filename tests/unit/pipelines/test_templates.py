"""Templates: each can be filled in and loaded, none can be loaded by mistake."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipelines import held, ingest, templates
from pipelines.__main__ import main
from pipelines.sources import load_sources
from pipelines.templates import Template
from tests.fixtures.spreadsheet import Cells, edited
from warehouse.home import Home

every_template = pytest.mark.parametrize("one", templates.templates(), ids=lambda one: one.id)
every_format = pytest.mark.parametrize("style", templates.FORMATS)


def filled(one: Template, style: str) -> bytes:
    """The template with one row: the examples of its own guide."""
    row = [field.example for field in one.fields]
    raw = templates.write(one, style)
    if style == "csv":
        text = io.StringIO()
        csv.writer(text).writerow(row)
        return raw + text.getvalue().encode()

    def with_row(name: str, cells: Cells) -> Cells:
        return [*cells, row] if name == "入力" else cells

    return edited(raw, with_row)


@every_template
@every_format
def test_a_template_filled_with_its_examples_loads_whole(
    one: Template, style: str, tmp_path: Path
) -> None:
    home, path = Home(tmp_path / "home"), tmp_path / one.file_name(style)
    path.write_bytes(filled(one, style))
    (result,) = ingest.load([path], home)
    assert held.table(home).to_pylist() == [] if result.status == "stored" else result.message
    assert (result.source, result.rows_read, result.accepted) == (one.source.id, 1, 1)


@every_template
@every_format
def test_an_empty_template_is_no_data(one: Template, style: str, tmp_path: Path) -> None:
    path = tmp_path / one.file_name(style)
    path.write_bytes(templates.write(one, style))
    (result,) = ingest.load([path], Home(tmp_path / "home"))
    assert result.status == "refused"
    assert "データの行がありません" in result.message
    assert not (tmp_path / "home" / "lake" / one.source.id).exists()


def test_every_source_of_a_municipality_has_one() -> None:
    """By owner: a new source gets its template without anybody thinking of it."""
    own = [source for source in load_sources().values() if templates.OWN in source.owner]
    made = [one.source.id for one in templates.templates() if not one.wide]
    assert made == [source.id for source in own]
    assert {"ticket_log", "applications", "workload_survey", "staff_age", "event"} <= set(made)
    assert {"indicator", "municipality_change"} <= set(made)  # theirs, or an official's
    wide = [one for one in templates.templates() if one.wide]
    assert [one.source.id for one in wide] == [s.id for s in own if s.unpivot is not None]
    assert len({one.id for one in templates.templates()}) == len(templates.templates())


def test_the_wide_form_has_a_column_for_each_word() -> None:
    one = templates.template("applications-wide")
    assert {"オンライン", "書かない窓口", "窓口（紙）", "郵送"} <= {f.header for f in one.fields}
    assert not {"受付方法", "件数"} & {field.header for field in one.fields}


def test_a_csv_opens_in_excel_as_it_is() -> None:
    raw = templates.write(templates.template("ticket_log"), "csv")
    assert raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\r\n")
    (header,) = csv.reader(raw.decode("utf-8-sig").splitlines())
    assert header[:4] == ["団体コード", "庁舎", "課", "窓口番号"]


def test_the_guide_says_what_each_column_takes() -> None:
    raw = templates.write(templates.template("applications"), "xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    assert book.sheet_names == ["入力", "記入の手引き", "選択肢"]
    guide = {
        str(row[0]).partition("　")[2]: [str(cell) for cell in row]
        for row in book.get_sheet_by_name("記入の手引き").to_python()
    }
    assert guide["受付方法"][1] == "必須"
    assert guide["受付方法"][3].startswith("オンライン、書かない窓口")
    assert guide["場所"][1] == ""
    assert guide["件数"][2].startswith("整数") and "0～" in guide["件数"][3]
    assert guide["月"][4] == "2026-10"


def sheet_xml(one: Template) -> str:
    with zipfile.ZipFile(io.BytesIO(templates.write(one, "xlsx"))) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


@every_template
def test_cells_are_checked_as_they_are_typed(one: Template) -> None:
    """Words, numbers, dates and codes have a rule; free text alone has none."""
    ruled = [f for f in one.fields if f.words or f.column.type not in ("text", "bool")]
    xml = sheet_xml(one)
    assert xml.count("<dataValidation ") == len(ruled)
    assert xml.count('type="list"') == sum(bool(field.words) for field in one.fields)
    assert 'state="frozen"' in xml


def test_an_unknown_template_names_those_that_there_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["template", "tickets", "--out", str(tmp_path / "x.xlsx")]) == 2
    assert "ticket_log" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_command_writes_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "空.csv"
    assert main(["template", "event", "--format", "csv", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert out.read_bytes() == templates.write(templates.template("event"), "csv")
