"""Which faults of the data a planner can settle by giving or correcting data."""

from __future__ import annotations

from r2c.cir.bind_parameters import MISSING_VALUE, NOT_FINITE
from r2c.cir.bind_sets import EMPTY_LABEL, NOT_WITHIN
from r2c.cir.bind_tables import DUPLICATE_KEY, MISSPELT, NOT_A_NUMBER
from r2c.cir.table_access import NO_COLUMN, NO_TABLE
from r2c.errors import Fault

_ASKED = frozenset(
    kind.code
    for kind in (
        NO_TABLE,
        NO_COLUMN,
        MISSING_VALUE,
        NOT_FINITE,
        EMPTY_LABEL,
        NOT_WITHIN,
        NOT_A_NUMBER,
        MISSPELT,
        DUPLICATE_KEY,
    )
)
"""Codes of the faults that are asked about; any other fault is one of the model."""


def is_question(fault: Fault) -> bool:
    """Whether the planner can settle the fault by giving or correcting data."""
    return is_asked(fault.code)


def is_asked(code: str) -> bool:
    """As `is_question`, where only the code of the fault is known."""
    return code in _ASKED
