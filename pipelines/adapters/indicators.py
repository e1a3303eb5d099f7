"""Records of the indicator tables, collected cell by cell."""

from __future__ import annotations

import pyarrow as pa

from pipelines.adapters.answers import Answer


class Records:
    """What an adapter finds, in the columns of the sources that feed core_indicator."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str | None]] = {
            name: []
            for name in (
                *("municipality", "indicator", "as_of", "value", "status", "unit", "category"),
                "sheet",
            )
        }
        self._rows: list[int] = []

    def add(
        self,
        municipality: str,
        indicator: str,
        as_of: str | None,
        answer: Answer,
        category: str | None,
        source_row: int,
        sheet: str,
    ) -> None:
        """Keep one value. as_of: as text; None where a profile's constant gives it."""
        values = {
            "municipality": municipality,
            "indicator": indicator,
            "as_of": as_of,
            "value": answer.value,
            "status": answer.status,
            "unit": answer.unit,
            "category": category,
            "sheet": sheet,
        }
        for name, value in values.items():
            self._texts[name].append(value)
        self._rows.append(source_row)

    def table(self) -> pa.Table:
        """All that was kept, in order."""
        texts = {name: pa.array(values, pa.string()) for name, values in self._texts.items()}
        return pa.table({**texts, "source_row": pa.array(self._rows, pa.int64())})


def column_letter(at: int) -> str:
    """A column as spreadsheets name it: 0 is A, 26 is AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
