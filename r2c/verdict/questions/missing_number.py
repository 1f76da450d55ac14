"""Limits that a sentence speaks of and whose number nobody gives: "the space is limited".

A sentence is asked about if it holds no number, the model has no rule for it, and no sentence with
numbers and no table speaks of the thing that it limits.
"""

from __future__ import annotations

import re

from r2c.cir.asked import Asked
from r2c.cir.edits import WordsEdit
from r2c.cir.schema import CIR
from r2c.problem.schema import Problem, Sentence
from r2c.verdict.logic_words import stems_of
from r2c.verdict.questions.named import question_id
from r2c.verdict.questions.told_twice import content

_IS_LIMITED = re.compile(
    r"^(?P<what>[^,;:]{3,80}?)\s+(?:is|are)\s+(?:\w+ly\s+|also\s+)?(?:limited|restricted|capped)"
    r"\s*(?P<end>$|[.;,]|and\b|because\b|since\b|so\b)",
    re.IGNORECASE,
)
_MUST_NOT_EXCEED = re.compile(
    r"\b(?:must|may|can|should|shall)\s*(?:not|never)\s+(?:exceed|go\s+(?:above|beyond|over))\s+"
    r"(?P<what>(?:the|its|their|our|a)\s+[^,;:.]{3,60}?)\s*(?=$|[.;,])"
    r"|\b(?:must|has\s+to|have\s+to)\s+(?:stay|remain|be\s+kept)\s+(?:within|below|under)\s+"
    r"(?P<within>(?:the|its|their|our|a)\s+[^,;:.]{3,60}?)\s*(?=$|[.;,])",
    re.IGNORECASE,
)
_OF_THE_PLAN = re.compile(
    r"\b(?:number|amount|quantity|volume|sum|total|hours|share)\s+(?:of|for|in|from|at)\b|\bthese\b|\bthose\b"
    r"|\bsuch\b",
    re.IGNORECASE,
)
"""What is decided, or told by the sentences before, rather than a limit of its own."""
_MEASURE = stems_of(
    "capacity space room volume weight load budget money funds time hours supply stock amount "
    "storage limit allowance quota size number"
)
"""Words for how much there is of anything; the words beside them say of what."""
_SAYS_ROOM = re.compile(
    r"\b(?:carr(?:y|ies)|holds?|fits?|seats?|loads?|transports?|stores?|room|space|spend|costs?"
    r"|budget|available|capacity|up to|at most|no more than|maximum|limit)\b",
    re.IGNORECASE,
)
_SAYS_HOW_MUCH = re.compile(
    rf"{_SAYS_ROOM.pattern}|\b(?:ha(?:s|ve|d)|there\s+(?:is|are|will\s+be)|only|limited|within|in\s+total"
    r"|altogether|must|exceeds?|below|under|less\s+than)\b",
    re.IGNORECASE,
)
"""Without any of these "a chair takes 4 hours" tells what is used, not how many hours there are."""


def missing_numbers(problem: Problem, cir: CIR | None) -> tuple[Asked, ...]:
    """The questions about limits without a number; without a model only the words are looked at."""
    found = (_asked(sentence, problem, cir) for sentence in problem.sentences)
    return tuple(item for item in found if item is not None)


def _asked(sentence: Sentence, problem: Problem, cir: CIR | None) -> Asked | None:
    if any(item.sentence == sentence.number for item in problem.quantities):
        return None
    text = " ".join(sentence.text.split())
    limited, exceeding = _IS_LIMITED.search(text), _MUST_NOT_EXCEED.search(text)
    if limited is not None:
        what, words = limited["what"], " to {answer}"
    elif exceeding is not None:
        what, words = exceeding["what"] or exceeding["within"], ", that is {answer}"
    else:
        return None
    if limited is not None and limited["end"].strip(". "):
        return None  # the words would have to go into the middle of the sentence
    if _OF_THE_PLAN.search(what) or not content(what):
        return None
    if _is_told(what, problem, sentence) or (cir is not None and _is_modelled(what, sentence, cir)):
        return None
    return Asked(
        id=question_id("missing", f"s{sentence.number}"),
        text=f"How large is {_lowered(what)}? Sentence {sentence.number} says “{text}” and gives "
        "no number; answer with its unit.",
        kind="number",
        lower=0.0,
        edits=(WordsEdit(sentence=sentence.number, words=words),),
        quotes=(text,),
    )


def _lowered(what: str) -> str:
    first = what.split()[0]
    return what if first.isupper() else what[:1].lower() + what[1:]


def _is_told(what: str, problem: Problem, sentence: Sentence) -> bool:
    """Whether a number or a table of the problem may be the one that is missing."""
    words = content(what)
    own = words - _MEASURE
    for other in problem.sentences:
        numbers = any(item.sentence == other.number for item in problem.quantities)
        if other.number == sentence.number or not numbers:
            continue
        said = stems_of(other.text)
        measured = words & _MEASURE & said and (not own or own & said)
        if measured and (own or _SAYS_HOW_MUCH.search(other.text)):
            return True
        if own & said and _SAYS_ROOM.search(other.text):
            return True
    told = " ".join(
        f"{table.name} {' '.join(column.name for column in table.columns)}"
        for table in problem.tables
    )
    return bool(words & stems_of(told.replace("_", " ")))


def _is_modelled(what: str, sentence: Sentence, cir: CIR) -> bool:
    """Whether the model has a rule for the sentence, or data that are called like it."""
    text = " ".join(sentence.text.split())
    for rule in cir.rules:
        if rule.span is not None and rule.span.overlaps(sentence.span):
            return True
        if rule.quote and " ".join(rule.quote.split()) in text:
            return True
    named = " ".join(f"{item.name.replace('_', ' ')} {item.meaning}" for item in cir.parameters)
    words = content(what)
    return bool(words) and words <= stems_of(named)
