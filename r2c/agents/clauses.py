"""Sentences prepared for reading: which numbers they hold and what the words fix about each.

Whatever the words settle is settled here, by code: the side of a limit ("at least 30"), data per
unit ("each takes 3 hours"), multiples of another amount ("twice as many"). The language model
decides only what is left open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from r2c.agents.logic import is_rule
from r2c.agents.slots import Slot, wanting_explanation
from r2c.problem.schema import Problem, Sentence, Span

_QUESTION = re.compile(
    r"(?:[,;]?\s*(?:and\s+|so\s+)?)\b(how (?:many|much|should|can)|what (?:is|are|should|would"
    r"|fleet|plan|mix|combination|number|amount)|which |find (?:the|out)|determine|formulate"
    r"|(?:in order |so as )?to (?:maximi[sz]e|minimi[sz]e)|so as to"
    r"|(?:maximi[sz]e|minimi[sz]e)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_BEST = re.compile(r"maximi[sz]|minimi[sz]|as possible", re.IGNORECASE)
_WANTED = re.compile(
    r"\b(?:(?:maximum|minimum|largest|highest|greatest|lowest|least|smallest|best)\s+(?:\w+\s+){0,2}"
    r"(?:profits?|costs?|incomes?|revenues?|returns?|expenses?|surplus)|cheapest"
    r"|least (?:costly|expensive)"
    r"|as (?:much|little|cheaply|few|many) as (?:\w+ )?(?:possibly )?can)\b",
    re.IGNORECASE,
)
_OF_A_NOUN = re.compile(
    r"\b(?:the|a|an|each|every|any|that|whole|same)\s+(?:[a-z-]+\s+)?"
    r"(?!decisions?\b|questions?\b|choices?\b|insights?\b)[a-z-]+\s+"
    r"(?:in|on|at|by|for|from|to|with|of|through)$",
    re.IGNORECASE,
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


def question(problem: Problem) -> str:
    """The words that ask for the best plan: the last that do, or the last sentence."""
    asking = [item for item in problem.sentences if _BEST.search(item.text)]
    if not asking:
        asking = [item for item in problem.sentences if "?" in item.text]
        wanted = [item for item in problem.sentences if _WANTED.search(item.text)]
        later = bool(wanted and asking) and wanted[-1].number > asking[-1].number
        asking = wanted if later or not asking else asking  # "What do you want? The least cost."
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


def without_question(problem: Problem, sentence: Sentence) -> Span | None:
    """The sentence up to its question; all of it if the question itself holds numbers."""
    words = problem.quote(sentence.span)
    match = _QUESTION.search(words)
    if match is None or _tells_more(words, match):
        return sentence.span
    tail = Span(start=sentence.span.start + match.start(), end=sentence.span.end)
    if wanting_explanation(problem, tail):
        return sentence.span
    if not words[: match.start()].strip(" ,"):
        return None
    return Span(start=sentence.span.start, end=tail.start)


def _tells_more(words: str, match: re.Match[str]) -> bool:
    """Whether a "which" only goes on about the noun before it: "the order, which we must make".

    So it does after a noun and a preposition, "the month in which it is run".
    """
    goes_on = match[1].lower().startswith("which") and "?" not in words
    before = words[: match.start(1)].rstrip()
    return goes_on and (re.search(r"\w,$", before) or _OF_A_NOUN.search(before)) is not None
