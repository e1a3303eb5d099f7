"""What loading a large workbook costs beside reading its cells: `make bench-excel`.

The workbook has the layout and size of the regional projection of 2023 (`suikei_kekka`, 13,662
rows × 84 columns) with made-up numbers. Beside the whole load stands the Excel library alone
(python-calamine), reading the same cells of the same file into Python. Both are run in turns; the
best of each counts, because whatever else a machine does only adds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from python_calamine import CalamineWorkbook

from pipelines import ingest
from tests.fixtures.suikei import Area, write_suikei
from warehouse.home import Home

PREFECTURES, MUNICIPALITIES = 47, 1_904
"""Areas of the workbook: seven years each make 13,657 rows below five of head."""


def write(path: Path) -> None:
    """Write the workbook; the areas are of prefectures that do not exist."""
    areas = [Area(number * 1000, "a", f"県{number}") for number in range(51, 51 + PREFECTURES)]
    for number in range(MUNICIPALITIES):
        prefecture, place = 51 + number % PREFECTURES, number // PREFECTURES
        kind = "2" if place < 18 else "3"
        code = prefecture * 1000 + 201 + place
        areas.append(Area(code, kind, f"県{prefecture}", f"町{prefecture}{place}"))
    write_suikei(path, areas)


def read(path: Path) -> int:
    """Read all cells into Python, as the library does; returns the rows."""
    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())


def main() -> None:
    """Print the best of several turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "suikei_kekka.xlsx"
        write(path)
        library, load = [], []
        for turn in range(options.turns):
            start = time.perf_counter()
            rows = read(path)
            library.append(time.perf_counter() - start)
            home = Home(Path(folder) / f"home{turn}")
            start = time.perf_counter()
            ingest.load([path], home)
            load.append(time.perf_counter() - start)
        ratio = min(load) / min(library)
        print(f"{'rows':>7} {'library s':>10} {'load s':>8} {'load / library':>15}")
        print(f"{rows:>7} {min(library):10.2f} {min(load):8.2f} {ratio:15.2f}")


if __name__ == "__main__":
    main()
