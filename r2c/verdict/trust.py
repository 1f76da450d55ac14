"""From evidence to trust: the rules, in the order in which they are asked.

1. The solver contradicts itself                                     -> solver_suspect
2. The plan breaks the meaning of a rule, or there is no model       -> rejected
3. A limit or goal runs against its words, or a number is invented   -> rejected;
   plausible if enough formulations agree
"""

from __future__ import annotations

from collections.abc import Mapping

from r2c.formulation import Evidence, Outcome, Trust

REQUIRED = ("recheck", "number_coverage", "agreement", "direction", "domains")
"""Checks that must all be passed for `verified`; recheck and domains need a plan, so they are
asked only where there is one; direction may have nothing to compare."""


def trust(outcome: Outcome, evidence: Mapping[str, Evidence]) -> tuple[Trust, str]:
    """The trust that the evidence allows, and the reason in one sentence.

    After the rules of the module docstring: 4. unbounded, or a plan that does nothing -> rejected,
    plausible if enough formulations agree; 5. every check of `REQUIRED` passed -> verified;
    6. otherwise plausible. Questions to the planner (needs_input) are plausible.

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
    missing = [name for name in REQUIRED if not _satisfied(name, outcome, evidence)]
    if missing:
        return Trust.PLAUSIBLE, _why(missing[0], evidence)
    return Trust.VERIFIED, "All checks that this answer needs have been passed."


def _refused(outcome: Outcome, evidence: Mapping[str, Evidence]) -> tuple[Trust, str] | None:
    if outcome is Outcome.UNSUPPORTED:
        return Trust.REJECTED, "There is no model that could be solved."
    for name, verdict in (("solver_trust", Trust.SOLVER_SUSPECT), ("recheck", Trust.REJECTED)):
        if _failed(name, evidence):
            return verdict, evidence[name].message
    found = (("number_coverage", "invented"), ("degenerate", "all_zero"))
    doubts = ["direction"] if _failed("direction", evidence) else []
    doubts += [n for n, what in found if n in evidence and evidence[n].details.get(what)]
    if not doubts and outcome is not Outcome.UNBOUNDED:
        return None
    reason = evidence[doubts[0]].message if doubts else "A real plan always has some limit."
    agreed = "agreement" in evidence and evidence["agreement"].passed is True
    return (Trust.PLAUSIBLE if agreed else Trust.REJECTED), reason


def _satisfied(name: str, outcome: Outcome, evidence: Mapping[str, Evidence]) -> bool:
    found = evidence.get(name)
    if outcome is Outcome.INFEASIBLE and name in ("recheck", "domains"):
        return found is None or found.passed is not False
    if name in ("direction", "domains"):
        return found is not None and found.passed is not False
    return found is not None and found.passed is True


def _failed(name: str, evidence: Mapping[str, Evidence]) -> bool:
    return name in evidence and evidence[name].passed is False


def _why(name: str, evidence: Mapping[str, Evidence]) -> str:
    return evidence[name].message if name in evidence else f"The check {name} was not made."
