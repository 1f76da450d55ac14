"""What is read one by one where decisions are named one by one: data first, then limits."""

from __future__ import annotations

import re

from r2c.agents.clauses import Clause, without_question
from r2c.agents.logic import is_rule
from r2c.agents.plain.tables import written_out
from r2c.agents.slots import Slot, slots_in
from r2c.problem.schema import Problem, Sentence, Span, Table

_OPENING = re.compile(r"^(?:if|given that|assuming(?: that)?|suppose(?: that)?)\s+", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:(?:more|less|fewer|greater|larger|smaller)\b.{0,60}?\bthan|exceeds?|outnumber"
    r"|(?:equal|same) (?:number|amount)|as (?:many|much)\b.{0,60}?\bas)\b",
    re.IGNORECASE | re.DOTALL,
)


def clauses(problem: Problem) -> tuple[Clause, ...]:
    """The sentences that say something about the plan: data first, then limits, else as written.

    Data first, because a limit is easier to read when the measures it refers to are known: those
    per unit, then numbers that no word makes a limit ("a desk and a chair need 9 and 4 bolts").
    """
    found = [clause for item in problem.sentences if (clause := _clause(problem, item)) is not None]
    tables = [_table_clause(problem, table) for table in problem.tables]
    # The sort is stable: tables come first, then sentences with data, then the others.
    return tuple(sorted([*tables, *found], key=_turn))


def _turn(clause: Clause) -> int:
    if clause.is_data:
        return 0
    return 1 if clause.slots and all(slot.side is None for slot in clause.slots) else 2


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
