"""What the rules of a model quote, read as a problem where its text is not at hand.

A model written by hand comes without the text that it was made for, but not without its words.
"""

from __future__ import annotations

from collections.abc import Iterable

from r2c.cir.check_quotes import find_quote
from r2c.cir.schema import CIR
from r2c.problem.quantities import find_quantities
from r2c.problem.schema import Problem, Quantity, Sentence, Span
from r2c.problem.sentences import split_sentences

_BETWEEN = "\n\n"


def quoted(problem: Problem, cir: CIR) -> tuple[Problem, CIR]:
    """The problem with the quotes for its text, and the model with its places in that text.

    Args:
        problem: A problem without a text; its tables are kept.
        cir: The model. What it says about places in another text is left out.
    """
    words = {rule.id: " ".join(rule.quote.split()) for rule in cir.rules}
    starts: dict[str, int] = {}
    sentences: list[Sentence] = []
    quantities: list[Quantity] = []
    start = 0
    for quote in _outermost(words.values()):
        starts[quote], before = start, len(sentences)
        read = split_sentences(quote)
        for item in read:
            moved = {"span": _moved(item.span, start), "number": item.number + before}
            sentences.append(item.model_copy(update=moved))
        for number in find_quantities(quote, read):
            moved = {"span": _moved(number.span, start), "sentence": number.sentence + before}
            quantities.append(number.model_copy(update=moved))
        start += len(quote) + len(_BETWEEN)
    told = problem.model_copy(
        update={
            "text": _BETWEEN.join(starts),
            "sentences": tuple(sentences),
            "quantities": tuple(quantities),
        }
    )
    places = {
        quote: Span(start=starts[quote], end=starts[quote] + len(quote))
        if quote in starts
        else find_quote(quote, told)
        for quote in words.values()
    }
    rules = [rule.model_copy(update={"span": places[words[rule.id]]}) for rule in cir.rules]
    return told, cir.model_copy(
        update={
            "rules": tuple(rules),
            "definitions": tuple(
                item.model_copy(update={"literals": ()}) for item in cir.definitions
            ),
            "objectives": tuple(
                item.model_copy(update={"literals": (), "span": None}) for item in cir.objectives
            ),
        }
    )


def _outermost(quotes: Iterable[str]) -> list[str]:
    """Every quote once, and none that stands within another: those are the same words."""
    longest_first = sorted({quote for quote in quotes if quote}, key=lambda q: (-len(q), q))
    folded = [quote.casefold() for quote in longest_first]
    text = "\n".join(folded)
    found = []
    start = 0
    for quote, plain in zip(longest_first, folded, strict=True):
        if text.find(plain) == start:
            found.append(quote)
        start += len(plain) + 1
    return found


def _moved(span: Span, by: int) -> Span:
    return Span(start=span.start + by, end=span.end + by)
