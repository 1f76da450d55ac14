"""What would be if: a model solved as it is and with changes, and the two answers compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from r2c.cir.schema import CIR, Element
from r2c.formulation import Formulation, TierValue
from r2c.model.tiers import is_priced, named
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.solve.room import room
from r2c.supposition import Bound, GoalChange, Judgement, Moved, Standing, WhatIf
from r2c.verdict.answer import solve_problem
from r2c.verdict.binding import Place, bounds_reached, broken_places, is_broken
from r2c.verdict.change import Change, all_changed

MOST_MOVED = 20
"""Decisions that are told; all of them are counted."""
ROUNDING = 1e-9
"""Relative difference of two optima that is the solver's rounding."""


def what_if(
    cir: CIR,
    problem: Problem,
    changes: Sequence[Change | str],
    limits: Limits | None = None,
    process: SolverProcess | None = None,
    *,
    before: Formulation | None = None,
) -> WhatIf:
    """Solve a model before and after changes and tell what becomes different.

    Args:
        cir: The model.
        problem: Its words, for changes that name sentences, and its tables.
        changes: Applied one after the other.
        limits: What each of the two solves may cost.
        process: A solver process to use and leave running.
        before: The answer to the unchanged model, if it is known.

    Raises:
        InputError: R2C-V020 to R2C-V033, a change that cannot be read or does not fit.
        CIRError: a change that makes no sound rule, or data that are missing for it.
    """
    limits = limits or Limits()
    fresh = all_changed(cir, problem, changes)
    with solver(limits, process) as used:
        known = before or answer_of(cir, problem, limits, used)
        after = answer_of(fresh, problem, limits, used)
    return compared(known, after, tuple(map(str, changes)))


def answer_of(cir: CIR, problem: Problem, limits: Limits, process: SolverProcess) -> Formulation:
    """The answer to a model that is supposed, not said.

    The words are held back: that they say another number is no reason to reject it.
    """
    return solve_problem(Problem(text="", tables=problem.tables), cir, limits, process)


@contextmanager
def solver(limits: Limits, process: SolverProcess | None) -> Iterator[SolverProcess]:
    """The process, or one of its own that is closed at the end."""
    if process is not None:
        yield process
        return
    with SolverProcess(limits.threads) as own:
        yield own


def compared(before: Formulation, after: Formulation, changes: tuple[str, ...]) -> WhatIf:
    """Two answers held side by side."""
    told = WhatIf(
        changes=changes,
        before=standing(before),
        after=standing(after),
        goals=tuple(_goals(before, after)),
        conflict=after.conflict,
    )
    if not told.after.has_plan:
        return told
    moved = moves(before, after)
    if not told.before.has_plan:
        # Against nothing all of the plan is new.
        return told.model_copy(
            update={"moved": tuple(moved[:MOST_MOVED]), "moved_in_all": len(moved)}
        )
    was, now = _reached(before, after), _reached(after, before)
    deciding = told.deciding()
    return told.model_copy(
        update={
            "difference": None if deciding is None else deciding.difference,
            "judgement": None if deciding is None else deciding.judgement,
            "moved": tuple(moved[:MOST_MOVED]),
            "moved_in_all": len(moved),
            "now_binding": tuple(item for place, item in now.items() if place not in was),
            "no_longer_binding": tuple(
                item
                for place, item in was.items()
                if place not in now and not is_broken(item, broken_places(after))
            ),
        }
    )


def _reached(answer: Formulation, other: Formulation) -> dict[Place, Bound]:
    """The limits reached of rules that both models have; that a rule came or went is known."""
    kept = {rule.id for rule in other.cir.rules} if other.cir is not None else set()
    return {place: item for place, item in bounds_reached(answer).items() if item.rule in kept}


def standing(answer: Formulation) -> Standing:
    """How an answer stands."""
    tiers = () if answer.solution is None else answer.solution.tiers
    unit, meaning = ("", "")
    if tiers and answer.cir is not None:
        unit, meaning = named(answer.cir, tiers[0].tier, paid=_paid(tiers[0].tier, answer))
    return Standing(
        outcome=answer.outcome,
        trust=answer.trust,
        objective=answer.objective,
        unit=unit,
        meaning=meaning,
        faults=answer.faults,
    )


def moves(before: Formulation, after: Formulation) -> list[Moved]:
    """The decisions whose values differ, the largest difference first."""
    about = {
        item.name: (item.unit or "", item.meaning)
        for answer in (before, after)
        if answer.cir is not None
        for item in answer.cir.decisions
    }
    was, now = _values(before), _values(after)
    found = [
        Moved(
            symbol=place[0],
            key=place[1],
            before=was.get(place),
            after=now.get(place),
            unit=about[place[0]][0],
            meaning=about[place[0]][1],
        )
        for place in dict.fromkeys((*was, *now))
        if place[0] in about
    ]
    differing = [item for item in found if not _still(item)]
    return sorted(differing, key=lambda item: -abs(item.change))


def _still(item: Moved) -> bool:
    if item.before is None or item.after is None:
        return not item.before and not item.after  # one that is nothing is not missed
    return abs(item.change) <= room(item.before, item.after)


def _values(answer: Formulation) -> dict[tuple[str, tuple[Element, ...]], float]:
    if answer.solution is None:
        return {}
    return {
        (name, item.key): item.value
        for name, values in answer.solution.values.items()
        for item in values
    }


def _goals(before: Formulation, after: Formulation) -> Iterator[GoalChange]:
    if before.solution is None or after.solution is None or before.cir is None:
        return
    now = {item.tier: item for item in after.solution.tiers}
    last = before.solution.tiers[-1:]
    for was in before.solution.tiers:
        if was.tier in now:
            unsure = _unsure(was, now[was.tier], before, after) if was in last else 0.0
            paid = _paid(was.tier, before, after)
            yield _goal(was, now[was.tier], unsure, named(before.cir, was.tier, paid=paid))


def _unsure(was: TierValue, now: TierValue, before: Formulation, after: Formulation) -> float:
    """How far two optima may differ that are proven up to their gaps only."""
    assert before.solution is not None and after.solution is not None
    gaps = before.solution.gap or 0.0, after.solution.gap or 0.0
    return abs(gaps[0] * was.value) + abs(gaps[1] * now.value)


def _paid(tier: int, *answers: Formulation) -> bool:
    """Whether something that rules cost is in a tier of one of the answers."""
    return any(
        (answer.cir is not None and is_priced(answer.cir, tier))
        or (
            answer.solution is not None and any(cost.tier == tier for cost in answer.solution.costs)
        )
        for answer in answers
    )


def _goal(was: TierValue, now: TierValue, unsure: float, name: tuple[str, str]) -> GoalChange:
    difference = now.value - was.value
    least = max(unsure, ROUNDING * max(1.0, abs(was.value), abs(now.value)))
    if abs(difference) <= least:
        judgement: Judgement = "equal"
        difference = 0.0
    else:
        judgement = "better" if (difference > 0) == (was.sense == "max") else "worse"
    unit, meaning = name
    return GoalChange(
        tier=was.tier,
        sense=was.sense,
        before=was.value,
        after=now.value,
        difference=difference,
        judgement=judgement,
        unit=unit,
        meaning=meaning,
    )
