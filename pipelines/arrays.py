"""Small steps between Arrow columns and numpy arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Flags = npt.NDArray[np.bool_]


def flags(array: pa.Array) -> Flags:
    """A boolean Arrow array without nulls as numpy."""
    found: Flags = array.to_numpy(zero_copy_only=False)
    return found


def whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as one array, copied only where it is in parts."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def words_of(cells: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """Text cells, dictionary-encoded."""
    cells = whole(cells)
    return cells if isinstance(cells, pa.DictionaryArray) else cells.dictionary_encode()
