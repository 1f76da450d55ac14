"""Whole numbers or fractions: does the answer depend on how the decisions are read?

The model is solved again with the other reading; if the answer moves, the words must settle it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from r2c.archetypes.card import Card
from r2c.cir.instance import Instance
from r2c.cir.schema import CIR, Decision
from r2c.formulation import Evidence, Outcome, Solution
from r2c.model.reformulate import attempt
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.solve import solve_plain
from r2c.verdict.extra_solves import Solver
from r2c.verdict.point import by_symbol
from r2c.verdict.trust import MISSING

NAME = "domains"
_HOW_MANY = re.compile(r"\bhow\s+many\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\?\s*$|\b(?:find|determine|decide|calculate|plan|want\s+to\s+know|tell)\b", re.IGNORECASE
)
_NEAR = 80
"""Letters after "how many" within which a measure stands, if one is asked for."""
SECONDS = 10.0
"""The second solve may take this long; more evidence is not worth more waiting."""
BRIEFLY = 1.0
"""Where the words settle the reading, the other is solved so long, only to tell what it gives."""
_SAME = 1e-6
_FRACTION = 1e-4
WHOLE = re.compile(
    r"\b(?:integers?|(?:whole|full)\s+(?:number|unit|piece|hour|day|log|pack|thousand)s?|indivisible|cannot\s+be\s+(?:split|divided)"
    r"|no\s+(?:fractions?|partial)|integral)\b",
    re.IGNORECASE,
)
FRACTIONS = re.compile(
    r"\b(?:fractional(?:,?\s+(?:except|unless)\b[^.;\n]*)?"
    r"|(?<!no )(?<!not )(?<!for )fractions\s+(?:of|are)|continuous|divisible"
    r"|partial\s+\w+\s+(?:are|is)"
    r"|non-?integer|(?:needs?\s+not|(?:does|do)(?:\s+not|n['’]t)\s+(?:have|need)\s+to)\s+be\s+"
    r"(?:an?\s+)?(?:whole|integers?)(?:\s+numbers?)?"
    r"|not\s+(?:necessarily\s+)?(?:whole|integers?)|any\s+(?:part|fraction)\s+of\s+an?"
    r"|divided\s+as\s+finely|as\s+finely\s+as|half\s+(?:an?\s+)?\w+\s+(?:and\s+the\s+like|is|are))\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"(?:^|[\W_])(?:kg|g|mg|(?:kilo)?grams?|(?:mega)?ton(?:ne)?s?|tonnage|lbs?|pounds?|ounces?|oz"
    r"|(?:milli|mega)?lit(?:er|re)s?|l|ml|flows?|water|gallons?|barrels?|bushels?|hours?|hrs?|minutes?|mins?|seconds?|acres?|hectares?|ha"
    r"|met(?:er|re)s?|m|km|miles?|feet|ft|inches|yards?|dollars?|euros?|usd|eur|money|cash"
    r"|energy|electricity|heat|grants?|loans?|debts?|borrow\w*|savings|payments?"
    r"|invest\w*|amounts?|kwh|mwh|mw|kw|percent\w*|share|fraction|rate|volume|weight|length"
    r"|area|(?<!full[\W_])(?<!part[\W_])time|percentage|proportion|\$|€|£|%)(?:$|[\W_])",
    re.IGNORECASE,
)


def domains(
    problem: Problem,
    cir: CIR,
    solution: Solution,
    instance: Instance,
    library: Mapping[str, Card],
    solver: Solver | None = None,
) -> Evidence:
    """Whether the answer depends on reading decisions as whole numbers, and what the words say.

    Args:
        problem: The words that may settle it.
        cir: The model; yes-or-no decisions are left as they are.
        solution: Its answer.
        instance: Its data.
        library: The cards.
        solver: Solves the other reading; if not given, a solver process with `SECONDS`.
    """
    whole = [item for item in cir.decisions if item.domain == "integer"]
    smooth = [item for item in cir.decisions if item.domain == "continuous"]
    flipped = whole or smooth
    if whole and (broken := _counted_in_parts(problem, smooth, solution, cir)):
        return Evidence(
            check=NAME,
            passed=False,
            message=f"{broken[0]!r} counts things like {whole[0].name!r} does, and the plan has a "
            "fraction of one.",
            details={"decisions": broken, "depends": True},
        )
    if solution.objective is None and solution.outcome is not Outcome.INFEASIBLE:
        return _silent("There is no answer that could depend on it.")
    if not flipped:
        return _silent("All decisions are yes or no, so there is one reading only.")
    reading = "fractions" if whole else "whole numbers"
    reason = _settled(problem, flipped, bool(whole))
    seconds = SECONDS if reason is None or solver is None else BRIEFLY
    if solution.seconds > SECONDS:
        return _not_compared(f"Solving once more with {reading} would take too long", reason)
    other = _solved_otherwise(cir, instance, library, bool(whole), solver, seconds)
    if other is None or other.outcome not in (Outcome.OPTIMAL, Outcome.INFEASIBLE):
        told = f"The model with {reading} could not be solved to compare"
        return _not_compared(told, reason)
    change = _change(solution, other)
    if change == 0.0:
        return Evidence(
            check=NAME,
            passed=True,
            message=f"The answer is the same with {reading}.",
            details={
                "other": other.objective,
                "depends": False,
                "settled": reason is not None,
            },
        )
    told = (
        f"With {reading} the optimum would be {other.objective:g}"
        if other.objective is not None
        else f"With {reading} no plan would keep all rules"
    )
    if change is not None:
        told += f" ({change:+.2%})"
    return Evidence(
        check=NAME,
        passed=reason is not None,
        message=f"{told}; {reason or 'the words do not settle which reading is meant'}.",
        details={
            "other": other.objective,
            "depends": True,
            "change": change,
            "decisions": [item.name for item in flipped],
        },
    )


def _counted_in_parts(
    problem: Problem, smooth: list[Decision], solution: Solution, cir: CIR
) -> list[str]:
    """Decisions that count things and have fractions in the plan, beside others that are whole."""
    if FRACTIONS.search(problem.text) or not problem.text.strip():
        return []
    values = by_symbol(solution, cir)
    return [
        item.name
        for item in smooth
        if not is_measured(item)
        and any(abs(part - round(part)) > _FRACTION for part in values.get(item.name, {}).values())
    ]


def _solved_otherwise(
    cir: CIR,
    instance: Instance,
    library: Mapping[str, Card],
    relax: bool,
    solver: Solver | None,
    seconds: float,
) -> Solution | None:
    old, new = ("integer", "continuous") if relax else ("continuous", "integer")
    decisions = tuple(
        item.model_copy(update={"domain": new}) if item.domain == old else item
        for item in cir.decisions
    )
    other = cir.model_copy(update={"decisions": decisions})
    again = replace(instance, cir=other)
    model, faults = attempt(other, library, again)
    if model is None or faults:
        return None
    if solver is not None:
        return solver(model, again, seconds)
    return solve_plain(model, again, Limits(seconds=seconds))


def _change(solution: Solution, other: Solution) -> float | None:
    """The relative change of the optimum; 0 if there is none, None if one has no plan."""
    if solution.objective is None or other.objective is None:
        return 0.0 if solution.outcome == other.outcome else None
    off = other.objective - solution.objective
    size = max(1.0, abs(solution.objective))
    return 0.0 if abs(off) <= _SAME * size else off / max(abs(solution.objective), _SAME)


def _settled(problem: Problem, flipped: list[Decision], whole: bool) -> str | None:
    """Why the reading that was solved is the right one, None if nothing says so."""
    fractions = FRACTIONS.search(problem.text)
    numbers = WHOLE.search(FRACTIONS.sub(" ", problem.text))
    said, against = (numbers, fractions) if whole else (fractions, numbers)
    if said:
        return f"the problem says '{said[0]}'"
    if against:
        return None
    if not whole and _asks_for_a_number(problem):
        return None  # "how many of each" counts, whatever a reader named what is decided
    measured = [item.name for item in flipped if is_measured(item)]
    if whole and not measured:
        return "what is decided is counted, not measured"
    if not whole and len(measured) == len(flipped):
        return "what is decided is measured, not counted"
    return None


def _asks_for_a_number(problem: Problem) -> bool:
    """Whether it is asked how many, and never how many of a measure: "how many hours of each?"."""
    asked = [
        sentence.text[match.end() :][:_NEAR]
        for sentence in problem.sentences
        if _ASKS.search(sentence.text)
        for match in _HOW_MANY.finditer(sentence.text)
    ]
    return bool(asked) and not any(_MEASURED.search(words) for words in asked)


def is_measured(item: Decision) -> bool:
    """Whether a decision is an amount of something rather than a number of things."""
    words = item.unit or f"{item.name.replace('_', ' ')} {item.meaning}"
    return _MEASURED.search(words) is not None


def _silent(message: str) -> Evidence:
    return Evidence(check=NAME, passed=None, message=message)


def _not_compared(told: str, reason: str | None) -> Evidence:
    """The other reading was not solved: that is missing only where the words settle nothing."""
    if reason is not None:
        return Evidence(check=NAME, passed=True, message=f"{told}; {reason}.")
    return Evidence(check=NAME, passed=None, message=f"{told}.", details={MISSING: True})
