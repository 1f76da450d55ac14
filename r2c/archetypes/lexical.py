"""Cards by what their texts share with a sentence: rare words count more than common ones.

Every text of a card is a vector of TF-IDF weights over its stemmed words and neighbouring pairs
(Salton and Buckley 1988, Term-Weighting Approaches); how near a sentence is to it is the cosine.
Pairs tell "at least" from "at most", and "no more" from "no less".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from snowballstemmer import stemmer

from r2c.archetypes.documents import Document

Floats = NDArray[np.float64]

EMPTY = frozenset(
    "a an and are as be been by for from has have in into is it its of on or that the their them "
    "then there these they this those to was were which who will with".split()
)
"""Words that mean nothing alone; in pairs they count."""
_TOKEN = re.compile(r"[^\W\d_]+|\d[\d,.]*|[%$€£<>=]+")
_stem = stemmer("english").stemWord


def tokens(text: str) -> Iterator[str]:
    """The stemmed words and the signs of a text; one number is like another."""
    for word in _TOKEN.findall(text):
        yield _stemmed(word.lower()) if word[0].isalpha() else "#" if word[0].isdigit() else word[0]


def word_features(text: str) -> Iterator[str]:
    """The stemmed words of a text that mean something alone, and its pairs of neighbours."""
    before = ""
    for token in tokens(text):
        if token not in EMPTY:
            yield token
        if before:
            yield f"{before} {token}"
        before = token


class WordIndex:
    """Texts, found by the features that they share with a sentence; words unless told otherwise.

    Args:
        texts: What is searched, in a fixed order.
        features: What of a text counts.
    """

    def __init__(
        self, texts: Sequence[Document], features: Callable[[str], Iterable[str]] = word_features
    ) -> None:
        self._size = len(texts)
        self._features = features
        read = [dict.fromkeys(features(text.text)) for text in texts]
        self._number = {
            feature: number for number, feature in enumerate(dict.fromkeys(chain(*read)))
        }
        number = np.array([self._number[feature] for found in read for feature in found], np.int64)
        place = np.repeat(np.arange(self._size), [len(found) for found in read])
        spread = np.bincount(number, minlength=len(self._number))
        self._rarity = np.log((1 + self._size) / spread)
        lengths = np.sqrt(np.bincount(place, self._rarity[number] ** 2, self._size))
        order = np.argsort(number, kind="stable")
        # The texts of feature n, and its weights there, lie from _first[n] to _first[n + 1].
        self._places = place[order]
        self._parts = (self._rarity[number] / lengths[place])[order]
        self._first = np.concatenate(([0], np.cumsum(spread)))

    def likeness(self, sentence: str) -> Floats:
        """The cosine between a sentence and each text: 0 where they share no word."""
        found = np.zeros(self._size)
        asked = sorted({feature for feature in self._features(sentence) if feature in self._number})
        if not any(feature.isalpha() for feature in asked):
            return found  # numbers, and pairs of words without a meaning of their own
        numbers = [self._number[feature] for feature in asked]
        length = math.sqrt(sum(self._rarity[numbers] ** 2))
        for number in numbers:
            held = slice(self._first[number], self._first[number + 1])
            found[self._places[held]] += self._rarity[number] / length * self._parts[held]
        return found


@cache
def _stemmed(word: str) -> str:
    return str(_stem(word))
