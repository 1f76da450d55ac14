"""Where the right archetype comes among the candidates, by words, frame, meaning, and together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from r2c.archetypes.card import Card
from r2c.archetypes.index import CardIndex
from r2c.archetypes.retrieve import Candidate, Retriever
from r2c_benchmarks.retrieval.questions import Question

WAYS = ("words", "frame", "meaning", "together")


@dataclass(frozen=True)
class Asked:
    """One question put to one way of searching.

    Attributes:
        question: The question.
        way: One of `WAYS`.
        rank: Place of the first right answer, from 1.
        best: The card that came first.
    """

    question: Question
    way: str
    rank: int
    best: str


@dataclass(frozen=True)
class Figures:
    """Shares of questions with a right answer among the first 1, 3, 5; the mean inverse rank."""

    count: int
    at_1: float
    at_3: float
    at_5: float
    inverse_rank: float


def ask(
    questions: Sequence[Question],
    library: Mapping[str, Card],
    index: CardIndex,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> list[Asked]:
    """Put every question to every way of searching.

    Args:
        questions: What is asked.
        library: The cards.
        index: The index of their described texts.
        tell: Told how many questions of how many are done.
    """
    retriever = Retriever(library.values(), index)
    found: list[Asked] = []
    for number, question in enumerate(questions, start=1):
        candidates = retriever.candidates(question.text, len(library))
        for way in WAYS:
            order = sorted(candidates, key=lambda item: (-_value(item, way), item.card))
            cards = [item.card for item in order]
            rank = 1 + min(cards.index(id) for id in question.right if id in cards)
            found.append(Asked(question, way, rank, cards[0]))
        tell(number, len(questions))
    return found


def _value(candidate: Candidate, way: str) -> float:
    value = {
        "words": candidate.words,
        "frame": candidate.frame,
        "meaning": candidate.meaning,
        "together": candidate.score,
    }[way]
    assert value is not None
    return value


def figures(asked: Iterable[Asked]) -> Figures:
    """The figures of some questions, of which there is at least one."""
    ranks = [item.rank for item in asked]
    at_1, at_3, at_5 = (fmean(rank <= most for rank in ranks) for most in (1, 3, 5))
    return Figures(len(ranks), at_1, at_3, at_5, fmean(1 / rank for rank in ranks))


def confused(asked: Iterable[Asked]) -> list[tuple[str, str, int]]:
    """What was wanted, what came first instead, and how often; the commonest first."""
    pairs = Counter((item.question.right[0], item.best) for item in asked if item.rank > 1)
    return [(*pair, count) for pair, count in sorted(pairs.items(), key=lambda p: (-p[1], p[0]))]
