"""Which cards a sentence may be about: shared words, rare words counting more than common ones.

Cues are whole phrases; one that stands in the sentence counts more than its words alone.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from r2c.archetypes.card import Card

_WORD = re.compile(r"[^\W\d_]+")
_EMPTY = frozenset(
    "a an and are as be by for from in is it its no not of on or than the to".split()
)
_WEIGHTS = {"name": 3.0, "meaning": 1.0, "cues": 2.0}
_PHRASE = 4.0


def ranked(sentence: str, cards: Iterable[Card], most: int = 8) -> list[Card]:
    """The cards that share words with the sentence, best first; ties in order of their ids."""
    shelf = {card.id: card for card in cards}
    fields = {id: _fields(card) for id, card in shelf.items()}
    spread = Counter(word for words in fields.values() for word in set().union(*words.values()))
    asked = _words(sentence)
    flat = f" {' '.join(_raw(sentence))} "
    scores: dict[str, float] = {}
    for id, card in shelf.items():
        score = sum(
            _WEIGHTS[field] * math.log(1 + len(shelf) / spread[word])
            for field, words in fields[id].items()
            for word in words & asked
        )
        phrases = (" ".join(_raw(cue)) for cue in card.cues)
        score += sum(_PHRASE * len(cue.split()) for cue in phrases if cue and f" {cue} " in flat)
        if score:
            scores[id] = score
    order = sorted(scores, key=lambda id: (-scores[id], id))
    return [shelf[id] for id in order[:most]]


def _fields(card: Card) -> dict[str, set[str]]:
    return {
        "name": _words(f"{card.name} {card.id.replace('_', ' ')}"),
        "meaning": _words(card.meaning),
        "cues": _words(" ".join(card.cues)),
    }


def _raw(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _words(text: str) -> set[str]:
    """The words that carry meaning; a plural and its singular count as one."""
    return {_singular(word) for word in _raw(text) if word not in _EMPTY}


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
