"""Whole or divisible: the question that the check of domains leaves open."""

from __future__ import annotations

from collections.abc import Sequence

from r2c.cir.asked import Asked, Option
from r2c.cir.edits import DomainEdit
from r2c.cir.schema import CIR, Assumption
from r2c.formulation import Evidence, Outcome, Solution
from r2c.problem.schema import Problem
from r2c.verdict.domains import NAME
from r2c.verdict.questions.named import spoken

ID = "whole"
_WHOLE = "whole numbers only"
_DIVISIBLE = "fractions are allowed"


def whole_or_divisible(
    problem: Problem, cir: CIR, solution: Solution, evidence: Sequence[Evidence]
) -> tuple[tuple[Asked, ...], tuple[Assumption, ...]]:
    """A question if the optimum depends on the reading and the words do not settle it.

    If it does not depend on it, the reading is an assumption that costs nothing. A model without
    words says what it means by its domains.
    """
    if not problem.text.strip():
        return (), ()
    found = next((item for item in evidence if item.check == NAME), None)
    if found is None or "depends" not in found.details:
        return (), ()
    whole = any(item.domain == "integer" for item in cir.decisions)
    domain = "integer" if whole else "continuous"
    names = tuple(item.name for item in cir.decisions if item.domain == domain)
    told = ", ".join(map(spoken, names))
    if not found.details["depends"]:
        if found.details.get("settled") is not False:
            return (), ()
        text = f"{told}: {_WHOLE if whole else _DIVISIBLE}; the optimum is the same otherwise."
        return (), (Assumption(text=text[:1].upper() + text[1:]),)
    if found.passed is not False:
        return (), ()
    other = found.details.get("other")
    objective = float(other) if isinstance(other, int | float) else None
    outcome = Outcome.INFEASIBLE if objective is None else Outcome.OPTIMAL
    own, flipped = ("whole", "divisible") if whole else ("divisible", "whole")
    options = (
        Option(
            value=own,
            meaning=_WHOLE if whole else _DIVISIBLE,
            outcome=solution.outcome.value,
            objective=solution.objective,
        ),
        Option(
            value=flipped,
            meaning=_DIVISIBLE if whole else _WHOLE,
            edits=(DomainEdit(decisions=names, domain="continuous" if whole else "integer"),),
            outcome=outcome.value,
            objective=objective,
        ),
    )
    asked = Asked(
        id=ID,
        text=f"May {told} take fractions, or whole numbers only?",
        kind="choice",
        options=options,
        default=own,
        reason=_reason(cir, names),
        about=names[0],
    )
    return (asked,), ()


def _reason(cir: CIR, names: tuple[str, ...]) -> str:
    reasons = {item.domain_reason for item in cir.decisions if item.name in names}
    said = next(iter(reasons)) if len(reasons) == 1 else ""
    return said.rstrip(".") if said else "the model was read so"
