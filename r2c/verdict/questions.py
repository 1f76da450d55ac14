"""Faults of the data as questions that the planner can answer."""

from __future__ import annotations

from r2c.cir.bind_parameters import MISSING_VALUE, NOT_FINITE
from r2c.cir.bind_sets import EMPTY_LABEL, NOT_WITHIN
from r2c.cir.bind_tables import DUPLICATE_KEY, MISSPELT, NOT_A_NUMBER
from r2c.cir.schema import Question
from r2c.cir.table_access import NO_COLUMN, NO_TABLE
from r2c.errors import Fault, filled

_ASKED = {
    NO_TABLE.code: "Which file holds the table {table!r}, from which {symbol!r} is read?",
    NO_COLUMN.code: "Which column of the table {table!r} holds what {symbol!r} reads as "
    "{column!r}? It has {known}.",
    MISSING_VALUE.code: "What is {name!r} for {examples}? Of its {size} values "
    "{count} are missing.",
    NOT_FINITE.code: "What is {name!r} for {key!r}? The data say {value}.",
    EMPTY_LABEL.code: "Which {name!r} does row {row} of the table {table!r} mean? Its column "
    "{column!r} is empty.",
    NOT_WITHIN.code: "Is {member!r} of {name!r} a {component!r} that is missing, or a misspelling?",
    NOT_A_NUMBER.code: "Which number should stand in row {row}, column {column!r} of the table "
    "{table!r}, instead of {value!r}?",
    MISSPELT.code: "Does {found!r} in the table {table!r} mean {key!r}? Else what is {name!r} "
    "there?",
    DUPLICATE_KEY.code: "Which value of {name!r} holds for {key!r}? The table {table!r} has "
    "several, in rows {rows}.",
}
"""What is asked about each fault of the data; any other fault is one of the model."""


def is_question(fault: Fault) -> bool:
    """Whether the planner can settle the fault by giving or correcting data."""
    return is_asked(fault.code)


def is_asked(code: str) -> bool:
    """As `is_question`, where only the code of the fault is known."""
    return code in _ASKED


def question(fault: Fault, number: int) -> Question:
    """The question about a fault of the data.

    Args:
        fault: A fault for which `is_question` holds.
        number: Its place among the questions, counted from 1.
    """
    symbol = fault.details.get("name") or fault.details.get("symbol")
    return Question(
        id=f"data_{number}",
        text=filled(_ASKED[fault.code], fault.details),
        consequence="Nothing can be planned before this is known: " + fault.why,
        about=None if symbol is None else str(symbol),
    )
