"""Sentences prepared for reading: which numbers they hold and what the words fix about each.

Whatever the words settle is settled here, by code: the side of a limit ("at least 30"), data per
unit ("each takes 3 hours"), multiples of another amount ("twice as many"). The language model
decides only what is left open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from r2c.agents.logic import is_rule
from r2c.agents.plain.tables import written_out
from r2c.agents.slots import Slot, slots_in, wanting_explanation
from r2c.problem.schema import Problem, Sentence, Span, Table

_QUESTION = re.compile(
    r"(?:[,;]?\s*(?:and\s+|so\s+)?)\b(how (?:many|much|should|can)|what (?:is|are|should|would"
    r"|fleet|plan|mix|combination|number|amount)|which |find (?:the|out)|determine|formulate"
    r"|(?:in order |so as )?to (?:maximi[sz]e|minimi[sz]e)|so as to"
    r"|(?:maximi[sz]e|minimi[sz]e)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_OPENING = re.compile(r"^(?:if|given that|assuming(?: that)?|suppose(?: that)?)\s+", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:(?:more|less|fewer|greater|larger|smaller)\b.{0,60}?\bthan|exceeds?|outnumber"
    r"|(?:equal|same) (?:number|amount)|as (?:many|much)\b.{0,60}?\bas)\b",
    re.IGNORECASE | re.DOTALL,
)
_SHARED = re.compile(r"\b(?:each|every|both|either|all)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence without its question, with the numbers that want an explanation.

    `table` names the table of the problem that it stands for. `shared` says that its one number
    limits several things alike ("each machine ... at most").
    """

    sentence: int
    span: Span
    text: str
    slots: tuple[Slot, ...]
    table: str | None = None

    @property
    def is_data(self) -> bool:
        """Whether it gives data per unit: such sentences are read first."""
        return self.table is not None or any(slot.per_unit for slot in self.slots)

    @property
    def is_rule(self) -> bool:
        """Whether it may state a rule between choices: "if one then not the other"."""
        return self.table is None and not self.slots and is_rule(self.text)

    @property
    def shared(self) -> bool:
        """Whether its only number is a limit on each of several things."""
        only = len(self.slots) == 1 and self.slots[0].side is not None
        return only and _SHARED.search(self.text) is not None


def clauses(problem: Problem) -> tuple[Clause, ...]:
    """The sentences that say something about the plan: data first, then limits, else as written.

    Data first, because a limit is easier to read when the measures it refers to are known.
    """
    found = [clause for item in problem.sentences if (clause := _clause(problem, item)) is not None]
    tables = [_table_clause(problem, table) for table in problem.tables]
    # The sort is stable: tables come first, then sentences with data, then the others.
    return tuple(sorted([*tables, *found], key=lambda clause: not clause.is_data))


def question(problem: Problem) -> str:
    """The words that ask for the best plan: the last question, or the last sentence."""
    asking = [
        item
        for item in problem.sentences
        if re.search(r"maximi[sz]|minimi[sz]|as possible", item.text, re.IGNORECASE)
    ] or [item for item in problem.sentences if "?" in item.text]
    if not asking:
        return problem.sentences[-1].text if problem.sentences else ""
    text = asking[-1].text
    match = _QUESTION.search(text)
    return (match[0] if match and len(match[0]) > 25 else text).strip(" ,")


def goal_sentence(problem: Problem) -> Sentence | None:
    """The sentence that `question` quotes."""
    words = question(problem)
    held = [item for item in problem.sentences if words and words in item.text]
    return held[-1] if held else None


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


def without_question(problem: Problem, sentence: Sentence) -> Span | None:
    """The sentence up to its question; all of it if the question itself holds numbers."""
    words = problem.quote(sentence.span)
    match = _QUESTION.search(words)
    if match is None:
        return sentence.span
    tail = Span(start=sentence.span.start + match.start(), end=sentence.span.end)
    if wanting_explanation(problem, tail):
        return sentence.span
    if not words[: match.start()].strip(" ,"):
        return None
    return Span(start=sentence.span.start, end=tail.start)
