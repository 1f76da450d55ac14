"""From readings to a CIR: measures become definitions, limits become rules with their sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from r2c.agents.clauses import question
from r2c.agents.domain import domain_of
from r2c.agents.goal import objective_of, read_goal
from r2c.agents.mapper import map_conditional, map_either, map_implication, map_relation
from r2c.agents.over_sets import Balance, Exchange, OnDuty, Reach, Ruled, Stated
from r2c.agents.plain.measures import sources, switches, told, total
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.agents.statements import (
    Conditional,
    Datum,
    Either,
    Implication,
    Limit,
    OverSets,
    read_statements,
)
from r2c.cir.expr import Add, Compare, Expr, Name, Num, symbols
from r2c.cir.literals import trace_literals
from r2c.cir.rename import rename
from r2c.cir.schema import CIR, Assumption, Decision, Definition, Rule
from r2c.errors import CIRError, declare
from r2c.problem.schema import Problem
from r2c.problem.spoken import stem

UNKNOWN_MEASURE = declare(
    "R2C-G010",
    CIRError,
    what="The model limits or optimizes {name!r}, but no sentence gives data for it.",
    why="A measure is the sum of its data over the decisions; known are {known}.",
    remedy="Say in the text how much of it each decision uses or brings.",
)

NOT_A_NETWORK = declare(
    "R2C-G014",
    CIRError,
    what="{name!r} is one amount, but was read as a flow through a network.",
    why="Only amounts over pairs of places can be kept at places.",
    remedy="Give the connections between the places as a table.",
)

NOT_OVER_SETS = declare(
    "R2C-G016",
    CIRError,
    what="{stated} was read, but the decisions are single amounts.",
    why="The roles of this archetype run over sets.",
    remedy="Give what the decisions are about as a table.",
)


def assemble(
    problem: Problem, roster: Sequence[Choice], readings: Iterable[Reading], goal: str
) -> CIR:
    """The CIR that the readings say, every number traced to its words.

    Raises:
        CIRError: R2C-G010 if a limit or the objective names a measure without data, R2C-G013 if
            a measure has two numbers for one decision.
    """
    readings = tuple(readings)
    data, charges = told(readings)
    decisions = tuple(_decision(choice, problem) for choice in roster)
    names = [choice.name for choice in roster]
    objective = read_goal(goal)
    aliases = _aliases(readings, objective.expr, names, {**data, **charges})
    rules = _rules(problem, readings, aliases, decisions, (*names, *data, *charges))
    explained = sources(problem, readings)
    cir = CIR(
        decisions=decisions,
        definitions=tuple(
            Definition(
                name=name,
                expr=total(data.get(name, {}), charges.get(name, {})),
                literals=explained.get(name, ()),
            )
            for name in {**data, **charges}
        ),
        rules=(*rules, *switches(problem, readings, charges, first=len(rules) + 1)),
        objectives=(objective_of(objective, rename(objective.expr, aliases), problem),),
        assumptions=_strict(readings, decisions),
    )
    return trace_literals(_used(cir), problem)


def _decision(choice: Choice, problem: Problem) -> Decision:
    domain, reason = domain_of(choice.meaning, problem.text, question(problem))
    return Decision(name=choice.name, domain=domain, domain_reason=reason, meaning=choice.meaning)


def _aliases(
    readings: Sequence[Reading], goal: Expr, names: Sequence[str], data: Mapping[str, object]
) -> dict[str, str]:
    """Measures without data of their own, told by another measure that shares a word."""
    used = set(symbols(goal))
    for reading in readings:
        for item in read_statements(reading.text):
            if isinstance(item, Limit):
                used |= symbols(item.relation)
    found: dict[str, str] = {}
    for name in sorted(used - set(names) - set(data)):
        words = _words(name)
        near = [known for known in data if words & _words(known)]
        if not near:
            raise UNKNOWN_MEASURE(name=name, known=", ".join(data) or "none")
        found[name] = near[0]
    return found


def _words(name: str) -> set[str]:
    return {stem(word) for word in name.split("_") if word}


def _rules(
    problem: Problem,
    readings: Sequence[Reading],
    aliases: Mapping[str, str],
    decisions: Sequence[Decision],
    decided: Sequence[str],
) -> tuple[Rule, ...]:
    domains: dict[str, str] = {item.name: item.domain for item in decisions}
    ordered = sorted(readings, key=lambda reading: reading.clause.sentence)
    found: list[Rule] = []
    for reading in ordered:
        for item in read_statements(reading.text):
            if isinstance(item, Datum):
                continue
            archetype, operands = _mapped(item, aliases, domains, decided)
            found.append(
                Rule(
                    id=f"r{len(found) + 1}",
                    quote=problem.quote(reading.clause.span),
                    span=reading.clause.span,
                    archetype=archetype,
                    operands=operands,
                )
            )
    return tuple(found)


def _mapped(
    item: Limit | Implication | Conditional | Either | OverSets,
    aliases: Mapping[str, str],
    domains: Mapping[str, str],
    decided: Sequence[str],
) -> tuple[str, Mapping[str, Expr]]:
    whole = {name for name, domain in domains.items() if domain != "continuous"}

    def closed(relation: Compare) -> Compare:
        renamed = rename(relation, aliases)
        assert isinstance(renamed, Compare)
        return _closed(renamed, whole)

    match item:
        case Balance() | Exchange():
            raise NOT_A_NETWORK(name=item.amount)
        case Stated() | Ruled() | Reach() | OnDuty():
            raise NOT_OVER_SETS(stated=str(item))
        case Implication():
            return map_implication(item, domains)
        case Either(first, second):
            return map_either(Either(closed(first), closed(second)), domains)
        case Conditional(condition, consequence):
            met = condition if isinstance(condition, Name) else closed(condition)
            return map_conditional(Conditional(met, closed(consequence)), domains)
        case Limit(relation):
            choices = [name for name, domain in domains.items() if domain == "binary"]
            return map_relation(closed(relation), decided, choices)


def _closed(relation: Compare, whole: set[str]) -> Compare:
    """A strict relation over divisible amounts with its boundary; see `_strict`."""
    op = relation.ops[0]
    if op not in ("<", ">"):
        return relation
    if symbols(relation) <= whole and all(_is_whole(arg) for arg in relation.args):
        step = Num(1.0)
        left, right = relation.args
        shifted = Add((right, step)) if op == ">" else Add((left, step))
        args = (left, shifted) if op == ">" else (shifted, right)
        return Compare((">=" if op == ">" else "<=",), args)
    return Compare((">=" if op == ">" else "<=",), relation.args)


def _is_whole(expr: Expr) -> bool:
    from r2c.cir.expr import numbers

    return all(value == int(value) for value in numbers(expr))


def _strict(readings: Sequence[Reading], decisions: Sequence[Decision]) -> tuple[Assumption, ...]:
    whole = {item.name for item in decisions if item.domain != "continuous"}
    return tuple(
        Assumption(text=f"{item}: the boundary itself is allowed, since amounts are divisible.")
        for reading in readings
        for item in read_statements(reading.text)
        if isinstance(item, Limit)
        and item.relation.ops[0] in ("<", ">")
        and not symbols(item.relation) <= whole
    )


def _used(cir: CIR) -> CIR:
    """Without measures that neither a rule nor the objective needs."""
    needed: set[str] = set()
    for rule in cir.rules:
        for operand in rule.operands.values():
            needed |= symbols(operand)
    for objective in cir.objectives:
        needed |= symbols(objective.expr)
    kept = tuple(item for item in cir.definitions if item.name in needed)
    return cir.model_copy(update={"definitions": kept})
