"""The proof of a card: every paradigm does what the meaning says, on instances small enough to try.

Run over all cards by the tests and by `r2c cards prove`; adding a card adds its proof.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial

from r2c.archetypes.card import Card, Mutation, Paradigm, UsualError
from r2c.archetypes.generate import instances
from r2c.cir.expr import Binder, Expr
from r2c.cir.instance import Instance, bind
from r2c.cir.schema import CIR, Rule
from r2c.errors import Fault
from r2c.formulation import Choice
from r2c.model.bounds import Bounds
from r2c.model.build import build
from r2c.model.choose import size
from r2c.model.meaning import Meaning, meaning
from r2c.model.plain import PlainModel
from r2c.model.reformulate import attempt, draft_rules
from r2c.model.rename import substitute
from r2c.solve.ask import ask
from r2c.solve.brute_force import brute_force
from r2c.solve.limits import Limits
from r2c.solve.matrix import matrix_of
from r2c.solve.meant import unmeant
from r2c.solve.process import SolverProcess

SECONDS = 20.0
ROOM = 1e-6
"""Relative difference below which two optima are the same."""


@dataclass(frozen=True)
class Check:
    """One claim about a card and whether it was found true."""

    claim: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """All checks of one card.

    `instances` were tried by brute force. `runs` counts by paradigm those that it could write,
    `failed` those of them on which a claim about it did not hold, and `seen` the usual errors that
    change an optimum.
    """

    card: str
    checks: tuple[Check, ...]
    runs: Mapping[str, int]
    failed: Mapping[str, int]
    instances: int
    seen: int

    @property
    def proven(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if not check.passed)


def prove(
    card: Card,
    library: Mapping[str, Card],
    count: int = 20,
    seed: str = "",
    process: SolverProcess | None = None,
) -> Report:
    """Check a card on its tiny instance and on `count` random instances of each generator.

    The optimum by brute force over the card's meaning must be the stated one, every exact paradigm
    must reach it by a plan that the meaning admits, others must err to their own side, every
    paradigm must be exercised, no paradigm may be larger than it says, and every usual error must
    change some optimum. Without a `process` that solves one is started, which takes longer than
    many a proof.

    Raises:
        R2CError: if an instance of the card cannot be bound, or has too many plans to try.
    """
    with nullcontext(process) if process else SolverProcess() as solver:
        return _Proof(card, library, solver).report(count, seed)


@dataclass(frozen=True)
class _Case:
    """An instance with its meaning and its true optimum."""

    name: str
    cir: CIR
    instance: Instance
    told: Meaning
    best: float | None

    @property
    def sense(self) -> str:
        return self.cir.objectives[0].sense if self.cir.objectives else "min"


@dataclass(frozen=True)
class _Proof:
    card: Card
    library: Mapping[str, Card]
    process: SolverProcess

    def report(self, count: int, seed: str) -> Report:
        card = self.card
        cases = [self.case("the tiny instance", card.instance.cir)]
        for number, cir in enumerate(instances(card, count, seed)):
            cases.append(self.case(f"random instance {number}", cir))
        stated = None if card.instance.optimum == "infeasible" else card.instance.optimum
        checks = [
            Check(
                "the tiny instance has the stated optimum",
                _same(cases[0].best, stated),
                f"stated {stated}, found {cases[0].best}",
            )
        ]
        runs: dict[str, int] = {}
        failed: dict[str, int] = {}
        for paradigm in card.paradigms:
            by_case = [list(self.paradigm(paradigm, case)) for case in cases]
            found = [check for some in by_case for check in some]
            runs[paradigm.name] = sum(map(bool, by_case))
            failed[paradigm.name] = sum(not all(one.passed for one in some) for some in by_case)
            claim = f"{paradigm.name} is exercised"
            checks += [*found, Check(claim, bool(found), "no instance allows it")]
        errors = [self.error(error, cases) for error in card.errors]
        seen = sum(check.passed for check in errors)
        return Report(card.id, (*checks, *errors), runs, failed, len(cases), seen)

    def case(self, name: str, cir: CIR) -> _Case:
        instance = bind(cir).require()
        best = brute_force(instance, self.library).objective
        return _Case(name, cir, instance, meaning(cir, self.library, instance)[0], best)

    def solved(self, model: PlainModel, case: _Case) -> tuple[float | str | None, str | None]:
        """The optimum (None if infeasible, else what the solver said), and how its plan errs."""
        built = build(model, case.instance)
        if built.map.contradictions:
            return None, None
        matrix = matrix_of(built)
        goal = matrix.goals[0] if matrix.goals else None
        answer = ask(self.process, matrix, goal, Limits(), seconds=SECONDS)
        if answer.reading == "unclear":
            answer = ask(self.process, matrix, goal, Limits(), seconds=SECONDS, presolve=False)
        if answer.reading == "infeasible":
            return None, None
        if answer.reading != "optimal" or answer.point is None:
            return answer.status, None
        wrong = unmeant(case.told, built.map, answer.point)
        return 0.0 if goal is None else goal.value(answer.point), wrong

    def paradigm(self, paradigm: Paradigm, case: _Case) -> Iterator[Check]:
        """What the paradigm does on a case; nothing if its preconditions fail there."""
        model = _pinned(self.card, paradigm.name, case, self.library)
        if isinstance(model, Fault):
            yield Check(f"{paradigm.name} can be written on {case.name}", False, str(model))
        elif model is not None:
            found, wrong = self.solved(model, case)
            agrees = not isinstance(found, str) and _AGREES[paradigm.relation](
                found, case.best, case.sense
            )
            yield Check(
                f"{paradigm.name} is {paradigm.relation} on {case.name}",
                agrees,
                f"rows give {found}, the meaning {case.best}",
            )
            if wrong is not None and paradigm.relation == "exact":
                yield Check(f"{paradigm.name} plans what is meant on {case.name}", False, wrong)
            yield from self.size(paradigm, case, model)

    def size(self, paradigm: Paradigm, case: _Case, model: PlainModel) -> Iterator[Check]:
        """Whether the paradigm is larger than its card says; nothing if it is not."""
        drafts, _ = draft_rules(case.cir, self.library)
        data = Bounds(case.instance, model.variables)
        outputs = {made.name for draft in drafts for made in draft.outputs.values()}
        for draft in drafts:
            rule = draft.rule.id
            if Choice(rule=rule, paradigm=paradigm.name, relation=paradigm.relation) not in [
                choice.model_copy(update={"reason": ""}) for choice in model.choices
            ]:
                continue
            said = size(draft, paradigm, data)
            members = _members(draft.binder, data)
            made = (
                sum(
                    _members(variable.binder, data)
                    for variable in model.variables
                    if variable.rule == rule and variable.name not in outputs
                ),
                sum(_members(row.binder, data) for row in model.rows if row.rule == rule),
            )
            if made[0] > said[0] * members or made[1] > said[1] * members:
                claim = f"{paradigm.name} is no larger than it says on {case.name}"
                detail = f"{made} variables and rows, said {said} for each of {members} members"
                yield Check(claim, False, detail)

    def error(self, error: UsualError, cases: list[_Case]) -> Check:
        """Whether the mistake changes the optimum of some case."""
        claim = f"the error {error.error!r} is visible"
        mutation = error.mutation
        mutant = _mutant(self.card, mutation)
        shelf = {**self.library, self.card.id: mutant}
        for case in cases:
            cir = _changed(case.cir, self.card.id, lambda rule: _with_operands(rule, mutation))
            changed = replace(case, cir=cir, instance=bind(cir).require())
            model = _pinned(mutant, mutation.paradigm, changed, shelf)
            if isinstance(model, PlainModel):
                found, _ = self.solved(model, case)
                if isinstance(found, str) or not _same(found, case.best):
                    return Check(claim, True, f"{case.name}: {found} instead of {case.best}")
        return Check(claim, False, "no instance shows it")


def _pinned(
    card: Card, paradigm: str, case: _Case, library: Mapping[str, Card]
) -> PlainModel | Fault | None:
    """The case with all rules of the card pinned that allow it; None if no rule does."""
    free: set[str] = set()
    while True:
        cir = _changed(case.cir, card.id, partial(_with_paradigm, paradigm=paradigm, free=free))
        if not any(rule.archetype == card.id and rule.id not in free for rule in cir.rules):
            return None
        model, faults = attempt(cir, library, case.instance)
        refused = {str(f.details["rule"]) for f in faults if f.code == "R2C-M111"}
        if model is not None:
            return model
        if not refused:
            return faults[0]
        free |= refused


def _members(binder: Binder | None, data: Bounds) -> int:
    return 1 if binder is None else sum(1 for _ in data.evaluator.members(binder))


def _with_paradigm(rule: Rule, *, paradigm: str, free: set[str]) -> Rule:
    return rule if rule.id in free else rule.model_copy(update={"chosen": paradigm})


def _changed(cir: CIR, archetype: str, change: Callable[[Rule], Rule]) -> CIR:
    rules = tuple(change(rule) if rule.archetype == archetype else rule for rule in cir.rules)
    return cir.model_copy(update={"rules": rules})


# ----------------------------------------------------------------------------- comparing optima


def _same(found: float | None, true: float | None) -> bool:
    if found is None or true is None:
        return found is true
    return math.isclose(found, true, rel_tol=ROOM, abs_tol=ROOM)


def _bounds(outer: float | None, inner: float | None, sense: str) -> bool:
    """Whether the optimum over more plans is at least as good as the one over fewer."""
    if inner is None:
        return True
    if outer is None:
        return False
    gain = outer - inner if sense == "max" else inner - outer
    return gain >= -ROOM * max(1.0, abs(inner))


_AGREES: Mapping[str, Callable[[float | None, float | None, str], bool]] = {
    "exact": lambda found, true, sense: _same(found, true),
    "relaxation": lambda found, true, sense: _bounds(found, true, sense),
    "restriction": lambda found, true, sense: _bounds(true, found, sense),
    "approximation": lambda found, true, sense: found is not None or true is None,
}


# ----------------------------------------------------------------------------- usual errors


def _mutant(card: Card, mutation: Mutation) -> Card:
    """The card with the mutation's rows."""
    paradigms = []
    for paradigm in card.paradigms:
        if paradigm.name == mutation.paradigm:
            rows: dict[str, Expr | None] = {**paradigm.rows, **mutation.rows}
            kept = {name: row for name, row in rows.items() if row is not None}
            paradigms.append(paradigm.model_copy(update={"rows": kept}))
        else:
            paradigms.append(paradigm)
    return card.model_copy(update={"paradigms": tuple(paradigms)})


def _with_operands(rule: Rule, mutation: Mutation) -> Rule:
    changed = {
        name: substitute(template, rule.operands)
        for name, template in mutation.operands.items()
        if name in rule.operands
    }
    return rule.model_copy(update={"operands": {**rule.operands, **changed}})
