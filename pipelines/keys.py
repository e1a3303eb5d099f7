"""Hashes of keys, chunk by chunk, to find rows that may repeat each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipelines.arrays import whole

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio: multiplying by it spreads close numbers (Knuth, TAOCP 6.4)."""


def key_hashes(columns: Sequence[pa.Array | pa.ChunkedArray], rows: int) -> npt.NDArray[np.uint64]:
    """One hash per row of these columns: equal for equal rows, and hardly ever for others.

    Words are hashed once per entry of their dictionary.
    """
    hashes = np.zeros(rows, np.uint64)
    for column in columns:
        np.multiply(hashes, _FACTOR, out=hashes)
        hashes += _hashes(column)
    return hashes


def _hashes(column: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.uint64] | np.uint64:
    """Hashes of one column; a single one where all rows have the same word."""
    column = whole(column)
    if pa.types.is_string(column.type):
        column = column.dictionary_encode()
    if isinstance(column, pa.DictionaryArray):
        words = column.dictionary.to_numpy(zero_copy_only=False)
        hashed: npt.NDArray[np.uint64] = pd.util.hash_array(words, categorize=False)
        if len(hashed) == 1 and not column.null_count:
            return np.uint64(hashed[0])
        at = column.indices.fill_null(len(words)) if column.null_count else column.indices
        return np.append(hashed, np.uint64(0))[at.to_numpy()]
    numbers = (column.fill_null(0) if column.null_count else column).to_numpy(zero_copy_only=False)
    if numbers.dtype.kind == "f":
        return np.asarray(numbers, np.float64).view(np.uint64) * _FACTOR
    return numbers.astype(np.int64).view(np.uint64) * _FACTOR
