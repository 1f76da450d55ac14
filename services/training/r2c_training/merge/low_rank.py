"""The two factors of a low-rank update in memory, and the rows of their product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from r2c_training.merge.adapter import LowRank
from r2c_training.merge.checkpoint.block_reader import BlockReader, fetch, issued_bytes
from r2c_training.merge.checkpoint.header import TensorEntry
from r2c_training.merge.checkpoint.number_format import Float32, Format, decode
from r2c_training.merge.compiled import compiled


@dataclass(frozen=True)
class Factors:
    """rows (n, rank), already scaled, times columns (rank, m)."""

    rows: Float32
    columns: Float32

    def delta(self, start: int, stop: int) -> Float32:
        """Elements start to stop of the update, flattened; both are at the begin of a row.

        Each is summed in the order of the rank, in float32. BLAS sums in another order for another
        number of rows or threads, so that a merge would not have the same bytes again.
        """
        width = self.columns.shape[1]
        found = np.zeros((stop // width - start // width, width), np.float32)
        _add_products(self.rows[start // width : stop // width], self.columns, found)
        return found.reshape(-1)


@compiled
def _add_products(rows: Float32, columns: Float32, found: Float32) -> None:
    for row in range(rows.shape[0]):
        out = found[row]
        for rank in range(columns.shape[0]):
            factor, values = rows[row, rank], columns[rank]
            for at in range(values.size):
                out[at] += factor * values[at]


def load_factors(update: LowRank, reader: BlockReader) -> Factors:
    """Read both factors of one update."""
    rows, columns = _matrix(update.rows, reader), _matrix(update.columns, reader)
    if update.transposed:
        rows, columns = np.ascontiguousarray(rows.T), np.ascontiguousarray(columns.T)
    return Factors(rows * np.float32(update.scale), columns)


def factor_bytes(update: LowRank, file_bytes: int) -> int:
    """What `load_factors` asks the kernel for."""
    return sum(issued_bytes(e.begin, e.end, file_bytes) for e in (update.rows, update.columns))


def _matrix(entry: TensorEntry, reader: BlockReader) -> Float32:
    raw = fetch(reader, entry.begin, entry.end)
    return decode(raw, cast(Format, entry.form)).reshape(entry.shape)
