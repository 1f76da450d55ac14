"""Quotes that are not the words of the problem, those that name a table's column excepted."""

from __future__ import annotations

import re

from r2c.cir.check_quotes import NOT_QUOTED, quote_faults
from r2c.cir.schema import CIR, TableValues, WideValues
from r2c.errors import Fault
from r2c.problem.schema import Problem, Table


def misquoted(problem: Problem, cir: CIR) -> tuple[Fault, ...]:
    """The faults of quotes and spans.

    A rule that comes from a table has no sentence to quote: a quote that begins with the name of
    a table and one of its columns, or a parameter read from it ("Table shops: demand[shop]"), is
    provenance enough.
    """
    return tuple(
        fault
        for fault in quote_faults(cir, problem)
        if fault.code != NOT_QUOTED.code
        or not any(_names(str(fault.details["quote"]), table, cir) for table in problem.tables)
    )


def _names(quote: str, table: Table, cir: CIR) -> bool:
    told = [column.name for column in table.columns]
    told += [
        item.name
        for item in cir.parameters
        if isinstance(item.value, TableValues | WideValues) and item.value.table == table.name
    ]
    columns = "|".join(re.escape(name) for name in told if name)
    pattern = rf"\s*(?:table\s+)?{re.escape(table.name)}[\s:.,]+(?:column\s+)?(?:{columns})(?!\w)"
    return bool(columns) and re.match(pattern, quote, re.IGNORECASE) is not None
