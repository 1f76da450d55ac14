"""Cards by shared words and pairs of words: rare ones count more than common ones.

Every text of a card is a vector of TF-IDF weights over its stemmed words and neighbouring pairs
(Salton and Buckley 1988, Term-Weighting Approaches); how near a sentence is to it is the cosine.
Pairs tell "at least" from "at most", and "no more" from "no less".
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from snowballstemmer import stemmer

from r2c.archetypes.documents import Document

Floats = NDArray[np.float64]

_EMPTY = frozenset(
    "a an and are as be been by for from has have in into is it its of on or that the their them "
    "then there these they this those to was were which who will with".split()
)
"""Words that mean nothing alone; in pairs they count."""
_TOKEN = re.compile(r"[^\W\d_]+|\d[\d,.]*|[%$€£<>=]+")
_stem = stemmer("english").stemWord


class WordIndex:
    """Texts, found by the words that they share with a sentence.

    Args:
        texts: What is searched, in a fixed order.
    """

    def __init__(self, texts: Sequence[Document]) -> None:
        self._size = len(texts)
        read = [set(features(text.text)) for text in texts]
        self._spread = Counter(feature for found in read for feature in found)
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, found in enumerate(read):
            length = self._length(found)
            for feature in found:
                postings[feature].append((place, self._rarity(feature) / length))
        self._postings = {
            feature: (np.array([place for place, _ in held]), np.array([part for _, part in held]))
            for feature, held in postings.items()
        }

    def likeness(self, sentence: str) -> Floats:
        """The cosine between a sentence and each text: 0 where they share no word."""
        found = np.zeros(self._size)
        asked = sorted({feature for feature in features(sentence) if feature in self._spread})
        if not any(feature.isalpha() for feature in asked):
            return found  # numbers, and pairs of words without a meaning of their own
        length = self._length(asked)
        for feature in asked:
            places, parts = self._postings[feature]
            found[places] += self._rarity(feature) / length * parts
        return found

    def _rarity(self, feature: str) -> float:
        return math.log((1 + self._size) / self._spread[feature])

    def _length(self, found: Iterable[str]) -> float:
        return math.sqrt(sum(self._rarity(feature) ** 2 for feature in found)) or 1.0


def features(text: str) -> Iterator[str]:
    """The stemmed words of a text and its pairs of neighbours; one number is like another."""
    before = ""
    for word in _TOKEN.findall(text):
        token = (
            _stemmed(word.lower()) if word[0].isalpha() else "#" if word[0].isdigit() else word[0]
        )
        if word.lower() not in _EMPTY:
            yield token
        if before:
            yield f"{before} {token}"
        before = token


@cache
def _stemmed(word: str) -> str:
    return str(_stem(word))
