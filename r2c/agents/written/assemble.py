"""From declarations and rules to a CIR.

What goes without saying is added by `r2c.agents.written.implied`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from r2c.agents.clauses import question
from r2c.agents.domain import domain_of
from r2c.agents.formal import Formal, read_formals
from r2c.agents.goal import objective_of, read_goal
from r2c.agents.mapper import map_relation
from r2c.agents.reading import Reading
from r2c.agents.reserved import is_reserved
from r2c.agents.roster import Choice
from r2c.agents.written.implied import forall, guarded, summed
from r2c.agents.written.nouns import Nouns, domain_told, most_of
from r2c.archetypes.card import Card
from r2c.cir.expr import Compare, Expr, Name, Text
from r2c.cir.literals import trace_literals
from r2c.cir.schema import CIR, Decision, Rule
from r2c.cir.write import write
from r2c.errors import CIRError, declare
from r2c.problem.schema import Problem, Span

UNKNOWN_ARCHETYPE = declare(
    "R2C-G017",
    CIRError,
    what="There is no archetype {name!r} with {wrong}.",
    why="A rule fills the roles of a card; known roles are {known}.",
    remedy="Use a card of the library with its roles, or write the rule as a relation.",
)


def assemble_written(
    problem: Problem,
    nouns: Nouns,
    readings: Iterable[Reading],
    goal: str,
    cards: Mapping[str, Card],
) -> CIR:
    """The CIR of what was declared and of the rules; a rule that is said twice is one.

    Raises:
        CIRError: R2C-G017, or an expression that has no meaning.
    """
    asked = question(problem)
    ordered = {axis.set for axis in nouns.axes.values() if axis.ordered}
    sets = [
        item.model_copy(update={"kind": "ordered"}) if item.name in ordered else item
        for item in nouns.data.sets
    ]
    objective = read_goal(goal)
    given = (item.parameter for item in nouns.data.given.values())
    rules = [item for reading in readings for item in read_formals(reading.text)]
    cir = CIR(
        sets=(*sets, *nouns.sets()),
        parameters=(*nouns.data.folded, *given, *nouns.parameters()),
        decisions=tuple(_decision(choice, nouns, problem, asked) for choice in nouns.decisions),
        rules=tuple(_rules(rules, nouns, problem, cards)),
        objectives=(objective_of(objective, summed(objective.expr, nouns), problem),),
    )
    return trace_literals(cir, problem)


def _decision(choice: Choice, nouns: Nouns, problem: Problem, asked: str) -> Decision:
    domain, reason = domain_of(choice.meaning, problem.text, asked)
    told = domain_told(choice)
    if told is not None:
        domain, reason = told, "declared so"
    return Decision(
        name=choice.name,
        over=_over(choice.over, nouns),
        indices=choice.over,
        upper=most_of(choice),
        domain=domain,
        domain_reason=reason,
        meaning=choice.meaning,
    )


def _over(axes: Sequence[str], nouns: Nouns) -> tuple[str, ...]:
    """The sets of some axes: those of a table of pairs exist as pairs only."""
    for space in nouns.data.spaces:
        if space.axes == tuple(axes) and space.sparse:
            return space.over
    return tuple(nouns.axes[axis].set for axis in axes)


def _rules(
    rules: Sequence[Formal], nouns: Nouns, problem: Problem, cards: Mapping[str, Card]
) -> Iterator[Rule]:
    seen = set()
    for item in rules:
        if item.meaning in seen:
            continue
        seen.add(item.meaning)
        span = span_of(item, problem)
        archetype, operands = mapped(item, nouns, cards)
        outputs = {} if item.archetype == "" else _outputs(operands, cards[archetype])
        yield Rule(
            id=f"r{len(seen)}",
            quote="" if span is None else problem.quote(span),
            span=span,
            archetype=archetype,
            forall=forall(item, nouns, list(operands.values())),
            operands={
                role: guarded(expr, nouns) for role, expr in operands.items() if role not in outputs
            },
            outputs=outputs,
        )


def span_of(item: Formal, problem: Problem) -> Span | None:
    """The words of the sentences that state a rule."""
    spans = [one.span for one in problem.sentences if item.first <= one.number <= item.last]
    return Span(start=spans[0].start, end=spans[-1].end) if spans else None


def mapped(item: Formal, nouns: Nouns, cards: Mapping[str, Card]) -> tuple[str, dict[str, Expr]]:
    """The archetype of a rule and what fills its roles.

    Raises:
        CIRError: R2C-G017.
    """
    if not item.archetype:
        relation = item.operands[0][1]
        assert isinstance(relation, Compare)
        choices = [choice.name for choice in nouns.decisions]
        return map_relation(relation, nouns.decided, choices)
    card = cards.get(item.archetype)
    if card is None:
        raise UNKNOWN_ARCHETYPE(name=item.archetype, wrong="that name", known=[])
    known = {role.name: role for role in card.roles}
    outputs = {output.name for output in card.outputs}
    for role, expr in item.operands:
        if role in outputs - known.keys() and not _is_new(expr, nouns):
            wrong = f"{write(expr)!r} as the name of its {role!r}"
            raise UNKNOWN_ARCHETYPE(name=item.archetype, wrong=wrong, known=list(known))
    odd = [role for role, _ in item.operands if role not in known and role not in outputs]
    missing = [role.name for role in card.roles if role.required]
    missing = [role for role in missing if role not in dict(item.operands)]
    if odd or missing:
        wrong = f"the role {odd[0]!r}" if odd else f"nothing in the role {missing[0]!r}"
        raise UNKNOWN_ARCHETYPE(name=item.archetype, wrong=wrong, known=list(known))
    return item.archetype, {
        role: Text(expr.id)
        if role in known and known[role].kind == "word" and isinstance(expr, Name)
        else expr
        for role, expr in item.operands
    }


def _is_new(expr: Expr, nouns: Nouns) -> bool:
    """Whether an expression is a name that nothing has yet."""
    if not isinstance(expr, Name) or re.fullmatch(r"[A-Za-z_]\w{0,63}", expr.id, re.ASCII) is None:
        return False
    return expr.id not in nouns.names and not is_reserved(expr.id)


def _outputs(operands: Mapping[str, Expr], card: Card) -> dict[str, str]:
    names = {output.name for output in card.outputs} - {role.name for role in card.roles}
    return {
        role: expr.id for role, expr in operands.items() if role in names and isinstance(expr, Name)
    }
