"""What is read one by one where decisions are named one by one: data first, then limits."""

from __future__ import annotations

import re

from r2c.agents.clauses import Clause, without_question
from r2c.agents.logic import is_rule
from r2c.agents.mentions import spoken
from r2c.agents.plain.tables import written_out
from r2c.agents.slots import Slot, slots_in
from r2c.problem.schema import Problem, Sentence, Span, Table

_OPENING = re.compile(r"^(?:if|given that|assuming(?: that)?|suppose(?: that)?)\s+", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:(?:more|less|fewer|greater|larger|smaller)\b.{0,60}?\bthan|exceeds?|outnumber"
    r"|(?:equal|same) (?:number|amount)|as (?:many|much)\b.{0,60}?\bas)\b",
    re.IGNORECASE | re.DOTALL,
)
_OF = re.compile(r"\bof\b", re.IGNORECASE)


def clauses(problem: Problem) -> tuple[Clause, ...]:
    """The sentences that say something about the plan: data first, then limits, else as written.

    Data first, because a limit is easier to read when the measures it refers to are known. So a
    limit also waits for numbers of the same thing that no word makes a limit: 900 g of silver for
    "rings need 8 g of silver".
    """
    found = [clause for item in problem.sentences if (clause := _clause(problem, item)) is not None]
    tables = [_table_clause(problem, table) for table in problem.tables]
    # The sort is stable: tables come first, then sentences with data, then the others.
    ordered = sorted([*tables, *found], key=lambda clause: not clause.is_data)
    for limit in [clause for clause in ordered if any(slot.side for slot in clause.slots)]:
        place = ordered.index(limit)
        uses = [later for later in ordered[place + 1 :] if _uses(later, limit)]
        if uses:
            ordered.insert(ordered.index(uses[-1]), ordered.pop(place))
    return tuple(ordered)


def _uses(clause: Clause, limit: Clause) -> bool:
    """Whether all numbers of a clause are of the thing that a limit is of, and none is a limit."""
    limited = [thing for slot in limit.slots if slot.side for thing in [_thing(slot)] if thing]
    return bool(clause.slots) and all(
        slot.side is None and _thing(slot) in limited for slot in clause.slots
    )


def _thing(slot: Slot) -> tuple[str, ...]:
    """What a number counts and of what: `mg`, `gold`; empty where no words say so."""
    return tuple(list(spoken(_OF.sub(" ", slot.after)))[:2]) if slot.after.strip() else ()


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
