"""What sentences tell member by member: `the price is 58 for hour 1, 42 for hour 2`.

Such numbers belong to a set; reading them takes no language model. What else a sentence says stays
to be read: it is not swallowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from r2c.problem.cardinals import SMALL
from r2c.problem.schema import Problem, Quantity, Sentence, Span

_LEAST = 2
_NO_LABEL = (
    r"(?!(?:and|or|is|are|has|have|at|by|from|in|on|for|with|of|until|most|least|if|but|while"
    r"|each)\b)"
)
_LABEL = rf"[A-Za-z][\w&/-]*(?:['’][a-z]\b)?(?: {_NO_LABEL}[\w&/-]+){{0,3}}"
_FOR = re.compile(
    rf"\s*(?P<unit>[^\W\d][^,;:()\d]*?)?\s*\b(?:for|in|at|on|from|by)\s+(?:the\s+)?(?P<label>{_LABEL})"
)
_JOIN = re.compile(r"\s*(?:,|;|and|, and|; and)\s*[€$£]?\s*", re.IGNORECASE)
_SPEAKER = re.compile(r"^[\s*>-]*[A-Z]\w*(?: \w+)?:\s+(?=\S)")
_IS = re.compile(
    r"\s+(?:is|are|was|were|amounts? to|comes? to|equals?)\b[^A-Za-z]*$|\s*[:=][^A-Za-z]*$"
)
_OPENING = re.compile(r"^.*?(?:,|\bthat\b|\balso\b|\bforget(?: the)?\b|\bnote\b)\s+", re.IGNORECASE)
_ENUMERATION = re.compile(
    rf"\b(?P<count>\d{{1,2}}|{'|'.join(SMALL)})\s+(?:[a-z-]+\s+)?"
    r"(?P<noun>[a-z][a-z-]*(?: [a-z][a-z-]*)?)\s*"
    rf"\((?P<labels>{_LABEL}(?:, {_LABEL})*,? and {_LABEL})\)"
)
_NUMBERED = re.compile(r"([A-Za-z]+) (\d{1,4})")
_FILLER = re.compile(
    r"\b(?:the|a|an|its|their|our|of|in|for|each|every|per|is|are|and|we|as|follows)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers told for named members, in the order in which they are told."""

    topic: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    span: Span


def enumerations(problem: Problem) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Things that a text counts up: `2 turbines (Foxhill and Ashby)`, with their noun."""
    for match in _ENUMERATION.finditer(problem.text):
        labels = re.split(r",? and |, ", match["labels"])
        count = SMALL.get(match["count"].lower())
        if count is None:
            count = float(match["count"])
        if len(labels) == count == len({label.lower() for label in labels}):
            yield match["noun"].split()[-1], tuple(label.strip() for label in labels)


def numbers_left(problem: Problem, told: Sequence[Span]) -> tuple[float, ...]:
    """The numbers that stand in no series, in no table and in no name, each once.

    Args:
        problem: the problem.
        told: where series stand that are declared.
    """
    taken = [*told, *(table.span for table in problem.tables if table.span is not None)]
    left = (
        item.value
        for item in problem.quantities
        if item.kind not in ("label", "ordinal")
        and not any(span.overlaps(item.span) for span in taken)
    )
    return tuple(dict.fromkeys(left))


def series_in(problem: Problem) -> Iterator[Series]:
    """The series of a text, sentence by sentence."""
    spans = [table.span for table in problem.tables if table.span is not None]
    for sentence in problem.sentences:
        if any(span.overlaps(sentence.span) for span in spans):
            continue
        numbers = [item for item in problem.quantities if item.sentence == sentence.number]
        numbers.sort(key=lambda item: item.span.start)
        found = _after(problem, sentence, numbers)
        if found is not None:
            yield found


def _after(problem: Problem, sentence: Sentence, numbers: Sequence[Quantity]) -> Series | None:
    """The series in which each number stands before its member."""
    entries: list[tuple[str, float]] = []
    first = None
    place = end = 0
    while place < len(numbers):
        number = numbers[place]
        match = _FOR.match(problem.text, number.span.end, sentence.span.end)
        if match is None:
            break
        label = match["label"].strip()
        place, end = place + 1, match.end()
        # The number of a member, as in `hour 1`, is a number of the text as well.
        while place < len(numbers) and numbers[place].span.start < match.end():
            place += 1
        first = number if first is None else first
        entries.append((label, number.value))
        if place < len(numbers):
            gap = problem.text[match.end() : numbers[place].span.start]
            if _JOIN.fullmatch(gap) is None:
                break
    labels = tuple(label for label, _ in entries)
    distinct = {label.lower() for label in labels}
    if len(entries) < _LEAST or len(distinct) < len(labels) or first is None:
        return None
    lead = problem.text[sentence.span.start : first.span.start]
    span = Span(start=first.span.start, end=end)
    return Series(_topic(lead), labels, tuple(value for _, value in entries), span)


def _topic(lead: str) -> str:
    """The words that name what is told: the subject before `is` or the colon."""
    words = _SPEAKER.sub("", lead)
    end = _IS.search(words)
    words = words[: end.start()] if end else words
    while (opening := _OPENING.match(words)) is not None:
        words = words[opening.end() :]
    kept = [word for word in re.findall(r"[A-Za-z]+", words) if not _FILLER.fullmatch(word)]
    return " ".join(kept[-5:])


def numbered(labels: Sequence[str]) -> tuple[str, tuple[int, ...]] | None:
    """`hour 1, hour 2` as the noun and its numbers; None if labels are of another kind."""
    matches = [_NUMBERED.fullmatch(label) for label in labels]
    if None in matches:
        return None
    nouns = {match[1].lower() for match in matches if match}
    if len(nouns) != 1:
        return None
    return nouns.pop(), tuple(int(match[2]) for match in matches if match)
