"""From readings over sets to a CIR: sets and parameters of the tables, families, rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from r2c.agents.clauses import Clause, goal_sentence, question
from r2c.agents.domain import domain_of
from r2c.agents.goal import read_goal
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.totals import Totals
from r2c.agents.mapper import map_relation
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.agents.statements import Limit, read_statements
from r2c.cir.expr import Compare, Expr, Name, Num
from r2c.cir.literals import trace_literals
from r2c.cir.parse import parse, parse_binder
from r2c.cir.schema import CIR, Decision, Objective, Rule
from r2c.problem.schema import Problem


def assemble_families(
    problem: Problem,
    data: Data,
    roster: Sequence[Choice],
    readings: Iterable[Reading],
    goal: str,
) -> CIR:
    """The CIR that the readings say; a limit that is said twice is one rule.

    Raises:
        CIRError: a statement is no sum of products of known amounts.
    """
    asked = question(problem)
    decisions = tuple(_family(choice, data, problem, asked) for choice in roster)
    owned = {given.name: given.axes for given in data.given.values()}
    totals = Totals(data, {**owned, **{choice.name: choice.over for choice in roster}})
    choices = {item.name for item in decisions if item.domain == "binary"}
    objective = read_goal(goal)
    sentence = goal_sentence(problem)
    cir = CIR(
        sets=tuple(data.sets),
        parameters=tuple(given.parameter for given in data.given.values()),
        decisions=decisions,
        rules=tuple(_rules(problem, readings, totals, choices, [item.name for item in decisions])),
        objectives=(
            Objective(
                sense=objective.sense,
                expr=parse(totals.spelled(objective.expr, ())),
                quote="" if sentence is None else sentence.text,
                span=None if sentence is None else sentence.span,
            ),
        ),
    )
    return trace_literals(cir, problem)


def _family(choice: Choice, data: Data, problem: Problem, asked: str) -> Decision:
    domain, reason = domain_of(choice.meaning, problem.text, asked)
    return Decision(
        name=choice.name,
        over=data.space(choice.over).over,
        indices=choice.over,
        domain=domain,
        domain_reason=reason,
        meaning=choice.meaning,
    )


def _rules(
    problem: Problem,
    readings: Iterable[Reading],
    totals: Totals,
    choices: set[str],
    decided: Sequence[str],
) -> Iterator[Rule]:
    seen: set[str] = set()
    for clause, item in _limits(readings):
        if str(item) in seen:
            continue
        seen.add(str(item))
        archetype, operands = _mapped(item, totals, choices, decided)
        yield Rule(
            id=f"r{len(seen)}",
            quote=problem.quote(clause.span) if clause.span.end else clause.text,
            span=clause.span if clause.span.end else None,
            archetype=archetype,
            forall=parse_binder(totals.loops(item.each)) if item.each else None,
            operands=dict(operands),
        )


def _limits(readings: Iterable[Reading]) -> list[tuple[Clause, Limit]]:
    # A sentence comes before the heading of a table that says the same.
    ordered = sorted(readings, key=lambda one: (one.clause.table is not None, one.clause.sentence))
    return [
        (reading.clause, item)
        for reading in ordered
        for item in read_statements(reading.text)
        if isinstance(item, Limit)
    ]


def _mapped(
    item: Limit, totals: Totals, choices: set[str], decided: Sequence[str]
) -> tuple[str, Mapping[str, Expr]]:
    left, op, right = item.relation.args[0], item.relation.ops[0], item.relation.args[-1]
    if op in ("==", "<=") and right == Num(1.0) and isinstance(left, Name) and left.id in choices:
        open_axes = [axis for axis in totals.axes[left.id] if axis not in item.each]
        if open_axes:
            loops = totals.loops(totals.axes[left.id], item.each)
            member = f"{left.id}[{', '.join(totals.axes[left.id])}]"
            archetype = "exactly_one_choice" if op == "==" else "mutual_exclusion_conflict"
            return archetype, {"options": parse(f"[{member} {loops}]")}
    relation = parse(f"{totals.spelled(left, item.each)} {op} {totals.spelled(right, item.each)}")
    assert isinstance(relation, Compare)
    return map_relation(relation, decided)
