"""Rows with their numbers as the rules state them, and what one more unit of these is worth."""

from __future__ import annotations

from r2c.formulation import RowReport

RIGHT_SIDE = "Where no limit is shown, one more is one unit on the right side of the equation."


def as_stated(row: RowReport) -> RowReport:
    """The row turned over if its rule states the number with the other sign.

    `stock == made - demand` ends at -demand as a row; as stated, it ends at the demand.
    """
    if row.data_sign != -1:
        return row
    return row.model_copy(
        update={
            "activity": -row.activity,
            "lower": None if row.upper is None else -row.upper,
            "upper": None if row.lower is None else -row.lower,
            "dual": None if row.dual is None else -row.dual + 0.0,
            "data_sign": 1,
        }
    )


def states_its_end(row: RowReport) -> bool:
    """Whether the end of the row is one number of the rule, of which there can be more."""
    return row.data_sign != 0
