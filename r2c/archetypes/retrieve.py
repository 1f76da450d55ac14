"""Which archetypes a sentence may state: nearness in words and in meaning, fused.

A card is as near as the mean of its nearest texts (nearest neighbours, Cover and Hart 1967), once
by words and once by vectors. The two are put on one scale and added: words tell "at most" from "at
least", vectors know that a quota is a limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from r2c.archetypes.card import Card
from r2c.archetypes.documents import documents
from r2c.archetypes.lexical import WordIndex

if TYPE_CHECKING:
    from r2c.archetypes.index import CardIndex

NEIGHBOURS = 8
"""Texts of a card that are averaged."""
SEEN = 600
"""Texts that the vectors are asked for; those beyond are as far as the last of them."""


@dataclass(frozen=True)
class Candidate:
    """A card that a sentence may be about; `words` and `meaning` are in standard deviations."""

    card: str
    score: float
    words: float
    meaning: float | None


class Retriever:
    """Finds cards for sentences.

    Args:
        cards: The cards.
        index: Their `documents` by meaning; None searches by words alone.
    """

    def __init__(self, cards: Iterable[Card], index: CardIndex | None = None) -> None:
        self._texts = documents(cards)
        self._words = WordIndex(self._texts)
        self._index = index
        self._counts = Counter(text.card for text in self._texts)

    @property
    def by_meaning(self) -> bool:
        """Whether vectors are asked as well as words."""
        return self._index is not None

    def candidates(self, sentence: str, most: int = 8) -> list[Candidate]:
        """The cards that fit a sentence best, best first.

        Args:
            sentence: A rule in words.
            most: How many are wanted.

        Returns:
            Without an index only cards that share a word with the sentence.
        """
        shared = self._words.likeness(sentence)
        if not shared and self._index is None:
            return []
        near = [(self._texts[place].card, likeness) for place, likeness in shared.items()]
        sharing = {card for card, _ in near}
        words = _standardized(self._nearness(near, beyond=0.0))
        meaning = None if self._index is None else self._by_meaning(self._index, sentence)
        found = [
            Candidate(card, words[card] + (meaning or {}).get(card, 0.0), words[card],
                      None if meaning is None else meaning[card])
            for card in words
            if meaning is not None or card in sharing
        ]  # fmt: skip
        return sorted(found, key=lambda item: (-item.score, item.card))[:most]

    def _by_meaning(self, index: CardIndex, sentence: str) -> Mapping[str, float]:
        hits = index.nearest(sentence, SEEN)
        near = ((hit.document.card, hit.likeness) for hit in hits)
        return _standardized(self._nearness(near, beyond=hits[-1].likeness))

    def _nearness(
        self, likeness: Iterable[tuple[str, float]], *, beyond: float
    ) -> Mapping[str, float]:
        """The mean over each card's nearest texts; `beyond` stands for those that are not told."""
        near: dict[str, list[float]] = {card: [] for card in self._counts}
        for card, value in likeness:
            near[card].append(value)
        return {
            card: fmean((sorted(values, reverse=True) + [beyond] * NEIGHBOURS)[: self._taken(card)])
            for card, values in near.items()
        }

    def _taken(self, card: str) -> int:
        return min(NEIGHBOURS, self._counts[card])


def _standardized(values: Mapping[str, float]) -> Mapping[str, float]:
    """The values with mean 0 and standard deviation 1."""
    mean, spread = fmean(values.values()), pstdev(values.values()) or 1.0
    return {key: (value - mean) / spread for key, value in values.items()}
