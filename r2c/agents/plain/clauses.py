"""What is read one by one where decisions are named one by one: data first, then limits."""

from __future__ import annotations

import re
from itertools import islice

from r2c.agents.clauses import Clause, without_question
from r2c.agents.logic import is_rule
from r2c.agents.plain.tables import written_out
from r2c.agents.slots import Slot, slots_in
from r2c.problem.schema import Problem, Sentence, Span, Table
from r2c.problem.spoken import spoken

_OPENING = re.compile(r"^(?:if|given that|assuming(?: that)?|suppose(?: that)?)\s+", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:(?:more|less|fewer|greater|larger|smaller)\b.{0,60}?\bthan|exceeds?|outnumber"
    r"|(?:equal|same) (?:number|amount)|as (?:many|much)\b.{0,60}?\bas)\b",
    re.IGNORECASE | re.DOTALL,
)
_OF = re.compile(r"\bof\b", re.IGNORECASE)

_Thing = tuple[str, ...]


def clauses(problem: Problem) -> tuple[Clause, ...]:
    """The sentences that say something about the plan: data first, then limits, else as written.

    Data first, because a limit is easier to read when the measures it refers to are known. So a
    limit also waits for numbers of the same thing that no word makes a limit: 900 g of silver for
    "rings need 8 g of silver".
    """
    found = [clause for item in problem.sentences if (clause := _clause(problem, item)) is not None]
    tables = [_table_clause(problem, table) for table in problem.tables]
    # The sorts are stable: tables come first, then sentences with data, then the others.
    ordered = sorted([*tables, *found], key=lambda clause: not clause.is_data)
    used = {_used(clause): place for place, clause in enumerate(ordered)}
    turns = [
        max([place, *(used.get(thing, 0) for thing in _limited(clause))])
        for place, clause in enumerate(ordered)
    ]
    # Of several that come to one place the last began there: those that waited for it follow.
    places = sorted(range(len(ordered)), key=lambda place: (turns[place], turns[place] > place))
    return tuple(ordered[place] for place in places)


def _limited(clause: Clause) -> set[_Thing]:
    """What the limits of a clause are of."""
    return {_thing(slot) for slot in clause.slots if slot.side} - {()}


def _used(clause: Clause) -> _Thing:
    """The one thing of which all numbers of a clause are; empty if one of them is a limit."""
    things = {() if slot.side else _thing(slot) for slot in clause.slots}
    return things.pop() if len(things) == 1 else ()


def _thing(slot: Slot) -> _Thing:
    """What a number counts and of what: `mg`, `gold`; empty where no words say so."""
    return tuple(islice(spoken(_OF.sub(" ", slot.after)), 2))


def _clause(problem: Problem, sentence: Sentence) -> Clause | None:
    span = without_question(problem, sentence)
    if span is None:
        return None
    words = problem.quote(span)
    slots = tuple(slots_in(problem, span))
    if all(slot.quantity.kind == "word" and not (slot.side or slot.per_unit) for slot in slots):
        slots = ()  # "two quarries": how many there are, not how much
    words = words.strip(" ,\n")
    if not slots and is_rule(words):
        return Clause(sentence.number, sentence.span, words, ())
    if not slots and not _COMPARES.search(words):
        return None
    return Clause(sentence.number, sentence.span, _shown(words, slots), slots)


def _shown(words: str, slots: tuple[Slot, ...]) -> str:
    """The words without an "if" that only opens data: "if a desk earns $70"."""
    opens_data = any(slot.per_unit for slot in slots) or not any(slot.side for slot in slots)
    return _OPENING.sub("", words) if opens_data or "," not in words else words


def _table_clause(problem: Problem, table: Table) -> Clause:
    span = table.span or Span(start=0, end=0)
    before = [item.number for item in problem.sentences if item.span.start <= span.start]
    return Clause(max(before, default=1), span, written_out(table), (), table.name)
