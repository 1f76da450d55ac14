"""Limits that words carry on, "at least 9 kg, 5 kg and 2 kg", or imply, "it has 9 kg of flour".

They are held against a model that was made; nothing is read from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from r2c.problem.found_once import found_once
from r2c.problem.quantities_in import quantities_in
from r2c.problem.schema import Problem, Quantity, Sentence, Span
from r2c.verdict.said import Said, limits_said

_JOINED = re.compile(
    r"\s*(?:[\w/-]+\s+){0,5}?(?:[\w/-]+,?\s+and|[\w/-]+,|,\s+and)\s+[\\$€£]*", re.IGNORECASE
)
_OWN_WORDS = re.compile(
    r"\b(?:at|least|most|only|more|less|fewer|exactly|no|not|per|each|every|has|have|is|are|costs?"
    r"|takes?|needs?|requires?|contains?|up|than|gives?|makes?|sells?|for|while|but|should|must)\b",
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r"\b(?:has|have|there\s+(?:is|are))\s+(?:available\s+)?[\\$€£]*$", re.IGNORECASE
)
_OWED = re.compile(
    r"\b(?:orders?|ordered|contracts?|demands?|customers?|promised|commit\w*|backlog|must|needs?"
    r"|requires?|required|target|minimum)\b",
    re.IGNORECASE,
)
_BEFORE = 40


def limits_said_on(problem: Problem, within: Span | None = None) -> tuple[Said, ...]:
    """The limits said, carried on and implied in the text, or in the part `within` of it."""
    more = _more(problem)
    if within is not None:
        more = tuple(item for item in more if within.contains(item.quantity.span))
    return (*limits_said(problem, within), *more)


@found_once
def _more(problem: Problem) -> tuple[Said, ...]:
    told = {item.quantity: item for item in limits_said(problem)}
    return tuple(
        said for sentence in problem.sentences for said in _of_sentence(problem, sentence, told)
    )


def _of_sentence(
    problem: Problem, sentence: Sentence, told: dict[Quantity, Said]
) -> Iterator[Said]:
    text = problem.text
    held = quantities_in(problem, sentence.span)
    implied = _OWED.search(sentence.text) is None
    before: Said | None = None
    last: Quantity | None = None
    for quantity in held:
        said = told.get(quantity)
        if said is None and before is not None and last is not None:
            between = text[last.span.end : quantity.span.start]
            if _JOINED.fullmatch(between) and _OWN_WORDS.search(between) is None:
                words = f"{before.words} ... {quantity.text}"
                said = Said(quantity, before.direction, before.firm, words, before.strict)
                yield said
        if said is None and implied and quantity.kind == "number":
            start = max(sentence.span.start, quantity.span.start - _BEFORE)
            match = _HOLDS.search(text[start : quantity.span.start])
            if match is not None:
                said = Said(quantity, "most", False, f"{match[0]}{quantity.text}")
                yield said
        before, last = said, quantity
