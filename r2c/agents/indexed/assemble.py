"""From readings over sets to a CIR: sets and parameters of the tables, families, rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from r2c.agents.clauses import Clause, question
from r2c.agents.domain import domain_of
from r2c.agents.goal import objective_of, read_goal
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.network import SENT
from r2c.agents.indexed.stated import bound, brought_along, with_stated
from r2c.agents.indexed.totals import Totals
from r2c.agents.indexed.windows import on_duty
from r2c.agents.mapper import map_relation
from r2c.agents.over_sets import Balance, Exchange, OnDuty, Reach, Ruled, Stated
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.agents.statements import Limit, OverSets, read_statements
from r2c.archetypes.card import Card
from r2c.cir.expr import Compare, Expr, Name, Num
from r2c.cir.literals import trace_literals
from r2c.cir.parse import parse, parse_binder
from r2c.cir.schema import CIR, Decision, Rule
from r2c.cir.write import number, write
from r2c.problem.schema import Problem


def assemble_families(
    problem: Problem,
    data: Data,
    roster: Sequence[Choice],
    readings: Iterable[Reading],
    goal: str,
    cards: Mapping[str, Card],
) -> CIR:
    """The CIR that the readings say; a limit that is said twice is one rule.

    Args:
        problem: the problem.
        data: the sets and parameters of its tables.
        roster: the families of decisions.
        readings: what was read, clause by clause.
        goal: the objective.
        cards: the archetypes that readings may state.

    Raises:
        CIRError: a statement is no sum of products of known amounts, or R2C-G015.
    """
    asked = question(problem)
    decisions = [_family(choice, data, problem, asked) for choice in roster]
    owned = {given.name: given.axes for given in data.given.values()}
    readings = tuple(readings)
    said = [item for reading in readings for item in read_statements(reading.text)]
    balances = [item for item in said if isinstance(item, Balance)]
    own = brought_along(said, cards, data, roster)
    totals = Totals(
        data,
        {
            **owned,
            **{choice.name: choice.over for choice in (*roster, *own)},
            **{item.gives[1]: item.each for item in said if isinstance(item, Ruled) and item.gives},
        },
        {SENT: _net_outflow(balances[0], data, roster)} if balances else {},
    )
    written = dict.fromkeys(item for item in said if isinstance(item, Stated))
    stated = {item: bound(item, cards, data, roster) for item in written}
    ordered = {data.axes[item.axis].set for item in said if isinstance(item, OnDuty)}
    ordered |= {
        by.id
        for item in said
        if isinstance(item, Ruled)
        for role, by in item.operands
        if role == "periods" and isinstance(by, Name)
    }
    decisions, mapped = with_stated(decisions, stated, data)
    choices = {item.name for item in decisions if item.domain == "binary"}
    objective = read_goal(goal)
    cir = CIR(
        sets=tuple(
            item.model_copy(update={"kind": "ordered"}) if item.name in ordered else item
            for item in data.sets
        ),
        parameters=(*data.folded, *(given.parameter for given in data.given.values())),
        decisions=tuple(decisions),
        rules=tuple(_rules(problem, readings, totals, choices, roster, mapped)),
        objectives=(objective_of(objective, parse(totals.spelled(objective.expr, ())), problem),),
    )
    return trace_literals(cir, problem)


def _net_outflow(item: Balance, data: Data, roster: Sequence[Choice]) -> str:
    """What leaves the source beyond what returns to it."""
    leaving, arriving = _flows(item.amount, data, roster, f'"{item.ends[0]}"')
    return f"{leaving} - {arriving}"


def _flows(name: str, data: Data, roster: Sequence[Choice], place: str) -> tuple[str, str]:
    """What leaves a place and what arrives there, in the algebra of the CIR."""
    choice = next(one for one in roster if one.name == name)
    first, second = choice.over
    space = data.space(choice.over)
    amount = f"{name}[{first}_, {second}_]"
    loop = f"({first}_, {second}_) in {space.over[0]}"
    if not space.sparse:
        loop = f"{first}_ in {space.over[0]} for {second}_ in {space.over[1]}"
    leaving = f"sum({amount} for {loop} if {first}_ == {place})"
    return leaving, f"sum({amount} for {loop} if {second}_ == {place})"


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
    roster: Sequence[Choice],
    mapped: Mapping[Stated, Mapping[str, Expr]],
) -> Iterator[Rule]:
    decided = [choice.name for choice in roster]
    seen: set[str] = set()
    for clause, item in _stated(readings):
        if str(item) in seen:
            continue
        seen.add(str(item))
        if isinstance(item, Balance):
            archetype, operands, forall = _kept(item, totals.data, roster)
        elif isinstance(item, Exchange):
            archetype, operands, forall = _exchanged(item, totals.data, roster)
        elif isinstance(item, Reach):
            archetype, operands, forall = _reached(item, totals.data, roster)
        elif isinstance(item, OnDuty):
            archetype, operands, forall = _staffed(item, totals.data)
        elif isinstance(item, Ruled):
            archetype, operands = item.archetype, dict(item.operands)
            forall = totals.loops(item.each) if item.each else ""
            forall += "" if item.where is None else f" if {write(item.where)}"
        elif isinstance(item, Stated):
            archetype, operands = item.archetype, mapped[item]
            forall = totals.loops(item.each) if item.each else ""
        else:
            archetype, operands = _mapped(item, totals, choices, decided)
            forall = totals.loops(item.each) if item.each else ""
        yield Rule(
            id=f"r{len(seen)}",
            quote=problem.quote(clause.span) if clause.span.end else clause.text,
            span=clause.span if clause.span.end else None,
            archetype=archetype,
            forall=parse_binder(forall) if forall else None,
            operands=dict(operands),
            outputs=dict([item.gives]) if isinstance(item, Ruled) and item.gives else {},
        )


def _kept(
    item: Balance, data: Data, roster: Sequence[Choice]
) -> tuple[str, Mapping[str, Expr], str]:
    """Conservation at every place that is no end: archetype, operands and loop."""
    axis = next(one for one in roster if one.name == item.amount).over[0]
    leaving, arriving = _flows(item.amount, data, roster, axis)
    source, sink = item.ends
    forall = f'for {axis} in {data.axes[axis].set} if {axis} != "{source}" and {axis} != "{sink}"'
    return "flow_conservation", {"inflow": parse(arriving), "outflow": parse(leaving)}, forall


def _exchanged(
    item: Exchange, data: Data, roster: Sequence[Choice]
) -> tuple[str, Mapping[str, Expr], str]:
    """What each place of a network has and gets covers what it needs and sends."""
    axis = next(one for one in roster if one.name == item.amount).over[0]
    leaving, arriving = _flows(item.amount, data, roster, axis)
    has, needs = (f"{name}[{axis}]" for name in (item.supply, item.demand))
    forall = f"for {axis} in {data.axes[axis].set}"
    if item.op == "==":
        parts = {"inflow": arriving, "outflow": leaving, "supply": has, "demand": needs}
        return "flow_conservation", {role: parse(text) for role, text in parts.items()}, forall
    left = parse(f"{arriving} + {has} - ({leaving})")
    return "minimum_requirement", {"amount": left, "least": parse(needs)}, forall


def _reached(
    item: Reach, data: Data, roster: Sequence[Choice]
) -> tuple[str, Mapping[str, Expr], str]:
    """At least one chosen member is near enough."""
    (site,) = next(one for one in roster if one.name == item.choice).over
    axes = data.given[item.measure].axes
    near = f"{item.measure}[{', '.join(axes)}] <= {number(item.most)}"
    chosen = parse(f"sum({item.choice}[{site}] for {site} in {data.axes[site].set} if {near})")
    forall = f"for {item.each} in {data.axes[item.each].set}"
    return "minimum_requirement", {"amount": chosen, "least": Num(1.0)}, forall


def _staffed(item: OnDuty, data: Data) -> tuple[str, Mapping[str, Expr], str]:
    axis = data.axes[item.axis]
    operands = {
        "amount": parse(on_duty(item, axis)),
        "least": parse(f"{item.need}[{item.axis}]"),
    }
    return "minimum_requirement", operands, f"for {item.axis} in {axis.set}"


def _stated(
    readings: Iterable[Reading],
) -> list[tuple[Clause, Limit | OverSets]]:
    # A sentence comes before the heading of a table that says the same.
    ordered = sorted(readings, key=lambda one: (one.clause.table is not None, one.clause.sentence))
    return [
        (reading.clause, item)
        for reading in ordered
        for item in read_statements(reading.text)
        if isinstance(item, Limit | OverSets)
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
