"""What speaks against a reading of a sentence although its form is right.

A reading gets as many points as samples gave it, less what it costs here. The costs are soft on
purpose: the heuristics look only at words, and a unanimous model may know better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from r2c.agents.clauses import Clause
from r2c.agents.goal import Goal
from r2c.agents.mentions import mentioned, owner_of_datum
from r2c.agents.over_sets import Balance, Exchange, OnDuty, Reach, Ruled, Stated
from r2c.agents.plain.respectively import respective
from r2c.agents.plain.settled import settled_relations
from r2c.agents.plain.whole import named_near
from r2c.agents.slots import Slot
from r2c.agents.statements import (
    Conditional,
    Datum,
    Either,
    Implication,
    Limit,
    Statement,
    meaning_of,
    read_statements,
)
from r2c.cir.expr import Add, Compare, Expr, Name, Num, symbols

OFTEN = 2.0
SURELY = 3.0
CERTAINLY = 6.0
SILENT = 0.5

Telling = Mapping[str, frozenset[str]]


def is_sound(statements: Sequence[Statement], decisions: Sequence[str]) -> bool:
    """Whether a reading can be meant at all: no measure named like a decision, nothing twice."""
    told: dict[tuple[str, str], float] = {}
    for item in statements:
        match item:
            case Limit(relation):
                sound = relation.args[0] != relation.args[-1]
            case Implication(first, second, _):
                sound = first != second
            case Conditional(condition, consequence):
                sound = condition != consequence
            case Either(one, other):
                sound = one != other
            case Datum(measure, decision, value, once):
                named = measure not in decisions and decision in decisions
                key = (f"{measure} {once}", decision)
                sound = named and told.setdefault(key, value) == value
            case Balance() | Exchange() | Reach() | OnDuty() | Stated() | Ruled():
                sound = False
        if not sound:
            return False
    return True


def cost(
    clause: Clause,
    statements: Sequence[Statement],
    telling: Telling,
    known: Mapping[tuple[str, str], float],
    shared: frozenset[str] = frozenset(),
) -> float:
    """What the words of the clause say against the reading, in votes of five samples.

    Args:
        clause: the sentence.
        statements: the reading.
        telling: the telling words of each decision.
        known: data read from earlier sentences, by measure and decision.
        shared: the words by which all decisions are told what they are, such as "acres".
    """
    if not statements:
        return SILENT if clause.slots else 0.0
    total = sum(OFTEN for item in statements if _contradicts(item, known))
    total += sum(SURELY for item in statements if _is_against_itself(item))
    if len(statements) != len(clause.slots):
        return total
    owned = respective(clause, telling)
    carried: tuple[str, ...] = ()
    limited: set[tuple[Expr, str]] = set()
    spoken_of: tuple[str, ...] = ()
    measures = list(dict.fromkeys(measure for measure, _ in known))
    relations = settled_relations(clause.slots, telling, measures, shared)
    own = (item.measure for item in statements if isinstance(item, Datum))
    named = list(dict.fromkeys((*measures, *own)))
    for item, slot, sides in zip(statements, clause.slots, relations, strict=True):
        spoken_of = mentioned(slot.before, telling) or spoken_of
        total += _misnamed(item, slot, named)
        if isinstance(item, Datum):
            if not owned:
                carried = owner_of_datum(slot.before, slot.after, telling, carried)
            total += OFTEN if carried and item.decision not in carried else 0.0
            continue
        if not isinstance(item, Limit):
            continue
        if sides is not None:
            # A form held by a grammar admits nothing else; other endpoints may write anything.
            total += 0.0 if _is_between(item, sides) else SURELY
            continue
        total += SURELY if leaves_out(item, clause, telling) else 0.0
        total += SURELY if _adds_kinds(item.relation, telling) else 0.0
        if _is_out_of_place(item.relation, slot, spoken_of, telling):
            # Where the words name decisions elsewhere, a number without a name is for all of them.
            total += SURELY if mentioned(clause.text, telling) else OFTEN
        unsaid = slot.side is None and not slot.factor and mentioned(clause.text, telling)
        total += OFTEN if unsaid else 0.0
        total += OFTEN if slot.factor and _mixes_kinds(item.relation, telling) else 0.0
        total += OFTEN if slot.factor and _is_of_unsaid(item.relation, clause, telling) else 0.0
        key = (item.relation.args[0], item.relation.ops[0])
        total += OFTEN if slot.side and key in limited else 0.0
        limited.add(key)
    return total


def goal_cost(goal: Goal, decisions: Sequence[str], counts: bool) -> float:
    """What speaks against an objective, in votes of five samples.

    Args:
        goal: the objective.
        decisions: their names.
        counts: whether the question asks for the number of all things decided (see `r2c.agents.
            counting`).
    """
    named = symbols(goal.expr)
    measures = named - set(decisions)
    mixed = CERTAINLY if named & set(decisions) and measures else 0.0
    return mixed + (CERTAINLY if counts and measures else 0.0)


def _misnamed(item: Statement, slot: Slot, measures: Sequence[str]) -> float:
    """What it costs to use a measure where the words at the number name another one."""
    if isinstance(item, Datum):
        used, price = item.measure, OFTEN
    elif isinstance(item, Limit) and isinstance(left := item.relation.args[0], Name):
        used, price = left.id, SURELY
    else:
        return 0.0
    named = named_near(slot, measures)
    return price if used in measures and named and used not in named else 0.0


def _is_between(item: Limit, sides: tuple[str, str]) -> bool:
    """Whether a limit relates these two sides, whatever the order of their terms."""
    expected = read_statements(f"{sides[0]} {item.relation.ops[0]} {sides[1]}")
    return meaning_of((item,)) == meaning_of(expected)


def _contradicts(item: Statement, known: Mapping[tuple[str, str], float]) -> bool:
    if not isinstance(item, Datum):
        return False
    return known.get((item.measure, item.decision), item.value) != item.value


def _is_against_itself(item: Statement) -> bool:
    """`x <= 0.3*x` says nothing about x but its sign."""
    if not isinstance(item, Limit):
        return False
    left, right = item.relation.args[0], item.relation.args[-1]
    return (
        not isinstance(right, Num) and symbols(left) == symbols(right) and len(symbols(left)) == 1
    )


def _mixes_kinds(relation: Compare, telling: Telling) -> bool:
    """Whether decisions are compared with measures: "at most 60% of the rides" is about rides."""
    left, right = symbols(relation.args[0]), symbols(relation.args[-1])
    return bool(left and right) and left <= telling.keys() and not right & telling.keys()


def _adds_kinds(relation: Compare, telling: Telling) -> bool:
    """Whether a measure and a decision are added: years of experience and a person."""
    return any(
        isinstance(side, Add)
        and len({term.id in telling for term in side.terms if isinstance(term, Name)}) > 1
        for side in relation.args
    )


def _is_of_unsaid(relation: Compare, clause: Clause, telling: Telling) -> bool:
    """Whether a measure is held against a share of a decision that the words do not name."""
    left, right = (symbols(side) & telling.keys() for side in (relation.args[0], relation.args[-1]))
    some = bool(right) and len(right) < len(telling)
    return not left and some and not right & set(mentioned(clause.text, telling))


def leaves_out(item: Statement, clause: Clause, telling: Telling) -> bool:
    """Whether a sum of some decisions is limited by a number where the words name none of them."""
    if not isinstance(item, Limit) or not isinstance(item.relation.args[-1], Num):
        return False
    left = item.relation.args[0]
    if not isinstance(left, Add) or not all(isinstance(term, Name) for term in left.terms):
        return False
    return symbols(left) < telling.keys() and not mentioned(clause.text, telling)


def _is_out_of_place(
    relation: Compare, slot: Slot, spoken_of: tuple[str, ...], telling: Telling
) -> bool:
    """Whether one decision alone is limited where the words speak of another, or of none."""
    left = relation.args[0]
    if not isinstance(left, Name) or left.id not in telling:
        return False
    named = {*spoken_of, *mentioned(slot.after, telling)}
    if named:
        return left.id not in named
    return not slot.factor
