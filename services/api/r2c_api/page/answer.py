"""What the page shows of an answer, in the words of planners and ready to be set."""

from __future__ import annotations

from dataclasses import dataclass, replace

from r2c.cir.asked import Asked
from r2c.cir.schema import CIR
from r2c.errors import Fault
from r2c.formulation import Evidence, Formulation, Outcome, RowReport, Trust
from r2c.telling.amounts import amount, key_text, signed
from r2c.telling.as_stated import as_stated, states_its_end
from r2c.telling.limits_reached import binding, limit_reached
from r2c.telling.remedies import remedy_told
from r2c.telling.worth import value_told
from r2c.verdict.kept_rows import kept_rows
from r2c.verdict.telling_rows import part_of, telling_rows
from r2c_api.outside import outside
from r2c_api.page.adjustable import Group, adjustable
from r2c_api.page.linked import Linked, linked
from r2c_api.page.pictures.choose import picture
from r2c_api.page.pictures.picture import Picture
from r2c_api.page.plan import Plan, plan

MOST_BINDING = 25
_SAYS = {
    Outcome.OPTIMAL: ("Best plan found", "No other plan that keeps the rules is better."),
    Outcome.FEASIBLE: ("A plan, perhaps not the best", "The time was up before it was proven."),
    Outcome.INFEASIBLE: ("No plan can keep all rules", "Something has to give; see below what."),
    Outcome.UNBOUNDED: ("A limit is missing", "The goal could improve without end."),
    Outcome.LIMIT: ("The time was up", "A limit was reached before there was an answer."),
    Outcome.UNSUPPORTED: ("This cannot be solved as it stands", "What stands in the way is below."),
    Outcome.NEEDS_INPUT: ("Your answer is needed", "Something only you can settle is missing."),
}
_TRUSTED = {
    Trust.VERIFIED: ("Verified", "All checks that matter here were passed."),
    Trust.PLAUSIBLE: ("Plausible", "Something failed or could not be checked; look below."),
    Trust.REJECTED: ("Rejected", "The checks speak against this answer. Do not act on it."),
    Trust.SOLVER_SUSPECT: ("Solver in doubt", "The solver contradicts itself. Do not act on it."),
}
_WHOLE = "verdict"
"""The name of what all checks come to."""
_MARKS = {False: ("✗", "does not hold"), True: ("✓", "holds"), None: ("–", "not checked")}


@dataclass(frozen=True)
class Check:
    """One check with its finding; `state` is its mark in words."""

    mark: str
    state: str
    name: str
    message: str


@dataclass(frozen=True)
class Binding:
    """A rule whose limit is reached; `worth` is what one more is worth, where that is known."""

    rule: str
    part: str
    members: str
    limit: str
    worth: str


@dataclass(frozen=True)
class Shown:
    """Everything of an answer that the page shows; what an answer does not have is empty.

    `reason` says why it is trusted so far and no further, where no check failed that says it.
    """

    answer: Formulation
    title: str
    about: str
    value: str
    trust: str
    trust_about: str
    reason: str
    tone: str
    checks: tuple[Check, ...]
    asked: tuple[Asked, ...]
    answered: tuple[Asked, ...]
    faults: tuple[Fault, ...]
    clashing: tuple[tuple[str, str], ...] = ()
    remedies: tuple[str, ...] = ()
    linked: Linked | None = None
    plan: Plan | None = None
    picture: Picture | None = None
    binding: tuple[Binding, ...] = ()
    groups: tuple[Group, ...] = ()


def shown(answer: Formulation) -> Shown:
    """An answer, ready to be put into the page."""
    title, about = _SAYS[answer.outcome]
    trust, trust_about = _TRUSTED[answer.trust]
    common = Shown(
        answer=answer,
        title=title,
        about=about,
        value=_value(answer),
        trust=trust,
        trust_about=trust_about,
        reason=_reason(answer.evidence),
        tone=_tone(answer),
        checks=_checks(answer.evidence),
        asked=tuple(item for item in answer.questions if item.answer is None),
        answered=tuple(item for item in answer.questions if item.answer is not None),
        faults=_faults(answer),
    )
    if answer.cir is None:
        return common
    return _with_model(common, answer, answer.cir)


def _with_model(common: Shown, answer: Formulation, cir: CIR) -> Shown:
    solved = answer.solution
    has_plan = solved is not None and bool(solved.values)
    rules = () if answer.conflict is None else answer.conflict.rules
    remedies = () if answer.conflict is None else answer.conflict.remedies
    quotes = {rule.id: rule.quote for rule in cir.rules}
    return replace(
        common,
        linked=linked(answer, cir),
        clashing=tuple((rule, quotes.get(rule, "")) for rule in rules),
        remedies=tuple(remedy_told(item, cir) for item in remedies),
        plan=plan(cir, solved) if solved is not None and has_plan else None,
        picture=picture(cir, answer.problem, solved) if solved is not None and has_plan else None,
        binding=_binding(answer, cir),
        groups=adjustable(cir, answer.problem),
    )


def _value(answer: Formulation) -> str:
    solved = answer.solution
    if solved is None or solved.objective is None:
        return ""
    told = [value_told(answer.cir, solved, value) for value in solved.tiers]
    worth = ", then ".join(told) or amount(solved.objective)
    if solved.gap and solved.gap > 1e-6 and solved.bound is not None:
        worth += f"; at best {amount(solved.bound)}"
    return worth


def _tone(answer: Formulation) -> str:
    """How the headline looks: good, of interest, or bad."""
    if answer.trust in (Trust.REJECTED, Trust.SOLVER_SUSPECT):
        return "bad"
    planned = answer.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)
    if planned:
        return "good" if answer.trust is Trust.VERIFIED else "fair"
    stopped = (Outcome.UNSUPPORTED, Outcome.LIMIT)
    return "bad" if answer.outcome in stopped else "fair"


def _checks(evidence: tuple[Evidence, ...]) -> tuple[Check, ...]:
    """What failed first, then what holds, then what was not checked."""
    order = {False: 0, True: 1, None: 2}
    found = sorted(evidence, key=lambda item: order[item.passed])
    return tuple(
        Check(*_MARKS[item.passed], item.check.replace("_", " "), item.message) for item in found
    )


def _reason(evidence: tuple[Evidence, ...]) -> str:
    if any(item.passed is False for item in evidence):
        return ""
    return next((item.message for item in evidence if item.check == _WHOLE), "")


def _faults(answer: Formulation) -> tuple[Fault, ...]:
    own = [] if answer.solution is None else [answer.solution.fault]
    found = {str(fault): fault for fault in (*answer.faults, *own) if fault is not None}
    return tuple(map(outside, found.values()))


def _binding(answer: Formulation, cir: CIR) -> tuple[Binding, ...]:
    if answer.solution is None or not answer.solution.values:
        return ()
    kept = kept_rows(answer.solution.rows, answer.solution.costs)
    rows = binding(telling_rows(kept, cir, answer.choices))
    return tuple(_bound(as_stated(row)) for row in rows[:MOST_BINDING])


def _bound(row: RowReport) -> Binding:
    limit = limit_reached(row)
    end = row.activity if limit is None else limit
    return Binding(
        rule=row.rule,
        part=part_of(row),
        members=key_text(row.key),
        limit=amount(end) if states_its_end(row) else "",
        worth="" if row.dual is None else signed(row.dual),
    )
