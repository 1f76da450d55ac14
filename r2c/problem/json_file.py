"""Reads the tables of a JSON file, in the shapes that people write data in.

Read are: a list of objects; an object of equally long lists (columns); an object of named
tables; a list of equally long lists; a list of plain values; a plain value or a flat object
(one row). A list without names gets the columns `index` (from 1) and `value`, or `1`, `2` ...
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from r2c.problem.encodings import decode
from r2c.problem.faults import EMPTY_DATA, MALFORMED_JSON, TOO_MANY_CELLS, UNTABULAR_JSON
from r2c.problem.grid import CELL_LIMIT, build_table, identifier
from r2c.problem.scalars import to_scalar
from r2c.problem.schema import Scalar, Table

DIGIT_LIMIT = 1000
"""Digits of a whole number; any of more than 309 is beyond the numbers of a cell."""


def read_json(path: Path, content: bytes) -> list[Table]:
    """The tables of a JSON file; a single table is named after the file, others after their keys.

    Raises:
        InputError: R2C-P030 for malformed JSON, R2C-P031 for a value that is not a table.
    """
    text = decode(path, content)
    if not text.strip():
        raise EMPTY_DATA(where=f"The file {str(path)!r}")
    try:
        value = json.loads(
            text, object_pairs_hook=_unique_keys, parse_constant=_refuse, parse_int=_whole
        )
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise MALFORMED_JSON(path=str(path), reason=reason) from error
    return [
        build_table(identifier(name), header, rows, origin="file", path=str(path), written=False)
        for name, header, rows in _tables(value, path.stem, f"the top of {str(path)!r}")
    ]


_Grid = tuple[str, list[str], list[list[Scalar]]]


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} occurs twice in one object")
    return found


def _whole(written: str) -> int:
    digits = len(written.lstrip("-"))
    if digits > DIGIT_LIMIT:
        told = f"{digits}, the limit is {DIGIT_LIMIT}"
        raise ValueError(f"the number {written[:12]}... has too many digits: {told}")
    return int(written)


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not a number in JSON")


def _tables(value: object, name: str, where: str) -> list[_Grid]:
    """The tables a top-level value stands for."""
    if isinstance(value, Mapping) and not _is_columns(value):
        if not value:
            raise EMPTY_DATA(where=f"The JSON value at {where}")
        return [_one(inner, key, f"{key!r}") for key, inner in value.items()]
    return [_one(value, name, where)]


def _one(value: object, name: str, where: str) -> _Grid:
    if isinstance(value, Mapping):
        return _from_object(value, name, where)
    if isinstance(value, list):
        return _from_list(value, name, where)
    return name, ["value"], [[_scalar(value, where)]]


def _from_object(value: Mapping[str, object], name: str, where: str) -> _Grid:
    if not value:
        raise EMPTY_DATA(where=f"The JSON value at {where}")
    if _is_columns(value):
        columns = [column for column in value.values() if isinstance(column, list)]
        rows = [list(row) for row in zip(*columns, strict=True)]
        return _checked(name, list(value), rows, where)
    if all(isinstance(inner, Mapping) for inner in value.values()):
        records = [{"key": key, **_record(inner)} for key, inner in value.items()]
        return _from_records(records, name, where)
    if any(isinstance(inner, Mapping | list) for inner in value.values()):
        raise UNTABULAR_JSON(where=where, reason="lists, objects and plain values are mixed")
    return _checked(name, list(value), [list(value.values())], where)


def _from_list(value: list[object], name: str, where: str) -> _Grid:
    if not value:
        raise EMPTY_DATA(where=f"The JSON value at {where}")
    if all(isinstance(row, Mapping) for row in value):
        return _from_records([_record(row) for row in value], name, where)
    if all(isinstance(row, list) for row in value):
        matrix = [list(row) for row in value if isinstance(row, list)]
        width = len(matrix[0])
        if any(len(row) != width for row in matrix) or width == 0:
            raise UNTABULAR_JSON(where=where, reason="its inner lists are not equally long")
        header = ["index", *(str(number) for number in range(1, width + 1))]
        return _checked(name, header, [[n, *row] for n, row in enumerate(matrix, 1)], where)
    if any(isinstance(row, Mapping | list) for row in value):
        raise UNTABULAR_JSON(where=where, reason="lists, objects and plain values are mixed")
    return _checked(name, ["index", "value"], [[n, v] for n, v in enumerate(value, 1)], where)


def _from_records(records: list[dict[str, object]], name: str, where: str) -> _Grid:
    header = list(dict.fromkeys(key for record in records for key in record))
    return _checked(name, header, [[record.get(k) for k in header] for record in records], where)


def _record(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, Mapping) else {}


def _checked(name: str, header: list[str], rows: list[list[object]], where: str) -> _Grid:
    if len(header) * len(rows) > CELL_LIMIT:
        raise TOO_MANY_CELLS(where=f"The JSON value at {where}", limit=CELL_LIMIT)
    return (
        name,
        header,
        [
            [_scalar(value, where, title, number) for title, value in zip(header, row, strict=True)]
            for number, row in enumerate(rows, start=1)
        ],
    )


def _scalar(value: object, where: str, column: str = "value", row: int = 1) -> Scalar:
    if isinstance(value, Mapping | list):
        reason = f"the cell in column {column!r}, row {row} holds a list or an object"
        raise UNTABULAR_JSON(where=where, reason=reason)
    return to_scalar(value, where=f"The JSON value at {where}", column=column, row=row)


def _is_columns(value: Mapping[str, object]) -> bool:
    """Whether an object is a table written column by column."""
    columns = list(value.values())
    if not columns or not all(isinstance(column, list) and column for column in columns):
        return False
    lengths = {len(column) for column in columns if isinstance(column, list)}
    inner = (cell for column in columns if isinstance(column, list) for cell in column)
    return len(lengths) == 1 and not any(isinstance(cell, Mapping | list) for cell in inner)
