"""Values of a plan against bounds, whole numbers and what archetypes say of their outputs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from r2c.cir.evaluate import Evaluator
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.cir.schema import CIR
from r2c.model.meaning import Meaning
from r2c.model.reformulate import decision_variable
from r2c.model.symbols import Symbols
from r2c.verdict.point import Variable


@dataclass(frozen=True)
class Violation:
    """One thing that the plan breaks; `rule` is empty for bounds and the objective."""

    message: str
    amount: float
    rule: str = ""


def missed_outputs(
    told: Meaning, point: Mapping[Variable, float], tolerance: float
) -> Iterator[Violation]:
    """Created symbols that are not whole where they must be, or not what their meaning gives."""
    for item in told.created:
        name, key = item.variable
        value = point[item.variable]
        if item.domain != "continuous" and not _whole(value, tolerance):
            yield Violation(f"{name}{at_key(key)} is {value:g}, not whole.", 1.0, item.rule)
        if item.value is not None and not item.hidden:
            meant = item.value(point)
            if not math.isclose(value, meant, rel_tol=tolerance, abs_tol=tolerance):
                yield Violation(
                    f"{name}{at_key(key)} is {value:g} but should be {meant:g}.",
                    abs(value - meant) / max(1.0, abs(meant)),
                    item.rule,
                )


def missed_bounds(
    cir: CIR, instance: Instance, values: Mapping[str, Mapping[Key, float]], tolerance: float
) -> Iterator[Violation]:
    """Decisions out of bounds or not whole; one without a value is missed infinitely."""
    data: Evaluator[float] = Evaluator(instance)
    symbols = Symbols(cir)
    for decision in cir.decisions:
        variable = decision_variable(decision, symbols)
        members = [()] if variable.binder is None else list(data.members(variable.binder))
        lower = {} if variable.lower is None else dict(data.each(variable.lower, variable.binder))
        upper = {} if variable.upper is None else dict(data.each(variable.upper, variable.binder))
        for key in members:
            value = values.get(decision.name, {}).get(key, math.nan)
            name = f"{decision.name}{at_key(key)}"
            if not math.isfinite(value):
                yield Violation(f"{name} has no value.", math.inf)
                continue
            if decision.domain != "continuous" and not _whole(value, tolerance):
                yield Violation(f"{name} is {value:g}, not a whole number.", 1.0)
            low = lower.get(key, 0.0 if decision.domain == "binary" else -math.inf)
            high = upper.get(key, math.inf)
            for off, end, side in (
                (low - value, low, "lower"), (value - high, high, "upper"),
            ):  # fmt: skip
                scaled = off / max(1.0, abs(end)) if math.isfinite(end) else 0.0
                if scaled > tolerance:
                    yield Violation(f"{name} is {value:g}, its {side} bound {end:g}.", scaled)


def at_key(key: Key) -> str:
    """A member behind a name: `[north, 2]`; nothing for a symbol without members."""
    return f"[{', '.join(map(str, key))}]" if key else ""


def _whole(value: float, tolerance: float) -> bool:
    return math.isfinite(value) and abs(value - round(value)) <= tolerance
