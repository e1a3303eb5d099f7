"""Rows between judging and storing: typed chunks as Arrow files in a scratch folder.

A file of ten million rows does not fit in memory, and rows can be stored only once the whole file
has been seen. Chunks keep their dictionaries, so that words are neither stored nor compared once
per row, neither here nor when they are written to the lake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import dataset, feather

HASH_PARTS = 16
"""Hashes are sorted in so many parts, one after the other."""


class Spool:
    """Chunks in a folder, in order. All have the columns and types of `schema`."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self._folder, self.schema = folder, schema
        self._files: list[Path] = []

    def add(self, chunk: pa.Table) -> None:
        """Keep a chunk."""
        if chunk.num_rows:
            path = self._folder / f"{len(self._files):06d}.arrow"
            feather.write_feather(chunk.cast(self.schema), path, compression="uncompressed")
            self._files.append(path)

    def chunks(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The chunks as they came, with all columns or some."""
        for path in self._files:
            yield feather.read_table(path, columns, memory_map=False)

    def relation(self) -> pa.Table | dataset.Dataset:
        """All chunks, for an engine to read column by column."""
        if not self._files:
            return self.schema.empty_table()
        return dataset.dataset(self._files, schema=self.schema, format="feather")


class Hashes:
    """Many 64-bit hashes, to find those that occur more than once; a few at a time in memory."""

    def __init__(self, folder: Path) -> None:
        self._files = [folder / f"{part}.hashes" for part in range(HASH_PARTS)]
        step = 1 << 64 - (HASH_PARTS.bit_length() - 1)
        self._bounds = np.array([step * part for part in range(1, HASH_PARTS)], np.uint64)

    def add(self, hashes: npt.NDArray[np.uint64]) -> None:
        """Keep hashes."""
        ordered = np.sort(hashes)
        parts = np.split(ordered, np.searchsorted(ordered, self._bounds))
        for path, part in zip(self._files, parts, strict=True):
            with path.open("ab") as file:
                file.write(part.tobytes())

    def repeated(self) -> npt.NDArray[np.uint64]:
        """The hashes that were added more than once."""
        found = [np.empty(0, np.uint64)]
        for path in self._files:
            if path.exists():
                hashes = np.sort(np.fromfile(path, np.uint64))
                found.append(np.unique(hashes[1:][hashes[1:] == hashes[:-1]]))
        return np.concatenate(found)
