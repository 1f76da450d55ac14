"""Values of a plan as DataFrames; pandas is loaded only here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from r2c.cir.schema import CIR
from r2c.client.faults import NO_PANDAS, NO_VALUES
from r2c.formulation import Formulation

if TYPE_CHECKING:
    import pandas as pd


def frame(answer: Formulation, name: str) -> pd.DataFrame:
    """The values of a decision, an output or a definition, one row for each key.

    The columns of the keys are named after the sets of the decision, `key1`, `key2` ... where the
    model does not tell them; the last column is `value`.

    Raises:
        InputError: R2C-X804, pandas is missing; R2C-X805, there are no such values.
    """
    try:
        import pandas as pd
    except ImportError:
        raise NO_PANDAS() from None
    known = {} if answer.solution is None else answer.solution.values
    if name not in known:
        raise NO_VALUES(name=name, known=sorted(known))
    values = known[name]
    width = max((len(item.key) for item in values), default=0)
    titles = _titles(answer.cir, name, width)
    rows = [(*item.key, item.value) for item in values]
    return pd.DataFrame(rows, columns=[*titles, "value"])


def _titles(cir: CIR | None, name: str, width: int) -> list[str]:
    """The names of the sets that a decision runs over, if they fit its keys."""
    over = [] if cir is None else [
        part
        for decision in cir.decisions
        if decision.name == name
        for part in _parts(cir, decision.over)
    ]  # fmt: skip
    unique = len(set(over)) == len(over) and "value" not in over
    if len(over) == width and unique:
        return over
    return [f"key{place}" for place in range(1, width + 1)]


def _parts(cir: CIR, over: tuple[str, ...]) -> list[str]:
    """Sets of pairs and the like by the sets that they are within."""
    known = {item.name: item for item in cir.sets}
    found: list[str] = []
    for name in over:
        within = known[name].within if name in known else None
        found += within if within and len(within) > 1 else [name]
    return found
