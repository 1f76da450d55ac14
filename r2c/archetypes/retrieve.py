"""Which archetypes a sentence may state: nearness in words, frame and meaning, fused.

A card is as near as the mean of its nearest texts (nearest neighbours, Cover and Hart 1967): by
words, by the frame of the sentence (`r2c.archetypes.frame`), by vectors, which also are asked whose
texts they are likeliest to be one of (`r2c.archetypes.discriminant`). All are put on one scale and
added; that a sentence is near a situation in which a card does not apply is taken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from r2c.archetypes.card import Card
from r2c.archetypes.discriminant import Discriminant
from r2c.archetypes.documents import documents
from r2c.archetypes.encoder import Array
from r2c.archetypes.frame import frame_features
from r2c.archetypes.lexical import Floats, WordIndex, tokens

if TYPE_CHECKING:
    from r2c.archetypes.index import CardIndex

NEIGHBOURS = 8
"""Texts of a card that are averaged."""
SEEN = 600
"""Texts that the vectors are asked for; those beyond are as far as the last of them."""
AWAY = 0.25
"""How much nearness to what a card is not for counts against it."""


@dataclass(frozen=True)
class Candidate:
    """A card that a sentence may be about.

    `words` and `frame` are in standard deviations, `meaning` is the sum of two such values less
    `AWAY` of a third, `score` the sum of all.
    """

    card: str
    score: float
    words: float
    frame: float | None
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
        # Beside words alone frames find more of some sentences and less of others.
        self._frames = None if index is None else WordIndex(self._texts, frame_features)
        self._index = index
        counts = Counter(text.card for text in self._texts)
        self._cards = tuple(counts)  # the texts lie card by card
        sizes = np.array(list(counts.values()), np.int64)
        self._taken = np.minimum(sizes, NEIGHBOURS)
        column = np.arange(max(counts.values(), default=0))
        own = (np.cumsum(sizes) - sizes)[:, None] + column
        self._own = np.where(column < sizes[:, None], own, len(self._texts))
        self._discriminant = (
            None if index is None else Discriminant(index.vectors(), sizes.tolist())
        )
        places = {card: number for number, card in enumerate(self._cards)}
        away = [(n, places[t.away_from]) for n, t in enumerate(self._texts) if t.away_from]
        self._away = np.array(away, np.int64).reshape(-1, 2)

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
            Nothing for a sentence without a word; without an index only cards that share one.
        """
        if not any(token.isalpha() for token in tokens(sentence)):
            return []
        shared = self._words.likeness(sentence)
        if self._index is None and not shared.any():
            return []
        sharing = self._nearest(shared)[:, 0] > 0
        words = _standardized(self._nearness(shared))
        if self._index is None:
            found = [
                Candidate(card, float(word), float(word), None, None)
                for card, word, shares in zip(self._cards, words, sharing, strict=True)
                if shares
            ]
        else:
            frame, meaning = self._by_frame(sentence), self._by_meaning(sentence)
            found = [
                Candidate(card, sum(scores), *scores)
                for card, *scores in zip(
                    self._cards, words.tolist(), frame.tolist(), meaning.tolist(), strict=True
                )
            ]
        return sorted(found, key=lambda item: (-item.score, item.card))[:most]

    def _by_frame(self, sentence: str) -> Floats:
        assert self._frames is not None
        return _standardized(self._nearness(self._frames.likeness(sentence)))

    def _by_meaning(self, sentence: str) -> Floats:
        assert self._index is not None and self._discriminant is not None
        vector = self._index.direction(sentence)
        hits = self._index.nearest(vector, SEEN)
        likeness = np.full(len(self._texts), hits[-1].likeness)
        likeness[[hit.place for hit in hits]] = [hit.likeness for hit in hits]
        near = _standardized(self._nearness(likeness))
        likely = _standardized(self._discriminant.scores(vector))
        found: Floats = near + likely - AWAY * self._against(vector)
        return found

    def _against(self, vector: Array) -> Floats:
        """How near the nearest situation is in which a card does not apply; 0 if it tells none."""
        assert self._index is not None
        texts, cards = self._away.T
        nearest = np.full(len(self._cards), -np.inf)
        np.maximum.at(nearest, cards, self._index.vectors()[texts] @ vector)
        told = np.isfinite(nearest)
        found = np.zeros(len(self._cards))
        if told.any():
            found[told] = _standardized(nearest[told])
        return found

    def _nearness(self, likeness: Floats) -> Floats:
        """The mean over each card's nearest texts."""
        nearest = self._nearest(likeness)
        sums: Floats = np.where(np.isfinite(nearest), nearest, 0.0).sum(axis=1)
        return sums / self._taken

    def _nearest(self, likeness: Floats) -> Floats:
        """The likeness of each card's nearest texts, the nearest first; -inf beyond its texts."""
        own = np.append(likeness, -np.inf)[self._own]
        return -np.sort(-own, axis=1)[:, :NEIGHBOURS]


def _standardized(values: Floats) -> Floats:
    """The values with mean 0 and standard deviation 1."""
    found: Floats = (values - values.mean()) / (values.std() or 1.0)
    return found
