"""Quotes are the problem's own words, and spans point at them."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.owners import Owner, owners
from r2c.cir.schema import CIR, Rule
from r2c.errors import CIRError, Fault, declare
from r2c.problem.characters import code_point, refused_character, with_plain_breaks
from r2c.problem.schema import Problem, Span

NOT_QUOTED = declare(
    "R2C-C070", CIRError,
    what="The quote of {place} is not in the problem text: {quote!r}.",
    why="A rule whose words nobody wrote may be invented.",
    remedy="Quote the problem verbatim, or record it as an assumption.",
)  # fmt: skip
SPAN_DIFFERS = declare(
    "R2C-C071", CIRError,
    what="The span {start}..{end} of {place} holds {found!r}, not its quote {quote!r}.",
    why="Explanations would point the reader at the wrong sentence.",
    remedy="Correct the span, or leave it out.",
)  # fmt: skip
CONTROL = declare(
    "R2C-C072", CIRError,
    what="The quote of {place} holds the control character {character}.",
    why="The words of a problem hold none; it is invisible, and what it does is unknown.",
    remedy="Write the quote without it.",
)  # fmt: skip


def character_faults(cir: CIR) -> Iterator[Fault]:
    """Faults of quotes that are no text; line breaks and tabs are."""
    for owner in owners(cir):
        quote = with_plain_breaks(owner.quote)
        position = refused_character(quote)
        if position is not None:
            yield CONTROL.fault(place=str(owner), character=code_point(quote[position]))


def quote_faults(cir: CIR, problem: Problem) -> Iterator[Fault]:
    """Faults of the quotes and spans of rules and objectives; blanks and case do not count."""
    text = _plain(problem.text)
    for owner in owners(cir):
        quote = _plain(owner.quote)
        if quote and quote not in text:
            yield NOT_QUOTED.fault(place=str(owner), quote=owner.quote)
        span = owner.span
        if span is not None and quote and _plain(problem.quote(span)) != quote:
            yield SPAN_DIFFERS.fault(
                place=str(owner),
                start=span.start,
                end=span.end,
                found=problem.quote(span),
                quote=owner.quote,
            )


def words_of(part: Owner | Rule, problem: Problem) -> Span | None:
    """Where the words of a rule or another owner stand: its span, or where its quote is found."""
    return part.span or find_quote(part.quote, problem)


def find_quote(quote: str, problem: Problem) -> Span | None:
    """Where the quote stands in the text, None if it does not; blanks and case do not count."""
    words = quote.split()
    if not words:
        return None
    folded = problem.text.casefold()
    # Folding may change lengths ("ß" becomes "ss"); then positions would be off, so keep case.
    text = folded if len(folded) == len(problem.text) else problem.text
    start = 0
    while True:
        start = text.find(words[0].casefold() if text is folded else words[0], start)
        if start < 0:
            return None
        end = _match(text, start, words, fold=text is folded)
        if end is not None:
            return Span(start=start, end=end)
        start += 1


def _match(text: str, start: int, words: list[str], *, fold: bool) -> int | None:
    place = start
    for number, word in enumerate(words):
        if number:
            gap = place
            while place < len(text) and text[place].isspace():
                place += 1
            if place == gap:
                return None
        wanted = word.casefold() if fold else word
        if not text.startswith(wanted, place):
            return None
        place += len(wanted)
    return place


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
