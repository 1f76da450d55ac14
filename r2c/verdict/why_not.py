"""Why a plan is not otherwise: a wish is forced, and what it costs or stops it is told."""

from __future__ import annotations

from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Binder, Compare, CompareOp, Expr, Item, Name, Not, Num
from r2c.cir.instance import bind
from r2c.cir.schema import CIR, Decision
from r2c.cir.write import write, write_binder
from r2c.errors import CATALOGUE, InputError, declare
from r2c.formulation import Formulation, Outcome
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.solve.room import room
from r2c.supposition import Against, WhatIf, WhyNot
from r2c.verdict.added_relation import AddedRelation, labelled, relation_of
from r2c.verdict.point import by_symbol
from r2c.verdict.what_if import answer_of, compared, solver

NEEDS_AMOUNT = declare(
    "R2C-V034", InputError,
    what="The wish {text!r} does not say how much.",
    why="{name!r} can be any amount, so there is no one value that means yes.",
    remedy="Write a relation, such as `{text} >= 10`.",
)  # fmt: skip
NO_WISH = declare(
    "R2C-V035", InputError,
    what="{text!r} is no wish about one decision.",
    why="A wish is a decision that is to be taken, or a relation over decisions.",
    remedy="Write `open[B]`, `not open[B]` or `ship[A, Lyon] >= 10`. The decisions are {known}.",
)  # fmt: skip


def why_not(
    cir: CIR,
    problem: Problem,
    wish: str,
    limits: Limits | None = None,
    process: SolverProcess | None = None,
    *,
    before: Formulation | None = None,
) -> WhyNot:
    """Force a wish on the plan and tell what comes of it.

    Args:
        cir: The model.
        problem: Its words and tables.
        wish: A relation over decisions, or one decision: `open[B]`, `not open[B]`.
        limits: What each solve may cost.
        process: A solver process to use and leave running.
        before: The answer to the model, if it is known.

    Raises:
        InputError: R2C-V031 to R2C-V035, the wish cannot be read or does not fit.
        CIRError: it is no sound rule, or data are missing.
        ModelError: no paradigm can write it.
    """
    limits = limits or Limits()
    text = wished(wish, cir, problem)
    added = AddedRelation(text, stem="wish")
    forced = added.applied(cir, problem)
    with solver(limits, process) as used:
        known = before or answer_of(cir, problem, limits, used)
        if known.solution is None or not known.solution.values:
            told = compared(known, known, (text,))
            return WhyNot(wish=text, kind="no_plan", what_if=told)
        if _holds(text, cir, problem, known):
            told = compared(known, known, (text,))
            return WhyNot(wish=text, kind="holds", cost=0.0, what_if=told)
        after = answer_of(forced, problem, limits, used)
    if after.outcome is Outcome.UNSUPPORTED and after.faults:
        fault = after.faults[0]  # the model was solved without the wish, so the wish is at fault
        raise CATALOGUE[fault.code].raises(fault)
    return _told(text, compared(known, after, (text,)), known, forced.rules[-1].id)


def wished(text: str, cir: CIR, problem: Problem) -> str:
    """The wish as a relation: yes to a yes-or-no decision, at least 1 of a counted one.

    Raises:
        InputError: R2C-V031 to R2C-V035.
        CIRError: R2C-C001 to R2C-C003.
    """
    expr, binder = labelled(text, cir, problem)
    loops = "" if binder is None else f" {write_binder(binder)}"
    if isinstance(expr, Compare):
        relation, _ = relation_of(text, cir, problem)
        return write(relation) + loops
    refused = isinstance(expr, Not)
    wanted = expr.arg if isinstance(expr, Not) else expr
    return write(_relation(text, wanted, refused, cir)) + loops


def _relation(text: str, wanted: Expr, refused: bool, cir: CIR) -> Compare:
    known = {item.name: item for item in cir.decisions}
    if not isinstance(wanted, Item | Name):
        raise NO_WISH(text=text, known=sorted(known))
    name = wanted.base if isinstance(wanted, Item) else wanted.id
    if name not in known:
        raise NO_WISH(text=text, known=sorted(known))
    if refused:
        return Compare(("==",), (wanted, Num(0.0)))
    return Compare((_at_least_one(text, known[name]),), (wanted, Num(1.0)))


def _at_least_one(text: str, decision: Decision) -> CompareOp:
    if decision.domain == "continuous":
        raise NEEDS_AMOUNT(text=text, name=decision.name)
    return "==" if decision.domain == "binary" else ">="


def _holds(text: str, cir: CIR, problem: Problem, answer: Formulation) -> bool:
    """Whether the plan already has what is wished."""
    relation, binder = relation_of(text, cir, problem)
    assert answer.solution is not None
    evaluator = Evaluator(bind(cir, problem), by_symbol(answer.solution, cir))
    return all(
        _keeps(op, left, right)
        for _, sides in _sides(evaluator, relation, binder)
        for op, left, right in zip(relation.ops, sides, sides[1:], strict=False)
    )


def _sides(
    evaluator: Evaluator[float], relation: Compare, binder: Binder | None
) -> list[tuple[object, tuple[float, ...]]]:
    return [(key, sides) for key, sides in evaluator.relations(relation, binder)]


def _keeps(op: CompareOp, left: float, right: float) -> bool:
    apart = room(left, right)
    match op:
        case "<=":
            return left <= right + apart
        case ">=":
            return left >= right - apart
        case "<":
            return left < right - apart
        case ">":
            return left > right + apart
        case "==":
            return abs(left - right) <= apart
        case _:
            return False


def _told(text: str, told: WhatIf, before: Formulation, wish: str) -> WhyNot:
    if told.after.outcome is Outcome.INFEASIBLE:
        quotes = {rule.id: rule.quote for rule in before.cir.rules} if before.cir else {}
        rules = () if told.conflict is None else told.conflict.rules
        against = tuple(
            Against(rule=rule, quote=quotes.get(rule, "")) for rule in rules if rule != wish
        )
        return WhyNot(wish=text, kind="impossible", against=against, what_if=told)
    if not told.after.has_plan:
        return WhyNot(wish=text, kind="unsettled", what_if=told)
    goal = told.deciding()
    if goal is None or goal.judgement == "equal":
        return WhyNot(wish=text, kind="as_good", cost=0.0, what_if=told)
    cost = abs(goal.difference)
    if goal.judgement == "better":
        return WhyNot(wish=text, kind="improves", cost=-cost, what_if=told)
    return WhyNot(wish=text, kind="costs", cost=cost, what_if=told)
