"""Whether the quadratic objectives are of the kind that HiGHS solves: convex and continuous."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from r2c.errors import ModelError, declare
from r2c.model.model_map import VariableEntry
from r2c.model.plain import PlainModel
from r2c.model.quadratic import Quadratic

NOT_CONVEX = declare(
    "R2C-M008", ModelError,
    what="The objective to {verb} is quadratic and not {shape}: it curves the wrong way along "
    "{along}.",
    why="Then a local optimum need not be the best plan, and the solver cannot prove one.",
    remedy="Check the signs of the squares and products, or choose an archetype with a linear "
    "form of this meaning.",
)  # fmt: skip
INTEGER_QUADRATIC = declare(
    "R2C-M009", ModelError,
    what="The objective is quadratic in {terms}, and {integers} must be whole numbers.",
    why="The solver handles squares of continuous quantities only without whole numbers.",
    remedy="Make the decisions continuous, or approximate the square by linear pieces.",
)  # fmt: skip
TOO_WIDE = declare(
    "R2C-M010", ModelError,
    what="{count} decisions are tied by products in the objective; the limit is {limit}.",
    why="Proving convexity takes time with the cube of this number.",
    remedy="Use sums of squares of single quantities, each defined by a rule of its own.",
)  # fmt: skip

MAX_COUPLED = 1500
_ROUNDING = 1e-9


def require_convex(
    plain: PlainModel,
    forms: Sequence[Quadratic],
    columns: Callable[[], Sequence[VariableEntry]],
) -> None:
    """Check every quadratic objective.

    Args:
        plain: The model.
        forms: Its objectives by tier.
        columns: Gives the variables; only asked if an objective is quadratic.

    Raises:
        ModelError: R2C-M008 (not convex), R2C-M009 (whole numbers), R2C-M010 (too many).
    """
    ordered = sorted(plain.objectives, key=lambda item: item.tier)
    for objective, form in zip(ordered, forms, strict=True):
        if form.degree < 2:
            continue
        entries = columns()
        integers = [entry.name for entry in entries if entry.domain != "continuous"]
        if integers:
            pair = next(pair for pair, factor in form.square.items() if factor)
            terms = "*".join(entries[column].name for column in pair)
            raise INTEGER_QUADRATIC(terms=terms, integers=", ".join(integers[:5]))
        minimize = objective.sense == "min"
        along = _wrong_direction(form, 1.0 if minimize else -1.0)
        if along is not None:
            raise NOT_CONVEX(
                verb="minimize" if minimize else "maximize",
                shape="convex" if minimize else "concave",
                along=", ".join(entries[column].name for column in along),
            )


def _wrong_direction(form: Quadratic, sign: float) -> list[int] | None:
    """The main columns of a direction of negative curvature, None if there is none."""
    import numpy as np

    pairs = {pair: sign * factor for pair, factor in form.square.items() if factor}
    coupled = sorted({column for i, j in pairs if i != j for column in (i, j)})
    for (i, j), factor in pairs.items():
        if i == j and factor < 0:
            return [i]
    if not coupled:
        return None
    if len(coupled) > MAX_COUPLED:
        raise TOO_WIDE(count=len(coupled), limit=MAX_COUPLED)
    place = {column: k for k, column in enumerate(coupled)}
    matrix = np.zeros((len(coupled), len(coupled)))
    for (i, j), factor in pairs.items():
        if i in place and j in place:
            matrix[place[i], place[j]] += factor / 2 if i != j else factor
            if i != j:
                matrix[place[j], place[i]] += factor / 2
    values, vectors = np.linalg.eigh(matrix)
    if values[0] >= -_ROUNDING * max(1.0, abs(values[-1])):
        return None
    weights = np.abs(vectors[:, 0])
    return [coupled[int(k)] for k in np.argsort(-weights)[:4] if weights[k] > 1e-6]
