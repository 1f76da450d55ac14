"""From evidence to trust: the rules, in the order in which they are asked.

1. The solver contradicts itself, or two exact ways to write a rule  -> solver_suspect
2. The plan breaks the meaning of a rule, or there is no model       -> rejected
3. A limit or goal runs against its words, or a number is invented   -> rejected;
   plausible if enough formulations agree
"""

from __future__ import annotations

from collections.abc import Mapping

from r2c.formulation import Evidence, Outcome, Trust

NEEDED = ("number_coverage", "sentence_coverage", "agreement")
"""Checks that must be passed for `verified`, whatever the outcome."""
OF_A_PLAN = ("solver_trust", "recheck", "degenerate")
"""Checks that must be passed as well where there is a plan."""
MAY_BE_SILENT = (
    "direction", "named_limits", "sides", "logic", "operands", "scope", "subjects", "left_out",
    "money", "wholeness", "unused_measures", "units", "told_units", "conversions", "domains",
)  # fmt: skip
"""Checks that must be made for `verified`, but may find that they do not apply."""
_FINAL = (
    ("solver_trust", Trust.SOLVER_SUSPECT),
    ("second_paradigm", Trust.SOLVER_SUSPECT),
    ("recheck", Trust.REJECTED),
    ("replay", Trust.REJECTED),
)
"""Checks of which a failure settles the verdict."""
MISSING = "missing"
"""The detail of a check that applies and could not be made: that is not the same as silence."""


def trust(outcome: Outcome, evidence: Mapping[str, Evidence]) -> tuple[Trust, str]:
    """The trust that the evidence allows, and the reason in one sentence.

    After the rules of the module docstring: 4. unbounded, or a plan that does nothing -> rejected,
    plausible if enough formulations agree; 5. any check failed, or one that this answer needs was
    not passed -> plausible; 6. otherwise verified. Questions to the planner (needs_input) are
    plausible.

    Args:
        outcome: What solving gave.
        evidence: The evidence by name of the check.
    """
    refused = _refused(outcome, evidence)
    if refused is not None:
        return refused
    if outcome in (Outcome.LIMIT, Outcome.FEASIBLE):
        return Trust.PLAUSIBLE, "The plan is not proven to be the best."
    if outcome is Outcome.NEEDS_INPUT:
        return Trust.PLAUSIBLE, "The questions have to be answered first."
    for item in evidence.values():
        if item.passed is False:
            return Trust.PLAUSIBLE, item.message
    missing = [name for name in _needed(outcome) if not _satisfied(name, evidence)]
    if missing:
        return Trust.PLAUSIBLE, _why(missing[0], evidence)
    return Trust.VERIFIED, "All checks that this answer needs have been passed."


def _refused(outcome: Outcome, evidence: Mapping[str, Evidence]) -> tuple[Trust, str] | None:
    if outcome is Outcome.UNSUPPORTED:
        return Trust.REJECTED, "There is no model that could be solved."
    for name, verdict in _FINAL:
        if _failed(name, evidence):
            return verdict, evidence[name].message
    found = (("number_coverage", "invented"), ("degenerate", "unexpected_zero"))
    doubts = ["direction"] if _failed("direction", evidence) else []
    doubts += [n for n, what in found if n in evidence and evidence[n].details.get(what)]
    if not doubts and outcome is not Outcome.UNBOUNDED:
        return None
    reason = evidence[doubts[0]].message if doubts else "A real plan always has some limit."
    agreed = "agreement" in evidence and evidence["agreement"].passed is True
    return (Trust.PLAUSIBLE if agreed else Trust.REJECTED), reason


def _needed(outcome: Outcome) -> tuple[str, ...]:
    return (*NEEDED, *(() if outcome is Outcome.INFEASIBLE else OF_A_PLAN), *MAY_BE_SILENT)


def _satisfied(name: str, evidence: Mapping[str, Evidence]) -> bool:
    found = evidence.get(name)
    if found is None or found.details.get(MISSING):
        return False
    return found.passed is True or (name in MAY_BE_SILENT and found.passed is None)


def _failed(name: str, evidence: Mapping[str, Evidence]) -> bool:
    return name in evidence and evidence[name].passed is False


def _why(name: str, evidence: Mapping[str, Evidence]) -> str:
    return evidence[name].message if name in evidence else f"The check {name} was not made."
